"""Today and the history, in one message that is turned page by page."""

from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler

from bot.chat import keyboards, texts
from bot.chat.visit import Reception, Visit
from bot.services.timecards import Timecards


class TimecardsChat:
    def __init__(self, reception: Reception, timecards: Timecards) -> None:
        self._reception = reception
        self._timecards = timecards

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives = self._reception.receives
        return [
            CommandHandler("today", receives(self.on_today)),
            CommandHandler("history", receives(self.on_history)),
            CallbackQueryHandler(receives(self.on_today), "^today$"),
            CallbackQueryHandler(receives(self.on_history), r"^history:\d{1,3}$"),
        ]

    async def on_today(self, visit: Visit) -> None:
        if visit.link is None:
            await visit.say(visit.t("Please log in first."), keyboards.build_start(visit.t))
            return
        today = await self._timecards.load_today(visit.link)
        await visit.show(texts.describe_today(visit.t, today, visit.zone))

    async def on_history(self, visit: Visit) -> None:
        if visit.link is None:
            await visit.say(visit.t("Please log in first."), keyboards.build_start(visit.t))
            return
        page = await self._timecards.load_history(visit.link, int(visit.argument or 0))
        buttons = keyboards.build_pages(visit.t, page.number, page.has_more)
        await visit.show(texts.describe_history(visit.t, page, visit.zone), buttons)
