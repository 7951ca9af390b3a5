"""Receipts: shown for a punch, and looked at again when somebody sends one back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.attendance.receipt import VERSION
from bot.chat.receipt_texts import describe_judged, describe_receipt
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.services.receipts import Receipts

# Whoever taps twice means it once; later they may have deleted it, and want it again.
ONE_TAP = timedelta(seconds=10)
_GROUP = 3


class ReceiptsChat:
    """The last receipt shown in each chat is kept in memory: after a restart a second tap would show a second one."""

    def __init__(self, reception: Reception, receipts: Receipts, now: Callable[[], datetime]) -> None:
        self._reception = reception
        self._receipts = receipts
        self._now = now
        self._shown: dict[int, tuple[str, datetime]] = {}

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        # Typed, pasted or forwarded: from anybody, and wherever in the message the line stands.
        line = rf"{VERSION}\s{{0,20}}\|"
        holds_line = (filters.Regex(line) | filters.CaptionRegex(line)) & new
        return [
            CommandHandler("verify", receives(self.on_verify), new),
            CallbackQueryHandler(receives(self.on_receipt), r"^receipt:[0-9A-Z]{4,8}$"),
            MessageHandler(holds_line & ~filters.COMMAND, receives(self.on_line)),
        ]

    async def on_receipt(self, visit: Visit) -> None:
        """Who presses comes from the link: a reference of somebody else's punch shows nothing."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        found = await self._receipts.find(visit.link, visit.argument)
        if not found:
            await visit.say(visit.t("There is no receipt for that punch."))
            return
        text = describe_receipt(visit.t, found[-1], visit.link.name, visit.zone)
        said, at = self._shown.get(visit.chat_id, ("", self._now()))
        if said == text and self._now() - at < ONE_TAP:
            return
        await visit.say(text, silent=True)
        self._shown[visit.chat_id] = text, self._now()

    async def on_verify(self, visit: Visit) -> None:
        """`/verify 7K3Q2H`, or with a whole receipt behind it."""
        if VERSION in visit.text:
            await self.on_line(visit)
            return
        _, *asked = visit.text.split()
        if not asked:
            said = visit.t("Forward or paste a receipt to me, and I say whether it is genuine. Of your own punches the "
                           "reference is enough: {example}", example="/verify 7K3Q2H")  # fmt: skip
            await visit.say(said)
            return
        # Read out letter by letter, or in groups of a few.
        ref = asked[0] if len(asked[0]) > _GROUP else "".join(asked)
        judged = await self._receipts.judge_ref(ref, visit.link)
        await visit.say(describe_judged(visit.t, judged, visit.zone))

    async def on_line(self, visit: Visit) -> None:
        judged = await self._receipts.judge_text(visit.text or visit.caption, visit.link)
        await visit.say(describe_judged(visit.t, judged, visit.zone))
