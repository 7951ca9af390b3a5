"""What is to be told to whom: a row per person, kind and subject, taken by compare-and-set and settled.

A row is exactly once, a message at least once. `version` rises whenever there is something new to say.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, String, and_, case, cast, func, literal_column, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.alert_tables import outbox
from bot.store.statements import among, build_insert, insert_rows

LEASE = timedelta(seconds=60)


class Topic(StrEnum):
    CARD = "card"
    """A site and shift, for one manager; edits itself."""
    NUDGE = "nudge"
    """The employee is asked before the manager is told."""
    ASK = "ask"
    """The employee is asked by the manager."""
    REMINDER = "reminder"
    """What the employee wants to be reminded of."""
    UNLINKED = "unlinked"
    """HR: a manager who cannot be told anything."""
    DOWN = "down"
    """HR: BioTime does not answer; edited when it does again."""

    DIGEST = "digest"
    """A manager's day, week or month."""
    FORGOTTEN = "forgotten"
    """The clock-outs that are missing since yesterday, each with a button that asks."""
    CLOCK_OUT = "clock_out"
    """The employee is asked when they left."""
    CATCH_UP = "catch_up"
    """What quiet hours have held back, in one."""
    ESCALATED = "escalated"
    """A manager's manager: nobody has looked at a card."""
    REQUESTS = "requests"
    """A manager: what waits for their decision is new; edited when it does no more."""
    TERMINAL = "terminal"
    """HR: a terminal is silent or its clock is wrong, and when that is over."""
    STANDING_IN = "standing_in"
    """Whoever stands in for a manager from now on."""
    HANDED_BACK = "handed_back"
    """The manager and who stood in: that is over."""
    APPOINTED = "appointed"
    """Whoever manages people from now on."""


class Status(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """Given up, and a person was told."""
    DROPPED = "dropped"
    """There was nothing to say any more."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One message it became; `digest` of what it says now, so that nothing is edited in vain."""

    chat_id: int
    message_id: int
    digest: str


@dataclass(frozen=True, slots=True)
class Message:
    id: int
    company: str
    emp_code: str
    topic: Topic
    key: str
    payload: dict[str, Any]
    status: Status
    version: int
    attempt: int
    tries: int
    unclear: bool
    sent: tuple[Sent, ...]
    next_at: datetime | None
    lease_until: datetime | None
    sent_at: datetime | None
    """When it last came with a sound."""
    seen_at: datetime | None
    """When whoever was told has last done something about it."""
    created_at: datetime

    @property
    def is_seen(self) -> bool:
        """Since it last came."""
        return self.is_seen_since(self.sent_at or self.created_at)

    def is_seen_since(self, at: datetime) -> bool:
        return self.seen_at is not None and self.seen_at >= at

    @property
    def is_caught_up(self) -> bool:
        """Told after quiet hours, together with others: there is no message of its own."""
        return self.sent_at is not None and not self.sent


@dataclass(frozen=True, slots=True)
class New:
    """What to tell. Where it is there already it is told anew, at `next_at` at the latest."""

    emp_code: str
    topic: Topic
    key: str
    next_at: datetime
    payload: dict[str, Any]


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
    return [_read(row) for row in connection.execute(select(outbox).where(ignored).order_by(c.id))]


def load_sent_of(connection: Connection, company: str, topic: Topic, key: str) -> dict[str, Message]:
    """What each was told of it, by emp_code."""
    c = outbox.c
    sent = and_(c.company == company, c.kind == topic, c.key == key, c.sent_at.is_not(None))
    return {row.emp_code: _read(row) for row in connection.execute(select(outbox).where(sent))}


def hold(connection: Connection, message: Message, until: datetime, now: datetime) -> None:
    """Until then it is quiet; the catch-up that comes then tells of all that was held."""
    # Whatever quiet hours are: what was due again at once would be held again at once, for ever.
    until = max(until, now + LEASE)
    put_off(connection, message, until, tries=message.tries)
    c, key = outbox.c, until.isoformat()
    add_once(connection, message.company, [New(message.emp_code, Topic.CATCH_UP, key, until, {"held": []})], now)
    theirs = and_(c.company == message.company, c.emp_code == message.emp_code, c.kind == Topic.CATCH_UP, c.key == key)
    held = json.loads(connection.execute(select(c.payload).where(theirs)).scalar_one())["held"]
    payload = json.dumps({"held": sorted({*held, message.id})})
    connection.execute(update(outbox).where(theirs).values(payload=payload))


def load_held(connection: Connection, catch_up: Message) -> list[Message]:
    """What it is to tell of, but for what has become a message of its own."""
    c = outbox.c
    rows = connection.execute(select(outbox).where(c.id.in_(catch_up.payload["held"])).order_by(c.id))
    held = [_read(row) for row in rows]
    return [one for one in held if not one.sent and one.status is not Status.FAILED]


def settle_caught_up(connection: Connection, message_ids: Sequence[int], now: datetime) -> None:
    """They were told, in the catch-up's message."""
    c = outbox.c
    mine = update(outbox).where(c.id.in_(message_ids), c.state == Status.PENDING)
    connection.execute(mine.values(state=Status.SENT, sent_at=now, next_at=None))


def release(connection: Connection, message_id: int, now: datetime) -> bool:
    """What was told in a catch-up becomes a message of its own, now."""
    c = outbox.c
    mine = update(outbox).where(c.id == message_id, c.state == Status.SENT, c.messages == "[]")
    return connection.execute(mine.values(state=Status.PENDING, sent_at=None, next_at=now)).rowcount == 1


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
    return None if row is None else _read(row)


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


def linger(connection: Connection, message_id: int, until: datetime) -> None:
    """Somebody looks at something under this message: it is not edited under their eyes, unless something happens."""
    c = outbox.c
    looked_at = update(outbox).where(c.id == message_id, c.state == Status.SENT, c.next_at < until)
    connection.execute(looked_at.values(next_at=until))


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
    return None if row is None else _read(row)


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
    return [_read(row) for row in connection.execute(select(outbox).where(sent).order_by(c.id))]


def settle_payload(connection: Connection, message_id: int, payload: dict[str, Any]) -> None:
    written = json.dumps(payload, ensure_ascii=False)
    connection.execute(update(outbox).where(outbox.c.id == message_id).values(payload=written))


def find_due(connection: Connection, now: datetime, limit: int = 100) -> list[Message]:
    """For each person the first that is due: new ones before those that only may have changed, but a catch-up before
    what it tells of: that waits until it is told. A claim whose lease is over is due, too.
    """
    c = outbox.c
    rank = case((c.kind == Topic.CATCH_UP, 0), (c.sent_at.is_(None), 1), else_=2)
    free = or_(c.state != Status.SENDING, c.lease_until <= now)
    order = (rank, c.next_at, c.id)
    turn = func.row_number().over(partition_by=(c.company, c.emp_code), order_by=order).label("turn")
    free_of_it = not_(among(connection, cast(c.id, String), _find_held(connection, now)))
    due = select(c.id, turn).where(c.next_at <= now, free, free_of_it).subquery()
    query = select(outbox).join(due, due.c.id == c.id).where(due.c.turn == 1).order_by(*order).limit(limit)
    return [_read(row) for row in connection.execute(query).all()]


def _find_held(connection: Connection, now: datetime) -> list[str]:
    """What catch-ups tell of that are due, or are being told, or are tried again: not those of quiet hours that are
    running."""
    c = outbox.c
    begun = or_(c.next_at <= now, and_(c.next_at > now, c.attempt > 0))
    to_be_told = and_(c.kind == Topic.CATCH_UP, c.sent_at.is_(None), c.state.in_((Status.PENDING, Status.SENDING)))
    payloads = connection.execute(select(c.payload).where(begun, to_be_told)).scalars()
    return [str(number) for payload in payloads for number in json.loads(payload)["held"]]


def claim(connection: Connection, message: Message, now: datetime) -> Message | None:
    """None where another worker got there first. Whoever takes over from one that died may be sending a second time."""
    c = outbox.c
    unclear = message.unclear or (message.status is Status.SENDING and not message.sent)
    lease, attempt = now + LEASE, message.attempt + 1
    mine = update(outbox).where(c.id == message.id, c.attempt == message.attempt, c.state == message.status)
    values = {"state": Status.SENDING, "attempt": attempt, "lease_until": lease, "unclear": unclear, "next_at": lease}
    if connection.execute(mine.values(**values)).rowcount != 1:
        return None
    return replace(message, status=Status.SENDING, attempt=attempt, lease_until=lease, unclear=unclear, next_at=lease)


def settle_sent(
    connection: Connection,
    message: Message,
    sent: Sequence[Sent],
    now: datetime,
    next_at: datetime | None,
    *,
    rang_at: datetime | None = None,
) -> bool:
    """Told; what has become new in the meantime is due now. `rang_at`: it came with a sound. False where the claim was
    lost.
    """
    c = outbox.c
    again = case((c.version == message.version, next_at), else_=now)
    return _settle(
        connection, message, state=Status.SENT, messages=_write(sent), tries=0, unclear=False, next_at=again,
        sent_at=rang_at or func.coalesce(c.sent_at, now, type_=c.sent_at.type),
    )  # fmt: skip


def keep_sent(connection: Connection, message: Message, sent: Sequence[Sent]) -> bool:
    """A page is out and more are to come: should we die now, the next one edits it."""
    c = outbox.c
    mine = and_(c.id == message.id, c.attempt == message.attempt)
    return connection.execute(update(outbox).where(mine).values(messages=_write(sent))).rowcount == 1


def put_off(connection: Connection, message: Message, next_at: datetime, *, tries: int, unclear: bool = False) -> bool:
    """Another time. Back to what it was before: sent once, or still to be sent."""
    state = Status.SENT if message.sent_at is not None else Status.PENDING
    return _settle(connection, message, state=state, next_at=next_at, tries=tries, unclear=message.unclear or unclear)


def settle_end(connection: Connection, message: Message, status: Status) -> bool:
    """Given up, or nothing left to say."""
    return _settle(connection, message, state=status, next_at=None)


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


def settle_shown(connection: Connection, message_id: int, shown: Sent) -> None:
    """A page was edited by whoever pressed a button under it: it says this now."""
    message = find_message(connection, message_id)
    if message is None:
        return
    place = (shown.chat_id, shown.message_id)
    sent = [shown if (one.chat_id, one.message_id) == place else one for one in message.sent]
    connection.execute(update(outbox).where(outbox.c.id == message_id).values(messages=_write(sent)))


def find_message(connection: Connection, message_id: int) -> Message | None:
    row = connection.execute(select(outbox).where(outbox.c.id == message_id)).one_or_none()
    return None if row is None else _read(row)


def count_states(connection: Connection) -> dict[str, int]:
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {str(state): number for state, number in connection.execute(query)}


def _settle(connection: Connection, message: Message, **values: Any) -> bool:
    c = outbox.c
    mine = and_(c.id == message.id, c.attempt == message.attempt, c.state == Status.SENDING)
    return connection.execute(update(outbox).where(mine).values(lease_until=None, **values)).rowcount == 1


def _write(sent: Sequence[Sent]) -> str:
    return json.dumps([[one.chat_id, one.message_id, one.digest] for one in sent])


def _read(row: Row[Any]) -> Message:
    return Message(
        id=row.id,
        company=row.company,
        emp_code=row.emp_code,
        topic=Topic(row.kind),
        key=row.key,
        payload=json.loads(row.payload),
        status=Status(row.state),
        version=row.version,
        attempt=row.attempt,
        tries=row.tries,
        unclear=row.unclear,
        sent=tuple(Sent(*one) for one in json.loads(row.messages)),
        next_at=row.next_at,
        lease_until=row.lease_until,
        sent_at=row.sent_at,
        seen_at=row.seen_at,
        created_at=row.created_at,
    )
