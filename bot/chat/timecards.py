"""Today and the history, in one message that is turned page by page."""

from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import keyboards, texts
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in, note_wanted
from bot.i18n import Translator
from bot.services.timecards import Reach, Timecards


class TimecardsChat:
    def __init__(self, reception: Reception, timecards: Timecards) -> None:
        self._reception = reception
        self._timecards = timecards

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("today", receives(self.on_today), new),
            CommandHandler("history", receives(self.on_history), new),
            CallbackQueryHandler(receives(self.on_today), "^today$"),
            CallbackQueryHandler(receives(self.on_history), r"^history:\d{1,3}$"),
        ]

    async def on_today(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        today = await self._timecards.load_today(visit.link)
        buttons = keyboards.build_start(visit.t) if today.reach is Reach.SESSION_OVER else None
        await visit.show(texts.describe_today(visit.t, today, visit.zone), buttons)
        if today.reach is Reach.SESSION_OVER:
            await note_wanted(visit)

    async def on_history(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        page = await self._timecards.load_history(visit.link, int(visit.argument or 0))
        buttons = keyboards.build_pages(visit.t, page.number, page.has_more)
        if page.reach is Reach.SESSION_OVER:
            buttons = _add_log_in(visit.t, buttons)
        await visit.show(texts.describe_history(visit.t, page, visit.zone), buttons)
        if page.reach is Reach.SESSION_OVER:
            await note_wanted(visit)


def _add_log_in(t: Translator, pages: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup:
    above = pages.inline_keyboard if pages else ()
    return InlineKeyboardMarkup([*above, *keyboards.build_start(t).inline_keyboard])
