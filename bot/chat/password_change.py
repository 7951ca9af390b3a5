"""A new password for who is logged in: the one until now, then the new one."""

from bot.chat import keyboards
from bot.chat.conversations import Conversations
from bot.chat.held import Held
from bot.chat.password_outcomes import Outcomes
from bot.chat.password_texts import OLD, RENEW
from bot.chat.steps import source
from bot.chat.visit import Visit
from bot.services.passwords import NewPassword, NotReached, NotTaken, Passwords
from bot.services.spelling import clean_password
from bot.store.conversations import Conversation


class PasswordChange:
    def __init__(self, passwords: Passwords, outcomes: Outcomes, conversations: Conversations, held: Held) -> None:
        self._passwords = passwords
        self._outcomes = outcomes
        self._conversations = conversations
        self._held = held

    async def on_old(self, visit: Visit, conversation: Conversation) -> None:
        """On two lines it is both. Else what was typed is kept in this process's memory for the next step."""
        old, _, new = clean_password(visit.text).partition("\n")
        if new:
            await self._change(visit, old, new, unsure=bool(conversation.data.get("unsure")))
            return
        self._held.put(visit.chat_id, old)
        await self._outcomes.ask(visit, Conversation(RENEW))

    async def on_renew(self, visit: Visit, conversation: Conversation) -> None:
        old = self._held.take(visit.chat_id)
        new = clean_password(visit.text)
        if old is None:
            said = visit.t("I keep no password, and I was interrupted. Please type both in one message: your current "
                           "password, and the new one on the line below.")  # fmt: skip
            await self._outcomes.say_and_move(visit, Conversation(OLD, conversation.data), said)
            return
        await self._change(visit, old, new, unsure=bool(conversation.data.get("unsure")))

    async def _change(self, visit: Visit, old: str, new: str, *, unsure: bool) -> None:
        if visit.link is None:
            await visit.say(visit.t("Please log in first."), keyboards.build_start(visit.t))
            await self._conversations.end(visit.chat_id)
            return
        self._held.put(visit.chat_id, old)
        if not await self._outcomes.fits(visit, new):
            await self._conversations.begin(visit.chat_id, Conversation(RENEW, {"unsure": unsure}))
            return
        typed = NewPassword(old, new, source(visit), unsure=unsure)
        outcome = await self._passwords.change(visit.person, visit.link, typed)
        if not isinstance(outcome, NotTaken | NotReached):
            self._held.take(visit.chat_id)
        said = visit.t("That is not your current password. Please type your current password again, or /cancel.")
        again = Conversation(RENEW, {"unsure": unsure})
        await self._outcomes.tell(visit, outcome, again, (Conversation(OLD, {"unsure": unsure}), said))
