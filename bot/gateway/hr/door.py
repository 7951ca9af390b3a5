"""Logging in and out: whom the web API lets in, a system user or an administrator among the employees. Passwords are
tried as often as at the API and no oftener: the buckets are the same.
"""

from dataclasses import dataclass, field

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.gateway.access.logins import Attempt
from bot.gateway.access.tokens import login_claims
from bot.gateway.api.resource import Handlers
from bot.gateway.api.web import office_of
from bot.gateway.hr.desk import WHOLE, Errors
from bot.gateway.hr.paper import go_to, page
from bot.gateway.hr.sessions import Session
from bot.gateway.hr.visits import COOKIE, LOGIN, Form, Visit, Visits, refuse
from bot.gateway.records.callers import Claims
from bot.gateway.records.companies import find_system_login, find_tenant
from bot.gateway.records.kinds import UserKind
from bot.gateway.records.tables import EMAIL_LENGTH, NAME_LENGTH
from bot.gateway.rest.errors import ApiError, Forbidden, Invalid
from bot.gateway.rest.fields import Fields

HOME = "/hr/people/"
MAX_PASSWORD = 1024


class Door:
    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    def pages(self) -> dict[str, Handlers]:
        return {
            LOGIN: {"GET": self.ask, "POST": self.log_in},
            "/hr/logout/": {"POST": self._visits.shown_by(self.log_out, self.log_out)["POST"]},
        }

    async def ask(self, request: Request) -> Response:
        session = self._visits.session_of(request)
        if session is None or session.claims is not None:
            session = self._visits.sessions.open(self._visits.gate.now())
        return self._show(request, session, {})

    async def log_in(self, request: Request) -> Response:
        session = self._visits.session_of(request)
        if session is None:  # the page was open for a day, or cookies are off
            return go_to(LOGIN)
        try:
            form = await self._visits.read_form(request, session)
        except ApiError as problem:
            return refuse(problem)
        return await self._try(request, session, form)

    async def log_out(self, visit: Visit) -> Response:
        self._visits.sessions.end(visit.session, visit.now)
        response = go_to(LOGIN)
        response.delete_cookie(COOKIE, path="/hr/", httponly=True, samesite="lax")
        return response

    async def _try(self, request: Request, session: Session, form: Form) -> Response:
        try:
            claims = await self._read_claims(request, form)
        except Invalid as problem:
            return self._show(request, session, form, problem.errors, 400)
        except Forbidden:
            return self._show(request, session, form, {WHOLE: ["This page is for administrators only."]}, 403)
        except ApiError as problem:
            return refuse(problem)
        # Another session than before, whoever may have known that one.
        opened = self._visits.sessions.open(self._visits.gate.now(), claims)
        return self._visits.keep(request, go_to(HOME), opened)

    async def _read_claims(self, request: Request, form: Form) -> Claims:
        """Raises Invalid, Throttled; Forbidden for an employee who is no administrator."""
        gate, typed = self._visits.gate, _read_typed(form)
        origin = gate.origin(request)
        kind = await gate.db.read(lambda conn: _find_kind(conn, typed, origin.host))
        attempt = Attempt(kind, typed.company, typed.username, typed.password)
        login = await gate.logins.try_in(attempt, origin, gate.now())
        if login is None:
            raise Invalid({WHOLE: ["No company, address and password like these."]})
        claims = login_claims(kind, login)
        await gate.db.read(lambda conn: office_of(conn, claims))
        return claims

    def _show(
        self,
        request: Request,
        session: Session,
        form: Form,
        errors: Errors | None = None,
        status: int = 200,
    ) -> Response:
        typed = {name: form.get(name, "") for name in ("company", "username")}
        context = {"title": "Log in", "csrf": session.csrf, "typed": typed, "errors": errors or {}}
        return self._visits.keep(request, page("login.html", context, status), session)


@dataclass(frozen=True, slots=True)
class _Typed:
    company: str | None
    username: str
    password: str = field(repr=False)


def _read_typed(form: Form) -> _Typed:
    """Raises Invalid."""
    fields = Fields(form)
    company = fields.optional_text("company", NAME_LENGTH)
    username = fields.text("username", EMAIL_LENGTH, trim=True)
    password = fields.text("password", MAX_PASSWORD)
    fields.finish()
    return _Typed((company or "").strip() or None, username, password)


def _find_kind(conn: Connection, typed: _Typed, host: str) -> UserKind:
    """Looked up first, so that one form costs one try: whoever is no system user is taken for an employee."""
    company = find_tenant(conn, typed.company, host)
    known = company is not None and find_system_login(conn, company.id, typed.username) is not None
    return UserKind.SYSTEM if known else UserKind.STAFF
