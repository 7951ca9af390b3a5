"""☰ More › Requests: its menu, and the list of what was asked for, with a way to take it back."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import keyboards
from bot.chat.keyboards import Row
from bot.chat.request_texts import describe_request, describe_requests
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in, note_wanted
from bot.i18n import N_
from bot.services.my_requests import MyRequests, Withdrawal
from bot.services.standings import Request
from bot.services.timecards import Reach
from bot.store.links import Link

PAGE = 6
_KEY = r"(?:own|kept|log|leave)\.\d{1,18}"
_OUTCOMES = {
    Withdrawal.DONE: N_("↩️ You took your request back."),
    Withdrawal.SENDING: N_("It is being sent to BioTime at this moment. Please try again in a minute."),
    Withdrawal.BACK: N_("↩️ You took your request back."),
    Withdrawal.DECIDED: N_("It is decided already, or was taken back before."),
    Withdrawal.UNKNOWN: N_("That button is out of date. Send /menu to see what I can do."),
    Withdrawal.NO_ANSWER: N_("BioTime is not answering right now. Your request stands; please try again later."),
    Withdrawal.LOGIN: N_("Your BioTime session has ended. Please log in, then take your request back."),
    Withdrawal.OFFICE: N_("I cannot take it back from BioTime. Please ask your manager to refuse it."),
}


Menu = Callable[[Visit], Awaitable[list[Row]]]


class MyRequestsChat:
    """`menu` builds the rows of what can be asked for."""

    def __init__(self, reception: Reception, my_requests: MyRequests, menu: Menu) -> None:
        self._reception = reception
        self._my_requests = my_requests
        self._menu = menu

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("requests", receives(self.on_list), new),
            CallbackQueryHandler(receives(self.on_menu), "^requests-menu$"),
            CallbackQueryHandler(receives(self.on_list), r"^requests(?::\d{1,3})?$"),
            CallbackQueryHandler(receives(self.on_below), "^requests-below$"),
            CallbackQueryHandler(receives(self.on_withdraw), f"^withdraw:{_KEY}$"),
            CallbackQueryHandler(receives(self.on_sure), f"^withdraw-sure:{_KEY}$"),
            CallbackQueryHandler(_do_nothing(self._reception), "^idle$"),
        ]

    async def on_menu(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        await visit.show(visit.t("What would you like to ask for, or to say?"), await self._build_menu(visit))

    async def on_list(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        await visit.show(*await self._build_list(visit, visit.link))

    async def on_below(self, visit: Visit) -> None:
        """From the card of a request, which stays: it is edited when there is news."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        await visit.say(*await self._build_list(visit, visit.link))

    async def _build_list(self, visit: Visit, link: Link) -> tuple[str, InlineKeyboardMarkup]:
        found, reach = await self._my_requests.load(link)
        number = min(int(visit.argument or 0), max(len(found) - 1, 0) // PAGE)
        shown = found[number * PAGE : (number + 1) * PAGE]
        text = describe_requests(visit.t, shown, visit.zone, reach)
        if reach is Reach.SESSION_OVER:
            await note_wanted(visit)
        return text, _build_list(visit, shown, number, len(found) > (number + 1) * PAGE, reach)

    async def on_withdraw(self, visit: Visit) -> None:
        t, key = visit.t, visit.argument
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        found, _ = await self._my_requests.load(visit.link)
        request = next((one for one in found if one.key == key), None)
        if request is None:
            await self._show_outcome(visit, await self._my_requests.explain(visit.link, key))
            return
        asked = "\n".join([t("Take this request back?"), "", describe_request(t, request, visit.zone)])
        sure = [(t("↩️ Take it back"), f"withdraw-sure:{key}")]
        await visit.show(asked, keyboards.build_inline(t, [sure, [(t("Keep it"), "requests")]]))

    async def on_sure(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        await self._show_outcome(visit, await self._my_requests.withdraw(visit.link, visit.argument))

    async def _show_outcome(self, visit: Visit, outcome: Withdrawal) -> None:
        """A button that names no request of theirs leaves its message as it is: that may say how one ended."""
        t, key = visit.t, visit.argument
        if outcome is Withdrawal.UNKNOWN:
            await visit.say(t(_OUTCOMES[outcome]))
            return
        rows: list[Row] = [[(t("🔁 Try again"), f"withdraw-sure:{key}")]] if outcome in _AGAIN else []
        if outcome is Withdrawal.LOGIN:
            rows = [[(t("🔑 Log in"), "login")], *rows]
            await note_wanted(visit, f"withdraw:{key}")
        await visit.show(t(_OUTCOMES[outcome]), keyboards.build_inline(t, [*rows, [(t("📝 My requests"), "requests")]]))

    async def _build_menu(self, visit: Visit) -> InlineKeyboardMarkup:
        t = visit.t
        rows = [*await self._menu(visit), [(t("📝 My requests"), "requests")], [(t("‹ Back"), "more")]]
        return keyboards.build_inline(t, rows)


_AGAIN = (Withdrawal.SENDING, Withdrawal.NO_ANSWER, Withdrawal.LOGIN)


def _build_list(visit: Visit, shown: list[Request], number: int, has_more: bool, reach: Reach) -> InlineKeyboardMarkup:
    t = visit.t
    rows: list[Row] = [
        [(f"↩️ {describe_request(t, request, visit.zone)}", f"withdraw:{request.key}")]
        for request in shown
        if request.key is not None
    ]
    newer = [(t("‹ Newer"), f"requests:{number - 1}")] if number else []
    older = [(t("Older ›"), f"requests:{number + 1}")] if has_more else []
    login = [(t("🔑 Log in"), "login")] if reach is Reach.SESSION_OVER else []
    return keyboards.build_inline(t, [*rows, newer + older, login, [(t("‹ Back"), "requests-menu")]])


def _do_nothing(reception: Reception) -> Any:
    async def rest(visit: Visit) -> None:
        """A button that only says something: the day's name over a calendar."""

    return reception.receives(rest)
