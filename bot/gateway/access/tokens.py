"""Both kinds of token: JWT (HS256, for days) and general (40 hex characters, until the password changes)."""

import hashlib
import hmac
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import jwt
from jwt.types import Options

from bot.gateway.records.callers import Claims
from bot.gateway.records.companies import Login
from bot.gateway.records.kinds import UserKind
from bot.gateway.settings import GatewaySettings

EXPIRED = "Signature has expired."
GENERAL_LENGTH = 40
VERIFIED_TOKENS = 4096
_ALGORITHM = "HS256"
# Checked by hand against the given clock; the library would look at the machine's.
_OPTIONS: Options = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "require": ["exp", "orig_iat", "kind", "company", "user_id", "version"],
}


class BadToken(Exception):
    """Not one of ours, or too old; the text is for the client."""


class Tokens:
    def __init__(self, settings: GatewaySettings) -> None:
        # One secret, two uses: neither key tells anything about the other.
        self._jwt_key = hmac.digest(settings.secret_key, b"hadir gateway jwt", "sha256")
        self._general_key = hmac.digest(settings.secret_key, b"hadir gateway general token", "sha256")
        self._lifetime = settings.token_lifetime
        self._refresh_lifetime = settings.refresh_lifetime
        # What was signed once stays signed; whether it has ended since is looked at each time.
        self._verified = lru_cache(VERIFIED_TOKENS)(self._verify)

    def sign_login(self, kind: UserKind, login: Login, now: datetime) -> str:
        """The manual's claims, and those that keep kinds, companies and changed passwords apart."""
        return self._sign(
            {
                "user_id": login.user_id,
                "username": login.username,
                "email": login.email,
                "orig_iat": int(now.timestamp()),
                "kind": kind.value,
                "company": login.company_id,
                "version": login.token_version,
            },
            now,
        )

    def refresh(self, token: str, now: datetime) -> tuple[Claims, str]:
        """Whom it names and the same with a later end. Raises BadToken."""
        payload = self._open(token, now)
        signed_in = datetime.fromtimestamp(payload["orig_iat"], UTC)
        if now > signed_in + self._refresh_lifetime:
            raise BadToken("Refresh has expired.")
        return _claims(payload), self._sign(payload, now)

    def read_jwt(self, token: str, now: datetime) -> Claims:
        """Raises BadToken."""
        return _claims(self._open(token, now))

    def general(self, claims: Claims) -> str:
        """The same for the same user, so that asking again does not log the first client out."""
        named = f"{claims.kind}:{claims.company_id}:{claims.user_id}:{claims.version}"
        return hmac.new(self._general_key, named.encode(), "sha256").hexdigest()[:GENERAL_LENGTH]

    def _sign(self, payload: dict[str, Any], now: datetime) -> str:
        end = int((now + self._lifetime).timestamp())
        return jwt.encode({**payload, "exp": end}, self._jwt_key, _ALGORITHM)

    def _open(self, token: str, now: datetime) -> dict[str, Any]:
        payload = self._verified(token)
        if now.timestamp() >= payload["exp"]:
            raise BadToken(EXPIRED)
        return payload

    def _verify(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._jwt_key, algorithms=[_ALGORITHM], options=_OPTIONS)
        except jwt.InvalidTokenError:
            raise BadToken("Invalid token.") from None


def _claims(payload: dict[str, Any]) -> Claims:
    # Only we can sign, so what is signed has the shape that we gave it.
    return Claims(UserKind(payload["kind"]), payload["company"], payload["user_id"], payload["version"])


def login_claims(kind: UserKind, login: Login) -> Claims:
    return Claims(kind, login.company_id, login.user_id, login.token_version)


def token_digest(token: str) -> str:
    """What is kept of a general token."""
    return hashlib.sha256(token.encode()).hexdigest()
