"""What there is to tell managers and HR beside cards, as values, made when it is sent."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.attendance.terminals import Trouble
from bot.services.digests import Digest
from bot.services.forgotten import Forgotten
from bot.services.kept_digests import read_digest
from bot.store import outbox, roster, terminals
from bot.store.messages import Message, Topic


@dataclass(frozen=True, slots=True)
class AskClockOut:
    """To the employee."""

    day: date
    asked_by: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """`manager` has not looked at their card of a site since it told them of somebody."""

    manager: str
    timetable: str
    place: str
    day: date


@dataclass(frozen=True, slots=True)
class TerminalTrouble:
    trouble: Trouble
    ended_at: datetime | None


ManagerNews = Digest | Forgotten | AskClockOut | Ignored | TerminalTrouble


def compose_digest(connection: Connection, message: Message, now: datetime) -> Digest:
    return read_digest(message.payload)


def compose_ask(connection: Connection, message: Message, now: datetime) -> AskClockOut:
    return AskClockOut(date.fromisoformat(message.key), message.payload["asked_by"])


def compose_ignored(connection: Connection, message: Message, now: datetime) -> Ignored | None:
    card = outbox.find_message(connection, message.payload["message"])
    # Those that were kept before it was known have no moment.
    told_at = message.payload.get("told_at")
    if card is None or (told_at is not None and card.is_seen_since(datetime.fromisoformat(told_at))):
        return None
    person = roster.find_person(connection, message.company, card.emp_code)
    areas = roster.load_areas(connection, message.company)
    site = card.payload
    place = areas[site["area_id"]].name if site["area_id"] in areas else ""
    day = date.fromisoformat(site["workdate"])
    return Ignored(person.name if person else card.emp_code, site["timetable"], place, day)


def compose_terminal(connection: Connection, message: Message, now: datetime) -> TerminalTrouble | None:
    found = terminals.find_trouble(connection, message.payload["trouble"])
    if found is None:
        return None
    # What was over before anybody could be told needs no telling.
    if found.ended_at is not None and not message.payload["over"] and not message.sent:
        return None
    if message.payload["over"] and not outbox.was_sent(
        connection, message.company, message.emp_code, Topic.TERMINAL, str(found.id)
    ):
        return None
    return TerminalTrouble(found.trouble, found.ended_at if message.payload["over"] else None)
