"""Who a company employs and how they are filed: manual chapters 5 to 8.

Lists and single rows of departments, areas and positions carry the company, answers to a write do not: so the manual
has it. In the `onprem` dialect nothing does.
"""

from pydantic import Field

from bot.biotime.wire.envelope import Identifier, Wire

MASK = "********"
"""`self_password` on its way out: the manual shows a hash there, which nobody needs to see."""


class CompanyName(Wire):
    """The `company` member of departments, areas, positions and terminals."""

    id: str
    name: str


class NewEmployee(Wire):
    """Body of create and update (manual 5.3, 5.4): an update sends what changes. `onprem` takes the same.

    A create needs `emp_code`, `department` and `area`.
    """

    emp_code: str = ""
    first_name: str | None = None
    last_name: str | None = None
    nickname: str | None = None
    device_password: str | None = Field(default=None, repr=False)
    card_no: str | None = None
    department: int = 0
    position: int | None = None
    hire_date: str | None = None
    """`YYYY-MM-DD`, as all dates here. Where a create does not say it, it is the day itself."""
    gender: str | None = None
    """S, F, M or O."""
    birthday: str | None = None
    verify_mode: int = -1
    emp_type: int | None = None
    """1 official, 2 temporary, 3 probation."""
    contact_tel: str | None = None
    office_tel: str | None = None
    mobile: str | None = None
    national: str | None = None
    city: str | None = None
    address: str | None = None
    postcode: str | None = None
    email: str | None = None
    enroll_sn: str | None = None
    ssn: str | None = None
    religion: str | None = None
    enable_att: bool = True
    enable_overtime: bool = True
    enable_holiday: bool = True
    dev_privilege: int = 0
    self_password: str | None = Field(default=None, repr=False)
    """In clear, on its way in."""
    area: list[int] = Field(default_factory=list)
    app_status: int = 0
    app_role: int = 1
    """1 employee, 2 administrator."""


class EmployeeReceipt(Wire):
    """Answer of create and update (manual 5.3, 5.4). Read without the members that other versions do not have."""

    id: Identifier
    emp_code: str
    first_name: str | None = None
    last_name: str | None = None
    nickname: str | None = None
    device_password: str | None = Field(default=None, repr=False)
    card_no: str | None = None
    department: int
    position: int | None = None
    hire_date: str | None = None
    gender: str | None = None
    birthday: str | None = None
    verify_mode: int = -1
    emp_type: int | None = None
    contact_tel: str | None = None
    office_tel: str | None = None
    mobile: str | None = None
    national: str | None = None
    city: str | None = None
    address: str | None = None
    postcode: str | None = None
    email: str | None = None
    enroll_sn: str | None = None
    ssn: str | None = None
    religion: str | None = None
    enable_att: bool = True
    enable_overtime: bool = True
    enable_holiday: bool = True
    dev_privilege: int = 0
    self_password: str | None = Field(default=None, repr=False)
    flow_role: list[int] = Field(default_factory=list)
    area: list[int]
    app_status: int = 0
    app_role: int = 1


class DepartmentName(Wire):
    """`department` of an employee, in the `onprem` dialect. Likewise below."""

    id: int
    dept_code: str
    dept_name: str


class PositionName(Wire):
    id: int
    position_code: str
    position_name: str


class AreaName(Wire):
    """Also `area` of a terminal (manual 4.1), in both dialects."""

    id: int
    area_code: str
    area_name: str


class Employee(Wire):
    """One row (manual 5.1, 5.2), read from both dialects."""

    id: Identifier
    emp_code: str
    first_name: str | None = None
    last_name: str | None = None
    hire_date: str | None = None
    dept_name: str | None = None
    department: int | DepartmentName
    position: int | PositionName | None = None
    position_name: str | None = None


class AreaOfEmployee(Wire):
    """As much of `area` as is read."""

    id: int


class AttendanceOfEmployee(Wire):
    enable_attendance: bool | None = None


class ListedEmployee(Employee):
    """One row as the embedded server has it: the manual's, and how to call them, as 4.x tells it."""

    contact_tel: str | None = None
    mobile: str | None = None


class ReadEmployee(ListedEmployee):
    """One row with what some versions tell beside it."""

    area: list[AreaOfEmployee | int] | None = None
    enable_att: bool | None = None
    attemployee: AttendanceOfEmployee | None = None


class AttEmployee(Wire):
    """What of an employee attendance looks at, in the `onprem` dialect of 9.x."""

    id: int
    enable_attendance: bool
    enable_overtime: bool
    enable_holiday: bool
    enable_schedule: bool


class OnpremEmployee(Wire):
    """One row, in the `onprem` dialect (wire notes, "Two dialects")."""

    id: int
    emp_code: str
    first_name: str | None
    last_name: str | None
    nickname: str | None
    device_password: str | None = Field(repr=False)
    card_no: str | None
    department: DepartmentName
    position: PositionName | None
    hire_date: str | None
    gender: str | None
    birthday: str | None
    verify_mode: int
    emp_type: int | None
    contact_tel: str | None
    office_tel: str | None
    mobile: str | None
    national: str | None
    city: str | None
    address: str | None
    postcode: str | None
    email: str | None
    enroll_sn: str | None
    ssn: str | None
    religion: str | None
    dev_privilege: int
    self_password: str | None = Field(repr=False)
    flow_role: list[int]
    area: list[AreaName]
    app_status: int
    app_role: int
    attemployee: AttEmployee


class NewDepartment(Wire):
    """Body of create and update (manual 6.3, 6.4): an update sends what changes."""

    dept_code: str = ""
    dept_name: str = ""
    parent_dept: int | None = None


class DepartmentReceipt(Wire):
    """Answer of create and update (manual 6.3, 6.4)."""

    id: int
    dept_code: str
    dept_name: str
    parent_dept: int | None


class OnpremDepartment(DepartmentReceipt):
    """One row, in the `onprem` dialect."""

    parent_dept_name: str | None = None


class Department(OnpremDepartment):
    """One row (manual 6.1, 6.2)."""

    company: CompanyName | None = None


class NewArea(Wire):
    """Body of create and update (manual 7.3, 7.4)."""

    area_code: str = ""
    area_name: str = ""
    parent_area: int | None = None


class AreaReceipt(Wire):
    """Answer of create and update (manual 7.3, 7.4)."""

    id: int
    area_code: str
    area_name: str
    parent_area: int | None


class Area(AreaReceipt):
    """One row (manual 7.1, 7.2). The parent's name is not among its members."""

    company: CompanyName | None = None


class NewPosition(Wire):
    """Body of create and update (manual 8.3, 8.4)."""

    position_code: str = ""
    position_name: str = ""
    parent_position: int | None = None


class PositionReceipt(Wire):
    """Answer of create and update (manual 8.3, 8.4)."""

    id: int
    position_code: str
    position_name: str
    parent_position: int | None


class OnpremPosition(PositionReceipt):
    """One row, in the `onprem` dialect."""

    parent_position_name: str | None = None


class Position(OnpremPosition):
    """One row (manual 8.1, 8.2)."""

    company: CompanyName | None = None


class Deleted(Wire):
    """Answer of deleting a department (manual 6.5); everything else is deleted without a word."""

    message: str = "deleted"
