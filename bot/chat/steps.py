"""From question to question: each step speaks first and moves the conversation then, so that an update which comes
again finds the question that it answered the first time."""

from typing import Any

from telegram.error import BadRequest, NetworkError

from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import BEFORE, CARD
from bot.chat.transport import NotSent
from bot.chat.visit import Keyboard, Visit
from bot.chat.wanted import WANTED
from bot.store.conversations import Conversation


async def say_and_move(
    visit: Visit,
    conversations: Conversations,
    step: Conversation,
    text: str,
    keyboard: Keyboard | None = None,
) -> None:
    """Moves, too, where the sentence may have arrived: the next message may be the answer to it."""
    try:
        await visit.say(text, keyboard)
    except NetworkError as problem:
        if not isinstance(problem, BadRequest | NotSent):
            await move(visit, conversations, step)
        raise
    await move(visit, conversations, step)


async def move(visit: Visit, conversations: Conversations, step: Conversation) -> None:
    """`by` is the message that brought us there: after a crash it comes once more, and is no answer then. The dialog
    with a card that these steps came in the middle of is carried along, and what was wanted before a log-in."""
    found = await conversations.find(visit.chat_id)
    carried = {BEFORE: _interrupted(found), WANTED: found.data.get(WANTED) if found else None}
    data: dict[str, Any] = step.data | {"by": message_id(visit)} | {key: one for key, one in carried.items() if one}
    await conversations.begin(visit.chat_id, Conversation(step.dialog, data))


def _interrupted(found: Conversation | None) -> dict[str, Any] | None:
    if found is not None and CARD in found.data:
        return {"dialog": found.dialog, "data": found.data}
    before: dict[str, Any] | None = found.data.get(BEFORE) if found else None
    return before


def message_id(visit: Visit) -> int | None:
    """The message that was typed; a pressed button has none of its own."""
    message = visit.update.message
    return message.message_id if message else None


def source(visit: Visit) -> str | None:
    """Names the typed message where tries are counted; None for a button."""
    typed = message_id(visit)
    return None if typed is None else f"{visit.chat_id}:{typed}"
