"""What people asked for and somebody decided about outside the chat: seen while BioTime is looked at, told at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.biotime.att import FiledLog, Leave
from bot.biotime.values import AuditStatus
from bot.store import leaves, punches

# What waits for longer is asked for by itself, now and then.
OLDEST = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Undecided:
    """BioTime's ids of what we filed for people and nobody has decided about as far as we know `at` that time, and when
    each is.
    """

    at: datetime
    logs: dict[int, datetime]
    leaves: dict[int, datetime]

    def earliest(self, usual: datetime) -> datetime:
        """From when on BioTime's lists have all of it; never later than `usual`."""
        recent = (at for at in (*self.logs.values(), *self.leaves.values()) if at >= self.at - OLDEST)
        return min([usual, *recent])


def load_undecided(connection: Connection, company: str, now: datetime) -> Undecided:
    return Undecided(now, punches.find_undecided(connection, company), leaves.find_undecided(connection, company))


def hasten_decided(
    connection: Connection, company: str, waiting: Undecided, logs: Iterable[FiledLog], away: Iterable[Leave]
) -> None:
    """What became of those is asked for, and told, now."""
    for log in logs:
        if log.id in waiting.logs and log.audit.status is not AuditStatus.PENDING:
            punches.hasten_decision(connection, company, log.id, waiting.at)
    for leave in away:
        if leave.id in waiting.leaves and leave.audit.status is not AuditStatus.PENDING:
            leaves.hasten_decision(connection, company, leave.id, waiting.at)
