"""What a person says of today: "I'll be late" and "I'm sick", in two taps or one and a number. Managers read it."""

from datetime import timedelta
from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import keyboards
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import Cards, remembered
from bot.chat.forgotten_draft import LONGEST_NOTE, clean_note
from bot.chat.keyboards import Row
from bot.chat.phrases import Wished
from bot.chat.reading import read_minutes
from bot.chat.visit import Reception, Visit
from bot.i18n import Translator
from bot.services.notices import Notices, Said
from bot.store.conversations import Conversation
from bot.store.notices import Notice, NoticeKind

LATE, SICK = "late", "sick"
_OFFERED = (10, 20, 30, 60)
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
            CallbackQueryHandler(receives(self.on_sick), "^sick$"),
            CallbackQueryHandler(receives(self.on_sure), "^sick:sure$"),
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
        if minutes in _OFFERED:
            await self._keep(visit, NoticeKind.LATE, minutes=minutes)
        else:
            await self.on_late(visit)

    async def on_sure(self, visit: Visit) -> None:
        if await self._is_open(visit, SICK):
            await self._keep(visit, NoticeKind.SICK)

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
            await visit.say(visit.t("Please log in first."), keyboards.build_start(visit.t))
            return
        await self._notices.take_back(visit.link, _source(visit, visit.argument))
        await self._cards.finish(visit, self.dialogs, visit.t("↩️ Taken back. Your manager sees it no more."))

    async def on_cancel(self, visit: Visit) -> None:
        await self._cards.finish(visit, self.dialogs, visit.t("Cancelled. Nothing was sent."))

    # -- typed ---------------------------------------------------------------------------------------------------------

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        if conversation.dialog not in self.dialogs or visit.text.startswith("/"):
            return False
        if (remembered(conversation, conversation.dialog) or {}).get("by") == visit.typed_id:
            return True
        if conversation.dialog == SICK:
            await self._take_note(visit)
            return True
        minutes = read_minutes(visit.text, _MOST)
        if minutes is None:
            await self._ask(visit, LATE, visit.t("I cannot read that. Type the minutes, for instance 45."))
        else:
            await self._keep(visit, NoticeKind.LATE, minutes=minutes)
        return True

    async def _take_note(self, visit: Visit) -> None:
        note = clean_note(visit.text)
        if note and len(note) <= LONGEST_NOTE:
            await self._keep(visit, NoticeKind.SICK, note=note)
            return
        await self._ask(
            visit,
            SICK,
            visit.t.plural(
                "Please say it in {n} letter at most.", "Please say it in {n} letters at most.", LONGEST_NOTE
            ),
        )

    # -- the card ------------------------------------------------------------------------------------------------------

    async def _ask(self, visit: Visit, dialog: str, problem: str = "") -> None:
        t = visit.t
        if visit.link is None:
            await visit.say(t("Please log in first."), keyboards.build_start(t))
            return
        text, rows = _ask_late(t) if dialog == LATE else _ask_sick(t)
        said = "\n\n".join([*([f"⚠️ {problem}"] if problem else []), text])
        cancel = [(t("✖️ Cancel"), "notice-cancel")]
        await self._cards.show(visit, dialog, {}, said, keyboards.build_inline(t, [*rows, cancel]))

    async def _keep(
        self, visit: Visit, kind: NoticeKind, *, minutes: int | None = None, note: str | None = None
    ) -> None:
        """Kept first, said then: as it was kept, where a second tap would have it otherwise."""
        t = visit.t
        if visit.link is None:
            await visit.say(t("Please log in first."), keyboards.build_start(t))
            return
        message_id = visit.pressed_id or visit.typed_id
        kept = await self._notices.say(visit.link, Said(kind, _source(visit, message_id), minutes, note))
        await self._cards.finish(visit, self.dialogs, _describe(t, kept), _take_back(t, message_id))


def _source(visit: Visit, message_id: int | str | None) -> str:
    return f"telegram:{visit.chat_id}:{message_id}"


def _ask_late(t: Translator) -> tuple[str, list[Row]]:
    rows: list[Row] = [[(t.duration(timedelta(minutes=n)), f"late:{n}") for n in _OFFERED]]
    return t("⏰ How late will you be today? Tap it, or type the minutes."), rows


def _ask_sick(t: Translator) -> tuple[str, list[Row]]:
    said = t("🤒 Tell your manager that you are sick today? Tap the button, or type a few words that go with it.")
    return said, [[(t("🤒 I'm sick today"), "sick:sure")]]


def _describe(t: Translator, notice: Notice) -> str:
    day = t.day(notice.workdate)
    if notice.kind is NoticeKind.LATE:
        how_late = t.duration(timedelta(minutes=notice.minutes or 0))
        return t("⏰ Noted for {day}: about {duration} late. Your manager can see it.", day=day, duration=how_late)
    said = t("🤒 Noted for {day}: sick. Your manager can see it. Get well soon!", day=day)
    return "\n".join([said, t("Your words: {words}", words=notice.note)]) if notice.note else said


def _take_back(t: Translator, message_id: int | None) -> InlineKeyboardMarkup:
    return keyboards.build_inline(t, [[(t("↩️ Take it back"), f"notice-back:{message_id}")]])
