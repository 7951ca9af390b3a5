"""Getting to know a person: greeting, log in (company, username, password), log out, cancel."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from telegram.error import BadRequest
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.attendance.model import PunchState
from bot.chat import keyboards, texts
from bot.chat.conversations import Conversations
from bot.chat.visit import Reception, Visit
from bot.services.clocking import Clocking
from bot.services.linking import Credentials, Linked, Linking, SlowDown, WrongLogin
from bot.store.conversations import Conversation

COMPANY, USERNAME, PASSWORD = "login:company", "login:username", "login:password"
LONGEST = 100


class LinkingChat:
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

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("start", receives(self.on_start), new),
            CommandHandler("login", receives(self.on_login), new),
            CommandHandler("logout", receives(self.on_logout), new),
            CommandHandler("cancel", receives(self.on_cancel), new),
            CallbackQueryHandler(receives(self.on_login), "^login$"),
            CallbackQueryHandler(receives(self.on_logout), "^logout$"),
        ]

    async def on_start(self, visit: Visit) -> None:
        await self._conversations.end(visit.chat_id)
        if visit.link is not None:
            await self._show_menu(visit, texts.describe_link(visit.t, visit.link))
            return
        user = visit.update.effective_user
        await visit.say(texts.greet(visit.t, user.first_name if user else ""), keyboards.build_start(visit.t))

    async def on_login(self, visit: Visit) -> None:
        if len(self._linking.companies) > 1:
            await self._ask(visit, COMPANY, {}, visit.t("Which company do you work for? Type its name."))
            return
        await self._ask_username(visit, {"company": self._linking.companies[0]})

    async def on_logout(self, visit: Visit) -> None:
        await self._conversations.end(visit.chat_id)
        if not await self._linking.logout(visit.person.telegram_id):
            await visit.say(visit.t("You are not logged in."), keyboards.build_start(visit.t))
            return
        said = visit.t("You are logged out. Punches on their way still go through. Send /login to come back.")
        await visit.say(said, keyboards.remove_menu())

    async def on_cancel(self, visit: Visit) -> None:
        ended = await self._conversations.end(visit.chat_id)
        said = visit.t("Cancelled. Nothing was sent.") if ended else visit.t("There is nothing to cancel.")
        await self._show_menu(visit, said)

    # -- answers -------------------------------------------------------------------------------------------------------

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        """Takes typed text if it answers one of our questions."""
        ask = {COMPANY: self._on_company, USERNAME: self._on_username, PASSWORD: self._on_password}
        take = ask.get(conversation.dialog)
        if take is None or (visit.text.startswith("/") and conversation.dialog != PASSWORD):
            return False
        await take(visit, conversation)
        return True

    async def _on_company(self, visit: Visit, conversation: Conversation) -> None:
        """An unknown company goes on like a known one: who works with us is not for a stranger to find out."""
        typed = visit.text.strip()
        if len(typed) > LONGEST:
            await visit.say(visit.t("That is too long. Please type the company's name, or /cancel."))
            return
        await self._ask_username(visit, {"company": typed})

    async def _on_username(self, visit: Visit, conversation: Conversation) -> None:
        typed = visit.text.strip()
        if not typed or len(typed) > LONGEST or "\n" in typed:
            await visit.say(visit.t("A username is one short line. Please type it again, or /cancel."))
            return
        data = conversation.data | {"username": typed}
        question = visit.t("Now your password, please. I delete your message at once and never store the password.")
        await self._ask(visit, PASSWORD, data, question)

    async def _on_password(self, visit: Visit, conversation: Conversation) -> None:
        """The message goes first, whatever comes of the rest."""
        deleted = await _delete(visit)
        if not deleted:
            await visit.say(visit.t("I could not delete the message with your password. Please delete it yourself."))
        company = str(conversation.data["company"])
        typed = Credentials(company, str(conversation.data["username"]), visit.text)
        outcome = await self._linking.login(visit.person, typed)
        match outcome:
            case Linked(link):
                await self._conversations.end(visit.chat_id)
                following = await self._clocking.next_for(visit.person.telegram_id)
                await visit.say(texts.describe_link(visit.t, link), keyboards.build_menu(visit.t, following))
            case SlowDown(until):
                await self._conversations.end(visit.chat_id)
                await visit.say(texts.describe_slow_down(visit.t, until, self._now(), visit.zone))
            case WrongLogin():
                said = visit.t("That did not work: the company, username or password is wrong. "
                               "Type the password again, or start over.")  # fmt: skip
                await visit.say(said, keyboards.build_inline(visit.t, [[(visit.t("Start over"), "login")]]))
            case _:
                await visit.say(
                    visit.t("BioTime is not answering right now. Please type the password again in a minute.")
                )

    # -- asking --------------------------------------------------------------------------------------------------------

    async def _ask_username(self, visit: Visit, data: dict[str, str]) -> None:
        question = visit.t(
            "What is your BioTime username? It is your employee code or e-mail address. Send /cancel to stop."
        )
        await self._ask(visit, USERNAME, data, question)

    async def _ask(self, visit: Visit, dialog: str, data: dict[str, Any], question: str) -> None:
        await self._conversations.begin(visit.chat_id, Conversation(dialog, data))
        await visit.say(question)

    async def _show_menu(self, visit: Visit, text: str) -> None:
        if visit.link is None:
            await visit.say(text, keyboards.build_start(visit.t))
            return
        following: PunchState = await self._clocking.next_for(visit.person.telegram_id)
        await visit.say(text, keyboards.build_menu(visit.t, following))


async def _delete(visit: Visit) -> bool:
    message = visit.update.effective_message
    assert message is not None
    try:
        return await visit.bot.delete_message(visit.chat_id, message.message_id)
    except BadRequest as problem:
        return "not found" in problem.message  # gone already: this is a second try after a crash
