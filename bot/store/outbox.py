"""What is to be told to whom: a row per person, kind and subject, taken by compare-and-set and settled.

A row is exactly once, a message at least once. `version` rises whenever there is something new to say.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, case, func, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.alert_tables import outbox
from bot.store.messages import Message, New, Status, Topic, read_message
from bot.store.statements import build_insert, insert_rows


def add_messages(connection: Connection, company: str, news: Iterable[New], now: datetime) -> int:
    """Returns of how many there is something new to tell."""
    rows = {(one.emp_code, one.topic, one.key): _columns(company, one, now) for one in _soonest_last(news)}
    return insert_rows(connection, _tell(connection.dialect.name), list(rows.values()))


def add_once(connection: Connection, company: str, news: Iterable[New], now: datetime) -> int:
    """Likewise, but what is there already is left alone."""
    fresh = [one for one in news if not is_told(connection, company, one.emp_code, one.topic, one.key)]
    return add_messages(connection, company, fresh, now)


def is_told(connection: Connection, company: str, emp_code: str, topic: Topic, key: str) -> bool:
    c = outbox.c
    there = and_(c.company == company, c.emp_code == emp_code, c.kind == topic, c.key == key)
    return connection.execute(select(c.id).where(there)).first() is not None


def was_sent(connection: Connection, company: str, emp_code: str, topic: Topic, key: str) -> bool:
    """Not only kept: it has reached them."""
    c = outbox.c
    there = and_(c.company == company, c.emp_code == emp_code, c.kind == topic, c.key == key, c.sent_at.is_not(None))
    return connection.execute(select(c.id).where(there)).first() is not None


def find_told(connection: Connection, company: str, topic: Topic, key: str) -> set[str]:
    """Whoever is told of it, or is to be."""
    c = outbox.c
    rows = connection.execute(select(c.emp_code).where(c.company == company, c.kind == topic, c.key == key))
    return set(rows.scalars())


def find_ignored(connection: Connection, company: str, since: datetime) -> list[Message]:
    """Cards that came after `since`, and about which whoever was told has not done anything from then on."""
    c = outbox.c
    unseen = or_(c.seen_at.is_(None), c.seen_at < c.sent_at)
    ignored = and_(c.company == company, c.kind == Topic.CARD, c.state == Status.SENT, c.sent_at > since, unseen)
    return [read_message(row) for row in connection.execute(select(outbox).where(ignored).order_by(c.id))]


def load_sent_of(connection: Connection, company: str, topic: Topic, key: str) -> dict[str, Message]:
    """What each was told of it, by emp_code."""
    c = outbox.c
    sent = and_(c.company == company, c.kind == topic, c.key == key, c.sent_at.is_not(None))
    return {row.emp_code: read_message(row) for row in connection.execute(select(outbox).where(sent))}


@cache
def _tell(dialect: str) -> postgresql.Insert | sqlite.Insert:
    """What is there already is told anew, no later than it was to be, unless it was given up."""
    made = build_insert(dialect, outbox, _NEW)
    c, new = outbox.c, made.excluded
    sooner = case((or_(c.next_at.is_(None), c.next_at > new.next_at), new.next_at), else_=c.next_at)
    return made.on_conflict_do_update(
        index_elements=["company", "emp_code", "kind", "key"],
        set_={"version": c.version + literal_column("1"), "next_at": sooner, "payload": new.payload},
        where=c.state != literal_column(f"'{Status.FAILED}'"),
    )


_NEW = (
    "company", "emp_code", "kind", "key", "payload", "state", "version", "attempt", "tries", "next_at", "unclear",
    "messages", "created_at",
)  # fmt: skip


def _soonest_last(news: Iterable[New]) -> list[New]:
    """One statement takes a row once: of what is asked for twice, the soonest is meant."""
    return sorted(news, key=lambda one: one.next_at, reverse=True)


def _columns(company: str, new: New, now: datetime) -> dict[str, Any]:
    return {
        "company": company,
        "emp_code": new.emp_code,
        "kind": new.topic,
        "key": new.key,
        "payload": json.dumps(new.payload, ensure_ascii=False),
        "state": Status.PENDING,
        "version": 1,
        "attempt": 0,
        "tries": 0,
        "next_at": new.next_at,
        "unclear": False,
        "messages": "[]",
        "created_at": now,
    }


def find_newest(connection: Connection, company: str, emp_code: str, topic: Topic) -> Message | None:
    """What somebody was told of last, or is to be."""
    c = outbox.c
    theirs = and_(c.company == company, c.emp_code == emp_code, c.kind == topic)
    row = connection.execute(select(outbox).where(theirs).order_by(c.id.desc()).limit(1)).one_or_none()
    return None if row is None else read_message(row)


def find_keys(connection: Connection, company: str, topic: Topic, since: datetime) -> set[tuple[str, str]]:
    """(employee, key) of what there is to tell, or was told, since then."""
    c = outbox.c
    query = select(c.emp_code, c.key).where(c.company == company, c.kind == topic, c.created_at >= since)
    return {(row.emp_code, row.key) for row in connection.execute(query)}


def hasten(connection: Connection, company: str, topic: Topic, keys: Iterable[str], now: datetime) -> int:
    """Something has changed: those that were sent are looked at again now; what is just being sent, after that."""
    c = outbox.c
    wanted = list(keys)
    if not wanted:
        return 0
    told = c.state.in_((Status.SENT, Status.SENDING))
    sent = and_(c.company == company, c.kind == topic, c.key.in_(wanted), told)
    soon = case((c.state == Status.SENDING, c.next_at), else_=now)
    return connection.execute(update(outbox).where(sent).values(version=c.version + 1, next_at=soon)).rowcount


def hasten_row(connection: Connection, company: str, which: tuple[str, Topic, str], now: datetime) -> None:
    """That one, by (employee, topic, key), whether it was sent or is on its way."""
    c, (emp_code, topic, key) = outbox.c, which
    row = and_(c.company == company, c.emp_code == emp_code, c.kind == topic, c.key == key)
    known = c.state.in_([Status.SENT, Status.SENDING])
    at = case((c.state == Status.SENT, now), else_=c.next_at)
    connection.execute(update(outbox).where(row, known).values(version=c.version + 1, next_at=at))


def find_unsent(connection: Connection, company: str, emp_code: str, topic: Topic) -> Message | None:
    """What is to be told to somebody and is not on its way yet."""
    c = outbox.c
    mine = and_(c.company == company, c.emp_code == emp_code, c.kind == topic, c.state == Status.PENDING)
    row = connection.execute(select(outbox).where(mine, c.sent_at.is_(None)).order_by(c.id).limit(1)).one_or_none()
    return None if row is None else read_message(row)


def find_last_sent(connection: Connection, company: str, emp_code: str, topic: Topic) -> datetime | None:
    c = outbox.c
    mine = and_(c.company == company, c.emp_code == emp_code, c.kind == topic)
    query = select(c.sent_at).where(mine, c.sent_at.is_not(None)).order_by(c.sent_at.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none()


def hasten_of(connection: Connection, company: str, emp_code: str, topic: Topic, now: datetime) -> int:
    """All that one person was told of that kind in the last day or so is looked at again."""
    c = outbox.c
    sent = and_(c.company == company, c.emp_code == emp_code, c.kind == topic, c.state == Status.SENT)
    recent = c.created_at > now - timedelta(days=2)
    return connection.execute(update(outbox).where(sent, recent).values(version=c.version + 1, next_at=now)).rowcount


def load_sent(connection: Connection, company: str, topic: Topic, since: datetime) -> list[Message]:
    """What was told of that kind and is not on its way once more, the oldest first."""
    c = outbox.c
    sent = and_(c.company == company, c.kind == topic, c.state == Status.SENT, c.created_at >= since)
    return [read_message(row) for row in connection.execute(select(outbox).where(sent).order_by(c.id))]


def load_all(connection: Connection, company: str, emp_code: str, topic: Topic) -> list[Message]:
    """What this person was or is to be told of that kind."""
    c = outbox.c
    theirs = and_(c.company == company, c.emp_code == emp_code, c.kind == topic)
    return [read_message(row) for row in connection.execute(select(outbox).where(theirs))]


def settle_payload(connection: Connection, message_id: int, payload: dict[str, Any]) -> None:
    written = json.dumps(payload, ensure_ascii=False)
    connection.execute(update(outbox).where(outbox.c.id == message_id).values(payload=written))


def revive(connection: Connection, company: str, emp_code: str, topics: Iterable[Topic], now: datetime) -> int:
    """What somebody was to be told while no account of theirs could be reached is due once more; returns how many."""
    c = outbox.c
    theirs = and_(c.company == company, c.emp_code == emp_code, c.kind.in_(list(topics)), c.sent_at.is_(None))
    ended = and_(theirs, c.state.in_((Status.DROPPED, Status.FAILED)))
    again = update(outbox).where(ended).values(state=Status.PENDING, next_at=now, tries=0)
    return connection.execute(again).rowcount


def settle_seen(connection: Connection, message_id: int, now: datetime) -> None:
    """The manager has done something about it."""
    connection.execute(update(outbox).where(outbox.c.id == message_id).values(seen_at=now))


def find_message(connection: Connection, message_id: int) -> Message | None:
    row = connection.execute(select(outbox).where(outbox.c.id == message_id)).one_or_none()
    return None if row is None else read_message(row)


def count_states(connection: Connection) -> dict[str, int]:
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {str(state): number for state, number in connection.execute(query)}
