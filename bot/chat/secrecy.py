"""Where a password is asked for, or may still come: commands, changed messages and files may hold it, too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from telegram import Update
from telegram.ext import ApplicationHandlerStop, BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot.chat.conversations import Conversations
from bot.chat.deleting import delete_message
from bot.chat.dialog_cards import BEFORE
from bot.chat.keyboards import build_start
from bot.chat.questions import find_command
from bot.chat.visit import Context, Keyboard, Reception, Visit
from bot.store.conversations import Conversation

# Groups stands in the one after it, and takes every update.
BEFORE_COMMANDS = -2
# Obeyed without leaving the question: two come back to it, two ask anew.
ASIDE = frozenset({"help", "language", "login", "password"})
MOST_WORDS = 3
# Behind these nothing belongs, and what stands there is likely a password.
_WITH_PASSWORD = re.compile(r"/(?:login|password)(?:@\w+)?\s+\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a dialog: those that ask, those of them whose answer may be a password, and those after which one
    may still come. `stopped` is said where a command ends it.
    """

    asking: frozenset[str]
    secret: frozenset[str]
    stopped: str
    after: frozenset[str] = frozenset()


class SecretDialog(Protocol):
    @property
    def steps(self) -> Steps: ...

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        """As every dialog's."""

    def ask(self, visit: Visit, conversation: Conversation) -> tuple[str, Keyboard | None]:
        """The question of this step."""


class Secrecy:
    def __init__(self, reception: Reception, conversations: Conversations, dialogs: Sequence[SecretDialog]) -> None:
        self._reception = reception
        self._conversations = conversations
        steps = [(dialog, dialog.steps) for dialog in dialogs]
        self._asking = {step: dialog for dialog, those in steps for step in those.asking}
        self._secret = {step: dialog for dialog, those in steps for step in those.secret}
        self._after = frozenset(step for _, those in steps for step in those.after)
        self._watched = self._secret | {step: dialog for dialog, those in steps for step in those.after}

    def handlers(self) -> dict[int, Sequence[BaseHandler[Any, Any, Any]]]:
        """By group: what begins with a slash is looked at before every command, in whichever file, takes it."""
        receives, private = self._reception.receives, filters.ChatType.PRIVATE & filters.USER
        slash = filters.Regex("^/") & private & filters.UpdateType.MESSAGE
        return {
            BEFORE_COMMANDS: [MessageHandler(slash, receives(self.on_slash)), CallbackQueryHandler(self.on_press)],
        }

    async def on_slash(self, visit: Visit) -> None:
        """Only a command of ours to the letter is none of the password."""
        conversation = await self._conversations.find(visit.chat_id)
        dialog = self._watched.get(conversation.dialog) if conversation else None
        if conversation is not None and dialog is not None:
            await self._watch(visit, conversation, dialog)
        if _WITH_PASSWORD.match(visit.text):
            await delete_secret(visit)
            await visit.say(visit.t("I deleted that message: a password does not belong behind a command. Type it only "
                                    "where I ask for it."))  # fmt: skip

    async def _watch(self, visit: Visit, conversation: Conversation, dialog: SecretDialog) -> None:
        is_over = conversation.dialog in self._after
        command = find_command(visit.text, visit.bot.username, generous=is_over)
        if command is None:
            if await dialog.on_answer(visit, conversation):
                raise ApplicationHandlerStop
        elif is_over and command != "cancel":
            await self.go_on(visit.chat_id)
        elif conversation.dialog in self._secret and command != "cancel":
            await self._step_aside(visit, command, dialog)

    async def on_press(self, update: Update, context: Context) -> None:
        if update.effective_chat is not None:
            await self.go_on(update.effective_chat.id)

    async def go_on(self, chat_id: int) -> None:
        """Whoever does something else sends no password once more: from now on what they say is obeyed. Not where the
        log-in came in the middle of a dialog, whose buttons are pressed next: it is remembered in here.
        """
        conversation = await self._conversations.find(chat_id)
        if conversation is not None and conversation.dialog in self._after and BEFORE not in conversation.data:
            await self._conversations.end(chat_id)

    async def on_edited(self, visit: Visit, conversation: Conversation) -> bool:
        """Whether the changed message is ours: while a password is asked for it may be one."""
        if not self.asks(conversation):
            return False
        await delete_secret(visit)
        await visit.say(visit.t("I deleted the message you changed: I read only new ones."))
        await self._ask(visit, conversation)
        return True

    async def on_media(self, visit: Visit, conversation: Conversation) -> bool:
        """A picture or a file where the password is asked for: it may show the password, or say it beneath."""
        if conversation.dialog not in self._secret:
            return False
        await delete_secret(visit)
        await visit.say(visit.t("Please type it as text, or /cancel."))
        return True

    async def take_care(self, visit: Visit) -> bool:
        """Whether these words were taken for a password: they came where a log-in is due, and are no whole sentence."""
        is_due = visit.link is not None and visit.link.token is None
        if not is_due or not visit.text or "\n" in visit.text or len(visit.text.split()) > MOST_WORDS:
            return False
        await delete_secret(visit)
        said = visit.t("I deleted that message, as it may have been your password: tap “{login}” first, then I ask "
                       "for it.", login=visit.t("🔑 Log in"))  # fmt: skip
        await visit.say(said, build_start(visit.t))
        return True

    def asks(self, conversation: Conversation) -> bool:
        """Whether one of these dialogs is open."""
        return conversation.dialog in self._asking

    async def ask_again(self, visit: Visit) -> None:
        """The question that is open, in the language that was chosen in the middle of it."""
        conversation = await self._conversations.find(visit.chat_id)
        if conversation is not None and conversation.dialog in self._asking:
            await self._ask(visit, conversation)

    async def _ask(self, visit: Visit, conversation: Conversation) -> None:
        await visit.say(*self._asking[conversation.dialog].ask(visit, conversation))

    async def _step_aside(self, visit: Visit, command: str, dialog: SecretDialog) -> None:
        """A command where the password is asked for goes from the chat like one, and is obeyed all the same."""
        await delete_message(visit)
        if command not in ASIDE:
            await visit.say(visit.t.gettext(dialog.steps.stopped))
            await self._conversations.end(visit.chat_id)


async def delete_secret(visit: Visit) -> None:
    if not await delete_message(visit):
        await visit.say(visit.t("I could not delete the message with your password. Please delete it yourself."))
