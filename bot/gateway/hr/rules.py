"""The company's attendance rules: rounding, what lateness and a missing punch count as, the levels of overtime."""

from collections.abc import Mapping

from sqlalchemy import Connection
from starlette.responses import Response

from bot.attendance.schedule import Missing
from bot.gateway.api.resource import Handlers
from bot.gateway.hr import forms
from bot.gateway.hr.desk import Errors
from bot.gateway.hr.forms import SELECT, Field, Group
from bot.gateway.hr.paper import go_to
from bot.gateway.hr.visits import Form, Visit, Visits
from bot.gateway.records.attendance_rules import find_rules, keep_rules
from bot.gateway.records.schedule_tables import attendance_rules
from bot.gateway.rest.errors import Invalid
from bot.gateway.rest.fields import Fields

DAY_MINUTES = 24 * 60
LONGEST_STEP = 60
LONGEST_DUPLICATE = 60 * 60
MISSING = (
    (Missing.ABSENT.value, "Absent"),
    (Missing.LATE.value, "Late, or left early"),
    (Missing.NEITHER.value, "Nothing"),
)


def _minutes(name: str, label: str, hint: str = "", low: int = 0, high: int = DAY_MINUTES) -> Field:
    return Field(name, label, "number", hint=hint, low=low, high=high)


GROUPS = (
    Group("Rounding", (_minutes("rounding", "Steps in minutes", "1 changes nothing.", 1, LONGEST_STEP),)),
    Group(
        "Late and early",
        (
            _minutes("late_is_absent", "An absence from so many minutes late", "Empty: never.", 1),
            _minutes("early_is_absent", "An absence from so many minutes early", "Empty: never.", 1),
        ),
    ),
    Group(
        "Missing punches",
        (
            Field("missing_in", "A missing check in counts as", SELECT, choices=MISSING),
            Field("missing_out", "A missing check out counts as", SELECT, choices=MISSING),
            _minutes("missing_minutes", "Late or early by so many minutes"),
            _minutes("duplicate_seconds", "Punches so many seconds apart are one", high=LONGEST_DUPLICATE),
        ),
    ),
    Group(
        "Overtime",
        (
            _minutes("overtime_from", "Counts from so many minutes on"),
            _minutes("overtime_1", "Level 1 from so many minutes a day", low=1),
            _minutes("overtime_2", "Level 2 from", low=1),
            _minutes("overtime_3", "Level 3 from", "Each level later than the one before.", low=1),
        ),
    ),
)
_FIELDS = [field for group in GROUPS for field in group.fields]
_NULLABLE = frozenset({"late_is_absent", "early_is_absent"})
_DEFAULTS: Form = {
    field.name: str(default.arg)
    for field in _FIELDS
    if (default := attendance_rules.c[field.name].server_default) is not None and hasattr(default, "arg")
}


class RulePages:
    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    def pages(self) -> dict[str, Handlers]:
        return {"/hr/rules/": self._visits.shown_by(self.ask, self.change)}

    async def ask(self, visit: Visit) -> Response:
        row = await self._visits.gate.db.read(lambda conn: find_rules(conn, visit.office.company_id))
        return _show(visit, _DEFAULTS if row is None else forms.start(GROUPS, row), {})

    async def change(self, visit: Visit) -> Response:
        try:
            values = read_rules(visit.form)
        except Invalid as problem:
            return _show(visit, visit.form, problem.errors)

        def store(conn: Connection) -> None:
            keep_rules(conn, visit.office.company_id, values)

        await self._visits.gate.db.write(store)
        return go_to("/hr/rules/?done=saved")


def read_rules(form: Form) -> Mapping[str, object]:
    """The columns. Raises Invalid."""
    fields = Fields(form)
    values: dict[str, object] = {}
    for field in _FIELDS:
        if field.kind == SELECT:
            values[field.name] = fields.word(field.name, dict(field.choices))
        elif field.name in _NULLABLE and fields.empty(field.name):
            values[field.name] = None
        else:
            values[field.name] = fields.whole(field.name, field.low or 0, field.high)
    if not fields.wrong:
        _check_levels(values, fields)
    fields.finish()
    return values


def _check_levels(values: Mapping[str, object], fields: Fields) -> None:
    for lower, higher in (("overtime_1", "overtime_2"), ("overtime_2", "overtime_3")):
        if int(str(values[higher])) <= int(str(values[lower])):
            fields.refuse(higher, "A level begins later than the one before.")


def _show(visit: Visit, form: Form, errors: Errors) -> Response:
    wrong = forms.sort_errors(errors, GROUPS)
    shown = {"section": None, "groups": GROUPS, "form": form, "wrong": wrong, "row": None}
    return visit.show("form.html", "Attendance rules", status=400 if errors else 200, **shown)
