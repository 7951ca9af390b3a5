"""A new password for who is logged in: the one until now, then the new one, twice."""

from bot.chat import keyboards
from bot.chat.conversations import Conversations
from bot.chat.held import Held
from bot.chat.password_outcomes import Outcomes, Ways
from bot.chat.password_texts import OLD, RENEW, RENEW_AGAIN, describe_slip
from bot.chat.steps import source
from bot.chat.typed_twice import digest, is_same
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
        """On two lines it is both. Else what was typed is kept in this process's memory for the next steps."""
        old, _, new = clean_password(visit.text).partition("\n")
        self._held.put(visit.chat_id, old)
        if new:
            await self._take_first(visit, new, unsure=_is_unsure(conversation))
        else:
            await self._outcomes.ask(visit, Conversation(RENEW))

    async def on_renew(self, visit: Visit, conversation: Conversation) -> None:
        unsure = _is_unsure(conversation)
        if await self._take_held(visit, unsure=unsure) is not None:
            await self._take_first(visit, clean_password(visit.text), unsure=unsure)

    async def on_renew_again(self, visit: Visit, conversation: Conversation) -> None:
        new, unsure = clean_password(visit.text), _is_unsure(conversation)
        old = await self._take_held(visit, unsure=unsure)
        if old is None:
            return
        if not await is_same(conversation.data["first"], new):
            anew = Conversation(RENEW, {"unsure": unsure})
            await self._outcomes.say_and_move(visit, anew, describe_slip(visit.t, self._passwords.rules))
            return
        await self._change(visit, NewPassword(old, new, source(visit), unsure=unsure), conversation.data["first"])

    async def _take_held(self, visit: Visit, *, unsure: bool) -> str | None:
        """The password until now, held for as long again; None, and said so, where it is gone."""
        old = self._held.take(visit.chat_id)
        if old is not None:
            self._held.put(visit.chat_id, old)
            return old
        said = visit.t("I keep no password, and I was interrupted. Please type both in one message: your current "
                       "password, and the new one on the line below.")  # fmt: skip
        await self._outcomes.say_and_move(visit, Conversation(OLD, {"unsure": unsure}), said)
        return None

    async def _take_first(self, visit: Visit, new: str, *, unsure: bool) -> None:
        if await self._outcomes.fits(visit, new):
            first = await digest(new)
            await self._outcomes.ask(visit, Conversation(RENEW_AGAIN, {"unsure": unsure, "first": first}))
        else:
            await self._conversations.begin(visit.chat_id, Conversation(RENEW, {"unsure": unsure}))

    async def _change(self, visit: Visit, typed: NewPassword, first: str) -> None:
        if visit.link is None:
            await visit.say(visit.t("Please log in first."), keyboards.build_start(visit.t))
            await self._conversations.end(visit.chat_id)
            return
        outcome = await self._passwords.change(visit.person, visit.link, typed)
        if not isinstance(outcome, NotTaken | NotReached):
            self._held.take(visit.chat_id)
        known = {"unsure": typed.unsure}
        said = visit.t("That is not your current password. Please type your current password again, or /cancel.")
        ways = Ways(
            same=Conversation(RENEW_AGAIN, known | {"first": first}),
            other=Conversation(RENEW, known),
            wrong=(Conversation(OLD, known), said),
        )
        await self._outcomes.tell(visit, outcome, ways)


def _is_unsure(conversation: Conversation) -> bool:
    return bool(conversation.data.get("unsure"))
