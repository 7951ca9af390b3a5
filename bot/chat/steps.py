"""From question to question: each step speaks first and moves the conversation then, so that an update which comes
again finds the question that it answered the first time."""

from typing import Any

from telegram.error import BadRequest, NetworkError

from bot.chat.conversations import Conversations
from bot.chat.transport import NotSent
from bot.chat.visit import Keyboard, Visit
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
    """`by` is the message that brought us there: after a crash it comes once more, and is no answer then."""
    data: dict[str, Any] = step.data | {"by": message_id(visit)}
    await conversations.begin(visit.chat_id, Conversation(step.dialog, data))


def message_id(visit: Visit) -> int | None:
    """The message that was typed; a pressed button has none of its own."""
    message = visit.update.message
    return message.message_id if message else None


def source(visit: Visit) -> str | None:
    """Names the typed message where tries are counted; None for a button."""
    typed = message_id(visit)
    return None if typed is None else f"{visit.chat_id}:{typed}"
