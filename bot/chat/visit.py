"""One update as the handlers see it: who it is, in which language, and how to answer."""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup, Message, ReplyKeyboardMarkup, ReplyKeyboardRemove, ReplyParameters, Update
from telegram.error import BadRequest
from telegram.ext import CallbackContext, ExtBot

from bot.attendance.model import PunchState
from bot.chat.conversations import Conversations
from bot.chat.keyboards import Menu, build_menu, build_share, read_menu
from bot.i18n import Translator, choose_language, translator_for
from bot.services.clocking import KIND
from bot.services.linking import Linking
from bot.services.offering import Offering
from bot.services.tenants import Tenants
from bot.store.links import Link, Person

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
Context = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Visit:
    """A private chat's update."""

    update: Update
    bot: ExtBot[None]
    chat_id: int
    person: Person
    link: Link | None
    t: Translator
    zone: ZoneInfo
    offering: Offering
    conversations: Conversations

    @property
    def text(self) -> str:
        message = self.update.effective_message
        return (message.text or "") if message else ""

    @property
    def caption(self) -> str:
        """What stands beneath a picture or a file."""
        message = self.update.effective_message
        return (message.caption or "") if message else ""

    @property
    def argument(self) -> str:
        """What follows the word in a button's data."""
        query = self.update.callback_query
        return (query.data or "").partition(":")[2] if query else ""

    async def say(
        self, text: str, keyboard: Keyboard | None = None, *, silent: bool = False, reply_to: int | None = None
    ) -> Message:
        """`reply_to`: a message of this chat that a tap leads back to, if it is still there."""
        reply = None if reply_to is None else ReplyParameters(reply_to, allow_sending_without_reply=True)
        sent = await self.bot.send_message(
            self.chat_id, text, reply_markup=keyboard, disable_notification=silent, reply_parameters=reply
        )
        if isinstance(keyboard, Menu):
            await self.offering.offered(self.chat_id, read_menu(keyboard))
        return sent

    @property
    def typed_id(self) -> int | None:
        """The message that was typed, or changed; a pressed button has none of its own."""
        message = self.update.message or self.update.edited_message
        return message.message_id if message else None

    @property
    def pressed_id(self) -> int | None:
        """The message whose button was pressed; None where there is no such message any more (`chat/wanted.py`)."""
        query = self.update.callback_query
        return query.message.message_id if query and query.message and query.message.message_id > 0 else None

    async def show(self, text: str, keyboard: InlineKeyboardMarkup | None = None) -> int:
        """In the message whose button was pressed, else in a new one; a file's words are its own. Returns which."""
        shown, query = self.pressed_id, self.update.callback_query
        if shown is None or (query and getattr(query.message, "effective_attachment", None)):
            return (await self.say(text, keyboard)).message_id
        try:
            await self.bot.edit_message_text(text, chat_id=self.chat_id, message_id=shown, reply_markup=keyboard)
        except BadRequest as problem:
            if "not modified" not in problem.message:
                # Too old to find, or not ours to edit.
                return (await self.say(text, keyboard)).message_id
        return shown

    async def rewrite(self, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """A message of ours, whoever caused it: how far something is, and what came of it."""
        with suppress(BadRequest):  # gone, or the same
            await self.bot.edit_message_text(text, chat_id=self.chat_id, message_id=message_id, reply_markup=keyboard)


class Reception:
    """Turns an update into a Visit."""

    def __init__(
        self, linking: Linking, offering: Offering, tenants: Tenants, conversations: Conversations, language: str
    ) -> None:
        self._linking = linking
        self._offering = offering
        self._tenants = tenants
        self._conversations = conversations
        self._language = language

    async def receive(self, update: Update, context: Context) -> Visit:
        user, chat = update.effective_user, update.effective_chat
        assert user is not None
        assert chat is not None
        person, link = await self._linking.meet(user.id, user.language_code)
        language = choose_language(person.language, user.language_code or person.language_code, self._language)
        zone = self._tenants.zone_of(link.company if link else None)
        t = translator_for(language)
        return Visit(update, context.bot, chat.id, person, link, t, zone, self._offering, self._conversations)

    def receives(self, handle: Callable[[Visit], Awaitable[None]]) -> Callback:
        """A handler as python-telegram-bot calls it. A pressed button is answered at once, or it keeps spinning."""

        async def on_update(update: Update, context: Context) -> None:
            if update.callback_query is not None:
                await answer(update)
            visit = await self.receive(update, context)
            await handle(visit)
            if self._is_new_language(visit):
                await renew_keyboard(visit)

        return on_update

    def _is_new_language(self, visit: Visit) -> bool:
        """The phone speaks another one than when it was last heard of, and the person has chosen none here. Whoever
        has logged in or out just now has another keyboard, or none."""
        before = choose_language(visit.person.language, visit.person.language_code, self._language)
        return before != visit.t.language and visit.link is not None


async def renew_keyboard(visit: Visit) -> None:
    """The reply keyboard on the screen, in the language that is spoken from now on."""
    t, link = visit.t, (await visit.offering.find_link(visit.chat_id))
    if link is None or link.offered_state is None:
        return
    # Each catalogue names its own language there.
    said = t("The buttons below are in English now, too.")
    found = await visit.conversations.find(visit.chat_id)
    chosen = found.data["punch_state"] if found is not None and found.dialog == KIND else None
    if chosen is None:
        await visit.say(said, build_menu(t, link.offered_state))
    else:
        await visit.say(said, build_share(t, PunchState(chosen)))


async def answer(update: Update) -> None:
    """Ends the waiting that a pressed button shows."""
    assert update.callback_query is not None
    if not update.callback_query.id:
        return  # pressed before the log-in, and answered then
    try:
        await update.callback_query.answer()
    except BadRequest:
        return  # "query is too old": the press still counts
