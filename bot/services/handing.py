"""An alert goes with the people it is about: who becomes responsible for one of the missing is told of them, too. So it
is with an incident, or with data that is late, where their people are waited for.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.attendance.facts import Kind, Site
from bot.database import Database
from bot.services.reaching import Reach, spread
from bot.services.sites import write_site
from bot.services.staff import load_staff_of
from bot.services.tenants import Tenants
from bot.store import alert_recipients, alerts, filed, manager_settings, outbox
from bot.store.alert_recipients import Told
from bot.store.messages import New, Topic

# So many are written at once: of more the loop would do nothing else for too long. What is missing then is found again.
AT_ONCE = 1_000


class Handing:
    def __init__(self, db: Database, tenants: Tenants, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._now = now

    async def run(self) -> int:
        """Whoever has moved, handed over, logged in since; returns how many are told of somebody anew."""
        now, told = self._now(), 0
        for company in self._tenants.companies:
            found = await self._db.read_aside(lambda c, of=company: _find_untold(c, of, now))  # type: ignore[misc]
            for n in range(0, len(found), AT_ONCE):
                some = found[n : n + AT_ONCE]
                await self._db.write(lambda c, of=company, rows=some: _tell(c, of, rows, now))  # type: ignore[misc]
            cards = await self._db.read_aside(lambda c, of=company: _find_without_card(c, of, now))  # type: ignore[misc]
            if cards:
                await self._db.write(lambda c, of=company, new=cards: outbox.add_once(c, of, new, now))  # type: ignore[misc]
            told += len(found) + len(cards)
        return told


def _find_untold(connection: Connection, company: str, now: datetime) -> list[tuple[Told, Site]]:
    settings = manager_settings.load_alert_settings(connection, company)
    if not settings.enabled or not _is_anybody_untold(connection, company, now):
        return []
    about = [one for one in alerts.load_open_keys(connection, company) if one[2] is Kind.ABSENT]
    known = alert_recipients.load_recipients(connection, company, {instance for _, instance, _, _ in about})
    staff = load_staff_of(connection, company, {code for code, _, _, _ in about}, now)
    reach = Reach(connection, company, staff, now)
    return [
        (Told(recipient, code, instance, max(now, site.starts_at + settings.grace + delay)), site)
        for code, instance, _, site in about
        for recipient, delay in reach.find(code).items()
        if recipient not in known.get((code, instance), ())
    ]


def _is_anybody_untold(connection: Connection, company: str, now: datetime) -> bool:
    """Whether of the missing there are more than somebody is told of who should be: counted, for it is seldom so."""
    reach = _load_reach(connection, company, now)
    missing = filed.count_missing(connection, company, reach.involved)
    instances = {instance for instance, _ in missing}
    told = filed.count_told(connection, company, instances, reach.involved) if missing else {}
    return any(
        told.get((instance, place, recipient), 0) < number
        for (instance, place), number in missing.items()
        for recipient in reach.find_filed(place)
    )


def _find_without_card(connection: Connection, company: str, now: datetime) -> list[New]:
    """Of a site as a whole nobody is told by name: whoever is responsible for one of its people has its card."""
    settings = manager_settings.load_alert_settings(connection, company)
    sites = alerts.load_open_sites(connection, company) if settings.enabled else ()
    if not sites:
        return []
    reach, news = _load_reach(connection, company, now), list[New]()
    for site in sites:
        known, due = outbox.find_told(connection, company, Topic.CARD, site.key), dict[str, datetime]()
        for place in filed.find_unseen(connection, company, site, reach.involved):
            for recipient, delay in reach.find_filed(place).items():
                at = max(now, site.starts_at + settings.grace + delay)
                due[recipient] = min(due.get(recipient, at), at)
        news += [New(code, Topic.CARD, site.key, at, write_site(site)) for code, at in due.items() if code not in known]
    return news


def _load_reach(connection: Connection, company: str, now: datetime) -> Reach:
    """By where people are filed; of none of them by name."""
    return Reach(connection, company, load_staff_of(connection, company, [], now), now)


def _tell(connection: Connection, company: str, found: list[tuple[Told, Site]], now: datetime) -> None:
    outbox.add_messages(connection, company, spread(connection, company, found), now)
