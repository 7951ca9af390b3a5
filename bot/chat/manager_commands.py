"""The commands that Telegram lists for managers alone, in their own chat: gone when they log out."""

from collections.abc import Awaitable
from contextlib import suppress

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.chat.commands import COMMANDS, FOR_HR, FOR_MANAGERS
from bot.i18n import Translator
from bot.services.managing import HR, Managing
from bot.store.links import Link


class ManagerCommands:
    def __init__(self, bot: ExtBot[None], managing: Managing) -> None:
        self._bot = bot
        self._managing = managing

    async def offer(self, t: Translator, link: Link) -> None:
        """In the person's own language: a scope of one chat needs no other. Without them the bot works, too."""
        if not await self._managing.is_manager(link):
            return
        more = FOR_MANAGERS | (FOR_HR if link.app_role == HR else {})
        listed = [BotCommand(name, t.gettext(meaning)) for name, meaning in (COMMANDS | more).items()]
        await self._quietly(self._bot.set_my_commands(listed, scope=BotCommandScopeChat(link.telegram_id)))

    async def is_manager(self, link: Link) -> bool:
        return await self._managing.is_manager(link)

    async def withdraw(self, chat_id: int) -> None:
        await self._quietly(self._bot.delete_my_commands(scope=BotCommandScopeChat(chat_id)))

    async def _quietly(self, call: Awaitable[object]) -> None:
        with suppress(TelegramError):
            await call
