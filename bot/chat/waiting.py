"""What Telegram shows above the chat while something is made: "sending a photo…"."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.chat.visit import Visit

# What is there sooner needs no sign, and a sign lasts five seconds.
PATIENCE_SECONDS, AGAIN_SECONDS = 0.5, 4.5


@asynccontextmanager
async def showing(visit: Visit, action: ChatAction) -> AsyncIterator[None]:
    """From half a second on until it is there."""
    sign = asyncio.create_task(_show(visit, action))
    try:
        yield
    finally:
        sign.cancel()
        with suppress(asyncio.CancelledError):
            await sign


async def _show(visit: Visit, action: ChatAction) -> None:
    await asyncio.sleep(PATIENCE_SECONDS)
    while True:
        with suppress(TelegramError):
            await visit.bot.send_chat_action(visit.chat_id, action)
        await asyncio.sleep(AGAIN_SECONDS)
