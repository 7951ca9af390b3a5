"""Tokens: manual chapters 1 and 2, and the refresh of the wire notes. All of it is served below /api/, too."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from bot.biotime.wire.auth import TokenAnswer
from bot.gateway.access.gate import Gate
from bot.gateway.access.logins import Attempt
from bot.gateway.access.tokens import BadToken, login_claims, token_digest
from bot.gateway.api.answers import answer
from bot.gateway.api.resource import Handler, Handlers
from bot.gateway.records.callers import is_current, keep_token
from bot.gateway.records.companies import Login
from bot.gateway.records.kinds import UserKind
from bot.gateway.records.tables import EMAIL_LENGTH, NAME_LENGTH
from bot.gateway.rest.bodies import Body, read_body
from bot.gateway.rest.errors import Invalid, wrong_credentials
from bot.gateway.rest.fields import Fields

MAX_PASSWORD = 1024
MAX_TOKEN = 4096


class AuthApi:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def doors(self) -> dict[str, Handlers]:
        system, staff = UserKind.SYSTEM, UserKind.STAFF
        doors: dict[str, Handler] = {
            "/jwt-api-token-auth/": partial(self.give_jwt, system),
            "/api-token-auth/": partial(self.give_general, system),
            "/staff-jwt-api-token-auth/": partial(self.give_jwt, staff),
            "/staff-api-token-auth/": partial(self.give_general, staff),
            "/jwt-api-token-refresh/": self.refresh,
        }
        return {prefix + path: {"POST": handler} for prefix in ("", "/api") for path, handler in doors.items()}

    def resources(self) -> dict[str, Handlers]:
        return {}

    async def give_jwt(self, kind: UserKind, request: Request) -> Response:
        login = await log_in(self._gate, request, kind, "email")
        return answer(TokenAnswer(token=self._gate.tokens.sign_login(kind, login, self._gate.now())))

    async def give_general(self, kind: UserKind, request: Request) -> Response:
        claims = login_claims(kind, await log_in(self._gate, request, kind, "email"))
        token, now = self._gate.tokens.general(claims), self._gate.now()
        await self._gate.db.write(lambda conn: keep_token(conn, token_digest(token), claims, now))
        return answer(TokenAnswer(token=token))

    async def refresh(self, request: Request) -> Response:
        fields = Fields(await read_body(request))
        old = fields.text("token", MAX_TOKEN)
        fields.finish()
        try:
            claims, new = self._gate.tokens.refresh(old, self._gate.now())
        except BadToken as problem:
            raise Invalid({"non_field_errors": [str(problem)]}) from None
        if not await self._gate.db.read(lambda conn: is_current(conn, claims)):
            raise Invalid({"non_field_errors": ["Invalid token."]})
        return answer(TokenAnswer(token=new))


async def log_in(gate: Gate, request: Request, kind: UserKind, name_field: str) -> Login:
    """The user whose credentials the body carries. Raises Invalid, Throttled."""
    attempt = _read_attempt(await read_body(request), kind, name_field)
    login = await gate.logins.try_in(attempt, gate.origin(request), gate.now())
    if login is None:
        raise wrong_credentials()
    return login


def _read_attempt(body: Body, kind: UserKind, name_field: str) -> Attempt:
    """`username` and `email` are aliases of each other, the manual's name first."""
    alias = {"email": "username", "username": "email"}[name_field]
    fields = Fields(body)
    username = fields.text(alias if name_field not in body and alias in body else name_field, EMAIL_LENGTH, trim=True)
    password = fields.text("password", MAX_PASSWORD)
    company = fields.optional_text("company", NAME_LENGTH)
    fields.finish()
    return Attempt(kind, company, username, password)
