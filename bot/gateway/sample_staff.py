"""Who works at *Demo Trading*: Mona, Omar and Huda; where it is to be lively, 37 more by role and number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Row = dict[str, str | None]

OFFICE, WAREHOUSE, BRANCH = "Dubai Office", "Jebel Ali Warehouse", "Sharjah Branch"
# Long before anything that is told of them: from then on who does not come is absent.
HIRED = "2020-01-05"


def _named(emp_code: str, first_name: str, department: str, position: str, app_role: str = "") -> Row:
    return {
        "emp_code": emp_code,
        "first_name": first_name,
        "department": department,
        "position": position,
        "area": OFFICE,
        "app_role": app_role,
        "email": f"{first_name.lower()}@demo-trading.example",
        "hire_date": HIRED,
    }


STAFF: Sequence[Row] = [
    _named("1001", "Mona", "Sales", "Sales Executive"),
    _named("1002", "Omar", "Sales", "Sales Manager"),
    _named("1003", "Huda", "Human Resources", "HR Manager", app_role="2"),
]
FIRST_CODE = 1004


@dataclass(frozen=True, slots=True)
class Team:
    role: str
    size: int
    department: str
    position: str
    area: str


TEAMS = (
    Team("Sales", 6, "Sales", "Sales Executive", OFFICE),
    Team("Branch", 4, "Sales", "Sales Executive", BRANCH),
    Team("HR", 3, "Human Resources", "HR Officer", OFFICE),
    Team("Guard", 12, "Security", "Guard", OFFICE),
    Team("Store", 12, "Warehouse", "Storekeeper", WAREHOUSE),
)


def crowd() -> Iterator[tuple[Team, int, Row]]:
    """Team, number in it from 1, and the row: *Guard 12*. None of them can log in."""
    code = FIRST_CODE
    for team in TEAMS:
        for number in range(1, team.size + 1):
            yield (
                team,
                number,
                {
                    "emp_code": str(code),
                    "first_name": f"{team.role} {number:02}",
                    "department": team.department,
                    "position": team.position,
                    "area": team.area,
                    "hire_date": HIRED,
                },
            )
            code += 1
