"""Tells a person where their punch stands: one message, edited.

sendMessage has no key, so whoever may send says so in the row first; a crash leaves at most one message too few, and
the next news of the punch makes up for it. Editing can be repeated at will.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.attendance.progress import FINAL, LOGIN_NEEDED, Decision, Progress, State
from bot.database import Database
from bot.services.alerts import Messenger, Undelivered
from bot.services.filings import Kind
from bot.store import audit_lines, punches
from bot.store.punches import Punch

# How long the process that wrote a row has for telling of it before a sweep does.
TELL_AFTER = timedelta(seconds=30)
EDIT_AGAIN = timedelta(seconds=3)
MOST_SENDS = 2
SAVED = "saved"
# Told so far, where the outcome is still to come.
# Before the news of what a person asked for afterwards.
ASKED = "asked:"
WAITING = (None, SAVED, LOGIN_NEEDED, *(f"{ASKED}{word}" for word in (SAVED, LOGIN_NEEDED, "waiting")))
# An edit makes no sound: where these come days later, they come in a message of their own.
DECIDED = tuple(f"{ASKED}{word}" for word in (*Decision, State.REJECTED, State.HUMAN) if word is not Decision.PENDING)

_WORDS = {
    State.RECORDED: SAVED,
    State.SENDING: SAVED,
    State.MANUAL_SENDING: str(State.MANUAL_DUE),
    State.MANUAL_AMBIGUOUS: str(State.MANUAL_DUE),
}


def news_of(progress: Progress) -> str:
    """What there is to tell, as one word: the person is told again when the word changes."""
    if progress.asked_at is not None:
        return ASKED + _news_of_request(progress)
    word = _WORDS.get(progress.state, str(progress.state))
    if progress.state is State.MANUAL_CONFIRMED:
        word = f"{word}:{progress.decision}"
    if progress.reason == LOGIN_NEEDED and word in (SAVED, State.MANUAL_DUE):
        word = LOGIN_NEEDED
    return f"{word}:correction" if progress.correction and word != LOGIN_NEEDED else word


def _is_late_decision(punch: Punch, news: str) -> bool:
    return news in DECIDED and punch.told not in (None, f"{ASKED}{SAVED}")


def _news_of_request(progress: Progress) -> str:
    if progress.decision is not None and progress.state is not State.WITHDRAWN:
        return str(progress.decision)
    if progress.state in FINAL:
        return str(progress.state)
    if progress.reason == LOGIN_NEEDED:
        return LOGIN_NEEDED
    return "waiting" if progress.tries or progress.state is State.MANUAL_AMBIGUOUS else SAVED


class Telling:
    """One process tells of a punch at a time: the one that drives it, else the sweep."""

    def __init__(self, db: Database, messenger: Messenger, now: Callable[[], datetime]) -> None:
        self._db = db
        self._messenger = messenger
        self._now = now

    async def tell(self, punch: Punch, *, claimed: bool = False) -> Punch:
        """Tells what is new, if anything; `claimed`: the row already says that we send. Never raises for Telegram."""
        news = news_of(punch.progress)
        if punch.told == news:
            await self._settle(punch, news)
            return punch
        try:
            # Who decided in the chat has told the person at once (`decision_news`): the card only follows.
            late = _is_late_decision(punch, news) and not await self._was_told(punch)
            reached = await self._deliver(punch, news, claimed=claimed, anew=late)
        except Undelivered as problem:
            if not problem.final:
                return await self._put_off(punch, problem)
            reached = punch
        if reached is None:
            return punch
        if not await self._warn_if_needed(reached):
            await self._db.write(lambda c: punches.settle_message(c, reached.id, reached.message_id))
            return reached
        await self._settle(reached, news)
        if (punch.told in WAITING and news not in WAITING) or _is_late_decision(punch, news):
            await self._offer_next(reached)
        return replace(reached, told=news)

    async def warn(self, punch: Punch) -> bool:
        """Tells the managers; whether that is over."""
        try:
            await self._messenger.tell_managers(punch)
        except Undelivered as problem:
            return problem.final
        return True

    async def _was_told(self, punch: Punch) -> bool:
        once = f"{Kind.LOG}:{punch.progress.manual_log_id}"
        return await self._db.read(lambda c: audit_lines.find_audit_line(c, punch.company, once)) is not None

    async def _deliver(self, punch: Punch, news: str, *, claimed: bool, anew: bool) -> Punch | None:
        """The punch as told; None where somebody else is telling. `anew`: in a message of its own."""
        if punch.message_id is not None and not anew:
            await self._messenger.edit_punch(punch, news)
            return punch
        if not claimed:
            if punch.sends >= MOST_SENDS or (punch.sends and news == SAVED):
                return punch
            if not await self._db.write(lambda c: punches.claim_send(c, punch)):
                return None
        return replace(punch, message_id=await self._messenger.send_punch(punch, news))

    async def _put_off(self, punch: Punch, problem: Undelivered) -> Punch:
        """Another time; the row says how many sends have been spent, whoever claimed them."""
        # An edit can be repeated at will, and the person looks at a sentence that is out of date.
        wait = TELL_AFTER if punch.message_id is None else EDIT_AGAIN
        at = self._now() + (problem.retry_after or wait)
        unspent = problem.unsent and punch.message_id is None
        put_off = punches.return_send if unspent else punches.postpone_telling
        return replace(punch, sends=await self._db.write(lambda c: put_off(c, punch.id, at)))

    async def _settle(self, punch: Punch, news: str) -> None:
        now = self._now()
        await self._db.write(lambda c: punches.settle_told(c, punch, news, moved_tell_at=now))

    async def _warn_if_needed(self, punch: Punch) -> bool:
        """Before the row says "told", so that a crash in between tells the managers twice and not never."""
        if punch.progress.state not in (State.REJECTED, State.HUMAN) or await self.warn(punch):
            return True
        at = self._now() + TELL_AFTER
        await self._db.write(lambda c: punches.postpone_telling(c, punch.id, at))
        return False

    async def _offer_next(self, punch: Punch) -> None:
        try:
            await self._messenger.send_next(punch)
        except Undelivered:
            return  # the keyboard comes with the next message
