"""Who is left out of alerts, for HR: a list with people and departments, one more, one less.

Buttons: `out:0` a page of the list, `out:add`, `out:who:1001`, `out:places:1`, `out:place:3`; `out:in:1001` and
`out:in-place:3` take back in.
"""

from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.chat import charge_texts, team_texts
from bot.chat.approval_texts import describe_person
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import begin, drop_question
from bot.chat.keyboards import Row, build_inline
from bot.chat.managers import build_places
from bot.chat.team import build_found
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.i18n import Translator
from bot.services.appointing import Appointing
from bot.services.excluding import Excluding, LeftOut
from bot.services.managing import Refused
from bot.services.team import Team
from bot.store.conversations import Conversation
from bot.store.managers import Scope

ASK_WHO = "out:who"
PAGE = 8


class ExclusionsChat:
    def __init__(
        self,
        reception: Reception,
        excluding: Excluding,
        appointing: Appointing,
        team: Team,
        conversations: Conversations,
    ) -> None:
        self._reception = reception
        self._excluding = excluding
        self._appointing = appointing
        self._team = team
        self._conversations = conversations

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives = self._reception.receives
        return [
            CallbackQueryHandler(receives(self.on_list), r"^out:\d{1,4}$"),
            CallbackQueryHandler(receives(self.on_add), "^out:add$"),
            CallbackQueryHandler(receives(self.on_who), r"^out:who:.{1,40}$"),
            CallbackQueryHandler(receives(self.on_places), r"^out:places:\d{1,4}$"),
            CallbackQueryHandler(receives(self.on_place), r"^out:place:\d{1,12}$"),
            CallbackQueryHandler(receives(self.on_in), r"^out:in:.{1,40}$"),
            CallbackQueryHandler(receives(self.on_in), r"^out:in-place:\d{1,12}$"),
        ]

    async def on_list(self, visit: Visit) -> None:
        await self._show_list(visit, int(visit.argument))

    async def on_add(self, visit: Visit) -> None:
        if await self._load(visit) is None:
            return
        await drop_question(visit, self._conversations, ASK_WHO)
        await begin(visit, self._conversations, Conversation(ASK_WHO), visit.pressed_id)
        t = visit.t
        asks = t("Whom shall I leave out? Type a part of the name, or the employee code.")
        await visit.show(asks, build_inline(t, [[(t("🏢 A department"), "out:places:0")], [(t("‹ Back"), "out:0")]]))

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        if conversation.dialog != ASK_WHO or visit.text.startswith("/"):
            return False
        if await self._load(visit) is None or visit.link is None:
            return True
        found = await self._team.find(visit.link, visit.text)
        if isinstance(found, Refused) or not found.people:
            await visit.say(visit.t("I found nobody. Type another part of the name, or /cancel."))
        elif len(found.people) == 1:
            await self._leave_out(visit, LeftOut(found.people[0].emp_code))
        else:
            await visit.say(visit.t("Whom do you mean?"), build_found(visit.t, found, "out:who"))
        return True

    async def on_who(self, visit: Visit) -> None:
        await self._leave_out(visit, LeftOut(visit.argument.partition(":")[2]))

    async def on_places(self, visit: Visit) -> None:
        if await self._load(visit) is None or visit.link is None:
            return
        places = await self._appointing.load_places(visit.link, Scope.DEPARTMENT)
        if not isinstance(places, Refused):
            page = int(visit.argument.rpartition(":")[2])
            await visit.show(visit.t("Which department?"), build_places(visit.t, places, page, "out", "out:0"))

    async def on_place(self, visit: Visit) -> None:
        await self._leave_out(visit, LeftOut(department_id=int(visit.argument.rpartition(":")[2])))

    async def on_in(self, visit: Visit) -> None:
        if await self._load(visit) is None or visit.link is None:
            return
        what, _, key = visit.argument.partition(":")
        await self._excluding.take_in(visit.link, LeftOut(key) if what == "in" else LeftOut(department_id=int(key)))
        await self._show_list(visit, 0)

    async def _leave_out(self, visit: Visit, who: LeftOut) -> None:
        if await self._load(visit) is None or visit.link is None:
            return
        done = await self._excluding.leave_out(visit.link, who)
        if isinstance(done, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, done.reason))
        await self._show_list(visit, 0)

    async def _show_list(self, visit: Visit, page: int) -> None:
        left_out = await self._load(visit)
        if left_out is None:
            return
        await self._conversations.end(visit.chat_id)
        page = min(page, max(len(left_out) - 1, 0) // PAGE)
        await visit.show(describe_left_out(visit.t, left_out, page), _build_list(visit.t, left_out, page))

    async def _load(self, visit: Visit) -> list[LeftOut] | None:
        """None where it has been said why not."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return None
        left_out = await self._excluding.load(visit.link)
        if isinstance(left_out, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, left_out.reason))
            return None
        return left_out


def describe_left_out(t: Translator, left_out: list[LeftOut], page: int) -> str:
    head = t("🙈 Left out of alerts: {n}", n=len(left_out))
    if not left_out:
        return "\n".join([head, t("Everybody who is missing is told of.")])
    shown = left_out[page * PAGE : (page + 1) * PAGE]
    lines = [f"• {_describe(t, one)}" for one in shown]
    return "\n".join([head, t("Nobody is told when they are missing, and nobody asks them."), "", *lines])


def _describe(t: Translator, who: LeftOut) -> str:
    if who.emp_code:
        return describe_person(t, who.name, who.emp_code)
    return charge_texts.describe_scope(t, Scope.DEPARTMENT, who.name or str(who.department_id))


def _build_list(t: Translator, left_out: list[LeftOut], page: int) -> InlineKeyboardMarkup:
    rows: list[Row] = [[(t("➕ Leave out"), "out:add")]]
    for one in left_out[page * PAGE : (page + 1) * PAGE]:
        data = f"out:in:{one.emp_code}" if one.emp_code else f"out:in-place:{one.department_id}"
        rows.append([(f"✖️ {one.name or one.emp_code or one.department_id}"[:60], data)])
    earlier = [(t("‹ Back"), f"out:{page - 1}" if page else "rules")]
    later = [(t("More ›"), f"out:{page + 1}")] if len(left_out) > (page + 1) * PAGE else []
    return build_inline(t, [*rows, [*earlier, *later]])
