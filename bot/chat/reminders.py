"""Reminders: what a person wants to be reminded of, and when. Chosen by buttons or typed in minutes."""

from datetime import timedelta
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.attendance.reminders import ReminderKind
from bot.chat import keyboards
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import begin, drop_question
from bot.chat.keyboards import Row
from bot.chat.lengths import read_length
from bot.chat.reminder_texts import AT_ONCE, NAMES, NO_NUDGE, describe_reminders, say_nudge, say_when
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.i18n import N_, Translator
from bot.services.reminders import BOUNDS, Chosen, Reminders
from bot.store.conversations import Conversation

MINUTES, NUDGE = "reminder minutes", "nudge"
_OFF = (N_("off"), N_("🔕 Off"))
OFFERED = {
    ReminderKind.IN: (-30, -15, -10, -5, 0, 5, 10, 15),
    ReminderKind.OUT: (-5, 0, 5, 10, 15, 30),
    ReminderKind.BREAK: (15, 30, 45, 60, 90),
}
NUDGES = (0, 5, 10, 15, 30)
_MINUTE = timedelta(minutes=1)


class RemindersChat:
    def __init__(self, reception: Reception, reminders: Reminders, conversations: Conversations) -> None:
        self._reception = reception
        self._reminders = reminders
        self._conversations = conversations

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("reminders", receives(self.on_reminders), new),
            CallbackQueryHandler(receives(self.on_reminders), "^reminders$"),
            CallbackQueryHandler(receives(self.on_later), r"^later:\d{1,18}$"),
            CallbackQueryHandler(receives(self.on_off), "^reminders:off$"),
            CallbackQueryHandler(receives(self.on_kind), "^remind:(in|out|break|nudge)$"),
            CallbackQueryHandler(receives(self.on_nudge), r"^remind:nudge:\d{1,2}$"),
            CallbackQueryHandler(receives(self.on_choice), r"^remind:(in|out|break):(off|-?\d{1,3})$"),
        ]

    async def on_reminders(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        await self._leave_question(visit)
        chosen = await self._reminders.load(visit.link)
        await visit.show(describe_reminders(visit.t, chosen), _build_overview(visit.t, chosen))

    async def on_off(self, visit: Visit) -> None:
        if visit.link is not None:
            await self._reminders.turn_off(visit.link)
        await self.on_reminders(visit)

    async def on_later(self, visit: Visit) -> None:
        again_at = await self._reminders.put_off(visit.link, int(visit.argument)) if visit.link else None
        if again_at is None:
            await visit.show(visit.t("That button is out of date. Send /menu to see what I can do."))
            return
        await visit.show(visit.t("💤 I remind you again at {time}.", time=visit.t.time(again_at, visit.zone)))

    async def on_kind(self, visit: Visit) -> None:
        t = visit.t
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        if visit.argument == "nudge":
            await self._ask_nudge(visit)
            return
        kind = ReminderKind(visit.argument)
        await self._begin(visit, str(kind))
        choices = [(say_when(t, kind, n * _MINUTE), f"remind:{kind}:{n}") for n in OFFERED[kind]]
        example = say_when(t, kind, OFFERED[kind][1] * _MINUTE)
        said = t("When? Tap it, or type it, for instance “{example}”.", example=example)
        await visit.show(
            f"{t.gettext(NAMES[kind])}\n{said}", _build_choices(t, [*choices, (t("🔕 Off"), f"remind:{kind}:off")])
        )

    async def _begin(self, visit: Visit, kind: str) -> None:
        """Of two questions one is open: what the other asked was never to be sent."""
        await drop_question(visit, self._conversations, MINUTES)
        await begin(visit, self._conversations, Conversation(MINUTES, {"kind": kind}), visit.pressed_id)

    async def _ask_nudge(self, visit: Visit) -> None:
        t = visit.t
        await self._begin(visit, NUDGE)
        asked = t("How long before your manager is told that you are missing should I ask you?")
        await visit.show(asked, _build_choices(t, [(say_nudge(t, n), f"remind:nudge:{n}") for n in NUDGES]))

    async def on_choice(self, visit: Visit) -> None:
        kind, _, minutes = visit.argument.partition(":")
        await self._choose(visit, ReminderKind(kind), None if minutes == "off" else int(minutes))

    async def on_nudge(self, visit: Visit) -> None:
        await self._choose_nudge(visit, int(visit.argument.partition(":")[2]))

    async def _choose_nudge(self, visit: Visit, minutes: int) -> None:
        if visit.link is not None and minutes in NUDGES:
            await self._reminders.choose_nudge(visit.link, minutes * _MINUTE)
        await self.on_reminders(visit)

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        if conversation.dialog != MINUTES or visit.text.startswith("/"):
            return False
        typed, asked = visit.text, conversation.data["kind"]
        if asked == NUDGE:
            await self._take_nudge(visit, typed)
            return True
        kind = ReminderKind(asked)
        minutes = read_minutes(typed, kind)
        if any(keyboards.means(typed, off) for off in _OFF):
            await self._choose(visit, kind, None)
        elif minutes is None:
            await visit.say(visit.t("Please type a number of minutes, for instance 10, or /cancel."))
        else:
            await self._choose(visit, kind, minutes)
        return True

    async def _take_nudge(self, visit: Visit, typed: str) -> None:
        found = 0 if keyboards.means(typed, NO_NUDGE) else getattr(read_length(typed), "minutes", None)
        if found in NUDGES:
            await self._choose_nudge(visit, found)
        else:
            await visit.say(visit.t("Please tap one of the buttons."))

    async def _choose(self, visit: Visit, kind: ReminderKind, minutes: int | None) -> None:
        after = None if minutes is None else minutes * _MINUTE
        if visit.link is not None and not await self._reminders.choose(visit.link, kind, after):
            earliest, latest = (end // _MINUTE for end in BOUNDS[kind])
            await visit.say(
                visit.t("That is too far away. Please type a number from {first} to {last}, or /cancel.",
                        first=str(earliest), last=str(latest))
            )  # fmt: skip
            return
        await self.on_reminders(visit)

    async def _leave_question(self, visit: Visit) -> None:
        conversation = await self._conversations.find(visit.chat_id)
        if conversation is not None and conversation.dialog == MINUTES:
            await self._conversations.end(visit.chat_id)


def read_minutes(typed: str, kind: ReminderKind) -> int | None:
    """ "10", "-10", "10 min before the start", or what a button says, in any language; None for anything else."""
    if any(keyboards.means(typed, label) for label in AT_ONCE.get(kind, ())):
        return 0
    found = read_length(typed)
    return None if found is None else found.signed


def _build_overview(t: Translator, chosen: Chosen) -> Any:
    kinds = [(t.gettext(name), f"remind:{kind}") for kind, name in NAMES.items()]
    off: Row = [(t("🔕 Turn all off"), "reminders:off")] if chosen.wishes.any else []
    back: Row = [(t("‹ Back"), "settings")]
    return keyboards.build_inline(t, [kinds[:2], kinds[2:], [(t("👔 Before my manager"), "remind:nudge")], off, back])


def _build_choices(t: Translator, choices: list[tuple[str, str]]) -> Any:
    rows: list[Row] = [choices[start : start + 2] for start in range(0, len(choices), 2)]
    return keyboards.build_inline(t, [*rows, [(t("‹ Back"), "reminders")]])
