"""10,000 alerts through ten minutes without Telegram, a minute of 429 and fifty kills: what is lost, and how fast.

`python -m benchmarks.outbox` says it in a line. The clock is simulated, the database is a SQLite file on this disk.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from bot.biotime.pace import Pace
from bot.database import Database, upgrade
from bot.services.alerts import Keep, Undelivered
from bot.services.cards import News
from bot.services.delivering import Delivering
from bot.services.tenants import Tenant, Tenants
from bot.store import outbox
from bot.store.links import Link, Person
from bot.store.outbox import LEASE, New, Sent, Topic
from bot.store.schema import MIGRATIONS
from bot.store.tables import links, people

COMPANY, START = "Demo Trading", datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
OUTAGE, LIMITED, KILLS = timedelta(minutes=10), timedelta(minutes=1), 50


class Killed(BaseException):
    """kill -9, as the process feels it."""


@dataclass
class Far:
    """Telegram, and the clock: each call takes it some milliseconds."""

    now: datetime = START
    chance: Random = field(default_factory=lambda: Random(7))  # a benchmark, no secret
    reached: Counter[int] = field(default_factory=Counter)
    repeats: int = 0
    kills: int = 0
    calls: int = 0

    def __call__(self) -> datetime:
        return self.now

    async def tell(
        self, link: Link, person: Person, news: News, before: Sequence[Sent], *, repeat: bool, keep: Keep
    ) -> Sequence[Sent]:
        self.calls += 1
        self.now += timedelta(seconds=1 / 30)
        passed = self.now - START
        if timedelta(seconds=60) <= passed < timedelta(seconds=60) + OUTAGE:
            raise Undelivered(unsent=self.chance.random() < 0.5)
        after = passed - OUTAGE - timedelta(seconds=60)
        if timedelta(0) <= after < LIMITED:
            raise Undelivered(unsent=True, retry_after=timedelta(seconds=20))
        if self.kills < KILLS and self.chance.random() < 0.01:
            self.kills += 1
            if self.chance.random() < 0.5:
                self.reached[link.telegram_id] += 1
            raise Killed
        self.reached[link.telegram_id] += 1
        self.repeats += repeat
        return [Sent(link.telegram_id, self.calls, "")]


async def measure(url: str, number: int) -> str:
    db = await Database.open(url)
    await db.write(upgrade(MIGRATIONS))
    await db.write(lambda c: _fill(c, number))
    far = Far()
    tenants = Tenants([Tenant(COMPANY, ZoneInfo("Asia/Dubai"), None)])  # type: ignore[arg-type]
    began, drained, spent = time.perf_counter(), 0, 0.0
    for _ in range(20_000):
        delivering = Delivering(db, tenants, far, far, Pace(1_000_000))
        started = time.perf_counter()
        try:
            done = await delivering.run()
        except Killed:
            far.now += LEASE
            continue
        spent, drained = spent + time.perf_counter() - started, drained + done
        states = await db.read(outbox.count_states)
        if not states.keys() - {"sent"}:
            break
        far.now += timedelta(seconds=5)
    await db.close()
    lost = number - len(far.reached)
    doubled = sum(count - 1 for count in far.reached.values())
    rate = far.calls / (time.perf_counter() - began)
    return (
        f"{number:,} alerts: lost {lost}, told twice {doubled} (said so: {far.repeats}), kills {far.kills}, "
        f"simulated {far.now - START}; {rate:.0f} calls a second on this machine, where Telegram takes 30"
    )


def _fill(c: Connection, number: int) -> None:
    ids = range(1, number + 1)
    c.execute(insert(people), [{"telegram_id": n, "client_id": "device", "language_code": "en"} for n in ids])
    link = {"company": COMPANY, "emp_id": "x", "name": "", "department": "", "position": "", "area": "", "app_role": 1}
    link |= {"linked_at": START, "token_at": START}
    c.execute(insert(links), [link | {"telegram_id": n, "emp_code": str(n)} for n in ids])
    news = [New(str(n), Topic.UNLINKED, "x", START, {"manager": "0"}) for n in ids]
    outbox.add_messages(c, COMPANY, news, START)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
        print(asyncio.run(measure(f"sqlite:///{folder}/outbox.db", wanted)))
