"""Getting to know a person: greeting, log in (company, username, password), cancel."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from telegram.error import BadRequest, NetworkError
from telegram.ext import (
    ApplicationHandlerStop,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.attendance.model import PunchState
from bot.chat import keyboards, texts
from bot.chat.conversations import Conversations
from bot.chat.deleting import delete_message
from bot.chat.logout import LogoutChat
from bot.chat.questions import COMPANY, DONE, LONGEST, PASSWORD, USERNAME, build_question, find_command, is_username
from bot.chat.transport import NotSent
from bot.chat.visit import Keyboard, Reception, Visit
from bot.services.clocking import Clocking
from bot.services.guessing import SlowDown
from bot.services.linking import Credentials, Linked, Linking, WrongLogin
from bot.services.spelling import clean_password, clean_username
from bot.store.conversations import Conversation

# Groups stands in the one after it, and takes every update.
BEFORE_COMMANDS = -2
# Obeyed without leaving the question: two come back to it, one asks anew.
ASIDE = frozenset({"help", "language", "login"})
# Impatient people send the password twice; the second comes when nobody asks for it any more.
STRAY_PASSWORDS = timedelta(minutes=2)


class LinkingChat:
    """Each step speaks first and moves the conversation then: when an update comes again, it finds the question that it
    answered the first time, and a password is never taken for a username."""

    def __init__(
        self,
        reception: Reception,
        linking: Linking,
        clocking: Clocking,
        conversations: Conversations,
        now: Callable[[], datetime],
    ) -> None:
        self._reception = reception
        self._linking = linking
        self._clocking = clocking
        self._conversations = conversations
        self._now = now
        self._logout = LogoutChat(reception, linking, conversations)

    def handlers(self) -> dict[int, Sequence[BaseHandler[Any, Any, Any]]]:
        """By group: what begins with a slash is looked at before every command, in whichever file, takes it."""
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        edited = filters.TEXT & filters.ChatType.PRIVATE & filters.USER & filters.UpdateType.EDITED_MESSAGE
        slash = filters.Regex("^/") & filters.ChatType.PRIVATE & filters.USER & new
        return {
            BEFORE_COMMANDS: [MessageHandler(slash, receives(self.on_slash))],
            0: [
                MessageHandler(edited, receives(self.on_edited)),
                CommandHandler("start", receives(self.on_start), new),
                CommandHandler("login", receives(self.on_login), new),
                CommandHandler("cancel", receives(self.on_cancel), new),
                CallbackQueryHandler(receives(self.on_login), "^login$"),
                *self._logout.handlers(),
            ],
        }

    async def on_slash(self, visit: Visit) -> None:
        """Where a password is asked for, or may still come, only a command of ours to the letter is none."""
        conversation = await self._conversations.find(visit.chat_id)
        if conversation is None or conversation.dialog not in (PASSWORD, DONE):
            return
        command = find_command(visit.text, visit.bot.username)
        if command is None:
            if await self.on_answer(visit, conversation):
                raise ApplicationHandlerStop
        elif conversation.dialog == PASSWORD and command != "cancel":
            await self._step_aside(visit, command)

    async def on_start(self, visit: Visit) -> None:
        if visit.link is not None:
            await self._show_menu(visit, texts.describe_link(visit.t, visit.link))
        else:
            user = visit.update.effective_user
            said = texts.greet(visit.t, user.first_name if user else "")
            await visit.say(said, keyboards.build_start(visit.t))
        await self._conversations.end(visit.chat_id)

    async def on_login(self, visit: Visit) -> None:
        if len(self._linking.companies) > 1:
            await self._ask(visit, COMPANY, {})
            return
        await self._ask(visit, USERNAME, {"company": self._linking.companies[0]})

    async def on_cancel(self, visit: Visit) -> None:
        conversation = await self._conversations.find(visit.chat_id)
        asked = conversation is not None and conversation.dialog != DONE
        said = visit.t("Cancelled. Nothing was sent.") if asked else visit.t("There is nothing to cancel.")
        await self._show_menu(visit, said)
        if asked:
            await self._conversations.end(visit.chat_id)

    # -- answers -------------------------------------------------------------------------------------------------------

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        """Takes typed text if it answers one of our questions."""
        answers = {
            COMPANY: self._on_company,
            USERNAME: self._on_username,
            PASSWORD: self._on_password,
            DONE: self._on_stray,
        }
        take = answers.get(conversation.dialog)
        if take is None or (visit.text.startswith("/") and conversation.dialog not in (PASSWORD, DONE)):
            return False
        if conversation.data.get("by") == _message_id(visit):
            await self._repeat(visit, conversation)
            return True
        if conversation.dialog == DONE and self._now() >= datetime.fromisoformat(conversation.data["until"]):
            return False
        await take(visit, conversation)
        return True

    async def on_media(self, visit: Visit, conversation: Conversation) -> bool:
        """A picture or a file where the password is asked for: it may show the password, or say it beneath."""
        if conversation.dialog != PASSWORD:
            return False
        await self._delete(visit)
        await visit.say(visit.t("Please type the password as text, or /cancel."))
        return True

    async def on_edited(self, visit: Visit) -> None:
        """A message changed into an answer is read by nobody else; while a password is asked for it may be one."""
        conversation = await self._conversations.find(visit.chat_id)
        if conversation is None or conversation.dialog not in (COMPANY, USERNAME, PASSWORD):
            return
        await self._delete(visit)
        await visit.say(visit.t("I deleted the message you changed: I read only new ones."))
        await visit.say(build_question(visit.t, conversation.dialog))

    async def ask_again(self, visit: Visit) -> None:
        """The question that is open, in the language that was chosen in the middle of it."""
        conversation = await self._conversations.find(visit.chat_id)
        if conversation is not None and conversation.dialog in (COMPANY, USERNAME, PASSWORD):
            await visit.say(build_question(visit.t, conversation.dialog))

    async def _repeat(self, visit: Visit, conversation: Conversation) -> None:
        """This very message brought us here, but we died, or cannot know whether our sentence arrived."""
        if conversation.dialog == DONE and visit.link is not None:
            await self._show_menu(visit, texts.describe_link(visit.t, visit.link))
        else:
            await visit.say(build_question(visit.t, conversation.dialog))

    async def _on_company(self, visit: Visit, conversation: Conversation) -> None:
        """An unknown company goes on like a known one: who works with us is not for a stranger to find out."""
        typed = visit.text.strip()
        if len(typed) > LONGEST:
            await visit.say(visit.t("That is too long. Please type the company's name, or /cancel."))
            return
        await self._ask(visit, USERNAME, {"company": typed})

    async def _on_username(self, visit: Visit, conversation: Conversation) -> None:
        """On two lines it is the username and the password. What cannot be a username may hold a password, too."""
        first, _, second = visit.text.strip().partition("\n")
        username = clean_username(first)
        password = clean_password(second)
        if password or not is_username(username):
            await self._delete(visit)
        if not is_username(username) or "\n" in password:
            await visit.say(visit.t("A username is one short word, without spaces. Please type it again, or /cancel."))
            return
        company = str(conversation.data["company"])
        if password:
            await self._log_in(visit, Credentials(company, username, password))
        else:
            await self._ask(visit, PASSWORD, {"company": company, "username": username})

    async def _on_password(self, visit: Visit, conversation: Conversation) -> None:
        """The message goes first, whatever comes of the rest."""
        await self._delete(visit)
        company, username = str(conversation.data["company"]), str(conversation.data["username"])
        await self._log_in(visit, Credentials(company, username, clean_password(visit.text)))

    async def _step_aside(self, visit: Visit, command: str) -> None:
        """A command where the password is asked for goes from the chat like one, and is obeyed all the same."""
        await delete_message(visit)
        if command not in ASIDE:
            await visit.say(visit.t("I stopped the log-in."))
            await self._conversations.end(visit.chat_id)

    async def _on_stray(self, visit: Visit, conversation: Conversation) -> None:
        await self._delete(visit)
        await visit.say(visit.t("You are logged in already. I deleted that message: it may have been your password."))

    async def _log_in(self, visit: Visit, typed: Credentials) -> None:
        t = visit.t
        asked = {"company": typed.company, "username": typed.username}
        outcome = await self._linking.login(visit.person, typed, f"{visit.chat_id}:{_message_id(visit)}")
        match outcome:
            case Linked(link):
                following = await self._clocking.next_for(visit.person.telegram_id)
                menu = keyboards.build_menu(t, following)
                until = {"until": (self._now() + STRAY_PASSWORDS).isoformat()}
                await self._say_and_move(visit, DONE, until, texts.describe_link(t, link), menu)
            case SlowDown(again_at):
                said = texts.describe_slow_down(t, again_at, self._now(), visit.zone)
                await self._say_and_move(visit, PASSWORD, asked, said)
            case WrongLogin():
                said = t("That did not work: the company, username or password is wrong. "
                         "Type the password again, or start over.")  # fmt: skip
                over = keyboards.build_inline(t, [[(t("Start over"), "login")]])
                await self._say_and_move(visit, PASSWORD, asked, said, over)
            case _:
                said = t("BioTime is not answering right now. Please type the password again in a minute.")
                await self._say_and_move(visit, PASSWORD, asked, said)

    async def _delete(self, visit: Visit) -> None:
        if not await delete_message(visit):
            await visit.say(visit.t("I could not delete the message with your password. Please delete it yourself."))

    # -- asking --------------------------------------------------------------------------------------------------------

    async def _ask(self, visit: Visit, dialog: str, data: dict[str, str]) -> None:
        await self._say_and_move(visit, dialog, data, build_question(visit.t, dialog))

    async def _say_and_move(
        self, visit: Visit, dialog: str, data: dict[str, str], text: str, keyboard: Keyboard | None = None
    ) -> None:
        """Moves, too, where the sentence may have arrived: the next message may be the answer to it."""
        try:
            await visit.say(text, keyboard)
        except NetworkError as problem:
            if not isinstance(problem, BadRequest | NotSent):
                await self._move(visit, dialog, data)
            raise
        await self._move(visit, dialog, data)

    async def _move(self, visit: Visit, dialog: str, data: dict[str, str]) -> None:
        """`by` is the message that brought us there: after a crash it comes once more, and is no answer then."""
        await self._conversations.begin(visit.chat_id, Conversation(dialog, data | {"by": _message_id(visit)}))

    async def _show_menu(self, visit: Visit, text: str) -> None:
        if visit.link is None:
            await visit.say(text, keyboards.build_start(visit.t))
            return
        following: PunchState = await self._clocking.next_for(visit.person.telegram_id)
        await visit.say(text, keyboards.build_menu(visit.t, following))


def _message_id(visit: Visit) -> int | None:
    """The message that was typed; a pressed button has none of its own."""
    message = visit.update.message
    return message.message_id if message else None
