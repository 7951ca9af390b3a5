"""🚨 Roll call: who is on site is asked at once, and one message counts who is safe.

Buttons: `muster` asks whether to begin, `muster:go` begins, `muster:anew` ends the one that runs and begins another,
`muster:7:safe` and `muster:7:help` are under the question to each, `muster:7:look` and `muster:7:end` under the list.
"""

from typing import Any

import structlog
from telegram import InlineKeyboardMarkup
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import team_texts
from bot.chat.herald import ChatHerald
from bot.chat.keyboards import build_inline
from bot.chat.muster_board import MusterBoard
from bot.chat.muster_texts import offer_running
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.i18n import Translator
from bot.services.alerts import Undelivered
from bot.services.managing import Refused
from bot.services.mustering import Running
from bot.store.musters import Answer, Called, Muster

log = structlog.get_logger(__name__)


class MusterChat:
    def __init__(self, reception: Reception, board: MusterBoard, herald: ChatHerald) -> None:
        self._reception = reception
        self._mustering = board.mustering
        self._board = board
        self._herald = herald

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("muster", receives(self.on_muster), new),
            CallbackQueryHandler(receives(self.on_muster), "^muster$"),
            CallbackQueryHandler(receives(self.on_go), "^muster:(go|anew)$"),
            CallbackQueryHandler(receives(self.on_answer_button), r"^muster:\d{1,18}:(safe|help)$"),
            CallbackQueryHandler(receives(self.on_look), r"^muster:\d{1,18}:(look|end)(:\d{1,3})?$"),
        ]

    async def on_muster(self, visit: Visit) -> None:
        """Everybody is about to be startled: one more tap first."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        running = await self._mustering.find_running(visit.link)
        if running is not None:
            await visit.show(*offer_running(visit.t, running, visit.zone))
            return
        people, t = await self._mustering.count(visit.link), visit.t
        if isinstance(people, Refused):
            await visit.say(team_texts.describe_refusal(t, people.reason))
            return
        asks = t.plural(
            "🚨 Roll call: {n} person is on site now. Ask whether they are safe?",
            "🚨 Roll call: {n} people are on site now. Ask all of them whether they are safe?",
            people,
        )
        await visit.show(asks, build_inline(t, [[(t("🚨 Yes, call the roll"), "muster:go")], [(t("‹ Back"), "team")]]))

    async def on_go(self, visit: Visit) -> None:
        """The list comes first; then everybody is asked, and the list says who could not be."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        query = visit.update.callback_query
        assert query is not None
        message_id = query.message.message_id if query.message else 0
        source = f"telegram:{visit.chat_id}:{message_id}"
        muster = await self._mustering.begin(visit.link, visit.chat_id, source, anew=visit.argument == "anew")
        if isinstance(muster, Running):
            await visit.show(*offer_running(visit.t, muster.muster, visit.zone))
            return
        if isinstance(muster, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, muster.reason))
            return
        await self._mustering.keep_message(muster.id, visit.chat_id, message_id)
        self._board.asking.add(muster.id)
        try:
            first = self._board.build(visit.t, muster)
            await visit.show(*first)
            await self._ask_all(visit, muster)
        finally:
            self._board.asking.discard(muster.id)
        asked = await self._mustering.find(visit.link, muster.id)
        if asked is not None and self._board.build(visit.t, asked) != first:
            await visit.show(*self._board.build(visit.t, asked))

    async def _ask_all(self, visit: Visit, muster: Muster) -> None:
        for called in muster.people:
            if not called.reached and await self._ask(visit, muster, called):
                await self._mustering.keep_reached(muster.id, called.emp_code)

    async def _ask(self, visit: Visit, muster: Muster, called: Called) -> bool:
        assert visit.link is not None
        by = visit.link.name

        def build(t: Translator, _zone: object) -> tuple[str, InlineKeyboardMarkup]:
            buttons = [
                (t("✅ I am safe"), f"muster:{muster.id}:safe"),
                (t("❗ I need help"), f"muster:{muster.id}:help"),
            ]
            return t("🚨 Roll call by {name}: are you safe?", name=by), build_inline(t, [[b] for b in buttons])

        try:
            return await self._herald.tell(muster.company, called.emp_code, build)
        except Undelivered:
            log.warning("not reached in a roll call", muster=muster.id)
            return False

    # -- who was called ------------------------------------------------------------------------------------------------

    async def on_answer_button(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        number, _, said = visit.argument.partition(":")
        answered = await self._mustering.answer(visit.link, int(number), Answer(said))
        t = visit.t
        if answered is None:
            await visit.show(t("This roll call is over, or it was not for you."))
            return
        muster, is_new = answered
        other = (t("❗ I need help"), f"muster:{muster.id}:help")
        thanks = t("✅ Good: you are counted as safe.")
        if said == Answer.HELP:
            other = (t("✅ I am safe"), f"muster:{muster.id}:safe")
            thanks = t("❗ Your manager sees that you need help. If you can, call them, too.")
        await visit.show(thanks, build_inline(t, [[other]]))
        await self._board.show(muster)
        if said == Answer.HELP and is_new:
            await self._cry(visit, muster)

    async def _cry(self, visit: Visit, muster: Muster) -> None:
        """An edited list makes no sound, and this must."""
        assert visit.link is not None
        code = visit.link.emp_code
        called = next(one for one in muster.people if one.emp_code == code)

        def build(t: Translator, _zone: object) -> tuple[str, InlineKeyboardMarkup | None]:
            lines = [t("❗ {name} needs help.", name=called.name)]
            lines += [f"📍 {t.isolate(called.site)}"] if called.site else []
            lines += [t("📞 {name}: {phone}", name=called.name, phone=called.phone)] if called.phone else []
            look = (t("🔄 Look again"), f"muster:{muster.id}:look")
            return "\n".join(lines), build_inline(t, [[look]])

        try:
            await self._herald.tell(muster.company, muster.by_code, build)
        except Undelivered:
            log.warning("a call for help did not reach who called the roll", muster=muster.id)

    # -- who called ----------------------------------------------------------------------------------------------------

    async def on_look(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        number, what, *page = visit.argument.split(":")
        look = self._mustering.end if what == "end" else self._mustering.find
        muster = await look(visit.link, int(number))
        if muster is None:
            await visit.show(visit.t("That is gone already."))
            return
        query = visit.update.callback_query
        if query is not None and query.message is not None:
            await self._mustering.keep_message(muster.id, visit.chat_id, query.message.message_id)
        await visit.show(*self._board.build(visit.t, muster, int(page[0]) if page else 0))
