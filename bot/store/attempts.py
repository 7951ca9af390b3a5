"""Who tried how often: a row for each guess, taken back where it said nothing."""

from datetime import datetime

from sqlalchemy import Connection, and_, insert, select

from bot.store.tables import login_attempts, people

_C = login_attempts.c


def find_limiting(
    connection: Connection, kind: str, telegram_id: int, username: str | None, *, since: datetime, most: int
) -> datetime | None:
    """When `most` tries came after `since`, the oldest of them: the next is allowed once that one has aged.

    With no `username`, all of the person's tries of this kind count.
    """
    mine = and_(_C.telegram_id == telegram_id, _C.kind == str(kind), _C.at > since)
    if username is not None:
        mine = and_(mine, _C.username == username)
    times = list(connection.execute(select(_C.at).where(mine).order_by(_C.at.desc()).limit(most)).scalars())
    return times[-1] if len(times) >= most else None


def has_attempt(connection: Connection, kind: str, telegram_id: int, source: str) -> bool:
    """Whether the try of this message was counted already."""
    found = select(_C.id).where(_C.telegram_id == telegram_id, _C.kind == str(kind), _C.source == source)
    return connection.execute(found).first() is not None


def add_attempt(
    connection: Connection, kind: str, telegram_id: int, username: str, *, source: str | None, now: datetime
) -> int:
    """`username` is a keyed hash; returns the row's id."""
    values = {"telegram_id": telegram_id, "kind": str(kind), "username": username, "source": source, "at": now}
    row = connection.execute(insert(login_attempts).values(**values).returning(_C.id)).one()
    return int(row.id)


def return_attempt(connection: Connection, attempt_id: int) -> None:
    """It said nothing about the password: it does not count."""
    connection.execute(login_attempts.delete().where(_C.id == attempt_id))


def lock_person(connection: Connection, telegram_id: int) -> None:
    """Tries of one person are counted one after the other, on PostgreSQL too."""
    connection.execute(select(people.c.telegram_id).where(people.c.telegram_id == telegram_id).with_for_update())


def forget_attempts(connection: Connection, kind: str, telegram_id: int, username: str) -> None:
    mine = and_(_C.telegram_id == telegram_id, _C.kind == str(kind), _C.username == username)
    connection.execute(login_attempts.delete().where(mine))
