"""What every request passes: who is calling, by which scheme, and whether they may."""

import base64
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from starlette.requests import Request

from bot.database import Database
from bot.gateway.access.limits import Buckets
from bot.gateway.access.logins import Attempt, Logins
from bot.gateway.access.tokens import BadToken, Tokens, login_claims, token_digest
from bot.gateway.records.callers import Claims, Employee, find_calling_employee, find_token, is_current
from bot.gateway.records.kinds import UserKind
from bot.gateway.rest.errors import Forbidden, Throttled, Unauthorized, not_authenticated
from bot.gateway.rest.origin import Origin, read_origin
from bot.gateway.settings import GatewaySettings

EMPLOYEES = frozenset({UserKind.STAFF, UserKind.MOBILE})
"""Whose tokens the mobile API takes: a staff token is the same employee's, only asked for at another door."""


@dataclass(frozen=True, slots=True)
class GeneralToken:
    """Not looked up yet: that happens in the transaction which does the work."""

    digest: str


Credential = Claims | GeneralToken


class Gate:
    def __init__(self, db: Database, settings: GatewaySettings, now: Callable[[], datetime]) -> None:
        self.db = db
        self.settings = settings
        self.now = now
        self.tokens = Tokens(settings)
        self.logins = Logins(db, settings)
        self._requests = Buckets(settings.requests)

    def origin(self, request: Request) -> Origin:
        return read_origin(request, self.settings.trusted_proxies)

    async def identify(self, request: Request) -> Credential:
        """What the Authorization header says, not yet compared with the records. Raises Unauthorized, Throttled."""
        try:
            credential = await self._read_header(request)
        except Unauthorized:
            self._count(self.origin(request).address)
            raise
        self._count(credential)
        return credential

    async def admit(self, request: Request) -> None:
        """Any valid credential will do."""
        credential = await self.identify(request)
        await self.db.read(lambda conn: _current_claims(conn, credential))

    def _count(self, key: object) -> None:
        if wait := self._requests.take(key, self.now()):
            raise Throttled(wait)

    async def _read_header(self, request: Request) -> Credential:
        words = request.headers.get("authorization", "").split(" ")
        scheme = words[0].lower()
        if scheme not in ("jwt", "token", "basic"):
            raise not_authenticated()
        if len(words) == 1 or not words[1]:
            raise Unauthorized(f"Invalid {_NAMES[scheme]} header. No credentials provided.")
        if len(words) > 2:
            raise Unauthorized(f"Invalid {_NAMES[scheme]} header. Credentials string should not contain spaces.")
        match scheme:
            case "jwt":
                return self._read_jwt(words[1])
            case "token":
                return GeneralToken(token_digest(words[1]))
            case _:
                return await self._read_basic(request, words[1])

    def _read_jwt(self, token: str) -> Claims:
        try:
            return self.tokens.read_jwt(token, self.now())
        except BadToken as problem:
            raise Unauthorized(str(problem)) from None

    async def _read_basic(self, request: Request, encoded: str) -> Claims:
        """An employee below /mobile/, a system user elsewhere."""
        kind = UserKind.MOBILE if request.url.path.startswith("/mobile/") else UserKind.SYSTEM
        try:
            username, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            raise Unauthorized("Invalid basic header. Credentials not correctly base64 encoded.") from None
        attempt = Attempt(kind, None, username.replace("\0", ""), password)
        login = await self.logins.try_in(attempt, self.origin(request), self.now())
        if login is None:
            raise Unauthorized("Invalid username/password.")
        return login_claims(kind, login)


_NAMES = {"jwt": "Authorization", "token": "token", "basic": "basic"}


def employee_of(conn: Connection, credential: Credential, kinds: Container[UserKind] = EMPLOYEES) -> Employee:
    """Raises Unauthorized for a token that has ended, Forbidden for one of another kind of user."""
    claims = claims_of(conn, credential)
    if claims.kind not in kinds:
        raise Forbidden if is_current(conn, claims) else Unauthorized()
    employee = find_calling_employee(conn, claims)
    if employee is None or employee.token_version != claims.version:
        raise Unauthorized
    if not employee.active:
        raise Unauthorized("User inactive or deleted.")
    return employee


def claims_of(conn: Connection, credential: Credential) -> Claims:
    """Raises Unauthorized for a general token that nobody has."""
    claims = find_token(conn, credential.digest) if isinstance(credential, GeneralToken) else credential
    if claims is None:
        raise Unauthorized
    return claims


def _current_claims(conn: Connection, credential: Credential) -> Claims:
    claims = claims_of(conn, credential)
    if not is_current(conn, claims):
        raise Unauthorized
    return claims
