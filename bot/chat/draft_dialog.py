"""A dialog over a calendar, step by step in one message: what a forgotten punch and a leave have in common.

Every button carries what was chosen before it, so a card goes on after a restart, a log-in or a second tap; what is
typed answers the step that the conversation is at.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from telegram import InlineKeyboardMarkup
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import keyboards
from bot.chat.calendar import Month
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import Cards, remembered
from bot.chat.forgotten_draft import LONGEST_NOTE
from bot.chat.request_texts import describe_listed
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.i18n import Translator
from bot.services.standings import request_of
from bot.services.tenants import Tenants
from bot.store.conversations import Conversation
from bot.store.leaves import AskedLeave
from bot.store.punches import Punch


class Draft(Protocol):
    """What is known so far, short enough to travel in a button."""

    def __init__(self) -> None: ...

    @classmethod
    def read(cls, text: str) -> Self:
        """What `str` gave. ValueError for a day that is none."""


D = TypeVar("D", bound=Draft)
Shown = tuple[str, InlineKeyboardMarkup]


class DraftDialog(ABC, Generic[D]):
    """`word` is the command, the first part of every button, and the conversation's name; `form` a draft as it travels
    in a button."""

    word: ClassVar[str]
    form: ClassVar[str]

    def __init__(
        self,
        empty: D,
        reception: Reception,
        tenants: Tenants,
        conversations: Conversations,
        now: Callable[[], datetime],
    ) -> None:
        self.dialogs = frozenset({self.word})
        self._empty = empty
        self._reception = reception
        self._tenants = tenants
        self._conversations = conversations
        self._cards = Cards(conversations)
        self._now = now

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new, word, form = self._reception.receives, filters.UpdateType.MESSAGE, self.word, self.form
        return [
            CommandHandler(word, receives(self.on_begin), new),
            CallbackQueryHandler(receives(self.on_begin), f"^{word}$"),
            CallbackQueryHandler(receives(self.on_step), f"^{word}:{form}$"),
            CallbackQueryHandler(receives(self.on_below), f"^{word}-below:{form}$"),
            CallbackQueryHandler(receives(self.on_month), rf"^{word}-month:\d{{6}}:{form}$"),
            CallbackQueryHandler(receives(self.on_send), f"^{word}-send:{form}$"),
            CallbackQueryHandler(receives(self.on_cancel), f"^{word}-cancel$"),
        ]

    # -- buttons -------------------------------------------------------------------------------------------------------

    async def on_begin(self, visit: Visit) -> None:
        await self._show(visit, self._empty, {})

    async def on_step(self, visit: Visit) -> None:
        if (data := await self._find_open(visit)) is not None:
            await self._show(visit, self._read(visit.argument), data)

    async def on_below(self, visit: Visit) -> None:
        """In a message of its own: the one whose button it was tells what became of an earlier request."""
        await self._show(visit, self._read(visit.argument), {}, below=True)

    async def on_month(self, visit: Visit) -> None:
        turned, _, draft = visit.argument.partition(":")
        try:
            month = Month.read(turned)
        except ValueError:
            month = None
        if (data := await self._find_open(visit)) is not None:
            await self._show(visit, self._read(draft), data, month=month)

    async def on_send(self, visit: Visit) -> None:
        """A second tap on a card that was sent says nothing: the card itself tells what becomes of it."""
        draft = self._read(visit.argument)
        if await self._is_kept(build_source(visit, draft)):
            await self._cards.leave(visit, self.dialogs)
        elif (data := await self._find_open(visit)) is not None:
            await self._send(visit, draft, data)

    async def on_cancel(self, visit: Visit) -> None:
        await self._cards.finish(visit, self.dialogs, visit.t("Cancelled. Nothing was sent."))

    # -- typed ---------------------------------------------------------------------------------------------------------

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        data = remembered(conversation, self.word)
        if data is None or visit.text.startswith("/"):
            return False
        if data.get("by") != visit.typed_id:
            await self._take(visit, self._read(data["draft"]), data)
        return True

    # -- the card ------------------------------------------------------------------------------------------------------

    async def resume(self, visit: Visit, data: dict[str, Any]) -> None:
        """After a log-in in the middle: the card again, below it. It is not asked yet what typed text means."""
        draft, _ = self._check(visit, self._read(data["draft"]))
        built = await self._build(visit, draft, data, "", None)
        if built is not None:
            await visit.say(*built)

    async def _show(
        self,
        visit: Visit,
        draft: D,
        data: dict[str, Any],
        problem: str = "",
        *,
        month: Month | None = None,
        below: bool = False,
    ) -> None:
        if visit.link is None:
            await ask_to_log_in(visit, wanted=self.word)
            return
        draft, wrong = self._check(visit, draft)
        data = await self._know(visit, draft, data) | {"draft": str(draft)}
        built = await self._build(visit, draft, data, problem or wrong, month)
        if built is not None:
            await self._cards.show(visit, self.word, data, *built, below=below)

    @abstractmethod
    async def _take(self, visit: Visit, draft: D, data: dict[str, Any]) -> None:
        """A typed answer to the step."""

    @abstractmethod
    async def _send(self, visit: Visit, draft: D, data: dict[str, Any]) -> None:
        """What was confirmed, or the card again where something is missing."""

    @abstractmethod
    async def _is_kept(self, source: str) -> bool:
        """Whether this was sent."""

    @abstractmethod
    def _check(self, visit: Visit, draft: D) -> tuple[D, str]:
        """Without what cannot be, and why: a card may be older than what it offers."""

    @abstractmethod
    async def _know(self, visit: Visit, draft: D, data: dict[str, Any]) -> dict[str, Any]:
        """With what helps to choose."""

    @abstractmethod
    async def _build(
        self, visit: Visit, draft: D, data: dict[str, Any], problem: str, month: Month | None
    ) -> Shown | None:
        """None where the card is finished."""

    def _read(self, text: str) -> D:
        """An empty one for a day or a time that there is not."""
        try:
            return type(self._empty).read(text)
        except ValueError:
            return self._empty

    async def _find_open(self, visit: Visit) -> dict[str, Any] | None:
        """What is known so far. None, and said so, for a button of a card that was put away: it does nothing."""
        data = remembered(await self._conversations.find(visit.chat_id), self.word)
        if data is None and visit.link is not None:
            await visit.say(visit.t("That button is out of date. Send /menu to see what I can do."))
            return None
        return data or {}

    async def _say_asked(self, visit: Visit, before: Punch | AskedLeave) -> None:
        """On another device, or in an earlier card: there is nothing left to ask for."""
        t = visit.t
        listed = describe_listed(t, request_of(before), visit.zone)
        said = "\n".join([t("📝 You have asked for that already:"), *listed])
        rows = [[(t("📝 My requests"), "requests")]]
        await self._cards.finish(visit, self.dialogs, said, keyboards.build_inline(t, rows))

    def _today(self, visit: Visit) -> date:
        return self._now().astimezone(visit.zone).date()


def build_source(visit: Visit, draft: Draft) -> str:
    """The same for a second tap on the same card; another one for what is asked for in the same message later."""
    said = hashlib.blake2b(str(draft).encode(), digest_size=4).hexdigest()
    return f"telegram:{visit.chat_id}:{visit.pressed_id or visit.typed_id}:{said}"


def refuse_note(t: Translator, note: str) -> str:
    """Why this one is not taken: it is empty, or too long."""
    if not note:
        return t("Nothing can be read in that: please type the reason, or /cancel.")
    return t.plural("Please say it in {n} letter at most.", "Please say it in {n} letters at most.", LONGEST_NOTE)
