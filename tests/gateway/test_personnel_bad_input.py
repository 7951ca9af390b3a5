"""What is wrong with a body of chapters 5 to 8 is said member by member; nothing that comes in is a 500."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.gateway.api.personnel import LISTING
from bot.gateway.records.tables import departments, employees
from bot.gateway.rest.bodies import MAX_BODY
from tests.gateway.desk import Desk, open_desk
from tests.gateway.test_bad_input import MISSING, NASTY, NULL, REQUIRED, changed, no_errors_logged, values
from tests.gateway.test_personnel import AREAS, DEPARTMENTS, EMPLOYEES, POSITIONS
from tests.gateway.world import World

__all__ = ["no_errors_logged"]

NEW = {"emp_code": "2", "first_name": "Omar", "department": 1, "area": [1], "hire_date": "2023-09-01"}
FULL = NEW | {"position": 1, "gender": "M", "birthday": None, "verify_mode": -1, "emp_type": 1, "app_role": 1}
FULL |= {"email": "two@x.example", "enable_att": True, "dev_privilege": 0, "app_status": 0, "self_password": "password"}
DEPARTMENT = {"dept_code": "2", "dept_name": "Two", "parent_dept": 1}
BLANK = "This field may not be blank."
NO_TEXT = "Not a valid string."
NO_DATE = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."
NO_NUMBER = "A valid integer is required."
NO_FLAG = "Must be a valid boolean."
HUGE = 10**400


def no_pk(value: object) -> str:
    return f'Invalid pk "{str(value)[:50]}" - object does not exist.'


def not_a_pk(kind: str) -> str:
    return f"Incorrect type. Expected pk value, received {kind}."


BAD_EMPLOYEES: list[tuple[str, object, str]] = [
    ("emp_code", MISSING, REQUIRED),
    ("emp_code", None, NULL),
    ("emp_code", "", BLANK),
    ("emp_code", "  ", BLANK),
    ("emp_code", ["2"], NO_TEXT),
    ("emp_code", True, NO_TEXT),
    ("emp_code", "2" * 21, "Ensure this field has no more than 20 characters."),
    ("emp_code", "2/../3", "Only letters, digits, dots and dashes are allowed."),
    ("emp_code", "٢", "Only letters, digits, dots and dashes are allowed."),
    ("emp_code", "2\0", "Null characters are not allowed."),
    ("emp_code", "\ud800", "Surrogate characters are not allowed: U+D800."),
    ("first_name", "x" * 201, "Ensure this field has no more than 200 characters."),
    ("first_name", {}, NO_TEXT),
    ("last_name", "\x1b[2J", "Control characters are not allowed."),
    ("mobile", "1" * 51, "Ensure this field has no more than 50 characters."),
    ("department", MISSING, REQUIRED),
    ("department", None, NULL),
    ("department", "", NULL),
    ("department", "Sales", not_a_pk("str")),
    ("department", True, not_a_pk("bool")),
    ("department", 1.0, not_a_pk("float")),
    ("department", [1], not_a_pk("list")),
    ("department", {}, not_a_pk("dict")),
    ("department", {"id": None}, not_a_pk("NoneType")),
    ("department", 0, no_pk(0)),
    ("department", -1, no_pk(-1)),
    ("department", "9", no_pk(9)),
    ("department", 2**31, no_pk(2**31)),
    ("department", HUGE, no_pk(HUGE)),
    ("department", "9" * 5000, no_pk("9" * 5000)),
    ("position", 9, no_pk(9)),
    ("position", "x", not_a_pk("str")),
    ("area", MISSING, REQUIRED),
    ("area", None, NULL),
    ("area", [], "This list may not be empty."),
    ("area", "", 'Expected a list of items but got type "str".'),
    ("area", 1, 'Expected a list of items but got type "int".'),
    ("area", {"id": 1}, 'Expected a list of items but got type "dict".'),
    ("area", [9], no_pk(9)),
    ("area", ["x"], not_a_pk("str")),
    ("area", [None], not_a_pk("NoneType")),
    ("area", list(range(1, 1002)), "Ensure this field has no more than 1000 elements."),
    ("hire_date", "01.09.2023", NO_DATE),
    ("hire_date", "2023-02-30", NO_DATE),
    ("hire_date", "0000-01-01", NO_DATE),
    ("hire_date", 20230901, NO_DATE),
    ("birthday", ["2023-01-01"], NO_DATE),
    ("gender", "X", '"X" is not a valid choice.'),
    ("gender", 1, '"1" is not a valid choice.'),
    ("emp_type", 4, '"4" is not a valid choice.'),
    ("app_role", 3, '"3" is not a valid choice.'),
    ("app_role", None, NULL),
    ("app_status", "x", '"x" is not a valid choice.'),
    ("verify_mode", "x", NO_NUMBER),
    ("verify_mode", HUGE, NO_NUMBER),
    ("verify_mode", 256, "Ensure this value is less than or equal to 255."),
    ("verify_mode", -2, "Ensure this value is greater than or equal to -1."),
    ("dev_privilege", 15, "Ensure this value is less than or equal to 14."),
    ("enable_att", "maybe", NO_FLAG),
    ("enable_att", 2, NO_FLAG),
    ("enable_att", [], NO_FLAG),
    ("enable_att", None, NULL),
    ("email", "nobody", "Enter a valid email address."),
    ("email", "x" * 250 + "@x.ex", "Ensure this field has no more than 254 characters."),
    ("email", "ß" * 200 + "@x.ex", "Ensure this field has no more than 254 characters."),
    ("email", {}, NO_TEXT),
    ("self_password", "short", "Ensure this field has at least 8 characters."),
    ("self_password", "x" * 1025, "Ensure this field has no more than 1024 characters."),
    ("self_password", ["password"], NO_TEXT),
]
BAD_DEPARTMENTS: list[tuple[str, object, str]] = [
    ("dept_code", MISSING, REQUIRED),
    ("dept_code", " ", BLANK),
    ("dept_code", "x" * 51, "Ensure this field has no more than 50 characters."),
    ("dept_name", None, NULL),
    ("dept_name", "a\0", "Null characters are not allowed."),
    ("parent_dept", 9, no_pk(9)),
    ("parent_dept", HUGE, no_pk(HUGE)),
    ("parent_dept", "Sales", not_a_pk("str")),
    ("parent_dept", [], not_a_pk("list")),
]


@pytest.fixture
async def desk(small_world: World) -> Desk:
    return await open_desk(small_world)


@pytest.fixture
async def any_desk(world: World) -> Desk:
    return await open_desk(world)


@pytest.mark.parametrize(("name", "value", "reason"), BAD_EMPLOYEES)
async def test_bad_employee(desk: Desk, name: str, value: object, reason: str) -> None:
    headers = {**desk.headers, "Content-Type": "application/json"}
    sent = changed(NEW, name, value)
    answer = await desk.world.client.post(EMPLOYEES, content=sent, headers=headers)
    assert (answer.status_code, answer.json()) == (400, {name: [reason]})
    if value is not MISSING:
        answer = await desk.world.client.patch(f"{EMPLOYEES}1/", content=json.dumps({name: value}), headers=headers)
        assert (answer.status_code, answer.json()) == (400, {name: [reason]})
    assert await desk.world.db.read(lambda conn: conn.scalar(sa.select(sa.func.count()).select_from(employees))) == 4


@pytest.mark.parametrize(("name", "value", "reason"), BAD_DEPARTMENTS)
async def test_bad_department(desk: Desk, name: str, value: object, reason: str) -> None:
    headers = {**desk.headers, "Content-Type": "application/json"}
    answer = await desk.world.client.post(DEPARTMENTS, content=changed(DEPARTMENT, name, value), headers=headers)
    assert (answer.status_code, answer.json()) == (400, {name: [reason]})
    assert await desk.world.db.read(lambda conn: conn.scalar(sa.select(sa.func.count()).select_from(departments))) == 4


@pytest.mark.parametrize("path", [EMPLOYEES, DEPARTMENTS, AREAS, POSITIONS])
@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"emp_code": NaN}', 400),
        (b'{"a":' * 10_000, 400),
        (b" " * (MAX_BODY + 1), 413),
    ],
)
@pytest.mark.usefixtures("no_errors_logged")
async def test_unreadable_body(desk: Desk, path: str, content: bytes, status: int) -> None:
    headers = {**desk.headers, "Content-Type": "application/json"}
    for method, to in (("POST", path), ("PUT", f"{path}1/"), ("PATCH", f"{path}1/")):
        answer = await desk.world.client.request(method, to, content=content, headers=headers)
        assert answer.status_code == status


@pytest.mark.parametrize("called", ["0", "9", "x", "-1", "٢", "9" * 30, "2147483648", "%00", "1e1"])
async def test_nobody_is_called_that(desk: Desk, called: str) -> None:
    for path in (EMPLOYEES, DEPARTMENTS):
        for method in ("GET", "PATCH", "DELETE"):
            assert (await desk.ask(method, f"{path}{called}/", {})).status_code in (404, 405)


attacks = st.one_of(
    *(
        st.tuples(
            st.just(path),
            st.builds(
                lambda body, name, value: {**body, name: value},
                st.just(body),
                st.sampled_from(list(body)),
                NASTY | values,
            ),
        )
        for path, body in ((EMPLOYEES, FULL), (DEPARTMENTS, DEPARTMENT))
    )
)


@pytest.mark.usefixtures("no_errors_logged")
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(attack=attacks, name=st.sampled_from(list(LISTING.filters)), query=st.text(st.characters(codec="utf-8")))
async def test_whatever_comes_is_no_fault_of_ours(
    any_desk: Desk, attack: tuple[str, object], name: str, query: str
) -> None:
    path, body = attack
    any_desk.world.clock.pass_(timedelta(seconds=1))  # so that the limits are full again
    headers = {**any_desk.headers, "Content-Type": "application/json"}
    content = json.dumps(body).encode()  # NaN and Infinity as Python writes them, lone surrogates as \ud800
    for method, to in (("POST", path), ("PUT", f"{path}1/")):
        answer = await any_desk.world.client.request(method, to, content=content, headers=headers)
        assert answer.status_code < 500, (method, to, content)
    answer = await any_desk.ask("GET", EMPLOYEES, **{name: query, "ordering": query})
    assert answer.status_code in (200, 400), (name, query)
