"""A manager's people: who is in now and where, who somebody is, and what their days came to.

Everything says who is asking; about whom they may ask is known in `managing`, and nothing is asked of BioTime before.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.worked import find_break, measure_worked
from bot.biotime.errors import BioTimeError
from bot.biotime.time_cards import TimeCard
from bot.database import Database
from bot.services.managing import Managing, Refusal, Refused
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.services.summaries import DayDetail
from bot.services.tenants import Tenants
from bot.services.timecards import Line, Reach
from bot.services.workdays import DAY, Overview, build_workdays, count, month_of, week_of
from bot.store import notices, presence
from bot.store.links import Link
from bot.store.notices import Notice
from bot.store.roster import RosterPerson

MOST_FOUND = 12
# Past midnight a shift's last punches are still of the day before.
_MARGIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Present:
    person: RosterPerson
    since: datetime


@dataclass(frozen=True, slots=True)
class SiteNow:
    """`area_id` 0: people of no area."""

    area_id: int
    name: str
    present: tuple[Present, ...]
    away: tuple[RosterPerson, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`more`: there are others, too many to show."""

    people: tuple[RosterPerson, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """`since`: in since then, None where they are out or on a break; `said`: what they last said of today."""

    person: RosterPerson
    department: str
    areas: tuple[str, ...]
    since: datetime | None
    said: Notice | None = None


class Team:
    def __init__(
        self, db: Database, managing: Managing, account: ServiceAccount, tenants: Tenants, now: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._managing = managing
        self._account = account
        self._tenants = tenants
        self._now = now

    def today(self, company: str) -> date:
        return self._now().astimezone(self._tenants.zone_of(company)).date()

    async def count(self, asking: Link) -> int | Refused:
        if not await self._managing.is_manager(asking):
            return Refused(Refusal.NOT_MANAGER)
        return len(await self._managing.people_of(asking))

    async def who_is_in(self, asking: Link) -> list[SiteNow] | Refused:
        """By site, as BioTime was last looked at; each person once, at the first of their areas."""
        if not await self._managing.is_manager(asking):
            return Refused(Refusal.NOT_MANAGER)
        people = await self._managing.people_of(asking)
        areas = (await self._managing.load(asking.company)).roster.areas
        since = await self.load_since(asking.company, [person.emp_code for person in people])
        sites: dict[int, list[RosterPerson]] = {}
        for person in people:
            sites.setdefault(person.area_ids[0] if person.area_ids else 0, []).append(person)
        return [
            SiteNow(
                area_id,
                areas[area_id].name if area_id in areas else "",
                tuple(Present(one, since[one.emp_code]) for one in some if one.emp_code in since),
                tuple(one for one in some if one.emp_code not in since),
            )
            for area_id, some in sorted(sites.items())
        ]

    async def find(self, asking: Link, typed: str) -> Found | Refused:
        """By a part of a name, or by the beginning of a code."""
        if not await self._managing.is_manager(asking):
            return Refused(Refusal.NOT_MANAGER)
        return pick_people(await self._managing.people_of(asking), typed)

    async def find_stand_ins(self, asking: Link) -> list[RosterPerson]:
        """Who may stand in for a manager: their own people, and the other managers."""
        if not await self._managing.is_manager(asking):
            return []
        staff = await self._managing.load(asking.company)
        theirs = {one.emp_code for one in await self._managing.people_of(asking)}
        may = (theirs | {manager.emp_code for manager in staff.managers}) - {asking.emp_code}
        found = [one for code, one in staff.roster.people.items() if code in may]
        return sorted(found, key=lambda one: (one.name.casefold(), one.emp_code))

    async def open(self, asking: Link, emp_code: str) -> Profile | Refused:
        person = await self._find_theirs(asking, emp_code)
        if person is None:
            return Refused(Refusal.UNKNOWN_PERSON)
        roster = (await self._managing.load(asking.company)).roster
        department = roster.departments.get(person.department_id)
        since = await self.load_since(asking.company, [emp_code])
        areas = tuple(roster.areas[number].name for number in person.area_ids if number in roster.areas)
        said = await self._db.read(
            lambda c: notices.load_own_notices(c, asking.company, emp_code, self.today(asking.company))
        )
        name = department.name if department else ""
        return Profile(person, name, areas, since.get(emp_code), said[-1] if said else None)

    # -- their days ----------------------------------------------------------------------------------------------------

    async def load_week(
        self, asking: Link, emp_code: str, day: date, first_weekday: int = 0
    ) -> Overview | Reach | Refused:
        """The week begins on `first_weekday`, 0 is Monday: the reader's own."""
        return await self._load(asking, emp_code, *week_of(day, first_weekday))

    async def load_month(self, asking: Link, emp_code: str, day: date) -> Overview | Reach | Refused:
        return await self._load(asking, emp_code, *month_of(day))

    async def load_day(self, asking: Link, emp_code: str, day: date) -> DayDetail | Reach | Refused:
        person = await self._find_theirs(asking, emp_code)
        if person is None:
            return Refused(Refusal.UNKNOWN_PERSON)
        zone = self._tenants.zone_of(asking.company)
        begin = datetime.combine(day, time(), zone)
        try:
            cards = await self._fetch_cards(asking.company, person, day, day)
            rows = await self._account.fetch_all(
                asking.company,
                lambda o, t: o.iclock.fetch_transactions(t, emp_code, begin, begin + DAY + _MARGIN),
            )
        except (BioTimeError, NoServiceAccount):
            return Reach.NO_ANSWER
        (workday,) = build_workdays(cards, day, day)
        over_midnight = any(c.check_in and c.check_out and c.check_out <= c.check_in for c in cards)
        until = begin + DAY + (_MARGIN if over_midnight else timedelta(0))
        lines = [
            Line(row.punched_at, row.punch_state, row.terminal_alias or (row.gps_location or "").split(" [TG-")[0])
            for row in sorted(rows, key=lambda row: (row.punched_at, row.id))
            if row.punched_at < until
        ]
        return DayDetail(workday, tuple(lines), Reach.REACHED)

    async def _load(self, asking: Link, emp_code: str, first: date, last: date) -> Overview | Reach | Refused:
        person = await self._find_theirs(asking, emp_code)
        if person is None:
            return Refused(Refusal.UNKNOWN_PERSON)
        today = self.today(asking.company)
        try:
            ahead = first > today
            cards = [] if ahead else await self._fetch_cards(asking.company, person, first, min(last, today))
        except (BioTimeError, NoServiceAccount):
            return Reach.NO_ANSWER
        return Overview(first, last, today, build_workdays(cards, first, last), count(cards))

    async def _fetch_cards(self, company: str, person: RosterPerson, first: date, last: date) -> list[TimeCard]:
        cards = await self._account.fetch_all(
            company, lambda o, t: o.att.fetch_time_cards(t, first, last, employees=person.emp_id)
        )
        return [card for card in cards if card.emp_code == person.emp_code]

    async def _find_theirs(self, asking: Link, emp_code: str) -> RosterPerson | None:
        if not await self._managing.is_manager(asking):
            return None
        return next((one for one in await self._managing.people_of(asking) if one.emp_code == emp_code), None)

    async def load_since(self, company: str, emp_codes: Iterable[str]) -> dict[str, datetime]:
        """Since when those who are in are in."""
        now, midnight = self._now(), self._midnight(company)
        times = await self._load_times(company, emp_codes)
        found = {code: measure_worked(some, midnight, now).since for code, some in times.items()}
        return {code: since for code, since in found.items() if since is not None}

    async def load_breaks(self, company: str, emp_codes: Iterable[str]) -> dict[str, datetime]:
        """Since when those who are on a break are: they are not in, and may be in the building all the same."""
        now, times = self._now(), await self._load_times(company, emp_codes)
        found = {code: find_break(some, now) for code, some in times.items()}
        return {code: since for code, since in found.items() if since is not None}

    async def _load_times(self, company: str, emp_codes: Iterable[str]) -> Mapping[str, presence.Times]:
        wanted, back = set(emp_codes), min(self._midnight(company), self._now()) - LONGEST_SHIFT
        return await self._db.read(lambda c: presence.load_times(c, company, back, wanted))

    def _midnight(self, company: str) -> datetime:
        return datetime.combine(self.today(company), time(), self._tenants.zone_of(company))


def pick_people(people: Iterable[RosterPerson], typed: str) -> Found:
    """Each word is part of the name, or the whole is how the code begins; the code itself is that one person."""
    wanted = typed.casefold().split()
    if not wanted:
        return Found((), more=False)
    everybody = list(people)
    exact = [one for one in everybody if one.emp_code.casefold() == "".join(wanted)]
    found = exact or [
        one
        for one in everybody
        if all(word in one.name.casefold() for word in wanted) or one.emp_code.casefold().startswith("".join(wanted))
    ]
    return Found(tuple(found[:MOST_FOUND]), more=len(found) > MOST_FOUND)
