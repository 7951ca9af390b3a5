"""Employees, departments, areas and positions through the web API (manual 5 to 8): values, and the client for them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.biotime.exchange import Exchange
from bot.biotime.resources import Resource, Shape
from bot.biotime.wire import personnel as wire

BASE = "/personnel/api"
_ADMINISTRATOR = 2


@dataclass(frozen=True, slots=True)
class Employee:
    """A row of the list (5.1), or one alone (5.2). Names are "" where there is none; None is what this server does not
    tell: the cloud's rows end with the position.
    """

    id: str
    emp_code: str
    first_name: str
    last_name: str
    hire_date: date | None
    department_id: int
    department_name: str
    position_id: int | None
    position_name: str
    phone: str | None = field(default=None, repr=False)
    area_ids: tuple[int, ...] | None = None
    enable_att: bool | None = None


@dataclass(frozen=True, slots=True)
class EmployeeCard:
    """What a write answers with (5.3, 5.4), as far as we have a use for it."""

    id: str
    emp_code: str
    first_name: str
    last_name: str
    email: str
    mobile: str
    hire_date: date | None
    department_id: int
    position_id: int | None
    area_ids: tuple[int, ...]
    enable_att: bool
    enable_overtime: bool
    enable_holiday: bool
    is_administrator: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A department (6), an area (7) or a position (8)."""

    id: int
    code: str
    name: str
    parent_id: int | None


class Personnel:
    """Bodies are sent as far as they were set: an update changes what it says and nothing else."""

    def __init__(self, exchange: Exchange) -> None:
        self.employees = Resource(exchange, f"{BASE}/employees/", _EMPLOYEE, _EMPLOYEE_CARD)
        self.departments = Resource(exchange, f"{BASE}/departments/", _DEPARTMENT, _WRITTEN_DEPARTMENT)
        self.areas = Resource(exchange, f"{BASE}/areas/", _AREA, _WRITTEN_AREA)
        self.positions = Resource(exchange, f"{BASE}/positions/", _POSITION, _WRITTEN_POSITION)


def read_employee(row: wire.Employee) -> Employee:
    """From either dialect. Raises ValueError."""
    department_id, department_name = _read_department_name(row)
    position_id, position_name = _read_position_name(row)
    return Employee(
        id=str(row.id),
        emp_code=row.emp_code,
        first_name=row.first_name or "",
        last_name=row.last_name or "",
        hire_date=_read_day(row.hire_date),
        department_id=department_id,
        department_name=department_name,
        position_id=position_id,
        position_name=position_name,
        **_read_more(row),
    )


def _read_more(row: wire.Employee) -> dict[str, Any]:
    if not isinstance(row, wire.ReadEmployee):
        return {}
    areas = None if row.area is None else tuple(a if isinstance(a, int) else a.id for a in row.area)
    enabled = row.attemployee.enable_attendance if row.attemployee else row.enable_att
    return {"phone": row.mobile or row.contact_tel or None, "area_ids": areas, "enable_att": enabled}


def _read_department_name(row: wire.Employee) -> tuple[int, str]:
    if isinstance(row.department, wire.DepartmentName):
        return row.department.id, row.department.dept_name
    return row.department, row.dept_name or ""


def _read_position_name(row: wire.Employee) -> tuple[int | None, str]:
    if isinstance(row.position, wire.PositionName):
        return row.position.id, row.position.position_name
    return row.position, row.position_name or ""


def read_employee_card(receipt: wire.EmployeeReceipt) -> EmployeeCard:
    """Raises ValueError."""
    return EmployeeCard(
        id=str(receipt.id),
        emp_code=receipt.emp_code,
        first_name=receipt.first_name or "",
        last_name=receipt.last_name or "",
        email=receipt.email or "",
        mobile=receipt.mobile or "",
        hire_date=_read_day(receipt.hire_date),
        department_id=receipt.department,
        position_id=receipt.position,
        area_ids=tuple(receipt.area),
        enable_att=receipt.enable_att,
        enable_overtime=receipt.enable_overtime,
        enable_holiday=receipt.enable_holiday,
        is_administrator=receipt.app_role == _ADMINISTRATOR,
    )


def read_department(row: wire.DepartmentReceipt) -> Place:
    return Place(row.id, row.dept_code, row.dept_name, row.parent_dept)


def read_area(row: wire.AreaReceipt) -> Place:
    return Place(row.id, row.area_code, row.area_name, row.parent_area)


def read_position(row: wire.PositionReceipt) -> Place:
    return Place(row.id, row.position_code, row.position_name, row.parent_position)


def _read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_EMPLOYEE = Shape(wire.ReadEmployee, read_employee)
_EMPLOYEE_CARD = Shape(wire.EmployeeReceipt, read_employee_card)
_DEPARTMENT = Shape(wire.Department, read_department)
_WRITTEN_DEPARTMENT = Shape(wire.DepartmentReceipt, read_department)
_AREA, _WRITTEN_AREA = Shape(wire.Area, read_area), Shape(wire.AreaReceipt, read_area)
_POSITION, _WRITTEN_POSITION = Shape(wire.Position, read_position), Shape(wire.PositionReceipt, read_position)
