"""A row of the outbox: what is to be told to whom, and what became of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row


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


def write_sent(sent: Sequence[Sent]) -> str:
    return json.dumps([[one.chat_id, one.message_id, one.digest] for one in sent])


def read_message(row: Row[Any]) -> Message:
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
