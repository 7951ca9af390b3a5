"""In a group the bot says one thing: write to me in private."""

from typing import Any

from telegram import Update
from telegram.ext import ApplicationHandlerStop, BaseHandler, TypeHandler

from bot.chat.visit import Context, answer
from bot.i18n import choose_language, translator_for


class Groups:
    """Stands before all other handlers and lets private chats pass."""

    def __init__(self, language: str) -> None:
        self._language = language

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        return [TypeHandler(Update, self.on_update)]

    async def on_update(self, update: Update, context: Context) -> None:
        chat, user = update.effective_chat, update.effective_user
        if chat is not None and user is not None and chat.type == chat.PRIVATE:
            return
        if update.callback_query is not None:
            await answer(update)
        message = update.message
        if chat is not None and user is not None and message is not None and not user.is_bot and _speaks(update):
            t = translator_for(choose_language(None, user.language_code, self._language))
            await context.bot.send_message(chat.id, t("Please write to me in private."))
        raise ApplicationHandlerStop


def _speaks(update: Update) -> bool:
    """Not somebody who joined, a new title, a pinned message."""
    message = update.message
    return message is not None and bool(
        message.text or message.location or message.caption or message.effective_attachment
    )
