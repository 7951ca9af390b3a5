"""Time cards of a month: every column of the manual that is not empty, and why a card says what it says."""

from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from bot.attendance.reasons import Because, Reason
from bot.attendance.timecard import TimeCard
from bot.gateway.api.att_cards import Card, Scope, fetch_card_page
from bot.gateway.api.att_filters import people_of
from bot.gateway.api.resource import Handlers
from bot.gateway.hr.choices import load_choices
from bot.gateway.hr.days import read_month
from bot.gateway.hr.paper import clock, span
from bot.gateway.hr.people import full_name
from bot.gateway.hr.visits import Visit, Visits
from bot.gateway.records.pages import PageRequest
from bot.gateway.records.tables import departments
from bot.gateway.rest.paging import invalid_page, read_page

PAGE_SIZE = 100
# The manual's columns in its order.
COLUMNS = {
    "timetable": "Timetable",
    "check_in": "Check in",
    "check_out": "Check out",
    "clock_in": "Clock in",
    "clock_out": "Clock out",
    "total_time": "Total time",
    "duty_wt": "Duty worked",
    "actual_wt": "Actually worked",
    "unscheduled": "Unscheduled",
    "total_worked": "Total worked",
    "duration": "Duration",
    "duty_duration": "Duty",
    "break_out": "Break out",
    "break_in": "Break in",
    "break_duration": "Break",
    "actual_break": "Actual break",
    "taken_break": "Break taken",
    "break_late": "Break late",
    "break_early": "Break early",
    "break_absent": "Break absent",
    "late": "Late",
    "early_leave": "Early leave",
    "absent": "Absent",
    "work_day": "Days",
    "remaining": "Remaining",
    "leave": "Leave",
    "normal_wt": "Normal",
    "normal_ot": "Normal overtime",
    "weekend_ot": "Weekend overtime",
    "holiday_ot": "Holiday overtime",
    "ot_lv1": "Overtime 1",
    "ot_lv2": "Overtime 2",
    "ot_lv3": "Overtime 3",
    "att_exception": "Exception",
    "status": "Status",
}
BRIEF = frozenset(COLUMNS) - {
    "total_time",
    "duty_wt",
    "actual_wt",
    "unscheduled",
    "duration",
    "break_out",
    "break_in",
    "break_duration",
    "actual_break",
    "taken_break",
    "break_late",
    "break_early",
    "break_absent",
    "work_day",
    "remaining",
    "normal_wt",
    "ot_lv1",
    "ot_lv2",
    "ot_lv3",
}
"""What is shown unless every column is asked for."""
WORDS = ("timetable", "att_exception", "status")
REASONS = {
    Reason.NO_SCHEDULE: "No schedule",
    Reason.NOT_EMPLOYED: "Not employed on this day",
    Reason.STILL_RUNNING: "Not over yet",
    Reason.NO_PUNCH: "No punch",
    Reason.NO_PUNCH_NEEDED: "No punch needed",
    Reason.MISSING_IN: "Check in is missing",
    Reason.MISSING_OUT: "Check out is missing",
    Reason.WITHIN_GRACE: "Late, within what is free",
    Reason.LATE_IS_ABSENT: "So late that it is an absence",
    Reason.EARLY_IS_ABSENT: "Left so early that it is an absence",
    Reason.BREAK_OVERRUN: "Break too long",
}
"""Where the reason's own name does not say it."""


class TimeCardPages:
    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    def pages(self) -> dict[str, Handlers]:
        return {"/hr/time-cards/": self._visits.shown_by(self.list)}

    async def list(self, visit: Visit) -> Response:
        office, db, period = visit.office, self._visits.gate.db, read_month(visit)
        people = people_of(visit.request, office.company_id, office.zone)
        number = read_page(visit.request, PAGE_SIZE).number
        scope = Scope(office.company_id, office.zone, people, period, visit.now)
        found = await fetch_card_page(db, scope, PageRequest(number, PAGE_SIZE))
        if found is None:
            raise invalid_page()
        held = await db.read(lambda conn: load_choices(conn, office, departments.c.dept_name, empty="All"))
        rows = [_row(card, office.zone) for card in found.cards]
        shown: dict[str, Any] = {"found": found, "rows": rows, "departments": held, "month": f"{period.first:%Y-%m}"}
        named = {f"{row['person']} ({row['emp_code']})" for row in rows}
        return visit.show(
            "timecards.html",
            "Time cards",
            only=named.pop() if len(named) == 1 else "",
            columns=_filled(rows, COLUMNS if visit.asked("all") else BRIEF),
            words=WORDS,
            **shown,
        )


def _row(found: Card, zone: ZoneInfo) -> Mapping[str, object]:
    card = found.card
    return {
        "person": full_name(found.person),
        "emp_code": found.person.emp_code,
        "day": f"{card.workdate:%a} {card.workdate}",
        "why": [explain(because, zone) for because in card.reasons],
        **{name: _cell(card, name, zone) for name in COLUMNS},
    }


def _cell(card: TimeCard, name: str, zone: ZoneInfo) -> str:
    value = getattr(card, name)
    if isinstance(value, datetime):
        return clock(value, zone)
    if isinstance(value, timedelta):
        return span(value)
    if isinstance(value, float):
        return f"{value:g}" if value else ""
    return "" if value is None else str(value)


def _filled(rows: Sequence[Mapping[str, object]], wanted: Container[str]) -> Mapping[str, str]:
    return {name: title for name, title in COLUMNS.items() if name in wanted and any(row[name] for row in rows)}


def explain(because: Because, zone: ZoneInfo) -> str:
    """`Late: 0:20, at 09:20, due 09:00, 0:15 free`."""
    said = REASONS.get(because.reason) or because.reason.value.replace("_", " ").capitalize()
    values = (
        span(because.by),
        because.at and f"at {clock(because.at, zone)}",
        because.due and f"due {clock(because.due, zone)}",
        because.allowed and f"{span(because.allowed)} free",
    )
    shown = ", ".join(value for value in values if value)
    return f"{said}: {shown}" if shown else said
