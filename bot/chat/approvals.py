"""Requests to decide: what waits, one with its evidence, approve, refuse with a reason, and all harmless ones at once.

Buttons: `approvals:0` a page of what waits, `case:log:17` one of it, `approve:log:17`, `refuse:log:17` asks for the
reason and `refuse:log:17:1` gives one, `harmless` shows those that may be approved together and `harmless:sure` does.
"""

from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import approval_texts as texts
from bot.chat import keyboards
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import Cards, begin, forget_card
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.i18n import Translator
from bot.services.cases import Case
from bot.services.deciding import Decided, Deciding, Trouble
from bot.services.filings import Kind, Request, Verdict
from bot.services.spelling import clean_sentence
from bot.store.conversations import Conversation

PAGE = 8
LONGEST_REASON = 300
ASK_REASON, HARMLESS = "approvals:reason", "approvals:harmless"
# Another dialog that is open goes on.
_QUESTIONS = frozenset({ASK_REASON, HARMLESS})
_ONE = r"(log|leave):\d{1,18}"


class ApprovalsChat:
    def __init__(self, reception: Reception, deciding: Deciding, conversations: Conversations) -> None:
        self._reception = reception
        self._deciding = deciding
        self._conversations = conversations
        self._cards = Cards(conversations)

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("approvals", receives(self.on_list), new),
            CallbackQueryHandler(receives(self.on_list), r"^approvals:\d{1,4}$"),
            CallbackQueryHandler(receives(self.on_case), rf"^case:{_ONE}$"),
            CallbackQueryHandler(receives(self.on_approve), rf"^approve:{_ONE}$"),
            CallbackQueryHandler(receives(self.on_refuse), rf"^refuse:{_ONE}$"),
            CallbackQueryHandler(receives(self.on_reason), rf"^refuse:{_ONE}:\d$"),
            CallbackQueryHandler(receives(self.on_harmless), "^harmless$"),
            CallbackQueryHandler(receives(self.on_all), "^harmless:sure$"),
        ]

    # -- what waits ----------------------------------------------------------------------------------------------------

    async def on_list(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        waiting = await self._deciding.list_waiting(visit.link)
        if isinstance(waiting, Trouble):
            await visit.show(texts.describe_trouble(visit.t, waiting))
            return
        page = min(int(visit.argument or 0), max(len(waiting) - 1, 0) // PAGE)
        await visit.show(texts.describe_waiting(visit.t, waiting), _build_list(visit, waiting, page))

    async def on_case(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        await self._cards.end(visit, _QUESTIONS)
        found = await self._deciding.open_case(visit.link, *_read(visit.argument))
        if isinstance(found, Case):
            await visit.show(texts.describe_case(visit.t, found, visit.zone), _build_case(visit.t, found.request))
        else:
            await self._show_outcome(visit, found)

    # -- one decision --------------------------------------------------------------------------------------------------

    async def on_approve(self, visit: Visit) -> None:
        await self._decide(visit, visit.argument, Verdict.APPROVED, "")

    async def on_refuse(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        found = await self._deciding.open_case(visit.link, *_read(visit.argument))
        if not isinstance(found, Case):
            await self._show_outcome(visit, found)
            return
        what = texts.describe_short(visit.t, found.request, visit.zone)
        asked = visit.t("Why do you refuse it? Type the reason, or choose one: {name} reads it.",
                        name=found.request.name)  # fmt: skip
        await begin(
            visit, self._conversations, Conversation(ASK_REASON, {"request": found.request.once}), visit.pressed_id
        )
        await visit.show("\n".join([what, "", asked]), _build_reasons(visit.t, found.request))

    async def on_reason(self, visit: Visit) -> None:
        once, _, number = visit.argument.rpartition(":")
        if int(number) >= len(texts.REASONS):
            await self.on_list(visit)
            return
        await self._decide(visit, once, Verdict.REFUSED, texts.REASONS[int(number)])

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        if conversation.dialog != ASK_REASON:
            return False
        reason = clean_sentence(visit.text)
        if not reason:
            await visit.say(visit.t("Nothing can be read in that: please type the reason, or /cancel."))
        elif len(reason) > LONGEST_REASON:
            await visit.say(visit.t("Please say it in {number} letters at most, or /cancel.", number=LONGEST_REASON))
        else:
            await self._decide(visit, conversation.data["request"], Verdict.REFUSED, reason)
        return True

    async def _decide(self, visit: Visit, once: str, verdict: Verdict, reason: str) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        outcome = await self._deciding.decide(visit.link, *_read(once), verdict, reason)
        if outcome is Trouble.NO_ANSWER:
            await forget_card(visit, self._conversations, ASK_REASON)
        else:
            await self._cards.end(visit, _QUESTIONS)
        await self._show_outcome(visit, outcome)

    async def _show_outcome(self, visit: Visit, outcome: Decided | Trouble) -> None:
        back = keyboards.build_inline(visit.t, [[(visit.t("🗳 To approve"), "approvals:0")]])
        if isinstance(outcome, Trouble):
            known = outcome in (Trouble.NO_ANSWER, Trouble.GONE)
            await visit.show(texts.describe_trouble(visit.t, outcome), back if known else None)
            return
        await visit.show(texts.describe_decided(visit.t, outcome, visit.zone), back)

    # -- many at once --------------------------------------------------------------------------------------------------

    async def on_harmless(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        cases = await self._deciding.list_harmless(visit.link)
        if isinstance(cases, Trouble):
            await self._show_outcome(visit, cases)
            return
        back = (visit.t("🗳 To approve"), "approvals:0")
        if not cases:
            await self._say_none(visit, back)
            return
        await begin(
            visit,
            self._conversations,
            Conversation(HARMLESS, {"shown": [case.request.id for case in cases]}),
            visit.pressed_id,
        )
        yes = visit.t.plural("✅ Approve {n} request", "✅ Approve {n} requests", len(cases))
        buttons = keyboards.build_inline(visit.t, [[(yes, "harmless:sure")], [back]])
        await visit.show(texts.describe_harmless(visit.t, cases, visit.zone), buttons)

    async def _say_none(self, visit: Visit, back: tuple[str, str]) -> None:
        """Of those that wait; or nothing waits any more."""
        assert visit.link is not None
        waiting = await self._deciding.list_waiting(visit.link)
        if isinstance(waiting, Trouble):
            await self._show_outcome(visit, waiting)
            return
        t = visit.t
        said = t("None of them is harmless: please look at each.") if waiting else texts.describe_waiting(t, waiting)
        await visit.show(said, keyboards.build_inline(visit.t, [[back]]))

    async def on_all(self, visit: Visit) -> None:
        """Those that were shown, and no other."""
        asked = await self._conversations.find(visit.chat_id)
        if visit.link is None or asked is None or asked.dialog != HARMLESS:
            await self.on_harmless(visit)
            return
        done = await self._deciding.approve_harmless(visit.link, asked.data["shown"])
        if isinstance(done, Trouble):
            await forget_card(visit, self._conversations, HARMLESS)
            await self._show_outcome(visit, done)
            return
        await self._cards.end(visit, _QUESTIONS)
        back = keyboards.build_inline(visit.t, [[(visit.t("🗳 To approve"), "approvals:0")]])
        await visit.show(texts.describe_all(visit.t, done), back)


def _read(once: str) -> tuple[Kind, int]:
    kind, _, number = once.partition(":")
    return Kind(kind), int(number)


def _build_list(visit: Visit, waiting: list[Request], page: int) -> InlineKeyboardMarkup:
    t = visit.t
    shown = waiting[page * PAGE : (page + 1) * PAGE]
    rows: list[keyboards.Row] = [
        [(texts.describe_short(t, request, visit.zone), f"case:{request.once}")] for request in shown
    ]
    earlier = [(t("‹ Back"), f"approvals:{page - 1}")] if page else []
    later = [(t("More ›"), f"approvals:{page + 1}")] if len(waiting) > (page + 1) * PAGE else []
    together = [(t("✅ All harmless ones …"), "harmless")] if any(request.ref for request in waiting) else []
    return keyboards.build_inline(t, [*rows, [*earlier, *later], together, [(t("👥 Team"), "team")]])


def _build_case(t: Translator, request: Request) -> InlineKeyboardMarkup:
    decide = [(t("✅ Approve"), f"approve:{request.once}"), (t("❌ Refuse"), f"refuse:{request.once}")]
    return keyboards.build_inline(t, [decide, [(t("‹ Back"), "approvals:0")]])


def _build_reasons(t: Translator, request: Request) -> InlineKeyboardMarkup:
    rows: list[keyboards.Row] = [
        [(t.gettext(reason), f"refuse:{request.once}:{number}")] for number, reason in texts.find_reasons(request.kind)
    ]
    return keyboards.build_inline(t, [*rows, [(t("‹ Back"), f"case:{request.once}")]])
