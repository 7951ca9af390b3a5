"""Tells a person where their punch, or the leave they asked for, stands: one message, edited.

sendMessage has no key, so whoever may send says so in the row first; a crash leaves at most one message too few, and
the next news of it makes up for it. Editing can be repeated at will.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Generic

from bot.attendance.progress import FINAL, LOGIN_NEEDED, Decision, Progress, State
from bot.database import Database
from bot.services.alerts import CardMessenger, Undelivered
from bot.services.filings import Kind
from bot.store import audit_lines
from bot.store.under_way import Row, Rows, UnderWay

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


def _is_late_decision(row: UnderWay, news: str) -> bool:
    return news in DECIDED and row.told not in (None, f"{ASKED}{SAVED}")


def _news_of_request(progress: Progress) -> str:
    if progress.decision is not None and progress.state is not State.WITHDRAWN:
        return str(progress.decision)
    if progress.state in FINAL:
        return str(progress.state)
    if progress.reason == LOGIN_NEEDED:
        return LOGIN_NEEDED
    return "waiting" if progress.tries or progress.state is State.MANUAL_AMBIGUOUS else SAVED


class Telling(Generic[Row]):
    """One process tells of a row at a time: the one that drives it, else the sweep. `kind`: as what it is decided."""

    def __init__(
        self, db: Database, messenger: CardMessenger[Row], now: Callable[[], datetime], rows: Rows[Row], kind: Kind
    ) -> None:
        self._db = db
        self._messenger = messenger
        self._now = now
        self._rows = rows
        self._kind = kind

    async def tell(self, row: Row, *, claimed: bool = False) -> Row:
        """Tells what is new, if anything; `claimed`: the row already says that we send. Never raises for Telegram."""
        news = news_of(row.progress)
        if row.told == news:
            await self._settle(row, news)
            return row
        try:
            # Who decided in the chat has told the person at once (`decision_news`): the card only follows.
            late = _is_late_decision(row, news) and not await self._was_told(row)
            reached = await self._deliver(row, news, claimed=claimed, anew=late)
        except Undelivered as problem:
            if not problem.final:
                return await self._put_off(row, problem)
            reached = row
        if reached is None:
            return row
        if not await self._warn_if_needed(reached):
            await self._db.write(lambda c: self._rows.settle_message(c, reached.id, reached.message_id))
            return reached
        await self._settle(reached, news)
        if (row.told in WAITING and news not in WAITING) or _is_late_decision(row, news):
            await self._offer_next(reached)
        return replace(reached, told=news)

    async def warn(self, row: Row) -> bool:
        """Tells the managers; whether that is over."""
        try:
            await self._messenger.tell_managers(row)
        except Undelivered as problem:
            return problem.final
        return True

    async def _was_told(self, row: Row) -> bool:
        once = f"{self._kind}:{row.progress.manual_log_id}"
        return await self._db.read(lambda c: audit_lines.find_audit_line(c, row.company, once)) is not None

    async def _deliver(self, row: Row, news: str, *, claimed: bool, anew: bool) -> Row | None:
        """The row as told; None where somebody else is telling. `anew`: in a message of its own."""
        if row.message_id is not None and not anew:
            await self._messenger.edit_card(row, news)
            return row
        if not claimed:
            if row.sends >= MOST_SENDS or (row.sends and news == SAVED):
                return row
            if not await self._db.write(lambda c: self._rows.claim_send(c, row)):
                return None
        return replace(row, message_id=await self._messenger.send_card(row, news))

    async def _put_off(self, row: Row, problem: Undelivered) -> Row:
        """Another time; the row says how many sends have been spent, whoever claimed them."""
        # An edit can be repeated at will, and the person looks at a sentence that is out of date.
        wait = TELL_AFTER if row.message_id is None else EDIT_AGAIN
        at = self._now() + (problem.retry_after or wait)
        unspent = problem.unsent and row.message_id is None
        put_off = self._rows.return_send if unspent else self._rows.postpone_telling
        return replace(row, sends=await self._db.write(lambda c: put_off(c, row.id, at)))

    async def _settle(self, row: Row, news: str) -> None:
        now = self._now()
        await self._db.write(lambda c: self._rows.settle_told(c, row, news, moved_tell_at=now))

    async def _warn_if_needed(self, row: Row) -> bool:
        """Before the row says "told", so that a crash in between tells the managers twice and not never."""
        if row.progress.state not in (State.REJECTED, State.HUMAN) or await self.warn(row):
            return True
        at = self._now() + TELL_AFTER
        await self._db.write(lambda c: self._rows.postpone_telling(c, row.id, at))
        return False

    async def _offer_next(self, row: Row) -> None:
        try:
            await self._messenger.send_next(row)
        except Undelivered:
            return  # the keyboard comes with the next message
