"""Manual logs and leaves: what waits for a decision comes first; filed for somebody, too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table
from starlette.responses import Response

from bot.attendance.model import PunchState
from bot.gateway.api.att_request_rows import LEAVES, MANUAL_LOGS
from bot.gateway.api.att_requests import MAX_REASON
from bot.gateway.api.resource import Handlers
from bot.gateway.api.web_lists import WebListing
from bot.gateway.hr import forms
from bot.gateway.hr.calendars import WHO, with_employee
from bot.gateway.hr.choices import load_choices
from bot.gateway.hr.desk import WHOLE, Errors
from bot.gateway.hr.forms import SELECT, Field, Group
from bot.gateway.hr.paper import go_to, moment
from bot.gateway.hr.people import full_name
from bot.gateway.hr.sections import AnyRow, fetch_rows
from bot.gateway.hr.visits import Form, Visit, Visits
from bot.gateway.records import schedule_tables as tables
from bot.gateway.records.kinds import AuditStatus
from bot.gateway.records.offices import Office
from bot.gateway.records.tables import manual_logs
from bot.gateway.rest.errors import NotFound
from bot.gateway.rest.fields import read_pk

STATES = [(str(state.value), state.name.replace("_", " ").capitalize()) for state in PunchState]
STATE_NAMES = dict(STATES)
STATUSES = {str(status.value): status.name.capitalize() for status in AuditStatus}
# What can be decided, and so what the buttons are.
VERBS = {AuditStatus.PENDING: ("approve", "reject"), AuditStatus.APPROVED: ("revoke",)}

Cell = Callable[[AnyRow, Office], object]


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two. `facts` are what is asked for, as people read it."""

    key: str
    title: str
    one: str
    path: str
    listing: WebListing
    facts: Mapping[str, Cell]
    groups: Callable[[Connection, Office], Sequence[Group]]

    @property
    def home(self) -> str:
        return f"/hr/{self.key}/"


def _pending_first(listing: WebListing, table: Table) -> WebListing:
    waiting = sa.case((table.c.audit_status == AuditStatus.PENDING.value, 0), else_=1)
    return replace(listing, default=(waiting, table.c.id.desc()))


def _manual_log_groups(_conn: Connection, _office: Office) -> Sequence[Group]:
    fields = (
        WHO,
        Field("punch_time", "Punched at", "datetime-local", required=True),
        Field("punch_state", "What it was", SELECT, choices=STATES),
        Field("apply_reason", "Reason"),
    )
    return (Group("", fields),)


def _leave_groups(conn: Connection, office: Office) -> Sequence[Group]:
    known = load_choices(conn, office, tables.pay_codes.c.name, empty="Choose …")
    fields = (
        WHO,
        Field("pay_code", "Pay code", SELECT, required=True, choices=known),
        Field("start_time", "From", "datetime-local", required=True),
        Field("end_time", "Until", "datetime-local", required=True, hint="From midnight to midnight for whole days."),
        Field("apply_reason", "Reason"),
    )
    return (Group("", fields),)


KINDS = (
    Kind(
        "manual-logs",
        "Manual logs",
        "manual log",
        "/att/api/manuallogs/",
        _pending_first(MANUAL_LOGS, manual_logs),
        {
            "Punched at": lambda row, office: moment(row.punched_at, office.zone),
            "What it was": lambda row, _: STATE_NAMES.get(str(row.punch_state), row.punch_state),
        },
        _manual_log_groups,
    ),
    Kind(
        "leaves",
        "Leaves",
        "leave",
        "/att/api/leaves/",
        _pending_first(LEAVES, tables.leaves),
        {
            "From": lambda row, office: moment(row.start_at, office.zone),
            "Until": lambda row, office: moment(row.end_at, office.zone),
            "Pay code": lambda row, _: row.pay_code_name,
        },
        _leave_groups,
    ),
)


class RequestPages:
    def __init__(self, visits: Visits, kind: Kind) -> None:
        self._visits = visits
        self._kind = kind

    def pages(self) -> dict[str, Handlers]:
        home, by = self._kind.home, self._visits.shown_by
        return {
            home: by(self.list),
            f"{home}new/": by(self.ask, self.add),
            f"{home}{{called}}/": by(self.show, self.decide),
        }

    async def list(self, visit: Visit) -> Response:
        found = await self._visits.gate.db.read(lambda conn: fetch_rows(conn, visit, self._kind.listing))
        return visit.show("requests.html", self._kind.title, kind=self._kind, found=found, **_WORDS)

    async def ask(self, visit: Visit) -> Response:
        return await self._show_form(visit, {"emp_code": visit.asked("emp_code")}, {})

    async def add(self, visit: Visit) -> Response:
        body = await self._visits.gate.db.read(
            lambda conn: with_employee(conn, visit.office, self._kind.groups(conn, visit.office), visit.form)
        )
        sent = await self._visits.send(visit, "POST", self._kind.path, body)
        if sent.errors:
            return await self._show_form(visit, visit.form, sent.errors)
        return go_to(f"{self._kind.home}?done=added")

    async def show(self, visit: Visit) -> Response:
        return self._show(visit, await self._load(visit), {})

    async def decide(self, visit: Visit) -> Response:
        row, verb = await self._load(visit), visit.form.get("verb", "")
        if verb not in ("approve", "reject", "revoke"):
            return self._show(visit, row, {WHOLE: ["Choose what to do."]})
        reason = {"audit_reason": visit.form.get("reason", "").strip()}
        sent = await self._visits.send(visit, "POST", f"{self._kind.path}{row.id}/{verb}/", reason)
        if sent.errors:  # somebody else may have been quicker: shown as it is now
            return self._show(visit, await self._load(visit), sent.errors)
        return go_to(f"{self._kind.home}?done={verb}")

    def _show(self, visit: Visit, row: AnyRow, errors: Errors) -> Response:
        verbs = VERBS.get(AuditStatus(row.audit_status), ())
        title = f"{self._kind.one.capitalize()} of {full_name(row)}"
        shown = {"kind": self._kind, "row": row, "verbs": verbs, "errors": errors, "most": MAX_REASON, **_WORDS}
        return visit.show("request.html", title, status=400 if errors else 200, **shown)

    async def _show_form(self, visit: Visit, form: Form, errors: Errors) -> Response:
        groups = await self._visits.gate.db.read(lambda conn: self._kind.groups(conn, visit.office))
        wrong = forms.sort_errors(errors, groups)
        shown = {"section": self._kind, "groups": groups, "form": form, "wrong": wrong, "row": None}
        return visit.show("form.html", f"New {self._kind.one}", status=400 if errors else 200, **shown)

    async def _load(self, visit: Visit) -> AnyRow:
        """Raises NotFound."""
        called, listing = read_pk(visit.called), self._kind.listing
        query = listing.query.where(listing.key == called, listing.company_id == visit.office.company_id)
        row = await self._visits.gate.db.read(lambda conn: conn.execute(query).one_or_none())
        if row is None:
            raise NotFound
        return row


_WORDS: Mapping[str, Any] = {"full_name": full_name, "moment": moment, "statuses": STATUSES}
