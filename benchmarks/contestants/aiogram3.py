"""aiogram 3: long polling, a task per update - as many as come, or as many as `--tasks` says - aiohttp to both ends."""

import asyncio

import aiohttp
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

from benchmarks.contestants.job import TOKEN, Ends, build_punch, build_reply, read_ends, read_tasks


class Handlers:
    def __init__(self, http: aiohttp.ClientSession, ends: Ends) -> None:
        self._http = http
        self._ends = ends

    async def on_location(self, message: Message) -> None:
        assert message.location is not None
        punch = build_punch(message.chat.id, message.location.latitude, message.location.longitude)
        async with self._http.post(self._ends.transactions, json=punch) as answer:
            stamp = (await answer.json())["punch_time"]
        await message.answer(build_reply(message.message_id, stamp))

    async def on_text(self, message: Message) -> None:
        await message.answer(build_reply(message.message_id, None))


async def main(ends: Ends, tasks: int | None) -> None:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(ends.base)))
    dispatcher = Dispatcher()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http:
        handlers = Handlers(http, ends)
        dispatcher.message.register(handlers.on_location, F.location)
        dispatcher.message.register(handlers.on_text, F.text)
        await dispatcher.start_polling(bot, tasks_concurrency_limit=tasks)


if __name__ == "__main__":
    asyncio.run(main(read_ends(), read_tasks()))
