"""What managers choose for themselves, whom they hand over to, and the rules that HR sets; with audit lines."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.database import Database
from bot.services.managing import HR, Managing, Refusal, Refused
from bot.store import audit_lines
from bot.store import managers as store
from bot.store.audit_lines import Act, AuditLine
from bot.store.links import Link
from bot.store.managers import AlertSettings, ManagerSettings, StandIn

NEVER = timedelta(0)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mine:
    """A manager's own. `delay` None: they manage nobody themselves. `acting`: who stands in, and until when."""

    settings: ManagerSettings
    delay: timedelta | None
    acting: tuple[str, datetime] | None


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
        if acting is None:
            return Mine(settings, mine[0].delay if mine else None, None)
        people = (await self._managing.load(company)).roster.people
        name = people[acting.stand_in].name if acting.stand_in in people else acting.stand_in
        return Mine(settings, mine[0].delay if mine else None, (name, acting.until_at))

    async def settle(self, asking: Link, settings: ManagerSettings) -> Refused | None:
        if not await self._managing.is_manager(asking):
            return Refused(Refusal.NOT_MANAGER)
        await self._managing.settle_settings(asking, settings)
        return None

    async def settle_delay(self, asking: Link, delay: timedelta) -> Refused | None:
        return await self._managing.settle_delay(asking, delay)

    # -- standing in ---------------------------------------------------------------------------------------------------

    async def hand_over(self, asking: Link, stand_in: str, until_at: datetime) -> StandIn | Refused:
        """From now on; whoever stood in before does no more. To one's own people, and to other managers."""
        if not await self._may_stand_in(asking, stand_in):
            return Refused(Refusal.UNKNOWN_PERSON)
        await self._managing.take_back(asking)
        done = await self._managing.hand_over(asking, stand_in, self._now(), until_at)
        if isinstance(done, StandIn):
            people = (await self._managing.load(asking.company)).roster.people
            await self._note(asking, Act.HANDED_OVER, stand_in, people[stand_in].name, f"{until_at:%Y-%m-%d %H:%M}")
        return done

    async def _may_stand_in(self, asking: Link, emp_code: str) -> bool:
        staff = await self._managing.load(asking.company)
        return staff.is_manager(emp_code) or await self._managing.may_see(asking, emp_code)

    async def take_back(self, asking: Link) -> int:
        ended = await self._managing.take_back(asking)
        if ended:
            await self._note(asking, Act.TOOK_BACK, "", "", "")
        return ended

    # -- the company's -------------------------------------------------------------------------------------------------

    async def load_rules(self, asking: Link) -> AlertSettings | Refused:
        if asking.app_role != HR:
            return Refused(Refusal.NOT_HR)
        return await self._managing.load_alert_settings(asking)

    async def settle_rules(self, asking: Link, rules: AlertSettings) -> Refused | None:
        refused = await self._managing.settle_alert_settings(asking, rules)
        if refused is None:
            await self._note(asking, Act.RULES_CHANGED, "", "", describe_rules(rules))
        return refused

    async def _note(self, asking: Link, act: Act, emp_code: str, name: str, text: str) -> None:
        now = self._now()
        line = AuditLine(
            company=asking.company,
            at=now,
            by_code=asking.emp_code,
            by_name=asking.name,
            act=act,
            once=f"{act}:{asking.emp_code}:{now.isoformat()}",
            emp_code=emp_code,
            name=name,
            detail={"text": text},
        )
        await self._db.write(lambda c: audit_lines.add_audit_line(c, line))


def describe_rules(rules: AlertSettings) -> str:
    """For the audit line: the rules as numbers, in no language."""
    minute = timedelta(minutes=1)
    parts = {
        "enabled": int(rules.enabled),
        "grace": rules.grace // minute,
        "delay": rules.delay // minute,
        "nudge": rules.nudge // minute,
        "incident": rules.incident_percent,
    }
    said = " ".join(f"{name}={value}" for name, value in parts.items())
    return f"{said} excluded={','.join(sorted(rules.excluded))}" if rules.excluded else said


def read_quiet(typed: str) -> tuple[time, time] | None:
    """`22-06`, `22:00 06:30`; None for anything else."""
    parts = typed.replace("-", " ").replace("–", " ").split()
    if len(parts) != 2:
        return None
    try:
        first, last = (time.fromisoformat(part if ":" in part else f"{int(part):02}:00") for part in parts)
    except ValueError:
        return None
    return (first, last) if first != last else None
