"""Roll calls: who was on site when one was begun, and what each has answered since."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from bot.store.statements import insert_or_ignore
from bot.store.team_tables import muster_people, musters


class Answer(StrEnum):
    SAFE = "safe"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Called:
    """`reached`: has been sent the question. The last two are of who has not answered: `gone` has clocked out since."""

    emp_code: str
    name: str
    site: str
    phone: str | None
    reached: bool = False
    answer: Answer | None = None
    gone: bool = False
    break_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Muster:
    """`message_id` of the list that is edited, in the chat of whoever began it."""

    id: int
    company: str
    by_code: str
    chat_id: int
    message_id: int | None
    started_at: datetime
    ended_at: datetime | None
    people: tuple[Called, ...]


def add_muster(
    connection: Connection,
    company: str,
    by_code: str,
    chat_id: int,
    *,
    source: str,
    now: datetime,
    people: list[Called],
) -> int | None:
    """None where this source has begun one already."""
    values: dict[str, Any] = {
        "company": company,
        "by_code": by_code,
        "source": source,
        "chat_id": chat_id,
        "started_at": now,
    }
    found = insert_or_ignore(connection, musters, **values)
    if found is None:
        return None
    rows = [
        {"muster_id": found, "emp_code": p.emp_code, "name": p.name, "site": p.site, "phone": p.phone, "reached": False}
        for p in people
    ]
    if rows:
        connection.execute(insert(muster_people), rows)
    return int(found)


def find_muster(connection: Connection, muster_id: int) -> Muster | None:
    row = connection.execute(select(musters).where(musters.c.id == muster_id)).one_or_none()
    return None if row is None else _read(connection, row)


def find_by_source(connection: Connection, source: str) -> Muster | None:
    row = connection.execute(select(musters).where(musters.c.source == source)).one_or_none()
    return None if row is None else _read(connection, row)


def find_running(
    connection: Connection, company: str, by_code: str, *, since: datetime, but: str = ""
) -> Muster | None:
    """The newest of theirs that has not ended. `but`: not the one of that source."""
    c = musters.c
    theirs = and_(c.company == company, c.by_code == by_code, c.ended_at.is_(None), c.source != but)
    query = select(musters).where(theirs, c.started_at >= since).order_by(c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else _read(connection, row)


def load_running(connection: Connection, since: datetime) -> list[Muster]:
    c = musters.c
    running = select(musters).where(c.ended_at.is_(None), c.started_at >= since).order_by(c.id)
    return [_read(connection, row) for row in connection.execute(running).all()]


def settle_message(connection: Connection, muster_id: int, chat_id: int, message_id: int) -> None:
    shown = {"chat_id": chat_id, "message_id": message_id}
    connection.execute(update(musters).where(musters.c.id == muster_id).values(**shown))


def settle_reached(connection: Connection, muster_id: int, emp_code: str) -> None:
    c = muster_people.c
    mine = update(muster_people).where(c.muster_id == muster_id, c.emp_code == emp_code)
    connection.execute(mine.values(reached=True))


def settle_answer(connection: Connection, muster_id: int, emp_code: str, answer: Answer, now: datetime) -> bool:
    """False for somebody who was not called."""
    c = muster_people.c
    mine = update(muster_people).where(c.muster_id == muster_id, c.emp_code == emp_code)
    return connection.execute(mine.values(answer=answer, answered_at=now)).rowcount == 1


def end_muster(connection: Connection, muster_id: int, now: datetime) -> bool:
    c = musters.c
    return connection.execute(
        update(musters).where(c.id == muster_id, c.ended_at.is_(None)).values(ended_at=now)
    ).rowcount == 1  # fmt: skip


def _read(connection: Connection, row: Row[Any]) -> Muster:
    c = muster_people.c
    people = connection.execute(select(muster_people).where(c.muster_id == row.id).order_by(c.site, c.name, c.emp_code))
    return Muster(
        id=row.id,
        company=row.company,
        by_code=row.by_code,
        chat_id=row.chat_id,
        message_id=row.message_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        people=tuple(
            Called(p.emp_code, p.name, p.site, p.phone, p.reached, Answer(p.answer) if p.answer else None)
            for p in people
        ),
    )
