"""Tells a person where their punch stands: one message, edited.

sendMessage has no key, so whoever may send says so in the row first; a crash leaves at most one message too few, and
the next news of the punch makes up for it. Editing can be repeated at will.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.attendance.progress import Progress, State
from bot.database import Database
from bot.services.alerts import Messenger, Undelivered
from bot.store import punches
from bot.store.punches import Punch

# How long the process that wrote a row has for telling of it before a sweep does.
TELL_AFTER = timedelta(seconds=30)
MOST_SENDS = 2
SAVED = "saved"
LOGIN_NEEDED = "login"

_WORDS = {
    State.RECORDED: SAVED,
    State.SENDING: SAVED,
    State.MANUAL_SENDING: str(State.MANUAL_DUE),
    State.MANUAL_AMBIGUOUS: str(State.MANUAL_DUE),
}


def news_of(progress: Progress) -> str:
    """What there is to tell, as one word: the person is told again when the word changes."""
    word = _WORDS.get(progress.state, str(progress.state))
    if progress.state is State.MANUAL_CONFIRMED:
        word = f"{word}:{progress.decision}"
    if progress.reason == LOGIN_NEEDED and word in (SAVED, State.MANUAL_DUE):
        word = LOGIN_NEEDED
    return f"{word}:correction" if progress.correction and word != LOGIN_NEEDED else word


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
            punch = await self._deliver(punch, news, claimed=claimed)
        except Undelivered as problem:
            return await self._put_off(punch, news, problem)
        await self._settle(punch, news)
        if punch.told in (None, SAVED, LOGIN_NEEDED) and news not in (SAVED, LOGIN_NEEDED):
            await self._follow_up(punch)
        return replace(punch, told=news)

    async def _deliver(self, punch: Punch, news: str, *, claimed: bool) -> Punch:
        if punch.message_id is not None:
            await self._messenger.edit_punch(punch, news)
            return punch
        if not claimed and not await self._claim(punch):
            return punch
        message_id = await self._messenger.send_punch(punch, news)
        await self._db.write(lambda c: punches.settle_message(c, punch.id, message_id))
        return replace(punch, message_id=message_id)

    async def _claim(self, punch: Punch) -> bool:
        if punch.sends >= MOST_SENDS or (punch.sends and news_of(punch.progress) == SAVED):
            return False
        return await self._db.write(lambda c: punches.claim_send(c, punch))

    async def _put_off(self, punch: Punch, news: str, problem: Undelivered) -> Punch:
        if problem.final:
            await self._settle(punch, news)
            return replace(punch, told=news)
        at = self._now() + (problem.retry_after or TELL_AFTER)
        if problem.unsent and punch.message_id is None:
            await self._db.write(lambda c: punches.return_send(c, punch.id, at))
        else:
            await self._db.write(lambda c: punches.postpone_telling(c, punch.id, at))
        return punch

    async def _settle(self, punch: Punch, news: str) -> None:
        await self._db.write(
            lambda c: punches.settle_told(c, punch.id, news, punch.progress.state, punch.progress.attempt)
        )

    async def _follow_up(self, punch: Punch) -> None:
        try:
            if punch.progress.state is not State.REJECTED:
                await self._messenger.send_next(punch)
            if punch.progress.state in (State.REJECTED, State.HUMAN):
                await self._messenger.tell_managers(punch)
        except Undelivered:
            return  # the keyboard comes with the next message; the managers' list shows the punch all the same
