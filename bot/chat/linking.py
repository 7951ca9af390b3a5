"""Getting to know a person: greeting, log in (company, username, password), cancel."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.attendance.model import PunchState
from bot.chat import keyboards, texts
from bot.chat.conversations import Conversations
from bot.chat.devices import DevicesChat
from bot.chat.dialog_cards import BEFORE, put_away
from bot.chat.going_on import GoingOn
from bot.chat.location_notice import LocationNotice
from bot.chat.logout import LogoutChat
from bot.chat.manager_commands import ManagerCommands
from bot.chat.phrases import read_wish
from bot.chat.questions import COMPANY, DONE, LONGEST, PASSWORD, USERNAME, build_question, is_username
from bot.chat.secrecy import Steps, delete_secret
from bot.chat.steps import message_id, say_and_move, source
from bot.chat.visit import Keyboard, Reception, Visit
from bot.chat.wanted import WANTED
from bot.i18n import N_
from bot.services.clocking import Clocking
from bot.services.guessing import SlowDown
from bot.services.linking import Credentials, Linked, Linking, WrongLogin
from bot.services.spelling import clean_password, clean_username
from bot.store.conversations import Conversation
from bot.store.links import Link

STEPS = Steps(
    asking=frozenset({COMPANY, USERNAME, PASSWORD}),
    secret=frozenset({PASSWORD}),
    after=frozenset({DONE}),
    stopped=N_("I stopped the log-in."),
)
# Impatient people send the password twice; the second comes when nobody asks for it any more.
STRAY_PASSWORDS = timedelta(minutes=2)


class LinkingChat:
    """As in `steps`: a password is never taken for a username."""

    steps = STEPS

    def __init__(
        self,
        reception: Reception,
        linking: Linking,
        clocking: Clocking,
        conversations: Conversations,
        now: Callable[[], datetime],
        *,
        commands: ManagerCommands,
        going_on: GoingOn,
        devices: DevicesChat,
        location: LocationNotice,
    ) -> None:
        self._reception = reception
        self._linking = linking
        self._clocking = clocking
        self._conversations = conversations
        self._now = now
        self._commands = commands
        self._devices = devices
        self._location = location
        self._logout = LogoutChat(reception, linking, conversations, commands)
        self._going_on = going_on

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("start", receives(self.on_start), new),
            CommandHandler("login", receives(self.on_login), new),
            CommandHandler("cancel", receives(self.on_cancel), new),
            CallbackQueryHandler(receives(self.on_login), "^login$"),
            *self._logout.handlers(),
        ]

    async def on_start(self, visit: Visit) -> None:
        if visit.link is not None:
            await self._show_menu(visit, texts.describe_link(visit.t, visit.link))
        else:
            user = visit.update.effective_user
            said = texts.greet(visit.t, user.first_name if user else "")
            await visit.say(said, keyboards.build_start(visit.t))
        conversation = await self._conversations.find(visit.chat_id)
        await self._conversations.end(visit.chat_id)
        await put_away(visit, conversation)

    async def on_login(self, visit: Visit) -> None:
        if len(self._linking.companies) > 1:
            await self._ask(visit, COMPANY, {})
            return
        await self._ask(visit, USERNAME, {"company": self._linking.companies[0]})

    async def on_cancel(self, visit: Visit) -> None:
        conversation = await self._conversations.find(visit.chat_id)
        asked = conversation is not None and conversation.dialog not in (DONE, WANTED)
        said = visit.t("Cancelled. Nothing was sent.") if asked else visit.t("There is nothing to cancel.")
        await self._show_menu(visit, said)
        if asked:
            await put_away(visit, conversation)
        if conversation is not None and conversation.dialog != DONE:
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
        if conversation.data.get("by") == message_id(visit):
            await self._repeat(visit, conversation)
            return True
        if conversation.dialog == DONE and self._is_no_password(visit, conversation):
            if BEFORE not in conversation.data:
                await self._conversations.end(visit.chat_id)
            return False
        await take(visit, conversation)
        return True

    def ask(self, visit: Visit, conversation: Conversation) -> tuple[str, Keyboard | None]:
        """The question of this step."""
        forgot = keyboards.build_forgot(visit.t) if conversation.dialog == PASSWORD else None
        return build_question(visit.t, conversation.dialog), forgot

    async def _repeat(self, visit: Visit, conversation: Conversation) -> None:
        """This very message brought us here, but we died, or cannot know whether our sentence arrived."""
        if conversation.dialog == DONE and visit.link is not None:
            await self._show_menu(visit, texts.describe_link(visit.t, visit.link))
            await self._going_on.go_on(visit)
        else:
            await visit.say(*self.ask(visit, conversation))

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
            await delete_secret(visit)
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
        await delete_secret(visit)
        company, username = str(conversation.data["company"]), str(conversation.data["username"])
        await self._log_in(visit, Credentials(company, username, clean_password(visit.text)))

    def _is_no_password(self, visit: Visit, conversation: Conversation) -> bool:
        """Nobody's password is one of our phrases."""
        over = self._now() >= datetime.fromisoformat(conversation.data["until"])
        return over or read_wish(visit.text, visit.t.language) is not None

    async def _on_stray(self, visit: Visit, conversation: Conversation) -> None:
        t = visit.t
        await delete_secret(visit)
        said = t("You are logged in already. I deleted that message, as it may have been your password, and did "
                 "nothing else. If you wanted something, send /menu and then say it again.")  # fmt: skip
        await visit.say(said)

    async def _log_in(self, visit: Visit, typed: Credentials) -> None:
        t = visit.t
        asked = {"company": typed.company, "username": typed.username}
        outcome = await self._linking.login(visit.person, typed, source(visit))
        match outcome:
            case Linked(link):
                following = await self._clocking.next_for(visit.person.telegram_id)
                menu = keyboards.build_menu(t, following)
                await self._location.tell_once(visit)
                until = {"until": (self._now() + STRAY_PASSWORDS).isoformat()}
                await self._say_and_move(visit, DONE, until, texts.describe_link(t, link), menu)
                await self._commands.offer(t, link)
                await self._going_on.go_on(replace(visit, link=link))
                if not _is_same(visit.link, link):
                    await self._devices.tell_of_new(visit, link)
            case SlowDown(again_at):
                said = texts.describe_slow_down(t, again_at, self._now(), visit.zone)
                await self._say_and_move(visit, PASSWORD, asked, said)
            case WrongLogin():
                said = t("That did not work: the company, username or password is wrong. "
                         "Type the password again, or start over.")  # fmt: skip
                over = keyboards.build_inline(
                    t, [[(t("Start over"), "login"), (t("Forgot password?"), "password:forgot")]]
                )
                await self._say_and_move(visit, PASSWORD, asked, said, over)
            case _:
                said = t("BioTime is not answering right now. Please type the password again in a minute.")
                await self._say_and_move(visit, PASSWORD, asked, said)

    # -- asking --------------------------------------------------------------------------------------------------------

    async def _ask(self, visit: Visit, dialog: str, data: dict[str, str]) -> None:
        await self._say_and_move(visit, dialog, data, *self.ask(visit, Conversation(dialog)))

    async def _say_and_move(
        self, visit: Visit, dialog: str, data: dict[str, str], text: str, keyboard: Keyboard | None = None
    ) -> None:
        await say_and_move(visit, self._conversations, Conversation(dialog, data), text, keyboard)

    async def _show_menu(self, visit: Visit, text: str) -> None:
        if visit.link is None:
            await visit.say(text, keyboards.build_start(visit.t))
            return
        following: PunchState = await self._clocking.next_for(visit.person.telegram_id)
        await visit.say(text, keyboards.build_menu(visit.t, following))


def _is_same(before: Link | None, link: Link) -> bool:
    """This account was logged in as this employee before."""
    return before is not None and (before.company, before.emp_code) == (link.company, link.emp_code)
