"""Employees as the web API's JSON (manual 5), in both dialects."""

from collections.abc import Sequence
from datetime import date

from bot.biotime.wire import personnel as wire
from bot.gateway.api.answers import Members
from bot.gateway.records.kinds import Dialect
from bot.gateway.records.offices import Office
from bot.gateway.records.personnel import Area, FullEmployee, ListedEmployee

# The members of a row in their order.
_ONPREM = tuple(wire.OnpremEmployee.model_fields)


def build_listed(person: ListedEmployee) -> Members:
    """Of `wire.ListedEmployee`."""
    return {
        "id": person.id,
        "emp_code": person.emp_code,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "hire_date": _write(person.hire_date),
        "dept_name": person.dept_name,
        "department": person.department_id,
        "position": person.position_id,
        "position_name": person.position_name,
        "contact_tel": person.contact_tel,
        "mobile": person.mobile,
    }


def build_single(person: FullEmployee, areas: Sequence[Area], office: Office) -> Members:
    """One alone looks as it does in the list."""
    if office.dialect is Dialect.ONPREM:
        return build_onprem(person, areas)
    return build_listed(
        ListedEmployee(
            id=person.id,
            emp_code=person.emp_code,
            first_name=person.first_name,
            last_name=person.last_name,
            hire_date=person.hire_date,
            department_id=person.department_id,
            dept_name=person.dept_name,
            position_id=person.position_id,
            position_name=person.position_name,
            contact_tel=person.contact_tel,
            mobile=person.mobile,
        )
    )


def build_receipt(person: FullEmployee, areas: Sequence[Area], office: Office) -> wire.EmployeeReceipt:
    return wire.EmployeeReceipt.model_validate(
        {
            **_members(person),
            "id": person.number if office.dialect is Dialect.ONPREM else person.id,
            "department": person.department_id,
            "position": person.position_id,
            "area": [area.id for area in areas],
        }
    )


def build_onprem(person: FullEmployee, areas: Sequence[Area]) -> Members:
    """Of `wire.OnpremEmployee`."""
    members = {
        **_members(person),
        "id": person.number,
        "department": {"id": person.department_id, "dept_code": person.dept_code, "dept_name": person.dept_name},
        "position": _position(person),
        "area": [{"id": area.id, "area_code": area.code, "area_name": area.name} for area in areas],
        "attemployee": {
            "id": person.number,
            "enable_attendance": person.enable_att,
            "enable_overtime": person.enable_overtime,
            "enable_holiday": person.enable_holiday,
            "enable_schedule": True,
        },
    }
    return {name: members[name] for name in _ONPREM}


def _position(person: FullEmployee) -> Members | None:
    if person.position_id is None:
        return None
    return {
        "id": person.position_id,
        "position_code": person.position_code or "",
        "position_name": person.position_name or "",
    }


def _members(person: FullEmployee) -> dict[str, object]:
    """Those that are the same in all the rows, by their names."""
    return {
        **{name: getattr(person, name) for name in FullEmployee.__dataclass_fields__},
        "hire_date": _write(person.hire_date),
        "birthday": _write(person.birthday),
        "self_password": wire.MASK,
        "flow_role": [],
    }


def _write(day: date | None) -> str | None:
    return day.isoformat() if day else None
