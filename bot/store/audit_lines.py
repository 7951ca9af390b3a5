"""Who did what, when and why: read by HR, and never changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from bot.store.statements import insert_or_ignore
from bot.store.team_tables import audit_lines


class Act(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"
    MANAGER_ADDED = "manager_added"
    MANAGER_REMOVED = "manager_removed"
    HANDED_OVER = "handed_over"
    TOOK_BACK = "took_back"
    RULES_CHANGED = "rules_changed"
    MUSTERED = "mustered"
    SEEN = "seen"
    ASKED = "asked"
    EXCUSED = "excused"
    UNEXCUSED = "unexcused"
    SNOOZED = "snoozed"
    UNSNOOZED = "unsnoozed"
    CHOSE = "chose"
    EXCLUDED = "excluded"
    INCLUDED = "included"


@dataclass(frozen=True, slots=True)
class AuditLine:
    """`by_code` did it; `emp_code` is whom it is about, "" where nobody. Of one `once` there is one line. `tell_at`:
    the person it is about has yet to be told.
    """

    company: str
    at: datetime
    by_code: str
    by_name: str
    act: Act
    once: str
    emp_code: str = ""
    name: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    tell_at: datetime | None = None
    id: int = 0


def add_audit_line(connection: Connection, line: AuditLine) -> int | None:
    """Its id; None where its `once` is there already."""
    values: dict[str, Any] = {
        "company": line.company,
        "at": line.at,
        "by_code": line.by_code,
        "by_name": line.by_name,
        "act": line.act,
        "emp_code": line.emp_code,
        "name": line.name,
        "detail": json.dumps(dict(line.detail), ensure_ascii=False),
        "reason": line.reason,
        "once": line.once,
        "tell_at": line.tell_at,
    }
    found = insert_or_ignore(connection, audit_lines, **values)
    return None if found is None else int(found)


def find_audit_line(connection: Connection, company: str, once: str) -> AuditLine | None:
    c = audit_lines.c
    row = connection.execute(select(audit_lines).where(c.company == company, c.once == once)).one_or_none()
    return None if row is None else _read(row)


@dataclass(frozen=True, slots=True)
class Span:
    """Which lines: from `since` on, before `until`; done by `emp_code` or about them."""

    since: datetime | None = None
    until: datetime | None = None
    emp_code: str = ""


def load_audit_lines(
    connection: Connection, company: str, offset: int, limit: int, span: Span = Span()
) -> list[AuditLine]:
    """The newest first."""
    c = audit_lines.c
    query = select(audit_lines).where(*_within(company, span)).order_by(c.at.desc(), c.id.desc())
    return [_read(row) for row in connection.execute(query.offset(offset).limit(limit))]


def count_audit_lines(connection: Connection, company: str, span: Span = Span()) -> int:
    query = select(func.count()).select_from(audit_lines).where(*_within(company, span))
    return connection.execute(query).scalar_one()


def _within(company: str, span: Span) -> list[ColumnElement[bool]]:
    c = audit_lines.c
    wanted = [c.company == company]
    wanted += [c.at >= span.since] if span.since else []
    wanted += [c.at < span.until] if span.until else []
    wanted += [or_(c.by_code == span.emp_code, c.emp_code == span.emp_code)] if span.emp_code else []
    return wanted


def find_recent(
    connection: Connection, company: str, act: Act, by_code: str, since: datetime
) -> dict[tuple[str, str], datetime]:
    """(employee, what it says) of what somebody has done after `since`, and when last."""
    c = audit_lines.c
    theirs = and_(c.company == company, c.at > since, c.act == act, c.by_code == by_code)
    rows = connection.execute(select(c.emp_code, c.detail, c.at).where(theirs).order_by(c.at))
    return {(row.emp_code, json.loads(row.detail).get("text", "")): row.at for row in rows}


def find_untold(connection: Connection, now: datetime, limit: int = 200) -> list[AuditLine]:
    c = audit_lines.c
    query = select(audit_lines).where(c.tell_at <= now).order_by(c.tell_at).limit(limit)
    return [_read(row) for row in connection.execute(query)]


def claim_telling(connection: Connection, line: AuditLine, again_at: datetime | None) -> bool:
    """False where somebody else tells it; `again_at`: when it is due once more, None for never."""
    c = audit_lines.c
    mine = update(audit_lines).where(c.id == line.id, c.tell_at == line.tell_at)
    return connection.execute(mine.values(tell_at=again_at)).rowcount == 1


def _read(row: Row[Any]) -> AuditLine:
    return AuditLine(
        id=row.id,
        company=row.company,
        at=row.at,
        by_code=row.by_code,
        by_name=row.by_name,
        act=Act(row.act),
        once=row.once,
        emp_code=row.emp_code,
        name=row.name,
        detail=json.loads(row.detail),
        reason=row.reason,
        tell_at=row.tell_at,
    )
