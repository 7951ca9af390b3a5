"""What people say of a day before a clock could: late, sick, on the way. Managers read it; no rule counts it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.store.statements import insert_or_ignore
from bot.store.tables import notices


class NoticeKind(StrEnum):
    LATE = "late"
    SICK = "sick"
    ON_WAY = "on_way"
    FORGOT = "forgot"
    """A forgotten punch was reported: the person was there."""
    LEAVE = "leave"
    """A leave was asked for, from this day on."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`workdate` is a day in the company's zone; `minutes` how late, where it was said; `note` the person's own words;
    `source` what said it, `telegram:<chat>:<message>`.
    """

    company: str
    emp_code: str
    workdate: date
    kind: NoticeKind
    minutes: int | None
    note: str | None
    said_at: datetime
    source: str
    id: int = 0


def add_notice(connection: Connection, notice: Notice) -> bool:
    """False where its source has said it already."""
    values: dict[str, Any] = {
        "company": notice.company,
        "emp_code": notice.emp_code,
        "workdate": notice.workdate,
        "kind": notice.kind,
        "minutes": notice.minutes,
        "note": notice.note,
        "said_at": notice.said_at,
        "source": notice.source,
    }
    return insert_or_ignore(connection, notices, **values) is not None


def find_notice(connection: Connection, source: str) -> Notice | None:
    row = connection.execute(select(notices).where(notices.c.source == source)).one_or_none()
    return None if row is None else _read(row)


def load_notices(connection: Connection, company: str, workdate: date) -> list[Notice]:
    """Everybody's of that day, in the order in which they were said: of two of one kind, the later holds."""
    c = notices.c
    query = select(notices).where(c.company == company, c.workdate == workdate)
    return [_read(row) for row in connection.execute(query.order_by(c.said_at, c.id))]


def load_own_notices(connection: Connection, company: str, emp_code: str, workdate: date) -> list[Notice]:
    """One employee's of that day, in the order in which they were said."""
    c = notices.c
    query = select(notices).where(c.company == company, c.emp_code == emp_code, c.workdate == workdate)
    return [_read(row) for row in connection.execute(query.order_by(c.said_at, c.id))]


def drop_notice(connection: Connection, company: str, emp_code: str, source: str) -> bool:
    """The employee takes it back; False where there is none of theirs."""
    c = notices.c
    mine = notices.delete().where(c.source == source, c.company == company, c.emp_code == emp_code)
    return connection.execute(mine).rowcount == 1


def drop_notices(connection: Connection, company: str, emp_code: str, workdate: date, kind: NoticeKind) -> None:
    """The employee takes back all that they said of this kind that day, in whichever message."""
    c = notices.c
    mine = notices.delete().where(c.company == company, c.emp_code == emp_code, c.workdate == workdate)
    connection.execute(mine.where(c.kind == kind))


def _read(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        company=row.company,
        emp_code=row.emp_code,
        workdate=row.workdate,
        kind=NoticeKind(row.kind),
        minutes=row.minutes,
        note=row.note,
        said_at=row.said_at,
        source=row.source,
    )
