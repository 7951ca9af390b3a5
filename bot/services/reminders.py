"""Reminders that people choose: what each wants, and what is due now."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.attendance.reminders import Reminder, ReminderKind, ReminderWishes, find_reminders
from bot.database import Database
from bot.services.service_account import ServiceAccount
from bot.services.tenants import Tenants
from bot.store import facts, manager_settings, notices, outbox, reminders
from bot.store.links import Link
from bot.store.messages import Message, New, Topic
from bot.store.notices import NoticeKind

FIELDS = {
    ReminderKind.IN: "clock_in",
    ReminderKind.OUT: "clock_out",
    ReminderKind.BREAK: "break_over",
}
LATER = timedelta(minutes=10)
# What was told longer ago cannot be due again.
TOLD = timedelta(days=2)
# Two hours before the start is early enough for every way to work.
BOUNDS = {
    ReminderKind.IN: (-timedelta(hours=2), timedelta(hours=1)),
    ReminderKind.OUT: (-timedelta(hours=1), timedelta(hours=2)),
    ReminderKind.BREAK: (timedelta(minutes=5), timedelta(hours=3)),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """`nudge`: so long before their manager is told, the person is asked, by their `own` wish or the company's;
    `known`: whether timetables are looked at."""

    wishes: ReminderWishes
    nudge: timedelta
    known: bool
    own: bool = True


@dataclass(frozen=True, slots=True)
class Reminded:
    """`begun`: what it is about has come already."""

    message_id: int
    reminder: Reminder
    begun: bool


class Reminders:
    """Each person chooses for themselves: the employee comes from the link, never from the request."""

    def __init__(self, db: Database, tenants: Tenants, account: ServiceAccount, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._account = account
        self._now = now

    async def put_off(self, link: Link, message_id: int) -> datetime | None:
        """Until when; None where that reminder is not theirs. Twice is once."""
        again_at = self._now() + LATER

        def put(connection: Connection) -> bool:
            message = outbox.find_message(connection, message_id)
            if message is None or message.topic is not Topic.REMINDER:
                return False
            if (message.company, message.emp_code) != (link.company, link.emp_code):
                return False
            again = New(link.emp_code, Topic.REMINDER, f"{message.key}+", again_at, message.payload)
            if (again.emp_code, again.key) not in outbox.find_keys(
                connection, link.company, Topic.REMINDER, self._now() - TOLD
            ):
                outbox.add_messages(connection, link.company, [again], self._now())
            return True

        return again_at if await self._db.write(put) else None

    async def run(self) -> int:
        """Puts what is due into the outbox, once each; returns how many there are."""
        return sum([await self._remind(company) for company in self._tenants.companies])

    async def _remind(self, company: str) -> int:
        now = self._now()
        due = await self._db.read(lambda c: _find_due(c, company, now))
        return await self._db.write(lambda c: outbox.add_messages(c, company, due, now)) if due else 0

    async def load(self, link: Link) -> Chosen:
        wishes = await self._db.read(lambda c: reminders.find_wishes(c, link.company, link.emp_code))
        settings = await self._db.read(lambda c: manager_settings.load_alert_settings(c, link.company))
        nudges = await self._db.read(lambda c: manager_settings.load_nudges(c, link.company))
        own = nudges.get(link.emp_code)
        nudge = settings.nudge if own is None else own
        return Chosen(wishes, nudge, self._account.serves(link.company), own=own is not None)

    async def choose(self, link: Link, kind: ReminderKind, after: timedelta | None) -> bool:
        """False, and nothing chosen, where that is out of bounds."""
        earliest, latest = BOUNDS[kind]
        if after is not None and not earliest <= after <= latest:
            return False
        wishes = (await self.load(link)).wishes
        chosen = replace(wishes, **{FIELDS[kind]: after})
        await self._db.write(lambda c: reminders.settle_wishes(c, link.company, link.emp_code, chosen))
        return True

    async def choose_nudge(self, link: Link, before: timedelta) -> None:
        await self._db.write(lambda c: manager_settings.settle_nudge(c, link.company, link.emp_code, before))

    async def turn_off(self, link: Link) -> None:
        await self._db.write(lambda c: reminders.settle_wishes(c, link.company, link.emp_code, ReminderWishes()))


def _find_due(connection: Connection, company: str, now: datetime) -> list[New]:
    wishes = {code: one for code, one in reminders.load_wishes(connection, company).items() if one.any}
    if not wishes:
        return []
    sick = _said_sick(connection, company, now)
    told = outbox.find_keys(connection, company, Topic.REMINDER, now - TOLD)
    due: dict[tuple[str, str], New] = {}
    for one in facts.load_facts_around(connection, company, wishes, now):
        shift = one.shift
        if (shift.emp_code, shift.workdate) in sick:
            continue
        for found in find_reminders(one, wishes[shift.emp_code], now):
            if (shift.emp_code, found.key) not in told:
                due[shift.emp_code, found.key] = New(shift.emp_code, Topic.REMINDER, found.key, now, _write(found))
    return list(due.values())


def _said_sick(connection: Connection, company: str, now: datetime) -> set[tuple[str, date]]:
    """Whoever is sick knows that they are not there."""
    days = {(now + timedelta(days=n)).date() for n in (-1, 0, 1)}
    said = [notice for day in days for notice in notices.load_notices(connection, company, day)]
    return {(notice.emp_code, notice.workdate) for notice in said if notice.kind is NoticeKind.SICK}


def _write(found: Reminder) -> dict[str, Any]:
    return {"kind": str(found.kind), "about_at": found.about_at.isoformat(), "timetable": found.timetable}


def compose_reminder(connection: Connection, message: Message, now: datetime) -> Reminded | None:
    """Nothing, where they have done it in the meantime or want no reminder any more."""
    about_at = datetime.fromisoformat(message.payload["about_at"])
    wishes = reminders.find_wishes(connection, message.company, message.emp_code)
    for one in facts.load_facts_around(connection, message.company, [message.emp_code], now):
        for found in find_reminders(one, wishes, now):
            if found.kind == message.payload["kind"] and found.about_at == about_at:
                return Reminded(message.id, found, now >= about_at)
    return None
