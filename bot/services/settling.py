"""What managers choose for themselves, whom they hand over to, and the rules that HR sets; with audit lines."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from bot.database import Database
from bot.services import charge_news
from bot.services.excluding import COMMAND
from bot.services.managing import HR, Managing, Refusal, Refused
from bot.services.noting import Operator, build_line, describe_changes
from bot.store import audit_lines, manager_settings
from bot.store import managers as store
from bot.store.audit_lines import Act
from bot.store.links import Link
from bot.store.manager_settings import AlertSettings, ManagerSettings
from bot.store.managers import StandIn

NEVER = timedelta(0)
_WALL_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
Change = Callable[[AlertSettings], AlertSettings]
"""Of what is there at that moment: somebody else may be changing something, too."""
MyChange = Callable[[ManagerSettings], ManagerSettings]
"""Likewise: a manager may have two phones."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A manager's own. `delay` None: they manage nobody themselves. `acting`: who stands in, and until when; `rules`:
    what HR has set for the company. `acting_for`: for whom they stand in, and until when."""

    settings: ManagerSettings
    delay: timedelta | None
    acting: tuple[str, datetime] | None
    rules: AlertSettings
    acting_for: tuple[tuple[str, datetime], ...] = ()


class Settling:
    def __init__(self, db: Database, managing: Managing, now: Callable[[], datetime]) -> None:
        self._db = db
        self._managing = managing
        self._now = now

    async def load(self, asking: Link) -> Mine | Refused:
        if not await self._managing.is_manager(asking):
            return Refused(Refusal.NOT_MANAGER)
        company, code, now = asking.company, asking.emp_code, self._now()
        settings = await self._managing.load_settings(asking)
        mine = [one for one in await self._db.read(lambda c: store.load_managers(c, company)) if one.emp_code == code]
        running = await self._db.read(lambda c: store.load_stand_ins(c, company, now))
        acting = next((one for one in running if one.emp_code == code), None)
        delay, rules = mine[0].delay if mine else None, await self._managing.load_alert_settings(asking)
        staff = await self._managing.load(company)
        acting_for = tuple((staff.name_of(one.emp_code), one.until_at) for one in running if one.stand_in == code)
        stands_in = None if acting is None else (staff.name_of(acting.stand_in), acting.until_at)
        return Mine(settings, delay, stands_in, rules, acting_for)

    async def settle(self, asking: Link, change: MyChange) -> Refused | None:
        if not await self._managing.is_manager(asking):
            return Refused(Refusal.NOT_MANAGER)

        def settle(connection: Connection) -> None:
            before, after = manager_settings.change_manager_settings(
                connection, asking.company, asking.emp_code, change
            )
            text = describe_changes(name_settings(before), name_settings(after))
            if text:
                audit_lines.add_audit_line(connection, build_line(asking, Act.CHOSE, self._now(), text=text))

        await self._db.write(settle)
        return None

    async def settle_delay(self, asking: Link, delay: timedelta) -> Refused | None:
        mine = await self.load(asking)
        before = None if isinstance(mine, Refused) else mine.delay
        refused = await self._managing.settle_delay(asking, delay)
        if refused is None and before is not None:
            await self._note_changes(asking, Act.CHOSE, {"delay": before // MINUTE}, {"delay": delay // MINUTE})
        return refused

    # -- standing in ---------------------------------------------------------------------------------------------------

    async def hand_over(self, asking: Link, stand_in: str, until_at: datetime) -> StandIn | Refused:
        """From now on; whoever stood in before does no more. To one's own people, and to other managers."""
        if not await self._may_stand_in(asking, stand_in):
            return Refused(Refusal.UNKNOWN_PERSON)
        await self._take_back(asking)
        done = await self._managing.hand_over(asking, stand_in, self._now(), until_at)
        if isinstance(done, StandIn):
            people = (await self._managing.load(asking.company)).roster.people
            await self._db.write(lambda c: charge_news.tell_begun(c, done, self._now()))
            await self._note(asking, Act.HANDED_OVER, stand_in, people[stand_in].name, f"{until_at:%Y-%m-%d %H:%M}")
        return done

    async def _may_stand_in(self, asking: Link, emp_code: str) -> bool:
        staff = await self._managing.load(asking.company)
        return staff.is_manager(emp_code) or await self._managing.may_see(asking, emp_code)

    async def take_back(self, asking: Link) -> int:
        ended = await self._take_back(asking)
        staff = await self._managing.load(asking.company)
        for one in ended:
            await self._note(asking, Act.TOOK_BACK, one.stand_in, staff.name_of(one.stand_in), "")
        return len(ended)

    async def _take_back(self, asking: Link) -> list[StandIn]:
        ended = await self._managing.take_back(asking)
        await self._db.write(lambda c: charge_news.tell_ended(c, ended, self._now()))
        return ended

    # -- the company's -------------------------------------------------------------------------------------------------

    async def load_rules(self, asking: Link) -> AlertSettings | Refused:
        if asking.app_role != HR:
            return Refused(Refusal.NOT_HR)
        return await self._managing.load_alert_settings(asking)

    async def change_rules(self, asking: Link, change: Change) -> AlertSettings | Refused:
        if asking.app_role != HR:
            return Refused(Refusal.NOT_HR)
        return await self._change_rules(asking, change)

    async def load_rules_as_operator(self, company: str) -> AlertSettings:
        return await self._db.read(lambda c: manager_settings.load_alert_settings(c, company))

    async def change_rules_as_operator(self, company: str, change: Change) -> AlertSettings:
        return await self._change_rules(Operator(company, COMMAND), change)

    async def _change_rules(self, asking: Link | Operator, change: Change) -> AlertSettings:
        def settle(connection: Connection) -> AlertSettings:
            before, after = manager_settings.change_alert_settings(connection, asking.company, change)
            _hand_on_delay(connection, asking.company, before.delay, after.delay)
            text = describe_changes(name_rules(before), name_rules(after))
            if text:
                line = build_line(asking, Act.RULES_CHANGED, self._now(), text=text)
                audit_lines.add_audit_line(connection, line)
            return after

        return await self._db.write(settle)

    async def _note_changes(
        self, asking: Link | Operator, act: Act, before: dict[str, object], after: dict[str, object]
    ) -> None:
        text = describe_changes(before, after)
        if text:
            await self._note(asking, act, "", "", text)

    async def _note(self, asking: Link | Operator, act: Act, emp_code: str, name: str, text: str) -> None:
        line = build_line(asking, act, self._now(), emp_code=emp_code, name=name, text=text)
        await self._db.write(lambda c: audit_lines.add_audit_line(c, line))


def _hand_on_delay(connection: Connection, company: str, before: timedelta, after: timedelta) -> None:
    """Whoever had the company's delay has the new one, too; who had chosen another keeps it."""
    if after == before:
        return
    for code in {one.emp_code for one in store.load_managers(connection, company) if one.delay == before}:
        store.settle_delay(connection, company, code, after)


def name_rules(rules: AlertSettings) -> dict[str, object]:
    """For the audit line."""
    return {
        "enabled": int(rules.enabled),
        "grace": rules.grace // MINUTE,
        "delay": rules.delay // MINUTE,
        "nudge": rules.nudge // MINUTE,
        "incident": rules.incident_percent,
    }


def name_settings(settings: ManagerSettings) -> dict[str, object]:
    first, last, digest_at = settings.quiet_from, settings.quiet_until, settings.digest_at
    return {
        "quiet": f"{first:%H:%M}-{last:%H:%M}" if first and last else "-",
        "digest": f"{digest_at:%H:%M}" if digest_at else "-",
        "weekly": settings.weekly_day + 1,
        "days": "".join(str(day + 1) for day in settings.working_days) or "-",
        "escalate": settings.escalate // MINUTE,
        "requests": int(settings.requests),
    }


def read_quiet(typed: str) -> tuple[time, time] | None:
    """`22-06`, `22:00 06:30`, `22-24` until midnight; None for anything else."""
    parts = typed.replace("-", " ").replace("–", " ").split()
    if len(parts) != 2:
        return None
    first, last = read_wall_time(parts[0]), _read_end(parts[1])
    return (first, last) if first is not None and last is not None and first != last else None


def _read_end(typed: str) -> time | None:
    """Where something ends, `24:00` is midnight."""
    found = _WALL_TIME.fullmatch(typed)
    if found is not None and (int(found[1]), int(found[2] or 0)) == (24, 0):
        return time()
    return read_wall_time(typed)


def read_wall_time(typed: str) -> time | None:
    """`8`, `08:00` or `8.30`, in the digits of any script; None for anything else."""
    found = _WALL_TIME.fullmatch(typed.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
