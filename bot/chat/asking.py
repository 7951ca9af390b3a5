"""The buttons under yesterday's forgotten clock-outs: one tap asks one person. Data: `left:2026-03-02:1001`."""

from datetime import date
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.services.asking import Asked, Asking


class AskingChat:
    def __init__(self, reception: Reception, asking: Asking) -> None:
        self._reception = reception
        self._asking = asking

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        return [CallbackQueryHandler(self._reception.receives(self.on_ask), r"^left:\d{4}-\d\d-\d\d:.{1,40}$")]

    async def on_ask(self, visit: Visit) -> None:
        """The list itself says who was asked: it is edited when the question is on its way."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        said, _, emp_code = visit.argument.partition(":")
        try:
            day = date.fromisoformat(said)
        except ValueError:
            return
        match await self._asking.ask_clock_out(visit.link, emp_code, day):
            case Asked.NOT_THEIRS:
                await visit.say(visit.t("There is nobody of that name among your people."))
            case Asked.NOT_LINKED:
                await visit.say(visit.t("They have not logged in to me, so I cannot ask them."))
            case Asked.NOT_LISTED:
                await visit.say(visit.t("That button is out of date. Send /menu to see what I can do."))
            case Asked.DONE:
                return
