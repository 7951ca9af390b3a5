"""What a person says of today: "I'll be late" and "I'm sick", in two taps or one and a number. Managers read it."""

from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import day_notice_texts as texts
from bot.chat import keyboards
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import Cards, remembered
from bot.chat.draft_dialog import refuse_note
from bot.chat.forgotten_draft import LONGEST_NOTE, clean_note
from bot.chat.lengths import read_minutes
from bot.chat.phrases import Wished
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.services.notices import Notices, Said, Standing
from bot.store.conversations import Conversation
from bot.store.notices import NoticeKind

LATE, SICK = "late", "sick"
# They were asked whether they are going home.
HOME = "home"
_MOST = 600


class DayNoticesChat:
    """Both dialogs keep one message. What was said is taken back by the same message's button."""

    dialogs = frozenset({LATE, SICK})

    def __init__(self, reception: Reception, notices: Notices, conversations: Conversations) -> None:
        self._reception = reception
        self._notices = notices
        self._conversations = conversations
        self._cards = Cards(conversations)

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("late", receives(self.on_late), new),
            CommandHandler("sick", receives(self.on_sick), new),
            CallbackQueryHandler(receives(self.on_late), "^late$"),
            CallbackQueryHandler(receives(self.on_minutes), r"^late:\d{1,3}$"),
            CallbackQueryHandler(receives(self.on_well), "^(?:late|sick):well$"),
            CallbackQueryHandler(receives(self.on_sick), "^sick$"),
            CallbackQueryHandler(receives(self.on_sure), "^sick:(?:sure|home)$"),
            CallbackQueryHandler(receives(self.on_take_back), r"^notice-back:\d{1,18}$"),
            CallbackQueryHandler(receives(self.on_cancel), "^notice-cancel$"),
        ]

    # -- buttons -------------------------------------------------------------------------------------------------------

    async def on_late(self, visit: Visit) -> None:
        await self._ask(visit, LATE)

    async def on_sick(self, visit: Visit) -> None:
        await self._ask(visit, SICK)

    async def on_wish(self, visit: Visit, wished: Wished) -> None:
        """ "late 20 min", in plain words: nothing is left to ask."""
        if wished.minutes is not None and visit.link is not None and 1 <= wished.minutes <= _MOST:
            await self._keep(visit, NoticeKind.LATE, minutes=wished.minutes)
        else:
            await self.on_late(visit)

    async def on_minutes(self, visit: Visit) -> None:
        minutes = int(visit.argument)
        if not await self._is_open(visit, LATE):
            return
        if minutes in texts.OFFERED:
            await self._keep(visit, NoticeKind.LATE, minutes=minutes)
        else:
            await self.on_late(visit)

    async def on_sure(self, visit: Visit) -> None:
        if await self._is_open(visit, SICK):
            await self._keep(visit, NoticeKind.SICK, home=visit.argument == HOME)

    async def _is_open(self, visit: Visit, dialog: str) -> bool:
        """A button of a card that was put away does nothing, and says so; one tapped twice says again what it said."""
        asked = remembered(await self._conversations.find(visit.chat_id), dialog)
        kept = asked is None and await self._notices.is_kept(_source(visit, visit.pressed_id))
        if visit.link is None or asked is not None or kept:
            return True
        await visit.say(visit.t("That button is out of date. Send /menu to see what I can do."))
        return False

    async def on_take_back(self, visit: Visit) -> None:
        """The message names what is taken back, and only a person's own are looked for."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        await self._notices.take_back(visit.link, _source(visit, visit.argument))
        await self._cards.finish(visit, self.dialogs, visit.t("↩️ Taken back. Your manager sees it no more."))

    async def on_well(self, visit: Visit) -> None:
        """Not sick any more: of who was about to be late, how late is asked next."""
        t = visit.t
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        await self._notices.take_back_sick(visit.link)
        said = t("↩️ Taken back. Your manager sees it no more.")
        query = visit.update.callback_query
        if query is not None and str(query.data).startswith(LATE):
            await self._ask(visit, LATE, said)
        else:
            await self._cards.finish(visit, self.dialogs, said)

    async def on_cancel(self, visit: Visit) -> None:
        await self._cards.finish(visit, self.dialogs, visit.t("Cancelled. Nothing was sent."))

    # -- typed ---------------------------------------------------------------------------------------------------------

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        if conversation.dialog not in self.dialogs or visit.text.startswith("/"):
            return False
        if (remembered(conversation, conversation.dialog) or {}).get("by") == visit.typed_id:
            return True
        if conversation.dialog == SICK:
            await self._take_note(visit, home=HOME in (remembered(conversation, SICK) or {}))
            return True
        minutes = read_minutes(visit.text, _MOST)
        if minutes is None:
            await self._ask(visit, LATE, "⚠️ " + visit.t("I cannot read that. Type the minutes, for instance 45."))
        else:
            await self._keep(visit, NoticeKind.LATE, minutes=minutes)
        return True

    async def _take_note(self, visit: Visit, *, home: bool) -> None:
        note = clean_note(visit.text)
        if note and len(note) <= LONGEST_NOTE:
            await self._keep(visit, NoticeKind.SICK, note=note, home=home)
            return
        await self._ask(visit, SICK, "⚠️ " + refuse_note(visit.t, note))

    # -- the card ------------------------------------------------------------------------------------------------------

    async def _ask(self, visit: Visit, dialog: str, before: str = "") -> None:
        """`before`: what was wrong with the last answer, or has just been done."""
        t = visit.t
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        standing = await self._notices.load_standing(visit.link)
        if await self._object(visit, dialog, standing):
            return
        here = standing.since if dialog == SICK else None
        text, rows = texts.ask_late(t) if dialog == LATE else texts.ask_sick(t, here, visit.zone)
        said = "\n\n".join([*([before] if before else []), text])
        cancel = [(t("✖️ Cancel"), "notice-cancel")]
        data = {} if here is None else {HOME: True}
        await self._cards.show(visit, dialog, data, said, keyboards.build_inline(t, [*rows, cancel]))

    async def _object(self, visit: Visit, dialog: str, standing: Standing) -> bool:
        """Whether something that is known is in the way; it is said then."""
        object_to = texts.object_to_late if dialog == LATE else texts.object_to_sick
        objection = object_to(visit.t, standing, visit.zone) or texts.object_to_both(visit.t, standing, visit.zone)
        if objection is None:
            return False
        await self._cards.finish(visit, self.dialogs, *objection)
        return True

    async def _keep(
        self, visit: Visit, kind: NoticeKind, *, minutes: int | None = None, note: str | None = None, home: bool = False
    ) -> None:
        """Kept first, said then: as it was kept, where a second tap would have it otherwise."""
        t = visit.t
        if visit.link is None:
            await ask_to_log_in(visit, wanted=LATE if kind is NoticeKind.LATE else SICK)
            return
        message_id = visit.pressed_id or visit.typed_id
        source, standing = _source(visit, message_id), await self._notices.load_standing(visit.link)
        if not await self._notices.is_kept(source):
            # They may have come since they were asked.
            if await self._object(visit, str(kind), standing):
                return
            if kind is NoticeKind.SICK and standing.since is not None and not home:
                await self._ask(visit, SICK)
                return
        kept = await self._notices.say(visit.link, Said(kind, source, minutes, note))
        said = texts.describe(t, kept, home=standing.since is not None)
        await self._cards.finish(visit, self.dialogs, said, texts.build_take_back(t, message_id))


def _source(visit: Visit, message_id: int | str | None) -> str:
    return f"telegram:{visit.chat_id}:{message_id}"
