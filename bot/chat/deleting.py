"""Taking a person's message out of the chat: what it says is a password, or may be one."""

import asyncio

from telegram.error import BadRequest, NetworkError

from bot.chat.visit import Visit

# Deleting twice is deleting once: an unclear answer is asked for again at once, while the password stands there.
TRIES = 3
PAUSE_SECONDS = 0.3


async def delete_message(visit: Visit) -> bool:
    """Whether it is gone. RetryAfter is raised: the update comes again when Telegram takes it."""
    for _ in range(TRIES - 1):
        gone = await _delete(visit)
        if gone is not None:
            return gone
        await asyncio.sleep(PAUSE_SECONDS)
    return await _delete(visit) or False


async def _delete(visit: Visit) -> bool | None:
    """None: Telegram did not say."""
    message = visit.update.effective_message
    assert message is not None
    try:
        return await visit.bot.delete_message(visit.chat_id, message.message_id)
    except BadRequest as problem:
        return "not found" in problem.message  # gone already: this is a second try after a crash
    except NetworkError:
        return None
