"""Timetables with their breaks, and the shifts they make up."""

from collections.abc import Mapping, Sequence
from itertools import count, takewhile

from sqlalchemy import Connection

from bot.gateway.api.att_setup_bodies import DAY_MINUTES, LONGEST_CYCLE, MOST_BREAKS
from bot.gateway.api.att_setup_rows import SHIFTS, TIMETABLES
from bot.gateway.hr.choices import load_choices
from bot.gateway.hr.forms import CHECKBOX, SELECT, Field, Group, body_of
from bot.gateway.hr.paper import typed
from bot.gateway.hr.sections import AnyRow, Section
from bot.gateway.hr.visits import Form
from bot.gateway.records import schedule_tables as tables
from bot.gateway.records.offices import Office
from bot.gateway.records.schedules import load_breaks, load_days

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_DAY_FIELDS = 90
"""A form has room for so many (`rest.bodies.MAX_FIELDS`): longer cycles are written through the API."""
USUAL_SLOTS = 2
MOST_ACROSS = 3


def _minutes(name: str, label: str, hint: str = "") -> Field:
    return Field(name, label, "number", hint=hint, low=0, high=DAY_MINUTES)


_HOURS = Group(
    "Hours",
    (
        Field("alias", "Name", required=True),
        Field("check_in", "Check in", "time", required=True),
        Field("check_out", "Check out", "time", required=True, hint="At or before check in: on the next day."),
        Field("work_day", "Counts as days of work", "number", hint="1 for a whole day, 0.5 for a half."),
        Field(
            "duty_minutes", "Minutes of duty", "number", hint="Empty: all of it but unpaid breaks.", low=1, high=1440
        ),
        Field("flexible", "Flexible: only the minutes of duty count", CHECKBOX),
        Field("day_change", "A flexible day begins at", "time"),
    ),
)
_WINDOWS = Group(
    "When a punch counts",
    (
        _minutes("in_ahead", "Minutes before check in"),
        _minutes("in_behind", "Minutes after check in"),
        _minutes("out_ahead", "Minutes before check out"),
        _minutes("out_behind", "Minutes after check out"),
        Field("must_check_in", "A check in is needed", CHECKBOX),
        Field("must_check_out", "A check out is needed", CHECKBOX),
    ),
    hint="A day (1440 minutes) at most.",
)
_GRACE = Group(
    "Grace",
    (
        _minutes("allow_late", "Minutes late that are free"),
        _minutes("allow_early_leave", "Minutes early that are free"),
    ),
)


def _timetable_groups(_conn: Connection, _office: Office, form: Form) -> Sequence[Group]:
    # One more than there are, so that another can be added without a script.
    planned = min(MOST_BREAKS, 1 + sum(1 for _ in takewhile(lambda n: _has_break(form, n), count())))
    return (_HOURS, _WINDOWS, _GRACE, *(_break_group(n) for n in range(planned)))


def _has_break(form: Form, number: int) -> bool:
    return bool(form.get(f"break-{number}-starts") or form.get(f"break-{number}-minutes"))


def _break_group(number: int) -> Group:
    name = f"break-{number}-"
    fields = (
        Field(f"{name}alias", "Name of the break"),
        Field(f"{name}starts", "Starts at", "time"),
        Field(f"{name}minutes", "Minutes", "number", low=1, high=DAY_MINUTES),
        Field(f"{name}paid", "Paid", CHECKBOX),
        Field(f"{name}automatic", "Taken off without punches, too", CHECKBOX),
    )
    return Group(f"Break {number + 1}", fields, "breaks", hint="Without times it is no break.")


def _planned_breaks(conn: Connection, row: AnyRow) -> Form:
    return {
        f"break-{number}-{name}": typed(getattr(kept, name))
        for number, kept in enumerate(load_breaks(conn, [row.id])[row.id])
        for name in ("alias", "starts", "minutes", "paid", "automatic")
        if typed(getattr(kept, name))
    }


def _timetable_body(_conn: Connection, _office: Office, groups: Sequence[Group], form: Form) -> Mapping[str, object]:
    breaks = [_read_break(form, number) for number in range(MOST_BREAKS) if _has_break(form, number)]
    return {**body_of(groups, form), "breaks": breaks}


def _read_break(form: Form, number: int) -> Mapping[str, object]:
    name = f"break-{number}-"
    said = {member: form.get(name + member, "") for member in ("alias", "starts", "minutes")}
    return {**said, **{member: name + member in form for member in ("paid", "automatic")}}


def _shift_groups(conn: Connection, office: Office, form: Form) -> Sequence[Group]:
    length = form.get("cycle_days", "")
    days = int(length) if length.isascii() and length.isdecimal() and len(length) < 4 else 0
    known = load_choices(conn, office, tables.timetables.c.alias, empty="Free")
    slots = max(USUAL_SLOTS, 1 + max((int(name.rpartition("-")[2]) for name in form if _is_slot(name)), default=0))
    cycle = Field(
        "cycle_days",
        "Days in the cycle",
        "number",
        required=True,
        hint=f"7 is a week. With more than {MOST_DAY_FIELDS // USUAL_SLOTS}, the days are set through the API.",
        low=1,
        high=LONGEST_CYCLE,
    )
    fits = 0 < days * slots <= MOST_DAY_FIELDS
    return (
        Group("", (Field("alias", "Name", required=True), cycle)),
        *([Group("Days", _day_fields(days, slots, known), "days", across=min(slots, MOST_ACROSS))] if fits else []),
    )


def _day_fields(days: int, slots: int, known: Sequence[tuple[str, str]]) -> Sequence[Field]:
    return [
        Field(
            f"day-{day}-{slot}",
            _day_name(day, days) + (f", timetable {slot + 1}" if slot else ""),
            SELECT,
            choices=known,
        )
        for day in range(days)
        for slot in range(slots)
    ]


def _day_name(day: int, days: int) -> str:
    return WEEK[day] if days == len(WEEK) else f"Day {day + 1}"


def _is_slot(name: str) -> bool:
    parts = name.split("-")
    return (
        len(parts) == 3 and parts[0] == "day" and all(p.isascii() and p.isdecimal() and len(p) < 4 for p in parts[1:])
    )


def _planned_days(conn: Connection, row: AnyRow) -> Form:
    taken: dict[int, int] = {}
    form = {"cycle_days": str(row.cycle_days)}
    for kept in load_days(conn, [row.id])[row.id]:
        slot = taken[kept.day] = taken.get(kept.day, -1) + 1
        form[f"day-{kept.day}-{slot}"] = str(kept.timetable_id)
    return form


def _shift_body(_conn: Connection, _office: Office, groups: Sequence[Group], form: Form) -> Mapping[str, object]:
    body = body_of(groups, form)
    if not any(group.member == "days" for group in groups):
        return body  # too long for a form: its days stay as they are
    shown = [field.name for group in groups if group.member == "days" for field in group.fields]
    days = [{"day": int(name.split("-")[1]), "timetable": form[name]} for name in shown if form.get(name)]
    return {**body, "days": days}


TIMETABLE = Section(
    key="timetables",
    title="Timetables",
    one="timetable",
    path="/att/api/timetables/",
    listing=TIMETABLES,
    columns={
        "Name": lambda row: row.alias,
        "Check in": lambda row: typed(row.check_in),
        "Check out": lambda row: typed(row.check_out),
        "Late from": lambda row: f"{row.allow_late} min",
        "Flexible": lambda row: "yes" if row.flexible else "",
        "Days of work": lambda row: f"{row.work_day:g}",
    },
    groups=_timetable_groups,
    search="alias_icontains",
    more=_planned_breaks,
    body=_timetable_body,
    new=lambda _today: {
        "work_day": "1",
        "day_change": "00:00",
        **dict.fromkeys(("in_ahead", "in_behind", "out_ahead", "out_behind"), "120"),
        **dict.fromkeys(("allow_late", "allow_early_leave"), "0"),
        **dict.fromkeys(("must_check_in", "must_check_out", "break-0-automatic"), "on"),
    },
)
SHIFT = Section(
    key="shifts",
    title="Shifts",
    one="shift",
    path="/att/api/shifts/",
    listing=SHIFTS,
    columns={"Name": lambda row: row.alias, "Days in the cycle": lambda row: row.cycle_days},
    groups=_shift_groups,
    search="alias_icontains",
    more=_planned_days,
    body=_shift_body,
    new=lambda _today: {"cycle_days": "7"},
)
