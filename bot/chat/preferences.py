"""Language, help, the More menu and the settings; and what is said to a message nobody asked for."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.chat import keyboards
from bot.chat.clocking import ClockingChat
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import BY
from bot.chat.help_texts import describe_help
from bot.chat.linking import LinkingChat
from bot.chat.manager_commands import ManagerCommands
from bot.chat.phrases import Wish, Wished, read_wish
from bot.chat.secrecy import Secrecy
from bot.chat.timecards import TimecardsChat
from bot.chat.visit import Reception, Visit, renew_keyboard
from bot.chat.wanted import ask_to_log_in
from bot.i18n import LANGUAGES, translator_for
from bot.services.linking import Linking
from bot.services.managing import HR
from bot.store.conversations import Conversation


class PreferencesChat:
    def __init__(
        self,
        reception: Reception,
        linking: Linking,
        secrecy: Secrecy,
        commands: ManagerCommands,
    ) -> None:
        self._reception = reception
        self._linking = linking
        self._secrecy = secrecy
        self._commands = commands

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("language", receives(self.on_languages), new),
            CommandHandler("help", receives(self.on_help), new),
            CommandHandler("menu", receives(self.on_more), new),
            CommandHandler("settings", receives(self.on_settings), new),
            CallbackQueryHandler(receives(self.on_more), "^more$"),
            CallbackQueryHandler(receives(self.on_settings), "^settings$"),
            CallbackQueryHandler(receives(self.on_languages), "^languages$"),
            CallbackQueryHandler(receives(self.on_language), "^language:[a-z]{2}$"),
            CallbackQueryHandler(receives(self.on_help), "^help$"),
        ]

    async def on_more(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        manages = await self._commands.is_manager(visit.link)
        if manages:
            await self._commands.offer(visit.t, visit.link)
        await visit.show(visit.t("What would you like to do?"), keyboards.build_more(visit.t, manages=manages))

    async def on_settings(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        await visit.show(visit.t("Your settings"), keyboards.build_settings(visit.t))

    async def on_languages(self, visit: Visit) -> None:
        await visit.show(visit.t("Choose your language"), keyboards.build_languages(visit.t))

    async def on_language(self, visit: Visit) -> None:
        language = visit.argument
        if language not in LANGUAGES:
            await self.on_languages(visit)
            return
        await self._linking.choose_language(visit.person.telegram_id, language)
        spoken = replace(visit, t=translator_for(language))
        await self._speak(spoken)
        await self._secrecy.ask_again(spoken)

    async def _speak(self, visit: Visit) -> None:
        t = visit.t
        # Each catalogue names its own language there.
        said = t("From now on I speak English with you.")
        if visit.link is None:
            await visit.show(said, keyboards.build_start(t))
            return
        await visit.show(said)
        await renew_keyboard(visit)
        await self._commands.offer(t, visit.link)

    async def on_help(self, visit: Visit) -> None:
        link = visit.link
        manages = link is not None and await self._commands.is_manager(link)
        hr = link is not None and link.app_role == HR
        await visit.show(describe_help(visit.t, manages=manages, hr=hr))


class Dialog(Protocol):
    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        """Takes typed text if it answers one of this dialog's questions; False leaves it to the others."""


# In a conversation without a card of its own: the message that was typed last.
ANSWER = "answer"
Fulfil = Callable[[Visit, Wished], Awaitable[None]]
Wishes = Mapping[Wish, Fulfil]


class EverythingElse:
    """Typed text: an answer, a label, a wish in plain words, or none of them; and what no handler knows."""

    def __init__(
        self,
        *,
        reception: Reception,
        conversations: Conversations,
        dialogs: Sequence[Dialog],
        secrecy: Secrecy,
        linking: LinkingChat,
        clocking: ClockingChat,
        timecards: TimecardsChat,
        preferences: PreferencesChat,
        wishes: Wishes,
    ) -> None:
        self._reception = reception
        self._conversations = conversations
        self._dialogs = dialogs
        self._secrecy = secrecy
        self._wishes = wishes
        self._linking = linking
        self._clocking = clocking
        self._timecards = timecards
        self._preferences = preferences

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives = self._reception.receives
        # Commands nobody has taken, too: a password may begin with a slash.
        new_text = filters.TEXT & filters.UpdateType.MESSAGE
        anything = filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL
        return [
            MessageHandler(new_text, receives(self.on_text)),
            CallbackQueryHandler(receives(self.on_unknown_button)),
            MessageHandler(anything, receives(self.on_media)),
        ]

    async def on_text(self, visit: Visit) -> None:
        if await self._take_label(visit):
            await self._secrecy.go_on(visit.chat_id)
            return
        conversation = await self._conversations.find(visit.chat_id)
        if conversation is not None and await self._is_answer(visit, conversation):
            return
        wished = read_wish(visit.text, visit.t.language)
        fulfil = self._wishes.get(wished.wish) if wished else None
        if wished is None or fulfil is None:
            if not await self._secrecy.take_care(visit):
                await self.on_anything(visit)
        else:
            await fulfil(visit, wished)

    async def _is_answer(self, visit: Visit, conversation: Conversation) -> bool:
        for dialog in self._dialogs:
            if await dialog.on_answer(visit, conversation):
                await self._note_answer(visit, conversation)
                return True
        return False

    async def _note_answer(self, visit: Visit, asked: Conversation) -> None:
        """Where the same is asked still, so that a change to the answer is one, too."""
        found = await self._conversations.find(visit.chat_id)
        if found is None or found.dialog != asked.dialog or BY in found.data:
            return
        answered = found.data | {ANSWER: visit.typed_id}
        await self._conversations.begin(visit.chat_id, Conversation(found.dialog, answered))

    async def on_media(self, visit: Visit) -> None:
        conversation = await self._conversations.find(visit.chat_id)
        if conversation is None or not await self._secrecy.on_media(visit, conversation):
            await self.on_anything(visit)

    async def on_anything(self, visit: Visit) -> None:
        if visit.link is None:
            await visit.say(visit.t("I did not understand that. Please log in first."), keyboards.build_start(visit.t))
            return
        await visit.say(visit.t("I did not understand that. Use the buttons below, or send /help."))

    async def on_unknown_button(self, visit: Visit) -> None:
        await visit.say(visit.t("That button is out of date. Send /menu to see what I can do."))

    async def _take_label(self, visit: Visit) -> bool:
        kind = keyboards.find_label(visit.text)
        if kind is not None:
            await self._clocking.on_label(visit, kind)
            return True
        actions = {
            keyboards.MORE: self._preferences.on_more,
            keyboards.TODAY: self._timecards.on_today,
            keyboards.CANCEL: self._linking.on_cancel,
        }
        action = next((act for label, act in actions.items() if keyboards.says(visit.text, label)), None)
        if action is None:
            return False
        await action(visit)
        return True
