"""My data: sent whole as files, and forgotten after a tap that says what that means."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from telegram import InputFile
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import keyboards
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import CARD, Cards, put_away
from bot.chat.my_data_texts import describe_held
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.i18n import N_
from bot.services.personal import Personal, StillOpen, write_json
from bot.store.conversations import Conversation

ASK_SURE = "forgetme"
YES, NO = N_("yes"), N_("no")
KEEP, KEPT = N_("Keep me"), N_("You stay: nothing was removed.")
# Later it may be the answer to something else.
YES_COUNTS = timedelta(minutes=5)


class PersonalChat:
    """`days`: so long coordinates are kept. Only the card that asks last forgets, and only while it asks."""

    dialogs = frozenset({ASK_SURE})

    def __init__(
        self,
        reception: Reception,
        personal: Personal,
        conversations: Conversations,
        days: int,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._reception = reception
        self._personal = personal
        self._conversations = conversations
        self._cards = Cards(conversations)
        self._days = days
        self._now = now

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("mydata", receives(self.on_my_data), new),
            CommandHandler("forgetme", receives(self.on_forget), new),
            CallbackQueryHandler(receives(self.on_my_data), "^mydata$"),
            CallbackQueryHandler(receives(self.on_forget), "^forgetme$"),
            CallbackQueryHandler(receives(self.on_sure), "^forgetme:sure$"),
            CallbackQueryHandler(receives(self.on_keep), "^forgetme:keep$"),
        ]

    async def on_my_data(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        t, held = visit.t, await self._personal.collect(visit.link)
        said = t("This is everything I hold about you, for people and for machines. Your BioTime session is not in it, "
                 "and your password I never had.")  # fmt: skip
        readable = describe_held(t, held, visit.zone).encode()
        for name, content in (("my-data.txt", readable), ("my-data.json", write_json(held))):
            file = InputFile(BytesIO(content), filename=name)
            await visit.bot.send_document(visit.chat_id, file, caption=said if name.endswith(".txt") else None)
        days = t.plural("I drop the coordinates of a punch {n} day after it; the area stays.",
                        "I drop the coordinates of a punch {n} days after it; the area stays.", self._days)  # fmt: skip
        await visit.say(days, keyboards.build_inline(t, [[(t("🗑 Forget me"), "forgetme")]]))

    async def on_forget(self, visit: Visit) -> None:
        await self._ask_sure(visit)

    async def _ask_sure(self, visit: Visit, *, below: bool = False) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        t = visit.t
        waiting = await self._personal.count_open(visit.link)
        if waiting:
            await self._cards.end(visit, self.dialogs)
            await (visit.say if below else visit.show)(_say_waiting(visit, waiting))
            return
        said = [
            t("If you tap the button, I forget you for good: your punches, receipts, notices, settings and sessions, "
              "on every Telegram account of yours."),
            t("BioTime keeps its own records: your punches and requests there stay, and so do your company's list of "
              "people and what its managers did. Receipts that you have saved stay genuine."),
            t("Of your receipts I keep only how many there were, under a code that does not name you: a later one is "
              "never taken for one of them."),
            *_say_undecided(visit, await self._personal.count_undecided(visit.link)),
            t("Instead of tapping you can type: {word}", word=t.gettext(YES)),
        ]  # fmt: skip
        buttons = keyboards.build_inline(
            t, [[(t("🗑 Forget me"), "forgetme:sure")], [(t.gettext(KEEP), "forgetme:keep")]]
        )
        until = (self._now() + YES_COUNTS).isoformat()
        await self._cards.show(visit, ASK_SURE, {"until": until}, "\n\n".join(said), buttons, below=below)

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        """A "yes" right after the question, or a "no", in any language; whatever else is typed ends it."""
        if conversation.dialog != ASK_SURE:
            return False
        if any(keyboards.means(visit.text, word) for word in (KEEP, NO)):
            await self.on_keep(visit)
            return True
        await self._conversations.end(visit.chat_id)
        meant = keyboards.means(visit.text, YES)
        if not meant or self._now() >= datetime.fromisoformat(conversation.data["until"]):
            await put_away(visit, conversation)
            return False
        await self._forget(visit)
        return True

    async def on_keep(self, visit: Visit) -> None:
        await self._cards.finish(visit, self.dialogs, visit.t(KEPT))

    async def on_sure(self, visit: Visit) -> None:
        """The button of any other card asks again, below it: whoever taps that one twice is only asked twice."""
        asked = await self._conversations.find(visit.chat_id)
        is_asked = asked is not None and asked.dialog == ASK_SURE and asked.data.get(CARD) == visit.pressed_id
        if visit.link is None or is_asked:
            await self._forget(visit)
        else:
            await self._ask_sure(visit, below=True)

    async def _forget(self, visit: Visit) -> None:
        """Forgotten first, then told so; a second tap finds nobody."""
        if visit.link is None:
            await visit.say(visit.t("You are not logged in."), keyboards.build_start(visit.t))
            return
        outcome = await self._personal.forget(visit.link)
        if isinstance(outcome, StillOpen):
            await visit.say(_say_waiting(visit, outcome.count))
            return
        said = visit.t("I have forgotten you. What you wrote in this chat stays until you delete it here. Send /start "
                       "to begin anew.")  # fmt: skip
        await visit.say(said, keyboards.remove_menu())
        for other in outcome.others:
            await _tell(visit, other)


def _say_undecided(visit: Visit, count: int) -> list[str]:
    if not count:
        return []
    return [
        visit.t.plural(
            "{n} request of yours waits for a decision. It stays in BioTime, but I can no longer tell you what becomes "
            "of it.",
            "{n} requests of yours wait for a decision. They stay in BioTime, but I can no longer tell you what "
            "becomes of them.",
            count,
        )
    ]


def _say_waiting(visit: Visit, count: int) -> str:
    return visit.t.plural(
        "{n} punch of yours is still on its way to BioTime, and would be lost. Please ask again once it is there.",
        "{n} punches of yours are still on their way to BioTime, and would be lost. Please ask again once they are "
        "there.",
        count,
    )


async def _tell(visit: Visit, telegram_id: int) -> None:
    try:
        await visit.bot.send_message(
            telegram_id,
            visit.t("You asked me from your other Telegram account to forget you."),
            reply_markup=keyboards.remove_menu(),
        )
    except TelegramError:
        return
