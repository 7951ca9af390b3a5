"""The gateway over a socket, in a thread of its own, with answers that take a while."""

import asyncio
import random
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from bot.database import Database
from bot.gateway.access.passwords import Passwords
from bot.gateway.app import build_gateway
from bot.gateway.records import open_records
from bot.gateway.records.companies import add_company
from bot.gateway.sample import NAME, ZONE
from bot.gateway.settings import GatewaySettings, PasswordCost
from bot.gateway.staff import Imported, import_people

SETTINGS = GatewaySettings(secret_key=b"a key for tests only", password_cost=PasswordCost(1, 8, 1))
Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this is the server's own clock


class Slow:
    """A little while before the work and after it: kills come in both."""

    def __init__(self, app: App, most: float) -> None:
        self._app = app
        self._most = most
        self._random = random.Random(7)

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        before, after = (self._random.uniform(0, self._most) for _ in range(2))

        async def send_late(message: Message) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(after)
            await send(message)

        if scope["type"] == "http":
            await asyncio.sleep(before)
        await self._app(scope, receive, send_late)


@contextmanager
def serving(folder: Path, people: int, most: float) -> Iterator[tuple[str, list[Imported]]]:
    """The URL and the employees, who can log in."""
    started, staff, failed = threading.Event(), list[Imported](), list[BaseException]()
    listener = socket.create_server(("127.0.0.1", 0))
    server: list[uvicorn.Server] = []

    async def serve() -> None:
        db = await Database.open(f"sqlite:///{folder}/records.db")
        await open_records(db)
        staff.extend(await _hire(db, people))
        app = Slow(build_gateway(db, SETTINGS, now), most)
        server.append(uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", timeout_keep_alive=30)))
        started.set()
        await server[0].serve([listener])
        await db.close()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as problem:
            failed.append(problem)
        finally:
            started.set()

    thread = threading.Thread(target=run, name="biotime")
    thread.start()
    started.wait()
    assert not failed, failed
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", staff
    finally:
        server[0].should_exit = True
        thread.join()
        listener.close()


async def _hire(db: Database, people: int) -> list[Imported]:
    company = await db.write(lambda c: add_company(c, NAME, ZONE, now()))
    rows = [
        {"emp_code": f"{number}", "first_name": "Mona", "department": "Sales", "area": "Dubai Office"}
        for number in range(1, people + 1)
    ]
    return list(await import_people(db, Passwords(SETTINGS.password_cost), company.id, rows, now()))
