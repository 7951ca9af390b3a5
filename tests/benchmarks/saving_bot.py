"""A bot with Hadir's manners: it says "Saved" at once and edits that message when BioTime has answered."""

import asyncio

import aiohttp

from benchmarks.contestants.bare import Bot, Message
from benchmarks.contestants.job import Ends, build_punch, build_reply, read_ends


class SavingBot(Bot):
    async def _handle(self, message: Message) -> None:
        chat = message["chat"]["id"]
        if (place := message.get("location")) is None:
            await self._call("sendMessage", chat_id=chat, text=build_reply(message["message_id"], None))
            return
        kept = await self._call("sendMessage", chat_id=chat, text="Saved 08:59:58")
        stamp = await self._punch(build_punch(chat, place["latitude"], place["longitude"]))
        text = build_reply(message["message_id"], stamp)
        await self._call("editMessageText", chat_id=chat, message_id=kept, text=text)

    async def _call(self, method: str, **parameters: int | str) -> int:
        async with self._http.post(f"{self._ends.telegram}/{method}", json=parameters) as answer:
            return int((await answer.json())["result"]["message_id"])


async def main(ends: Ends) -> None:
    async with aiohttp.ClientSession() as http:
        await SavingBot(http, ends).run()


if __name__ == "__main__":
    asyncio.run(main(read_ends()))
