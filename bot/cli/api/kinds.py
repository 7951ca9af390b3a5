"""What `hadir api` knows: each kind of thing, the filters of its list and the body that creates or changes one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.biotime.resources import Resource
from bot.biotime.wire import att_requests, iclock, personnel, working_time
from bot.biotime.wire.envelope import Wire
from bot.cli.api.access import Session

AnyResource = Resource[Any, Any]


@dataclass(frozen=True, slots=True)
class Filter:
    """An option of a list, `--emp-code` for `emp_code`, unless `flag` says another."""

    param: str
    help: str
    flag: str = ""

    @property
    def option(self) -> str:
        return f"--{self.flag or self.param.replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class Kind:
    """`body` is None where nothing can be written; `decided` things are approved, rejected, revoked, not changed."""

    name: str
    help: str
    resource: Callable[[Session], AnyResource]
    filters: tuple[Filter, ...] = ()
    body: type[Wire] | None = None
    decided: bool = False


_SEARCH = Filter("search", "Words in code or name.")
_ORDER = Filter("ordering", "A member to order by, with - in front from the end.")
_PAGED = (_ORDER,)
_SINCE, _UNTIL = (
    Filter("start_time", "Not before, YYYY-MM-DD hh:mm:ss.", "from"),
    Filter("end_time", "Not after.", "to"),
)
WHOM = (
    Filter("employees", "Ids with commas."),
    Filter("emp_code", "Employee code."),
    Filter("departments", "Ids with commas."),
    Filter("areas", "Ids with commas."),
)
_FILED = (*WHOM, Filter("audit_status", "1 pending, 2 approved, 3 rejected, 4 revoked."), _SINCE, _UNTIL)

KINDS = (
    Kind(
        "employees",
        "Employees.",
        lambda session: session.personnel.employees,
        (
            Filter("department", "The department's id."),
            Filter("position", "The position's id."),
            Filter("area", "The area's id."),
            Filter("emp_code", "Employee code."),
            Filter("first_name_icontains", "A part of the first name.", "first-name"),
            Filter("last_name_icontains", "A part of the last name.", "last-name"),
            _SEARCH,
            *_PAGED,
        ),
        personnel.NewEmployee,
    ),
    Kind(
        "departments",
        "Departments.",
        lambda session: session.personnel.departments,
        (Filter("dept_code", "Code."), Filter("parent_dept", "The parent's id."), _SEARCH, *_PAGED),
        personnel.NewDepartment,
    ),
    Kind(
        "areas",
        "Areas.",
        lambda session: session.personnel.areas,
        (Filter("area_code", "Code."), Filter("parent_area", "The parent's id."), _SEARCH, *_PAGED),
        personnel.NewArea,
    ),
    Kind(
        "positions",
        "Positions.",
        lambda session: session.personnel.positions,
        (Filter("position_code", "Code."), Filter("parent_position", "The parent's id."), _SEARCH, *_PAGED),
        personnel.NewPosition,
    ),
    Kind(
        "terminals",
        "Terminals. Our gateway takes new ones; a tenant may not.",
        lambda session: session.iclock.terminals,
        (
            Filter("sn", "Serial number."),
            Filter("alias_icontains", "A part of the name.", "alias"),
            Filter("state", "1 online, 3 offline."),
            Filter("area", "The area's id."),
            *_PAGED,
        ),
        iclock.NewTerminal,
    ),
    Kind(
        "transactions",
        "Punches, of everybody.",
        lambda session: session.iclock.transactions,
        (
            Filter("emp_code", "Employee code."),
            Filter("terminal_sn", "The terminal's serial number."),
            Filter("terminal_alias_icontains", "A part of the terminal's name.", "terminal"),
            _SINCE,
            _UNTIL,
            *_PAGED,
        ),
    ),
    Kind(
        "manual-logs",
        "Manual logs: punches after the fact, to be decided.",
        lambda session: session.att.manual_logs,
        _FILED,
        att_requests.NewManualLog,
        decided=True,
    ),
    Kind(
        "leaves",
        "Leaves, to be decided.",
        lambda session: session.att.leaves,
        _FILED,
        att_requests.NewLeave,
        decided=True,
    ),
    Kind("holidays", "Holidays.", lambda session: session.att.holidays, _PAGED, working_time.HolidayBody),
    Kind("paycodes", "Kinds of leave.", lambda session: session.att.pay_codes, _PAGED, working_time.PayCodeBody),
    Kind("timetables", "Timetables.", lambda session: session.att.timetables, _PAGED),
    Kind("shifts", "Shifts.", lambda session: session.att.shifts, _PAGED),
    Kind("schedules", "Who has which shift.", lambda session: session.att.schedules, _PAGED, working_time.ScheduleBody),
)
