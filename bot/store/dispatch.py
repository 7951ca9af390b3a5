"""The outbox as whoever sends sees it: what is due is claimed by compare-and-set, sent, and settled; what quiet hours
hold waits for the catch-up that tells of it.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, String, and_, case, cast, func, not_, or_, select, update

from bot.store.alert_tables import outbox
from bot.store.messages import Message, New, Sent, Status, Topic, read_message, write_sent
from bot.store.outbox import add_once, find_message
from bot.store.statements import among

LEASE = timedelta(seconds=60)


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
    return [read_message(row) for row in connection.execute(query).all()]


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
        connection, message, state=Status.SENT, messages=write_sent(sent), tries=0, unclear=False, next_at=again,
        sent_at=rang_at or func.coalesce(c.sent_at, now, type_=c.sent_at.type),
    )  # fmt: skip


def keep_sent(connection: Connection, message: Message, sent: Sequence[Sent]) -> bool:
    """A page is out and more are to come: should we die now, the next one edits it."""
    c = outbox.c
    mine = and_(c.id == message.id, c.attempt == message.attempt)
    return connection.execute(update(outbox).where(mine).values(messages=write_sent(sent))).rowcount == 1


def put_off(connection: Connection, message: Message, next_at: datetime, *, tries: int, unclear: bool = False) -> bool:
    """Another time. Back to what it was before: sent once, or still to be sent."""
    state = Status.SENT if message.sent_at is not None else Status.PENDING
    return _settle(connection, message, state=state, next_at=next_at, tries=tries, unclear=message.unclear or unclear)


def settle_end(connection: Connection, message: Message, status: Status) -> bool:
    """Given up, or nothing left to say."""
    return _settle(connection, message, state=status, next_at=None)


def _settle(connection: Connection, message: Message, **values: Any) -> bool:
    c = outbox.c
    mine = and_(c.id == message.id, c.attempt == message.attempt, c.state == Status.SENDING)
    return connection.execute(update(outbox).where(mine).values(lease_until=None, **values)).rowcount == 1


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
    held = [read_message(row) for row in rows]
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


def linger(connection: Connection, message_id: int, until: datetime) -> None:
    """Somebody looks at something under this message: it is not edited under their eyes, unless something happens."""
    c = outbox.c
    looked_at = update(outbox).where(c.id == message_id, c.state == Status.SENT, c.next_at < until)
    connection.execute(looked_at.values(next_at=until))


def settle_shown(connection: Connection, message_id: int, shown: Sent) -> None:
    """A page was edited by whoever pressed a button under it: it says this now."""
    message = find_message(connection, message_id)
    if message is None:
        return
    place = (shown.chat_id, shown.message_id)
    sent = [shown if (one.chat_id, one.message_id) == place else one for one in message.sent]
    connection.execute(update(outbox).where(outbox.c.id == message_id).values(messages=write_sent(sent)))
