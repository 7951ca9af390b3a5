"""What a period of up to a year came to for each of a manager's people, fetched month by month.

Only a month's time cards are held at a time: a year of a thousand people would be millions of them.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.attendance.roster import to_utc
from bot.services.managing import Managing, Refusal, Refused
from bot.services.service_account import ServiceAccount
from bot.services.tenants import Tenants
from bot.services.totals import Totals, add_totals, build_totals, group_cards, is_theirs
from bot.services.workdays import month_of, next_month
from bot.store.links import Link
from bot.store.roster import RosterPerson

MOST_PEOPLE = 5000
# Of employees' numbers in one address.
_PIECE, _PAGE = 40, 500
# A few are asked for by name; for more of them the whole company is less work for BioTime.
_FEW = 400


@dataclass(frozen=True, slots=True)
class Crowd:
    """Too many for one file."""

    people: int


class Exporting:
    def __init__(
        self, managing: Managing, account: ServiceAccount, tenants: Tenants, now: Callable[[], datetime]
    ) -> None:
        self._managing = managing
        self._account = account
        self._tenants = tenants
        self._now = now

    def today(self, company: str) -> date:
        return self._now().astimezone(self._tenants.zone_of(company)).date()

    async def find_people(self, asking: Link, first: date) -> Sequence[RosterPerson] | Crowd | Refused:
        """Whom they may export, of days since `first`: their own people, HR everybody, also who has left meanwhile."""
        if not await self._managing.is_manager(asking):
            return Refused(Refusal.NOT_MANAGER)
        since = to_utc(first, time(0), self._tenants.zone_of(asking.company))
        people = await self._managing.people_of(asking, left_since=since)
        return Crowd(len(people)) if len(people) > MOST_PEOPLE else people

    async def fetch_months(
        self, asking: Link, people: Sequence[RosterPerson], first: date, last: date
    ) -> AsyncIterator[tuple[Totals, ...]]:
        """The sums so far, in the order of `people`, after each month. Raises BioTimeError and NoServiceAccount."""
        staff = await self._managing.load(asking.company)
        sums = {one.emp_code: build_totals(staff.describe(one), ()) for one in people}
        begin = first
        while begin <= last:
            end = min(month_of(begin)[1], last)
            for piece in _cut(people):
                await self._add(asking.company, piece, sums, begin, end)
            yield tuple(sums.values())
            begin = next_month(begin.replace(day=1))

    async def _add(
        self, company: str, piece: Sequence[RosterPerson], sums: dict[str, Totals], first: date, last: date
    ) -> None:
        """Not every server knows the filter: what it gives of others is left out."""
        asked: Mapping[str, str] = {"employees": ",".join(one.emp_id for one in piece)} if len(piece) <= _PIECE else {}
        cards = await self._account.fetch_all(
            company, lambda o, t: o.att.fetch_time_cards(t, first, last, page_size=_PAGE, **asked)
        )
        members = {one.emp_code: sums[one.emp_code].member for one in piece}
        zone = self._tenants.zone_of(company)
        left = {one.emp_code: one.left_at.astimezone(zone).date() for one in piece if one.left_at}
        of_days = (card for card in cards if first <= card.workdate <= last)
        inside = (card for card in of_days if is_theirs(card, left.get(card.emp_code)))
        for code, some in group_cards(inside, members).items():
            sums[code] = add_totals(sums[code], build_totals(members[code], some))


def _cut(people: Sequence[RosterPerson]) -> list[Sequence[RosterPerson]]:
    if len(people) > _FEW:
        return [people]
    return [people[n : n + _PIECE] for n in range(0, len(people), _PIECE)]
