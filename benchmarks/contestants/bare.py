"""Bare aiohttp, no framework: what is left when nothing but the three calls is done. The limit."""

import asyncio
from collections.abc import Mapping
from typing import TypedDict

import aiohttp

from benchmarks.contestants.job import Ends, build_punch, build_reply, read_ends

CONCURRENCY = 256


class Chat(TypedDict):
    id: int


class Message(TypedDict, total=False):
    message_id: int
    chat: Chat
    location: Mapping[str, float]


class Update(TypedDict):
    update_id: int
    message: Message


class Bot:
    def __init__(self, http: aiohttp.ClientSession, ends: Ends) -> None:
        self._http = http
        self._ends = ends
        self._slots = asyncio.Semaphore(CONCURRENCY)
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Poll for ever; each update is its own task."""
        offset = 0
        while True:
            for update in await self._poll(offset):
                offset = update["update_id"] + 1
                task = asyncio.create_task(self._handle(update["message"]))
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def _poll(self, offset: int) -> list[Update]:
        body = {"offset": offset, "timeout": 30}
        async with self._http.post(f"{self._ends.telegram}/getUpdates", json=body) as answer:
            result: list[Update] = (await answer.json())["result"]
            return result

    async def _handle(self, message: Message) -> None:
        async with self._slots:
            chat, stamp = message["chat"]["id"], None
            if (place := message.get("location")) is not None:
                stamp = await self._punch(build_punch(chat, place["latitude"], place["longitude"]))
            reply = {"chat_id": chat, "text": build_reply(message["message_id"], stamp)}
            async with self._http.post(f"{self._ends.telegram}/sendMessage", json=reply) as answer:
                await answer.json()

    async def _punch(self, punch: Mapping[str, object]) -> str:
        async with self._http.post(self._ends.transactions, json=punch) as answer:
            return str((await answer.json())["punch_time"])


async def main(ends: Ends) -> None:
    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as http:
        await Bot(http, ends).run()


if __name__ == "__main__":
    asyncio.run(main(read_ends()))
