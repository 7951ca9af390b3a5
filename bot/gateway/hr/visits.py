"""One request at the page: who is there, for which company, with what in hand; and what turns a stranger away."""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy import Connection, Table
from starlette.requests import Request
from starlette.responses import Response

from bot.gateway.access.gate import Gate
from bot.gateway.api.resource import Handler, Handlers
from bot.gateway.api.web import office_of
from bot.gateway.hr.desk import Desk, Sent
from bot.gateway.hr.paper import go_to, page
from bot.gateway.hr.sessions import Session, Sessions
from bot.gateway.records.callers import Claims
from bot.gateway.records.kinds import AuditStatus
from bot.gateway.records.offices import Office
from bot.gateway.records.schedule_tables import leaves
from bot.gateway.records.tables import manual_logs
from bot.gateway.rest.bodies import read_body
from bot.gateway.rest.errors import ApiError, Forbidden, Unauthorized

COOKIE = "hadir_hr"
LOGIN = "/hr/login/"
Form = Mapping[str, str]
SAID = {
    "added": "Added.",
    "saved": "Saved.",
    "deleted": "Deleted.",
    "approve": "Approved.",
    "reject": "Rejected.",
    "revoke": "Revoked.",
    "gone": "This person was let go.",
}
"""What a page says after a form was sent, by the word in its address."""


@dataclass(frozen=True, slots=True)
class Visit:
    """`form` is what was typed; nothing on a GET."""

    request: Request
    session: Session
    claims: Claims
    office: Office
    pending: Mapping[str, int]
    now: datetime
    form: Form

    @property
    def called(self) -> str:
        return str(self.request.path_params["called"])

    def asked(self, name: str) -> str:
        return self.request.query_params.get(name, "").strip()

    def show(self, template: str, title: str, *, status: int = 200, **context: object) -> Response:
        said = SAID.get(self.asked("done"), "")
        path = self.request.url.path
        return page(template, {"visit": self, "title": title, "said": said, "path": path, **context}, status)


Page = Callable[[Visit], Awaitable[Response]]


class Pages(Protocol):
    """A part of the page: its paths."""

    def pages(self) -> dict[str, Handlers]: ...


class Visits:
    def __init__(self, gate: Gate, desk: Desk, sessions: Sessions) -> None:
        self.gate = gate
        self.desk = desk
        self.sessions = sessions

    def shown_by(self, get: Page, post: Page | None = None) -> Handlers:
        """What a path does for whoever has logged in."""
        return {"GET": self._for(get), **({"POST": self._for(post)} if post else {})}

    async def send(self, visit: Visit, method: str, path: str, body: Mapping[str, object] | None = None) -> Sent:
        return await self.desk.send(visit.claims, method, path, body)

    def session_of(self, request: Request) -> Session | None:
        return self.sessions.read(request.cookies.get(COOKIE, ""), self.gate.now())

    def keep(self, request: Request, response: Response, session: Session) -> Response:
        """Sends the cookie with it."""
        response.set_cookie(
            COOKIE,
            self.sessions.write(session),
            max_age=int((session.ends_at - self.gate.now()).total_seconds()),
            path="/hr/",
            httponly=True,
            samesite="lax",
            secure=self.gate.origin(request).scheme == "https",
        )
        return response

    async def read_form(self, request: Request, session: Session) -> Form:
        """Raises ApiError: 403 for a form that is not from one of our pages, 400 for text that no page can show."""
        origin = _host_of(request.headers.get("origin", ""))
        form = {name: value for name, value in (await read_body(request)).items() if isinstance(value, str)}
        if not _is_text(form.values()):
            raise ApiError(400, {"detail": "Surrogate characters are not allowed."})
        if origin != self.gate.origin(request).host or not _same(form.pop("csrf", ""), session.csrf):
            raise ApiError(403, {"detail": "This form is not from this page, or too old. Go back and load it again."})
        return form

    def _for(self, shown: Page) -> Handler:
        return partial(self._answer, shown)

    async def _answer(self, shown: Page, request: Request) -> Response:
        try:
            return await shown(await self._open(request))
        except Unauthorized:
            return go_to(LOGIN)
        except ApiError as problem:
            return refuse(problem)

    async def _open(self, request: Request) -> Visit:
        """Raises Unauthorized, ApiError."""
        session = self.session_of(request)
        if session is None or session.claims is None:
            raise Unauthorized
        claims = session.claims
        office, pending = await self.gate.db.read(lambda conn: _look_up(conn, claims))
        form = await self.read_form(request, session) if request.method == "POST" else {}
        return Visit(request, session, claims, office, pending, self.gate.now(), form)


def refuse(problem: ApiError) -> Response:
    """The refusal as a page."""
    body = problem.body if isinstance(problem.body, Mapping) else {}
    reasons = [f"{name}: {_words(said)}" if name != "detail" else _words(said) for name, said in body.items()]
    response = page("refused.html", {"title": TITLES.get(problem.status, "That did not work"), "reasons": reasons})
    response.status_code = problem.status
    for name in ("Retry-After",):
        if problem.headers and name in problem.headers:
            response.headers[name] = problem.headers[name]
    return response


TITLES = {403: "Not allowed", 404: "There is no such page", 429: "Too many tries"}


def _words(said: object) -> str:
    return " ".join(map(str, said)) if isinstance(said, list) else str(said)


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # half of an IPv6 address
        return ""


def _is_text(values: Iterable[str]) -> bool:
    """A browser sends nothing else; JSON can hold half a character, which no page can be written with."""
    try:
        "".join(values).encode()
    except UnicodeEncodeError:
        return False
    return True


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _look_up(conn: Connection, claims: Claims) -> tuple[Office, Mapping[str, int]]:
    try:
        office = office_of(conn, claims)
    except Forbidden:  # an administrator no longer
        raise Unauthorized from None
    counts = {"manual-logs": manual_logs, "leaves": leaves}
    return office, {key: _count_pending(conn, table, office) for key, table in counts.items()}


def _count_pending(conn: Connection, table: Table, office: Office) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    where = (table.c.company_id == office.company_id, table.c.audit_status == AuditStatus.PENDING.value)
    return int(conn.execute(query.where(*where)).scalar_one())
