"""The process that is killed: updates over a socket into the durable inbox, punches from there to BioTime.

`python -m tests.kills.worker` reads orders (JSON, one a line), forks a worker for each and prints its pid: what takes
the time at a start, importing everything, has happened by then.
"""

import asyncio
import fcntl
import json
import os
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.attendance.model import Position, PunchState
from bot.attendance.progress import Limits
from bot.biotime.client import BioTimeClient
from bot.biotime.transport import open_http
from bot.chat.intake import Intake, Json
from bot.database import Database
from bot.gateway.sample import NAME, ZONE
from bot.services.addresses import Addresses
from bot.services.areas import Areas
from bot.services.clocking import Clocking, NotLinked, Outside, Share
from bot.services.filings import Kind
from bot.services.receipts import ReceiptBook
from bot.services.requests import Requests
from bot.services.sending import Sending
from bot.services.sessions import Sessions
from bot.services.telling import Telling
from bot.services.tenants import Tenant, Tenants
from bot.store import punches
from bot.store.cipher import Cipher
from bot.store.links import Link, Person
from bot.store.punches import Punch

COMMAND = (sys.executable, "-W", "ignore", "-m", "tests.kills.worker")
BOT_ID = 1
OFFICE = Position(25.0916434, 55.1586873, 12.0)
LIMITS = Limits(
    post_age=timedelta(seconds=4),
    timeout=timedelta(seconds=2),
    lease=timedelta(seconds=5),
    settle=timedelta(seconds=2),
)
SWEEP = 0.2


@dataclass(frozen=True)
class Order:
    """`folder` has the store; `url` is BioTime's, `socket` the test's; `key` opens the store's secrets."""

    folder: str
    url: str
    socket: str
    key: str

    @property
    def store(self) -> str:
        return f"sqlite:///{self.folder}/store.db"


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a process of its own


class Silence:
    """Fulfils `services.alerts.Messenger`. What people read is tested elsewhere."""

    async def send_card(self, row: Punch, about: str) -> int:
        return row.id

    async def edit_card(self, row: Punch, about: str) -> None:
        return

    async def send_next(self, row: Punch) -> None:
        return

    async def send_overdue(self, link: Link, person: Person, following: PunchState, since: datetime | None) -> None:
        return

    async def tell_managers(self, row: Punch) -> None:
        return


async def run(order: Order) -> None:
    """Until it is killed, or the test hangs up."""
    db, cipher = await Database.open(order.store), Cipher(order.key)
    async with open_http(order.url) as http:
        tenants = Tenants([Tenant(NAME, ZONE, BioTimeClient(http, NAME, ZONE, LIMITS.timeout))])
        sessions = Sessions(db, tenants, cipher, now)
        sending = Sending(
            db,
            Requests(db, sessions, now),
            Telling(db, Silence(), now, punches, Kind.LOG),
            now,
            LIMITS,
            rows=punches,
            book=ReceiptBook(cipher, now),
        )
        clocking = Clocking(db, Areas(db, now), Addresses(), sending, now)
        intake = Intake(db, cipher, BOT_ID, Processing(clocking), now)
        await sending.recover()
        await intake.resume()
        sweeping = asyncio.create_task(_sweep(sending, intake))
        await _receive(order.socket, intake)
        sweeping.cancel()
        await intake.close()
        await sending.close()
        await db.close()


class Processing:
    """An update of the test: a share and nothing else."""

    def __init__(self, clocking: Clocking) -> None:
        self._clocking = clocking

    async def __call__(self, update: Json, _attempt: int) -> None:
        message = update["message"]
        chat, number = message["chat"]["id"], update["update_id"]
        share = Share(
            telegram_id=chat,
            chat_id=chat,
            source=f"telegram:{chat}:{number}",
            shared_at=datetime.fromtimestamp(message["date"], UTC),
            position=OFFICE,
            chosen=PunchState(message["punch_state"]),
        )
        clocked = await self._clocking.clock(share)
        if isinstance(clocked, NotLinked | Outside):
            raise AssertionError(clocked)


async def _sweep(sending: Sending[Punch], intake: Intake) -> None:
    while True:
        await sending.sweep()
        await intake.resume()
        await asyncio.sleep(SWEEP)


async def _receive(socket: str, intake: Intake) -> None:
    """Acknowledges what is on disk, by its number."""
    reader, writer = await asyncio.open_unix_connection(socket)
    while line := await reader.readline():
        update: dict[str, Any] = json.loads(line)
        await intake.accept([update])
        writer.write(b"%d\n" % update["update_id"])


def work(order: Order) -> None:
    """As the only process: whoever held a punch before is dead."""
    with Path(order.folder, "store.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        asyncio.run(run(order))


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in iter(sys.stdin.readline, ""):
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(Order(**json.loads(line)))
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
