"""10,000 alerts through ten minutes without Telegram, a minute of 429 and fifty kills: what is lost, and how fast.

`python -m benchmarks.outbox` writes RESULTS-outbox.md. The kills are real (kill -9 of the process that delivers), the
hours simulated; the rate is measured in real time, with Telegram a tenth of a second away.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from benchmarks.report import describe_machine
from bot.database import Database, upgrade
from bot.services.alerts import Keep
from bot.services.cards import News
from bot.services.delivering import Delivering
from bot.services.tenants import Tenant, Tenants
from bot.services.turns import PER_SECOND
from bot.store import outbox
from bot.store.dispatch import LEASE
from bot.store.links import Link, Person
from bot.store.messages import New, Sent, Topic
from bot.store.schema import MIGRATIONS
from bot.store.tables import links, people
from tests.kills.postman import Postman

COMPANY, START = "Demo Trading", datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
OUTAGE, LIMITED = timedelta(minutes=10), timedelta(minutes=1)
# When Telegram is away and when it has had too much, after the start.
AWAY = (timedelta(minutes=1), timedelta(minutes=1) + OUTAGE)
TOO_MUCH = (AWAY[1], AWAY[1] + LIMITED)
ALERTS, KILLS, TIMED = 10_000, 50, 1_000
LATENCY = 0.1
RESULTS = Path(__file__).parent / "RESULTS-outbox.md"


@dataclass
class Far:
    """Telegram, and the clock: each call takes it a thirtieth of a second."""

    number: int
    now: datetime = START
    chance: Random = field(default_factory=lambda: Random(7))  # a benchmark, no secret
    reached: Counter[int] = field(default_factory=Counter)
    repeats: int = 0
    kills: int = 0
    calls: int = 0

    async def serve(self, url: str) -> None:
        """Kills the process now and then, and starts it anew, until all is told."""
        postman = await Postman.start(url, COMPANY, self.now)
        while True:
            said = await postman.listen()
            if "done" in said:
                if len(self.reached) == self.number and await _is_settled(url):
                    break
                self.now += timedelta(seconds=5)
                postman.answer(self.now)
            elif self._kills_now(said["chat"]):
                await postman.kill()
                self.now += LEASE
                postman = await Postman.start(url, COMPANY, self.now)
            else:
                postman.answer(self.now, id=said["id"], **self._take(said["chat"], repeat=said["repeat"]))
        await postman.end()

    def _kills_now(self, chat: int) -> bool:
        """Before the message has arrived, or after."""
        if self.kills >= KILLS or self.chance.random() >= 3 * KILLS / self.number:
            return False
        self.kills += 1
        self.reached[chat] += self.chance.random() < 0.5
        self.reached += Counter()  # without those at 0
        return True

    def _take(self, chat: int, *, repeat: bool) -> dict[str, object]:
        self.calls += 1
        self.now += timedelta(seconds=1 / 30)
        passed = self.now - START
        if AWAY[0] <= passed < AWAY[1]:
            return {"unsent": self.chance.random() < 0.5}
        if TOO_MUCH[0] <= passed < TOO_MUCH[1]:
            return {"unsent": True, "retry_after": 20}
        self.reached[chat] += 1
        self.repeats += repeat
        return {}


class Near:
    """Fulfils AlertMessenger: takes everything, after a while."""

    async def tell(
        self, link: Link, person: Person, news: News, before: Sequence[Sent], *, repeat: bool, anew: bool, keep: Keep
    ) -> Sequence[Sent]:
        await asyncio.sleep(LATENCY)
        told = [Sent(link.telegram_id, 1, "")]
        await keep(told)
        return told


async def lose(url: str, number: int) -> str:
    far = Far(number)
    await _prepare(url, number)
    await far.serve(url)
    doubled = sum(count - 1 for count in far.reached.values())
    return (
        f"| {number:,} | {far.kills} | {number - len(far.reached)} | {doubled} | {far.repeats} | {far.calls:,} "
        f"| {far.now - START} |"
    )


async def drain(url: str, number: int) -> str:
    """With the pace that is set, and a chat for each alert."""
    await _prepare(url, number)
    db = await Database.open(url)
    tenants = Tenants([Tenant(COMPANY, ZoneInfo("Asia/Dubai"), None)])  # type: ignore[arg-type]
    delivering = Delivering(db, tenants, Near(), lambda: START)
    began, worked = time.perf_counter(), time.process_time()
    done = await delivering.run()
    took, cpu = time.perf_counter() - began, time.process_time() - worked
    await db.close()
    return f"| {done:,} | {done / took:.1f} | {PER_SECOND} | {1000 * cpu / done:.1f} ms |"


async def _prepare(url: str, number: int) -> None:
    db = await Database.open(url)
    await db.write(upgrade(MIGRATIONS))
    await db.write(lambda c: _fill(c, number))
    await db.close()


async def _is_settled(url: str) -> bool:
    db = await Database.open(url)
    states = await db.read(outbox.count_states)
    await db.close()
    return not states.keys() - {"sent"}


def _fill(c: Connection, number: int) -> None:
    ids = range(1, number + 1)
    c.execute(insert(people), [{"telegram_id": n, "client_id": "device", "language_code": "en"} for n in ids])
    link = {"company": COMPANY, "emp_id": "x", "name": "", "department": "", "position": "", "area": "", "app_role": 1}
    link |= {"linked_at": START, "token_at": START}
    c.execute(insert(links), [link | {"telegram_id": n, "emp_code": str(n)} for n in ids])
    news = [New(str(n), Topic.UNLINKED, "x", START, {"manager": "0"}) for n in ids]
    outbox.add_messages(c, COMPANY, news, START)


def report(number: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        lost = asyncio.run(lose(f"sqlite:///{folder}/lose.db", number))
        rate = asyncio.run(drain(f"sqlite:///{folder}/drain.db", min(number, TIMED)))
    lines = [
        "# Alerts on their way",
        "",
        f"Ten minutes without Telegram, a minute of 429, {KILLS} times kill -9 of the process that delivers; the clock "
        "is simulated, the database a SQLite file. Told twice: a kill, or an answer that never came, after Telegram "
        "had the message; the second one says that it may be a repeat.",
        "",
        "| alerts | kill -9 | lost | told twice | said so | calls | simulated time |",
        "|---|---|---|---|---|---|---|",
        lost,
        "",
        f"In real time, with an answer after {1000 * LATENCY:.0f} ms, where Telegram takes 30 a second:",
        "",
        "| alerts | told a second | the pace we keep | CPU of each |",
        "|---|---|---|---|",
        rate,
        "",
        describe_machine(("SQLAlchemy",)),
        "",
        f"Load of the machine at the end: {os.getloadavg()[1]:.1f}.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    RESULTS.write_text(report(int(sys.argv[1]) if len(sys.argv) > 1 else ALERTS), encoding="utf-8")
