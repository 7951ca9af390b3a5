"""Who a company employs and how they are filed: manual chapters 5 to 8.

Lists and single rows carry the company, answers to a write do not: so the manual has it. In the `onprem` dialect
nothing does.
"""

from bot.biotime.wire.envelope import Wire


class CompanyName(Wire):
    """The `company` member of departments, areas, positions and terminals."""

    id: str
    name: str


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
