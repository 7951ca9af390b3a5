"""Reports, manual logs, leaves and working time, described: the manual's "5. Att API" and wire notes, "Resources"."""

from dataclasses import dataclass

from bot.biotime.wire import att, att_requests, working_time
from bot.biotime.wire.envelope import WebList, Wire
from bot.gateway.api import att_requests as requests
from bot.gateway.api import att_setup as setup
from bot.gateway.api.att_filters import PEOPLE
from bot.gateway.api.openapi_operations import (
    PAGING,
    PERIOD,
    Chapter,
    Methods,
    Model,
    Noun,
    Operation,
    Paths,
    a_creation,
    a_list,
    a_reading,
    a_removal,
    asked,
    changes,
    typed,
)

_REPORTS: dict[str, tuple[str, Model]] = {
    "totalTimeCardReport": ("Time cards, by employee, date and timetable", WebList[att.TimeCardRow]),
    "totalTimeCardReportV2": ("Time cards, by employee, date and timetable", WebList[att.TimeCardRow]),
    "dailyAbsentReport": (
        "Absences, by employee and date: of a month, or of a year for a hundred employees",
        WebList[att.AbsenceRow],
    ),
    "firstLastReport": ("The first and the last punch of each day", WebList[att.FirstLastRow]),
    "firstInLastOutReport": ("The first check in and the last check out of each day", WebList[att.FirstInLastOutRow]),
    "transactionReport": ("Punches, by employee", WebList[att.PunchRow]),
}


@dataclass(frozen=True, slots=True)
class Members:
    """The wire models of one kind of record."""

    row: type[Wire]
    page: Model
    body: Model
    required: tuple[str, ...] = ()


_FILED = {
    "manual log": Members(att_requests.WebManualLog, WebList[att_requests.WebManualLog], att_requests.NewManualLog),
    "leave": Members(att_requests.WebLeave, WebList[att_requests.WebLeave], att_requests.NewLeave),
}
_SET_UP = {
    "holiday": Members(
        working_time.Holiday,
        WebList[working_time.Holiday],
        working_time.HolidayBody,
        ("alias", "start_date"),
    ),
    "pay code": Members(
        working_time.PayCode, WebList[working_time.PayCode], working_time.PayCodeBody, ("symbol", "name")
    ),
    "timetable": Members(
        working_time.TimetableRow,
        WebList[working_time.TimetableRow],
        working_time.TimetableBody,
        ("alias", "check_in", "check_out"),
    ),
    "shift": Members(
        working_time.ShiftRow, WebList[working_time.ShiftRow], working_time.ShiftBody, ("alias", "cycle_days")
    ),
    "schedule": Members(
        working_time.ScheduleRow,
        WebList[working_time.ScheduleRow],
        working_time.ScheduleBody,
        ("employee", "shift", "start_date"),
    ),
    "temporary schedule": Members(
        working_time.TemporaryScheduleRow,
        WebList[working_time.TemporaryScheduleRow],
        working_time.TemporaryScheduleBody,
        ("employee", "att_date"),
    ),
}


def _reports() -> Paths:
    query = {**typed(PEOPLE), **PERIOD, **PAGING}
    return {
        f"/att/api/{name}/": {"GET": Operation(f"{name}-list", summary, (page,), query=query)}
        for name, (summary, page) in _REPORTS.items()
    }


def _filed(kind: requests.Kind) -> Paths:
    members, noun = _FILED[kind.name], Noun(kind.paths[0].split("/")[-2], f"a {kind.name}", f"{kind.name}s")
    many: Methods = {
        "GET": a_list(noun, (members.page,), asked(kind.listing)),
        "POST": a_creation(noun, (members.row,), members.body),
    }
    one: Methods = {"GET": a_reading(noun, (members.row,)), "DELETE": a_removal(noun)}
    decisions: Paths = {
        f"{verb}/": {
            "POST": Operation(
                f"{noun.anchor}-{verb}",
                f"{verb.title()} {noun.one}",
                (members.row,),
                bodies=(att_requests.DecisionBody,),
            )
        }
        for verb in kind.decisions
    }
    below: Paths = {"": many, "{called}/": one, **{f"{{called}}/{path}": said for path, said in decisions.items()}}
    return {base + path: methods for base in kind.paths for path, methods in below.items()}


def _set_up(kind: setup.Kind) -> Paths:
    members, noun = _SET_UP[kind.name], Noun(kind.paths[0], f"a {kind.name}", f"{kind.name}s")
    many: Methods = {
        "GET": a_list(noun, (members.page,), asked(kind.listing)),
        "POST": a_creation(noun, (members.row,), members.body, members.required),
    }
    one: Methods = {
        "GET": a_reading(noun, (members.row,)),
        **changes(noun, (members.row,), members.body),
        "DELETE": a_removal(noun),
    }
    bases = [f"/att/api/{name}/" for name in kind.paths]
    return {path: methods for base in bases for path, methods in ((base, many), (f"{base}{{called}}/", one))}


ATT = Chapter(
    name="Attendance",
    page="/api/att_docs/",
    about="For system users, and for administrators (app_role 2) with a staff token; everybody else is 403.",
    paths={
        **_reports(),
        **{path: methods for kind in requests.KINDS for path, methods in _filed(kind).items()},
        **{path: methods for kind in setup.KINDS for path, methods in _set_up(kind).items()},
    },
)
