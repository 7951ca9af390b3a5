"""Forms as data: what is asked, what stands in it, what goes to the API, and what is said beside each field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from bot.gateway.hr.desk import WHOLE, Errors
from bot.gateway.hr.paper import typed
from bot.gateway.hr.visits import Form

Choices = Sequence[tuple[str, str]]
"""(value, what is shown)"""

CHECKBOX, SELECT, SECRET = "checkbox", "select", "password"
# The API counts the parts of a list from 0.
_INDEX = re.compile(r"^(\d{1,6}): ", re.ASCII)
NOBODY = "?"
"""Not the id of any employee."""


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is the API's member; `column` where it is kept, if under another name. `kind` is HTML's type of input."""

    name: str
    label: str
    kind: str = "text"
    column: str = ""
    required: bool = False
    hint: str = ""
    choices: Choices = ()
    low: int | None = None
    high: int | None = None

    def starts_as(self, row: Row[*tuple[Any, ...]]) -> str:
        return "" if self.kind == SECRET else typed(getattr(row, self.column or self.name))


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under a heading. With a `member` they are one member of the body together, which is not made here.

    `across`: so many stand beside each other; 0 is as many as there is room for.
    """

    title: str
    fields: Sequence[Field]
    member: str = ""
    hint: str = ""
    across: int = 0


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, by field; `whole` is what no field on the page stands for."""

    by_field: Mapping[str, Sequence[str]]
    whole: Sequence[str]


def start(groups: Sequence[Group], row: Row[*tuple[Any, ...]]) -> Form:
    """What stands in the fields of a record that is there already."""
    return {field.name: field.starts_as(row) for group in groups if not group.member for field in group.fields}


def body_of(groups: Sequence[Group], form: Form) -> dict[str, object]:
    """What was typed, as the API takes it: a box that is not ticked sends nothing, and means no."""
    fields = [field for group in groups if not group.member for field in group.fields]
    return {
        field.name: field.name in form if field.kind == CHECKBOX else form[field.name]
        for field in fields
        if field.kind == CHECKBOX or field.name in form
    }


def sort_errors(errors: Errors, groups: Sequence[Group]) -> Wrong:
    """Each beside its field or its group, the rest at the top."""
    shown = {field.name for group in groups for field in group.fields} | {group.member for group in groups} - {WHOLE}
    # The API takes an employee by id, the page by the code that people know.
    named = {("emp_code" if name == "employee" and name not in shown else name): said for name, said in errors.items()}
    for member in {group.member for group in groups} & named.keys():
        named[member] = [_INDEX.sub(lambda found: f"No. {int(found[1]) + 1}: ", reason) for reason in named[member]]
    rest = [f"{name}: {reason}" if name else reason for name in named if name not in shown for reason in named[name]]
    return Wrong({name: said for name, said in named.items() if name in shown}, rest)


NOTHING_WRONG = Wrong({}, ())
