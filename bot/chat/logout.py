"""Log out; where a punch is still open, what that means comes first."""

from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import keyboards
from bot.chat.conversations import Conversations
from bot.chat.manager_commands import ManagerCommands
from bot.chat.visit import Reception, Visit
from bot.i18n import Translator
from bot.services.linking import Leaving, Linking


class LogoutChat:
    def __init__(
        self, reception: Reception, linking: Linking, conversations: Conversations, commands: ManagerCommands
    ) -> None:
        self._reception = reception
        self._linking = linking
        self._conversations = conversations
        self._commands = commands

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("logout", receives(self.on_logout), new),
            CallbackQueryHandler(receives(self.on_logout), "^logout$"),
            CallbackQueryHandler(receives(self.on_sure), "^logout:sure$"),
            CallbackQueryHandler(receives(self.on_stay), "^logout:stay$"),
        ]

    async def on_logout(self, visit: Visit) -> None:
        """At once, unless a punch is still open: then what that means is said first."""
        leaving = await self._linking.foresee_logout(visit.link) if visit.link else Leaving.FREE
        if leaving is Leaving.FREE:
            await self.on_sure(visit)
            return
        await visit.show(*_warn(visit.t, leaving))
        await self._conversations.end(visit.chat_id)

    async def on_sure(self, visit: Visit) -> None:
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
        await self._commands.withdraw(visit.chat_id)

    async def on_stay(self, visit: Visit) -> None:
        await visit.show(visit.t("You stay logged in."))


def _warn(t: Translator, leaving: Leaving) -> tuple[str, InlineKeyboardMarkup]:
    stay = (t("Stay logged in"), "logout:stay")
    if leaving is Leaving.WAITS:
        said = t("A punch of yours is waiting for you to log in again. If you log out, it goes in only after your "
                 "next log-in.")  # fmt: skip
        return said, keyboards.build_inline(
            t, [[(t("🔑 Log in"), "login")], [(t("🚪 Log out anyway"), "logout:sure"), stay]]
        )
    said = t("A punch of yours is still on its way to BioTime. If you log out, it goes in all the same, and I tell you "
             "here.")  # fmt: skip
    return said, keyboards.build_inline(t, [[(t("🚪 Log out"), "logout:sure"), stay]])
