"""Who is at the page: a signed cookie that ends by itself, at the logout, and with the password it was opened with."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from jwt.types import Options

from bot.gateway.records.callers import Claims
from bot.gateway.records.kinds import UserKind
from bot.gateway.settings import GatewaySettings

LIFETIME = timedelta(hours=8)
"""A working day."""
MOST_ENDED = 10_000
_ALGORITHM = "HS256"
# Checked by hand against the given clock; the library would look at the machine's.
_OPTIONS: Options = {"verify_exp": False, "require": ["exp", "csrf"]}


@dataclass(frozen=True, slots=True)
class Session:
    """`csrf` comes back with every form. Without `claims` somebody stands at the login."""

    csrf: str
    ends_at: datetime
    claims: Claims | None = None


class Sessions:
    def __init__(self, settings: GatewaySettings) -> None:
        # A key of its own: no token of the API is a session, and no session a token.
        self._key = hmac.digest(settings.secret_key, b"hadir gateway hr session", "sha256")
        self._ended: dict[str, datetime] = {}

    def open(self, now: datetime, claims: Claims | None = None) -> Session:
        return Session(secrets.token_urlsafe(24), (now + LIFETIME).replace(microsecond=0), claims)

    def write(self, session: Session) -> str:
        """The cookie's value."""
        payload: dict[str, Any] = {"csrf": session.csrf, "exp": int(session.ends_at.timestamp())}
        if claims := session.claims:
            payload |= {
                "kind": claims.kind.value,
                "company": claims.company_id,
                "user_id": claims.user_id,
                "version": claims.version,
            }
        return jwt.encode(payload, self._key, _ALGORITHM)

    def read(self, cookie: str, now: datetime) -> Session | None:
        """None: not ours, too old, or logged out of. Whether its user still is one is for the records to say."""
        try:
            payload = jwt.decode(cookie, self._key, [_ALGORITHM], _OPTIONS)
        except jwt.InvalidTokenError:
            return None
        ends_at = datetime.fromtimestamp(payload["exp"], UTC)
        if ends_at <= now or payload["csrf"] in self._ended:
            return None
        return Session(payload["csrf"], ends_at, _read_claims(payload))

    def end(self, session: Session, now: datetime) -> None:
        """Remembered by this process until it would have ended anyway, so that a cookie copied before is of no use."""
        self._ended = {csrf: ends_at for csrf, ends_at in self._ended.items() if ends_at > now}
        self._ended[session.csrf] = session.ends_at
        while len(self._ended) > MOST_ENDED:
            self._ended.pop(next(iter(self._ended)))


def _read_claims(payload: dict[str, Any]) -> Claims | None:
    if "user_id" not in payload:
        return None
    return Claims(UserKind(payload["kind"]), payload["company"], payload["user_id"], payload["version"])
