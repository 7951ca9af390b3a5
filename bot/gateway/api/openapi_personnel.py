"""Employees, departments, areas and positions, described: manual chapters 5 to 8."""

from bot.biotime.wire import personnel as wire
from bot.biotime.wire.envelope import WebList
from bot.gateway.api.openapi_operations import (
    Chapter,
    Model,
    Noun,
    Paths,
    a_creation,
    a_list,
    a_reading,
    a_removal,
    asked,
    changes,
)
from bot.gateway.api.personnel import LISTING
from bot.gateway.api.personnel_bodies import NEEDED
from bot.gateway.api.personnel_places import CHAPTERS
from bot.gateway.api.personnel_places import Chapter as Tree
from bot.gateway.records.places import AREAS, DEPARTMENTS, POSITIONS
from bot.gateway.rest.filters import TEXT

_BODIES: dict[str, Model] = {
    DEPARTMENTS.name: wire.NewDepartment,
    AREAS.name: wire.NewArea,
    POSITIONS.name: wire.NewPosition,
}
_EMPLOYEES = Noun("employees", "an employee", "employees", TEXT)


def _employees() -> Paths:
    pages = (WebList[wire.ListedEmployee], WebList[wire.OnpremEmployee])
    rows, receipts = (wire.ListedEmployee, wire.OnpremEmployee), (wire.EmployeeReceipt,)
    many = {
        "GET": a_list(_EMPLOYEES, pages, asked(LISTING)),
        "POST": a_creation(_EMPLOYEES, receipts, wire.NewEmployee, tuple(sorted(NEEDED))),
    }
    one = {
        "GET": a_reading(_EMPLOYEES, rows),
        **changes(_EMPLOYEES, receipts, wire.NewEmployee),
        "DELETE": a_removal(_EMPLOYEES),
    }
    bases = ("/personnel/api/employees/", "/personnel/api/employee/")
    return {path: methods for base in bases for path, methods in ((base, many), (f"{base}{{called}}/", one))}


def _tree(tree: Tree) -> Paths:
    name, prefix = tree.kind.name, tree.kind.prefix
    noun = Noun(f"{name}s", f"an {name}" if name == AREAS.name else f"a {name}", f"{name}s")
    body, receipts = _BODIES[name], (tree.receipt,)
    pages: tuple[Model, ...] = (WebList[tree.row], WebList[tree.onprem_row])  # type: ignore[name-defined]
    told = (wire.Deleted,) if tree.kind is DEPARTMENTS else ()
    return {
        tree.path: {
            "GET": a_list(noun, pages, asked(tree.listing)),
            "POST": a_creation(noun, receipts, body, (f"{prefix}_code", f"{prefix}_name")),
        },
        f"{tree.path}{{called}}/": {
            "GET": a_reading(noun, (tree.row, tree.onprem_row)),
            **changes(noun, receipts, body),
            "DELETE": a_removal(noun, told),
        },
    }


PERSONNEL = Chapter(
    name="Personnel",
    page="/api/personnel_docs/",
    about="For system users, and for administrators (app_role 2) with a staff token; everybody else is 403.",
    paths={**_employees(), **{path: methods for tree in CHAPTERS for path, methods in _tree(tree).items()}},
)
