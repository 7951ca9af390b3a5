"""Generated requests with some of their members made such as could be meant: by pure chance nearly all are refused."""

import re
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from schemathesis import HookContext
from schemathesis.schemas import BaseSchema

from tests.gateway.fuzzing import Case

DAYS = ("2023-08-01", "2023-09-01", "2023-09-2", "2024-02-29")
MOMENTS = ("2023-08-30 09:00:00", "2023-08-31 18:00:00", "2023-09-1 00:00:00", "2023-08-30")
TIMES = ("09:00", "18:00:00", "22:30", "06:00")
CODES = ("13", "0123", "77", "A-1")
LISTS = ("-1", "1", "1,2")
NUMBERS = (1, 2, 3, 4)
MEMBERS: dict[str, Sequence[Any]] = {
    **dict.fromkeys(("start_date", "end_date", "att_date", "hire_date", "birthday"), DAYS),
    **dict.fromkeys(("start_time", "end_time", "punch_time", "last_activity"), MOMENTS),
    **dict.fromkeys(("check_in", "check_out", "starts", "day_change"), TIMES),
    **dict.fromkeys(("emp_code", "dept_code", "area_code", "position_code"), CODES),
    **dict.fromkeys(("departments", "areas", "groups"), LISTS),
    **dict.fromkeys(("department", "position", "shift", "timetable", "pay_code"), NUMBERS),
    **dict.fromkeys(("parent_dept", "parent_area", "parent_position"), (None, *NUMBERS)),
    **dict.fromkeys(
        ("alias", "name", "symbol", "sn", "first_name", "dept_name", "area_name", "position_name"), ("G", "H")
    ),
    "area": ([1], [1, 2], 1),
    "breaks": ([], [{"alias": "Lunch", "starts": "13:00", "minutes": 60}]),
    "cycle_days": (1, 7),
    "days": ([], [{"day": 0, "timetable": 1}]),
    "duration_day": (1, 2),
    "email": ("mona@x.example", "new@x.example"),
    "latitude": ("25.09", 25.09),
    "longitude": ("55.15", 55.15),
    "ordering": ("id", "-id"),
    "page": (1, "last"),
    "page_size": (1, 10, 1000),
    "password": ("mona's password",),
    "punch_state": ("0", "1", "255"),
    "search": ("M", "a b"),
    "terminal_sn": ("Tdemo-trading", "App"),
    "username": ("mona@x.example", "13"),
}
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AS_GENERATED = 4
"""One in so many members stays as it came."""


def make_sensible(schema: BaseSchema, ids: Sequence[str]) -> None:
    """For all cases that the schema generates. `ids` are employees'."""

    def flatmap_case(_: HookContext, case: Case) -> st.SearchStrategy[Case]:
        return _sensible(case, ids)

    schema.hook(flatmap_case)


@st.composite
def _sensible(draw: st.DrawFn, case: Case, ids: Sequence[str]) -> Case:
    for part in (case.query, case.body):
        if isinstance(part, dict):
            for name, value in part.items():
                if draw(st.integers(1, AS_GENERATED)) > 1:
                    part[name] = draw(_meant(name, value, ids))
    if _is_far(case.path_parameters.get("id", 1)) and draw(st.integers(1, AS_GENERATED)) > 1:
        case.path_parameters["id"] = draw(st.sampled_from(ids if "/employee" in case.path else NUMBERS))
    return case


def _is_far(called: object) -> bool:
    """From all that exist, so that it was not answered before and is called again."""
    if isinstance(called, str):
        return UUID.fullmatch(called) is None
    return not isinstance(called, int) or not 0 < called < 1000


def _meant(name: str, value: Any, ids: Sequence[str]) -> st.SearchStrategy[Any]:
    name = name.removesuffix("_icontains")
    if name in ("employee", "employees"):
        return st.sampled_from(ids)
    if name in MEMBERS:
        return st.sampled_from(MEMBERS[name])
    return st.just("".join(filter(str.isprintable, value)) if isinstance(value, str) else value)
