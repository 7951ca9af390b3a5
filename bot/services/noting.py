"""What somebody has done, as a line for HR to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from bot.store.audit_lines import Act, AuditLine
from bot.store.links import Link


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever runs the installation, who is no employee; `name`: the command that they gave."""

    company: str
    name: str
    emp_code: str = ""


def build_line(
    asking: Link | Operator,
    act: Act,
    now: datetime,
    *,
    once: str = "",
    emp_code: str = "",
    name: str = "",
    text: str = "",
    reason: str = "",
    stood_in_for: Sequence[tuple[str, str]] = (),
) -> AuditLine:
    """Of what can be done again and again, without `once`, each time is a line. `stood_in_for`: code and name of the
    managers in whose place it was done.
    """
    return AuditLine(
        company=asking.company,
        at=now,
        by_code=asking.emp_code,
        by_name=asking.name,
        act=act,
        once=f"{act}:{once or uuid4().hex}",
        emp_code=emp_code,
        name=name,
        detail={"text": text} | ({"stood_in_for": list(stood_in_for)} if stood_in_for else {}),
        reason=reason,
    )


def describe_changes(before: dict[str, object], after: dict[str, object]) -> str:
    """Settings by their names, in no language; "" where nothing is another."""
    return " ".join(f"{name}={before[name]}→{value}" for name, value in after.items() if value != before[name])
