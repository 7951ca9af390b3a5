"""A typed answer that is changed in Telegram: taken as long as it is the last one, else it is said once what to do.

Messages that answered nothing may be changed as people like.
"""

from collections.abc import Sequence
from typing import Any

from telegram.ext import BaseHandler, MessageHandler, filters

from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import BY, CARD, PRIOR, TOLD, TYPED
from bot.chat.preferences import ANSWER, Dialog
from bot.chat.secrecy import Secrecy
from bot.chat.visit import Reception, Visit
from bot.store.conversations import Conversation

_EDITED = filters.TEXT & filters.ChatType.PRIVATE & filters.USER & filters.UpdateType.EDITED_MESSAGE


class EditsChat:
    def __init__(
        self, reception: Reception, conversations: Conversations, secrecy: Secrecy, dialogs: Sequence[Dialog]
    ) -> None:
        self._reception = reception
        self._conversations = conversations
        self._secrecy = secrecy
        self._dialogs = dialogs

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        return [MessageHandler(_EDITED, self._reception.receives(self.on_edited))]

    async def on_edited(self, visit: Visit) -> None:
        found = await self._conversations.find(visit.chat_id)
        if found is None or await self._secrecy.on_edited(visit, found) or await self._take(visit, found):
            return
        known = {found.data.get(BY), found.data.get(ANSWER), *found.data.get(TYPED, ())}
        if visit.typed_id not in known or TOLD in found.data:
            return
        await self._conversations.begin(visit.chat_id, Conversation(found.dialog, found.data | {TOLD: True}))
        said = visit.t("✏️ A change to that message comes too late for me: please send a new one, or /cancel and begin "
                       "again.")  # fmt: skip
        await visit.say(said, reply_to=visit.typed_id)

    async def _take(self, visit: Visit, found: Conversation) -> bool:
        """As if it had been typed like this the first time."""
        if visit.text.startswith("/"):
            return False
        if found.data.get(BY) == visit.typed_id and PRIOR in found.data:
            # The card on the screen is the one that was shown after the answer.
            found = Conversation(found.dialog, found.data[PRIOR] | {CARD: found.data.get(CARD)})
            await self._conversations.begin(visit.chat_id, found)
        elif found.data.get(ANSWER) != visit.typed_id:
            return False
        for dialog in self._dialogs:
            if await dialog.on_answer(visit, found):
                return True
        return False
