"""A forgotten password (whose, the code from the mail, the new one twice), and a changed one (until now, the new one
twice)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import questions, texts
from bot.chat.conversations import Conversations
from bot.chat.held import Held
from bot.chat.password_change import PasswordChange
from bot.chat.password_outcomes import Outcomes, Told, Ways, build_buttons
from bot.chat.password_texts import (
    CODE,
    COMPANY,
    NEW,
    NEW_AGAIN,
    OLD,
    RENEW,
    RENEW_AGAIN,
    WHO,
    describe_code,
    describe_slip,
)
from bot.chat.secrecy import Steps, delete_secret
from bot.chat.steps import message_id, source
from bot.chat.typed_twice import digest, is_same
from bot.chat.visit import Keyboard, Reception, Visit
from bot.i18n import N_
from bot.services.clocking import Clocking
from bot.services.passwords import (
    CODE_LIFE,
    RESEND_AFTER,
    Forgotten,
    NewPassword,
    Passwords,
    WrongProof,
)
from bot.services.spelling import clean_password, clean_username
from bot.store.conversations import Conversation

# What people put between digits when they read them out or copy them.
_BETWEEN = re.compile(r"[\s.-]+")


class PasswordsChat:
    """As in `steps`. The code of the mail waits in the conversation's row, encrypted; a password never does, but a slow
    digest of the new one while it is typed a second time. BioTime looks at the code together with the password: after a
    wrong one the password waits in memory for the right one."""

    steps = Steps(
        asking=frozenset({COMPANY, WHO, CODE, NEW, NEW_AGAIN, OLD, RENEW, RENEW_AGAIN}),
        secret=frozenset({CODE, NEW, NEW_AGAIN, OLD, RENEW, RENEW_AGAIN}),
        stopped=N_("I stopped here. Your password stays as it is."),
    )

    def __init__(
        self,
        reception: Reception,
        passwords: Passwords,
        clocking: Clocking,
        conversations: Conversations,
        *,
        told: Told,
        now: Callable[[], datetime],
    ) -> None:
        self._reception = reception
        self._passwords = passwords
        self._conversations = conversations
        self._now = now
        self._outcomes = Outcomes(clocking, conversations, told, passwords.rules, now)
        self._change = PasswordChange(passwords, self._outcomes, conversations, Held(now))
        self._held = Held(now)

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("password", receives(self.on_password), new),
            CallbackQueryHandler(receives(self.on_password), "^password$"),
            CallbackQueryHandler(receives(self.on_forgot), "^password:forgot$"),
            CallbackQueryHandler(receives(self.on_again), "^password:again$"),
            CallbackQueryHandler(receives(self.on_other), "^password:other$"),
        ]

    # -- beginnings ----------------------------------------------------------------------------------------------------

    async def on_password(self, visit: Visit) -> None:
        """Logged in, to change it; else it is forgotten."""
        if visit.link is None:
            await self.on_other(visit)
        else:
            await self._ask(visit, OLD, {})

    async def on_forgot(self, visit: Visit) -> None:
        """Who has said just now whose password it is, or is logged in, is not asked again."""
        open_step = await self._conversations.find(visit.chat_id)
        if open_step is not None and open_step.dialog == questions.PASSWORD:
            known = Forgotten(str(open_step.data["company"]), str(open_step.data["username"]))
        elif visit.link is not None:
            known = Forgotten(visit.link.company, visit.link.emp_code)
        else:
            await self.on_other(visit)
            return
        await self._send_code(visit, known)

    async def on_other(self, visit: Visit) -> None:
        """From the first question on."""
        if len(self._passwords.companies) > 1:
            await self._ask(visit, COMPANY, {})
        else:
            await self._ask(visit, WHO, {"company": self._passwords.companies[0]})

    async def on_again(self, visit: Visit) -> None:
        """Another code, unless the last one was asked for just now."""
        open_step = await self._conversations.find(visit.chat_id)
        if open_step is None or open_step.dialog not in (CODE, NEW, NEW_AGAIN):
            await self.on_other(visit)
            return
        wait = datetime.fromisoformat(open_step.data["asked_at"]) + RESEND_AFTER - self._now()
        if wait > timedelta(0):
            await visit.say(visit.t("You can have a new code in {wait}. Please look among unwanted mail, too.",
                                    wait=visit.t.duration_in_words(wait)))  # fmt: skip
            return
        await self._send_code(visit, _forgotten(open_step), open_step.data.get("first"))

    # -- answers -------------------------------------------------------------------------------------------------------

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        answers = {
            COMPANY: self._on_company,
            WHO: self._on_who,
            CODE: self._on_code,
            NEW: self._on_new,
            NEW_AGAIN: self._on_new_again,
            OLD: self._change.on_old,
            RENEW: self._change.on_renew,
            RENEW_AGAIN: self._change.on_renew_again,
        }
        take = answers.get(conversation.dialog)
        if take is None or (visit.text.startswith("/") and conversation.dialog not in self.steps.secret):
            return False
        if conversation.dialog in self.steps.secret:
            await delete_secret(visit)
        if conversation.data.get("by") == message_id(visit):
            await visit.say(*self.ask(visit, conversation))
        else:
            await take(visit, conversation)
        return True

    def ask(self, visit: Visit, conversation: Conversation) -> tuple[str, Keyboard | None]:
        """The question of this step."""
        return self._outcomes.build_question(visit, conversation)

    async def _on_company(self, visit: Visit, conversation: Conversation) -> None:
        typed = visit.text.strip()
        if len(typed) > questions.LONGEST:
            await visit.say(visit.t("That is too long. Please type the company's name, or /cancel."))
            return
        await self._ask(visit, WHO, {"company": typed})

    async def _on_who(self, visit: Visit, conversation: Conversation) -> None:
        who = clean_username(visit.text)
        if not questions.is_username(who):
            await delete_secret(visit)  # it may have been a password
            await visit.say(visit.t("A username is one short word, without spaces. Please type it again, or /cancel."))
            return
        await self._send_code(visit, Forgotten(str(conversation.data["company"]), who))

    async def _send_code(self, visit: Visit, forgotten: Forgotten, first: str | None = None) -> None:
        """The sentence comes first, so that neither it nor how long it takes can say what BioTime knows."""
        slow = await self._passwords.claim_code(visit.person, forgotten, source(visit))
        if slow is not None:
            await visit.say(texts.describe_slow_down(visit.t, slow.until, self._now(), visit.zone))
            return
        data = {"company": forgotten.company, "who": forgotten.who, "asked_at": self._now().isoformat()}
        await self._ask(visit, CODE, data | ({"first": first} if first else {}))
        if not await self._passwords.send_code(visit.person, forgotten, visit.t.language):
            said = visit.t("BioTime is not answering right now, so there is no code yet. Please ask for a new one in a "
                           "minute.")  # fmt: skip
            await visit.say(said, build_buttons(visit, CODE))

    async def _on_code(self, visit: Visit, conversation: Conversation) -> None:
        code = _BETWEEN.sub("", clean_username(visit.text))
        least, most = self._passwords.rules.code
        if self._is_old(conversation):
            await visit.say(
                visit.t("That code is too old by now. Please ask for a new one."), build_buttons(visit, CODE)
            )
        elif re.fullmatch(rf"[0-9]{{{least},{most}}}", code) is None:
            await visit.say(describe_code(visit.t, self._passwords.rules), build_buttons(visit, CODE))
        else:
            await self._go_on_from_code(visit, _without(conversation, "by") | {"code": code})

    async def _go_on_from_code(self, visit: Visit, data: dict[str, Any]) -> None:
        """Nobody types the new password again who did so twice; once, where it is held no more."""
        first, held = data.get("first"), self._held.take(visit.chat_id)
        if first and held is not None and await is_same(first, held):
            await self._reset(visit, Conversation(NEW_AGAIN, data), held)
        else:
            await self._ask(visit, NEW_AGAIN if first else NEW, data)

    async def _on_new(self, visit: Visit, conversation: Conversation) -> None:
        new = clean_password(visit.text)
        if not await self._outcomes.fits(visit, new) or await self._say_old(visit, conversation):
            return
        await self._ask(visit, NEW_AGAIN, _without(conversation, "by") | {"first": await digest(new)})

    async def _on_new_again(self, visit: Visit, conversation: Conversation) -> None:
        new = clean_password(visit.text)
        if await self._say_old(visit, conversation):
            return
        if await is_same(conversation.data["first"], new):
            await self._reset(visit, conversation, new)
            return
        anew = Conversation(NEW, _without(conversation, "by", "first"))
        await self._outcomes.say_and_move(visit, anew, describe_slip(visit.t, self._passwords.rules))

    async def _reset(self, visit: Visit, conversation: Conversation, new: str) -> None:
        same, data = _without(conversation, "by"), _without(conversation, "by", "first")
        typed = NewPassword(str(data["code"]), new, source(visit), unsure=bool(data.get("unsure")))
        outcome = await self._passwords.reset(visit.person, _forgotten(conversation), typed)
        if isinstance(outcome, WrongProof):
            self._held.put(visit.chat_id, new)
        ways = Ways(
            Conversation(NEW_AGAIN, same), Conversation(NEW, data), (Conversation(CODE, same), _say_wrong(visit))
        )
        await self._outcomes.tell(visit, outcome, ways)

    async def _say_old(self, visit: Visit, conversation: Conversation) -> bool:
        """Whether the code has no life left; not where it may have been used already: then logging in shows it."""
        if conversation.data.get("unsure") or not self._is_old(conversation):
            return False
        said = visit.t("That code is too old by now. Please ask for a new one.")
        again = Conversation(CODE, _without(conversation, "by", "first"))
        await self._outcomes.say_and_move(visit, again, said)
        return True

    # -- small steps ---------------------------------------------------------------------------------------------------

    def _is_old(self, conversation: Conversation) -> bool:
        return self._now() >= datetime.fromisoformat(conversation.data["asked_at"]) + CODE_LIFE

    async def _ask(self, visit: Visit, dialog: str, data: dict[str, Any]) -> None:
        await self._outcomes.ask(visit, Conversation(dialog, data))


def _say_wrong(visit: Visit) -> str:
    t = visit.t
    said = t("That did not work: the code is wrong or no longer valid. Type it again, or ask for a new one.")
    return "\n".join([said, t("The code alone is enough: I keep your new password in memory for five minutes.")])


def _forgotten(conversation: Conversation) -> Forgotten:
    return Forgotten(str(conversation.data["company"]), str(conversation.data["who"]))


def _without(conversation: Conversation, *names: str) -> dict[str, Any]:
    return {key: value for key, value in conversation.data.items() if key not in names}
