"""What came of a new password, told; and where the dialog goes from there."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telegram import InlineKeyboardMarkup

from bot.chat import keyboards, questions, texts
from bot.chat.conversations import Conversations
from bot.chat.devices import DevicesChat
from bot.chat.going_on import GoingOn
from bot.chat.location_notice import LocationNotice
from bot.chat.password_texts import CODE, OLD, RENEW, build_question, describe_rules
from bot.chat.steps import say_and_move
from bot.chat.visit import Visit
from bot.services.clocking import Clocking
from bot.services.guessing import SlowDown
from bot.services.passwords import Changed, LogInFirst, NotReached, NotTaken, Outcome, Rules
from bot.store.conversations import Conversation
from bot.store.links import Link

STRAY_PASSWORDS = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Told:
    """Who else is told something, and what is told once."""

    devices: DevicesChat
    location: LocationNotice
    going_on: GoingOn


@dataclass(frozen=True, slots=True)
class Ways:
    """Where it goes on without a new password: the `same` once more, an`other` one, or, with what is said, what proves
    the person.
    """

    same: Conversation
    other: Conversation
    wrong: tuple[Conversation, str]


class Outcomes:
    def __init__(
        self,
        clocking: Clocking,
        conversations: Conversations,
        told: Told,
        rules: Rules,
        now: Callable[[], datetime],
    ) -> None:
        self._clocking = clocking
        self._devices, self._location, self._going_on = told.devices, told.location, told.going_on
        self._conversations = conversations
        self._rules = rules
        self._now = now

    async def tell(self, visit: Visit, outcome: Outcome, ways: Ways) -> None:
        t = visit.t
        match outcome:
            case Changed(link):
                await self._tell_done(visit, link)
                # A password that was changed is that of whoever was logged in, whatever became of logging in again.
                whose = link or (visit.link if ways.other.dialog == RENEW else None)
                if whose is not None:
                    await self._devices.tell_of_password(visit, whose)
            case SlowDown(until):
                said = texts.describe_slow_down(t, until, self._now(), visit.zone)
                await self.say_and_move(visit, ways.wrong[0], said)  # by then the code is old, or what we held is gone
            case NotTaken(reason):
                said = t("BioTime does not take this password: {reason} Please type another one.", reason=reason)
                await self.say_and_move(visit, ways.other, said)
            case NotReached(unsure):
                said = t("BioTime is not answering right now. Please type the new password again in a minute.")
                await self.say_and_move(
                    visit, Conversation(ways.same.dialog, ways.same.data | {"unsure": unsure}), said
                )
            case LogInFirst():
                said = t("Your BioTime session has ended. Please log in again, or ask for a code if you have forgotten "
                         "your password.")  # fmt: skip
                await visit.say(said, keyboards.build_start(t))
                await self._conversations.end(visit.chat_id)
            case _:
                await self.say_and_move(visit, *ways.wrong)

    async def _tell_done(self, visit: Visit, link: Link | None) -> None:
        t = visit.t
        if link is None:
            await visit.say(t("✅ Your new password is set. Please log in with it."), keyboards.build_start(t))
            await self._conversations.end(visit.chat_id)
            return
        await self._location.tell_once(visit)
        said = t("✅ Your new password is set, and you are logged in with it. Everywhere else you are logged out.")
        following = await self._clocking.next_for(visit.person.telegram_id)
        until = {"until": (self._now() + STRAY_PASSWORDS).isoformat()}
        done = Conversation(questions.DONE, until)
        await say_and_move(visit, self._conversations, done, said, keyboards.build_menu(t, following))
        await self._going_on.go_on(replace(visit, link=link))

    async def fits(self, visit: Visit, new: str) -> bool:
        """Says the rules again where it does not."""
        rules = self._rules
        if len(new) >= rules.shortest and "\n" not in new:
            return True
        await visit.say(visit.t("That password does not do.") + "\n" + describe_rules(visit.t, rules))
        return False

    def build_question(self, visit: Visit, step: Conversation) -> tuple[str, InlineKeyboardMarkup | None]:
        return build_question(visit.t, step, self._rules), build_buttons(visit, step.dialog)

    async def ask(self, visit: Visit, step: Conversation) -> None:
        await say_and_move(visit, self._conversations, step, *self.build_question(visit, step))

    async def say_and_move(self, visit: Visit, step: Conversation, said: str) -> None:
        await say_and_move(visit, self._conversations, step, said, build_buttons(visit, step.dialog))


def build_buttons(visit: Visit, dialog: str) -> InlineKeyboardMarkup | None:
    t = visit.t
    if dialog == CODE:
        return keyboards.build_inline(
            t, [[(t("📨 New code"), "password:again"), (t("✏️ Other address"), "password:other")]]
        )
    return keyboards.build_forgot(t) if dialog == OLD else None
