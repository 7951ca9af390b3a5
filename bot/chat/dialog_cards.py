"""A dialog in one message: pressed buttons edit it, and after something was typed it stands below that again."""

from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.chat.conversations import Conversations
from bot.chat.visit import Visit
from bot.store.conversations import Conversation

CARD, BY = "card", "by"
# For `edits`: the dialog before its last typed answer, all messages that were typed in it, and whether its person has
# read that a change to one of those comes too late.
PRIOR, TYPED, TOLD = "prior", "typed", "told"
_TRACES = frozenset({PRIOR, TYPED, TOLD})
# What a log-in came in the middle of.
BEFORE = "before"


async def drop_question(visit: Visit, conversations: Conversations, dialog: str) -> None:
    """Nothing was to be sent by it: whoever leaves it has cancelled nothing."""
    found = await conversations.find(visit.chat_id)
    word, card = _card_of(found)
    if found is None or found.dialog != dialog:
        return
    await conversations.end(visit.chat_id)
    if word == dialog and card not in (None, visit.pressed_id):
        await _remove(visit, card)


async def forget_card(visit: Visit, conversations: Conversations, dialog: str) -> None:
    """What this dialog asked was answered, in vain, and may be once more: its message is not called cancelled."""
    found = await conversations.find(visit.chat_id)
    if found is not None and found.dialog == dialog:
        data = {name: value for name, value in found.data.items() if name != CARD}
        await conversations.begin(visit.chat_id, Conversation(dialog, data))


class Cards:
    """The conversation remembers its message (`card`), and the typed message that brought it there (`by`): that one
    once more, after a crash, is no second answer."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def show(
        self,
        visit: Visit,
        dialog: str,
        data: dict[str, Any],
        text: str,
        keyboard: InlineKeyboardMarkup | None,
        *,
        below: bool = False,
    ) -> None:
        """`below`: in a new message, though a button was pressed."""
        before = await self._conversations.find(visit.chat_id)
        card = (await visit.say(text, keyboard)).message_id if below else await visit.show(text, keyboard)
        by = visit.typed_id
        known = {key: value for key, value in data.items() if key not in _TRACES}
        traces = _trace(before, dialog, by)
        await self._conversations.begin(visit.chat_id, Conversation(dialog, {**known, **traces, CARD: card, BY: by}))
        word, old = _card_of(before)
        if by is not None and old not in (None, card) and word == dialog:
            await _remove(visit, old)
        elif old != card:
            await put_away(visit, before)

    async def finish(self, visit: Visit, dialogs: frozenset[str], text: str, keyboard: Any = None) -> int:
        """The last thing the card says; ends the conversation if it is one of these. Returns the message's id."""
        before = await self._conversations.find(visit.chat_id)
        card = await visit.show(text, keyboard)
        await self.end(visit, dialogs)
        old = before.data.get(CARD) if before is not None and before.dialog in dialogs else None
        if visit.typed_id is not None and old not in (None, card):
            await _remove(visit, old)
        return card

    async def leave(self, visit: Visit, dialogs: frozenset[str]) -> None:
        """Somebody else edits the card from now on; one that stands above what was typed goes."""
        before = await self._conversations.find(visit.chat_id)
        await self.end(visit, dialogs)
        if visit.typed_id is not None and before is not None and before.data.get(CARD) is not None:
            await _remove(visit, before.data[CARD])

    async def end(self, visit: Visit, dialogs: frozenset[str]) -> None:
        found = await self._conversations.find(visit.chat_id)
        if found is not None and found.dialog in dialogs:
            await self._conversations.end(visit.chat_id)


def _trace(before: Conversation | None, dialog: str, by: int | None) -> dict[str, Any]:
    """How it came here: of an answer that a button gave nothing is left to edit."""
    if before is None or before.dialog != dialog:
        return {TYPED: []}
    told = {TOLD: True} if TOLD in before.data else {}
    typed = before.data.get(TYPED, [])
    if by is None:
        return {TYPED: typed, **told}
    prior = {key: value for key, value in before.data.items() if key != PRIOR}
    return {TYPED: [*typed, by], PRIOR: prior, **told}


def remembered(conversation: Conversation | None, dialog: str) -> dict[str, Any] | None:
    """What this dialog left in the conversation, also where a log-in came in between; None where it left nothing."""
    if conversation is None:
        return None
    if conversation.dialog == dialog:
        return conversation.data
    before = conversation.data.get(BEFORE, {})
    return before["data"] if before.get("dialog") == dialog else None


async def begin(
    visit: Visit,
    conversations: Conversations,
    conversation: Conversation,
    card: int | None = None,
    *,
    answers: tuple[str, str] | None = None,
) -> None:
    """A question takes the place of what was asked before, whose card says so; `card`: the message that asks it.
    `answers`: the dialog whose question was answered with that, and goes on with this one.
    """
    before = await conversations.find(visit.chat_id)
    data = conversation.data | ({} if card is None else {CARD: card})
    await conversations.begin(visit.chat_id, Conversation(conversation.dialog, data))
    word, old = _card_of(before)
    if old == card:
        return
    if answers is not None and word == answers[0]:
        await _close(visit, old, visit.t("✅ Chosen: {name}", name=answers[1]))
    else:
        await put_away(visit, before)


async def put_away(visit: Visit, before: Conversation | None) -> None:
    """The card of a dialog that was left says so, and has no buttons any more."""
    await _close(visit, _card_of(before)[1], visit.t("Cancelled. Nothing was sent."))


async def _close(visit: Visit, card: int | None, said: str) -> None:
    if card is None:
        return
    try:
        await visit.bot.edit_message_text(said, chat_id=visit.chat_id, message_id=card)
    except BadRequest:
        return  # gone, or it says so already


def _card_of(conversation: Conversation | None) -> tuple[str, int | None]:
    """The open dialog's name and card, also where a log-in came in between."""
    if conversation is None:
        return "", None
    data = conversation.data
    if CARD not in data and BEFORE in data:
        return data[BEFORE]["dialog"], data[BEFORE]["data"].get(CARD)
    return conversation.dialog, data.get(CARD)


async def _remove(visit: Visit, message_id: Any) -> None:
    """The card above what was typed: two of them would both take answers."""
    try:
        await visit.bot.delete_message(visit.chat_id, int(message_id))
    except BadRequest:
        return  # gone already, or too old to delete; its buttons still say what they do
