"""The process that is killed while it delivers. What it would send to Telegram it says on stdout, a line of JSON each;
what became of it, and what time it is, it reads from stdin.

`python -m tests.kills.postman URL COMPANY NOW`
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.database import Database
from bot.services.alerts import Keep, Undelivered
from bot.services.cards import News
from bot.services.delivering import Delivering
from bot.services.tenants import Tenant, Tenants
from bot.services.turns import Turns
from bot.store.links import Link, Person
from bot.store.messages import Sent

Said = dict[str, Any]


@dataclass
class Postman:
    """The process, as whoever kills it sees it."""

    process: asyncio.subprocess.Process

    @classmethod
    async def start(cls, url: str, company: str, now: datetime) -> Self:
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-W", "ignore", "-m", "tests.kills.postman", url, company, now.isoformat())
        return cls(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe))

    async def listen(self) -> Said:
        """`{"id", "chat", "repeat"}` before it sends, `{"done"}` when nothing is due any more."""
        assert self.process.stdout is not None
        return dict(json.loads(await self.process.stdout.readline()))

    def answer(self, now: datetime, **answer: Any) -> None:
        """With `id` what came of a call: nothing more, or `unsent` and `retry_after`; without, look again."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"now": now.isoformat(), **answer}).encode() + b"\n")

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()


@dataclass
class _Line:
    """Fulfils AlertMessenger, and is the clock."""

    now: datetime
    asked: dict[int, "asyncio.Future[Said]"] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    again: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self) -> datetime:
        return self.now

    async def tell(
        self, link: Link, person: Person, news: News, before: Sequence[Sent], *, repeat: bool, anew: bool, keep: Keep
    ) -> Sequence[Sent]:
        number = next(self.numbers)
        answered = self.asked[number] = asyncio.get_running_loop().create_future()
        _say(id=number, chat=link.telegram_id, repeat=repeat)
        answer = await answered
        if "unsent" in answer:
            wait = answer.get("retry_after")
            raise Undelivered(unsent=answer["unsent"], retry_after=timedelta(seconds=wait) if wait else None)
        told = [Sent(link.telegram_id, number, "")]
        await keep(told)
        return told

    async def listen(self, heard: asyncio.StreamReader) -> None:
        while line := await heard.readline():
            answer = json.loads(line)
            self.now = max(self.now, datetime.fromisoformat(answer["now"]))
            if "id" in answer:
                self.asked.pop(answer["id"]).set_result(answer)
            else:
                self.again.set()


def _say(**said: Any) -> None:
    print(json.dumps(said), flush=True)


async def main(url: str, company: str, now: str) -> None:
    db, line = await Database.open(url), _Line(datetime.fromisoformat(now).astimezone(UTC))
    tenants = Tenants([Tenant(company, ZoneInfo("Asia/Dubai"), None)])  # type: ignore[arg-type]
    delivering = Delivering(db, tenants, line, line, Turns(1_000_000, 1_000_000))
    heard = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(heard), sys.stdin)
    listening = asyncio.create_task(line.listen(heard))
    while not listening.done():
        _say(done=await delivering.run())
        again = asyncio.create_task(line.again.wait())
        await asyncio.wait((listening, again), return_when=asyncio.FIRST_COMPLETED)
        again.cancel()
        line.again.clear()
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
