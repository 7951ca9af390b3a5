"""Time cards by the page: only the people on a page are reckoned with, the others are only counted.

What is long is done in pieces, and reckoned beside the event loop: a report of a big company keeps nobody waiting.
"""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import accumulate
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection

from bot.attendance.matching import Stamp
from bot.attendance.schedule import Attendant
from bot.attendance.timecard import TimeCard
from bot.attendance.timecards import build_time_cards
from bot.database import Database
from bot.gateway.records.card_counts import CardCounter
from bot.gateway.records.pages import PageRequest
from bot.gateway.records.reports import Period, ReportPerson, list_people, load_report_people, load_stamps
from bot.gateway.records.working_hours import WorkingHours, load_working_hours
from bot.gateway.records.working_time import load_attendants

PIECE = 100
"""People whose cards are built at once."""
COUNTED = 250
"""People who are counted at once."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose cards, of which days, as of when."""

    company_id: str
    zone: ZoneInfo
    people: ColumnElement[bool]
    period: Period
    now: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A time card and whose it is; the employee's leaves are needed to say which pay code it counts for."""

    person: ReportPerson
    attendant: Attendant
    card: TimeCard


@dataclass(frozen=True, slots=True)
class CardPage:
    number: int
    count: int
    last: int
    cards: Sequence[Card]


async def fetch_card_page(db: Database, scope: Scope, wanted: PageRequest) -> CardPage | None:
    """In order of emp_code, date and time of the day. None past the end."""
    hours, people = await db.read(lambda conn: _load_scope(conn, scope))
    counter = CardCounter(hours, scope.period, scope.now)
    pieces = _cut(people, COUNTED)
    counts = [count for piece in pieces for count in await db.read(partial(counter.count, employee_ids=piece))]
    ends = list(accumulate(counts))
    count = ends[-1] if ends else 0
    last = max(1, -(-count // wanted.size))
    number = last if wanted.number is None else wanted.number
    if number > last:
        return None
    start = (number - 1) * wanted.size
    first, end = bisect_right(ends, start), bisect_right(ends, min(start + wanted.size, count) - 1) + 1
    skipped = start - (ends[first - 1] if first else 0)
    cards = [card async for card in _build_pieces(db, scope, hours, people[first:end])]
    return CardPage(number, count, last, cards[skipped : skipped + wanted.size])


async def build_cards(db: Database, scope: Scope) -> AsyncIterator[Card]:
    """All of them: the cost is that of all people."""
    hours, people = await db.read(lambda conn: _load_scope(conn, scope))
    async for card in _build_pieces(db, scope, hours, people):
        yield card


def load_own_cards(conn: Connection, scope: Scope, employee_id: str) -> list[TimeCard]:
    """One employee's, in the transaction in which it was seen who is asking."""
    hours = load_working_hours(conn, scope.company_id, scope.zone)
    people = load_attendants(conn, hours, [employee_id], scope.period.first, scope.period.last)
    stamps = load_stamps(conn, [employee_id], scope.period, scope.zone)
    return _reckon(people[employee_id], scope, stamps.get(employee_id, ()))


def _load_scope(conn: Connection, scope: Scope) -> tuple[WorkingHours, list[str]]:
    return load_working_hours(conn, scope.company_id, scope.zone), list_people(conn, scope.people)


def _cut(people: Sequence[str], size: int) -> list[Sequence[str]]:
    return [people[start : start + size] for start in range(0, len(people), size)]


async def _build_pieces(db: Database, scope: Scope, hours: WorkingHours, people: Sequence[str]) -> AsyncIterator[Card]:
    for piece in _cut(people, PIECE):
        found = await db.read(partial(_load_piece, scope=scope, hours=hours, piece=piece))
        for card in await asyncio.to_thread(_reckon_piece, found, scope):
            yield card


def _load_piece(
    conn: Connection, scope: Scope, hours: WorkingHours, piece: Sequence[str]
) -> list[tuple[ReportPerson, Attendant, Sequence[Stamp]]]:
    named = load_report_people(conn, piece)
    attendants = load_attendants(conn, hours, piece, scope.period.first, scope.period.last)
    stamps = load_stamps(conn, piece, scope.period, scope.zone)
    return [(named[e], attendants[e], stamps.get(e, ())) for e in piece if e in named and e in attendants]


def _reckon_piece(found: Sequence[tuple[ReportPerson, Attendant, Sequence[Stamp]]], scope: Scope) -> list[Card]:
    return [
        Card(person, attendant, card)
        for person, attendant, stamps in found
        for card in _reckon(attendant, scope, stamps)
    ]


def _reckon(attendant: Attendant, scope: Scope, stamps: Sequence[Stamp]) -> list[TimeCard]:
    return build_time_cards(attendant, scope.period.first, scope.period.last, stamps, scope.now)
