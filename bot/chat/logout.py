"""Log out."""

from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import keyboards
from bot.chat.conversations import Conversations
from bot.chat.visit import Reception, Visit
from bot.services.linking import Linking


class LogoutChat:
    def __init__(self, reception: Reception, linking: Linking, conversations: Conversations) -> None:
        self._reception = reception
        self._linking = linking
        self._conversations = conversations

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("logout", receives(self.on_logout), new),
            CallbackQueryHandler(receives(self.on_logout), "^logout$"),
        ]

    async def on_logout(self, visit: Visit) -> None:
        """Out first, then told so: whatever becomes of the sentence, nobody stays logged in."""
        done = await self._linking.logout(visit.person.telegram_id)
        await self._conversations.end(visit.chat_id)
        if done is None:
            await visit.say(visit.t("You are not logged in."), keyboards.build_start(visit.t))
            return
        said = visit.t("You are logged out. Punches on their way still go through. Send /login to come back.")
        if done.waiting:
            said = visit.t("You are logged out. A punch of yours is waiting: it goes in only after your next log-in. "
                           "Send /login to come back.")  # fmt: skip
        await visit.say(said, keyboards.remove_menu())
