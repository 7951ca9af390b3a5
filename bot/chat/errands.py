"""What takes long is done beside the chat: its message says how far it is, and whatever else is said is answered.

One errand at a time for each chat. Its row is there until its message says how it ended, so that no message goes on
saying that something is being made. Button: `errand-cancel`.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, ExtBot

from bot.chat.keyboards import CANCEL, build_inline
from bot.chat.visit import Reception, Visit
from bot.database import Database
from bot.i18n import Translator, translator_for
from bot.store import errands as store
from bot.store.errands import Errand

log = structlog.get_logger(__name__)

# A year of five thousand people takes minutes.
LONGEST = timedelta(minutes=30)
# Telegram takes an edit a second per chat.
_EVERY = timedelta(seconds=1)
_PATIENCE_SECONDS = 5.0


class Unwanted(Exception):
    """Whoever asked has cancelled it, or has logged out."""


class Doing:
    """An errand, as the one who is at work on it has it."""

    def __init__(self, errand: Errand, visit: Visit, errands: "Errands", now: Callable[[], datetime]) -> None:
        self.shown = errand.message_id
        self.cancelled = self.ending = False
        self._errand = errand
        self._visit = visit
        self._errands = errands
        self._now = now
        self._told_at = now()

    async def say(self, text: str) -> None:
        """How far it is, not oftener than Telegram takes it. Raises Unwanted."""
        if self._now() - self._told_at >= _EVERY:
            self._told_at = self._now()
            await self._check()
            await self._visit.rewrite(self.shown, text, build_cancel(self._visit.t))

    async def end(self) -> None:
        """What was made goes out now: from here on it cannot be cancelled. Raises Unwanted."""
        await self._check()
        self.ending = True

    async def _check(self) -> None:
        link = await self._visit.offering.find_link(self._errand.chat_id)
        same = link is not None and self._visit.link is not None and link.id == self._visit.link.id
        if not same or not await self._errands.is_wanted(self._errand):
            raise Unwanted


Work = Callable[[Doing], Awaitable[bool]]
"""Whether it is there; asking again by the same tap is then asking twice."""


class Errands:
    def __init__(self, db: Database, bot: ExtBot[None], now: Callable[[], datetime]) -> None:
        self._db = db
        self._bot = bot
        self._now = now
        # asyncio keeps weak references only.
        self._running: dict[Errand, tuple[Doing, asyncio.Task[None]]] = {}
        self._done: deque[tuple[object, ...] | None] = deque(maxlen=256)

    async def is_busy(self, visit: Visit) -> bool:
        """Whether this chat waits for something already; then that is said. Whoever taps twice wants it once."""
        if _seen_by(visit) in self._done:
            return True
        errand = await self._db.read(lambda c: store.find_errand(c, visit.chat_id))
        if errand is None or errand.lease_until <= self._now():
            return False
        if errand.message_id == visit.pressed_id:
            return True
        said = visit.t("⏳ I am still working on this. Please wait for it, or cancel it first.")
        await visit.say(said, reply_to=errand.message_id)
        return True

    async def begin(self, visit: Visit, again: str, work: Work, text: str | None = None) -> None:
        """Answers with `text` at once, in the message of the pressed button or a new one; without one that message
        stays as it is. To be asked only where the chat is not busy.
        """
        shown = visit.pressed_id if text is None else await visit.show(text, build_cancel(visit.t))
        assert shown is not None
        errand = Errand(visit.chat_id, shown, again, visit.t.language, self._now() + LONGEST)
        await self._db.write(lambda c: store.settle_errand(c, errand))
        doing = Doing(errand, visit, self, self._now)
        task = asyncio.create_task(self._run(errand, doing, work, _seen_by(visit)))
        self._running[errand] = doing, task

    async def cancel(self, chat_id: int, message_id: int | None) -> None:
        """Where another process is at work on it, that one finds its row gone."""
        errand = await self._db.read(lambda c: store.find_errand(c, chat_id))
        if errand is None or errand.message_id != message_id:
            return
        doing, task = self._running.get(errand, (None, None))
        if doing is None or task is None:
            await self._finish(errand, *_describe_cancelled(errand))
        elif not doing.ending:
            doing.cancelled = True
            task.cancel()

    async def is_wanted(self, errand: Errand) -> bool:
        found = await self._db.read(lambda c: store.find_errand(c, errand.chat_id))
        return found is not None and found.message_id == errand.message_id

    # -- ends ----------------------------------------------------------------------------------------------------------

    async def recover(self) -> None:
        """At the start of the only process: whoever was at work is dead."""
        await self._db.write(lambda c: store.end_all_leases(c, self._now()))

    async def sweep(self) -> int:
        """Says of what nobody is at work on that it was interrupted; returns of how many."""
        left = await self._db.read(lambda c: store.find_left(c, self._now()))
        for errand in left:
            await self._finish(errand, *_describe_interrupted(errand))
        return len(left)

    async def rest(self) -> None:
        """Until nothing is being made."""
        while self._running:
            await asyncio.wait([task for _, task in self._running.values()])

    async def close(self) -> None:
        """What is being made is given up, and its message says so; else the next start says it."""
        tasks = [task for _, task in self._running.values()]
        for _ in range(2):
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks, timeout=_PATIENCE_SECONDS)

    async def _run(self, errand: Errand, doing: Doing, work: Work, seen: tuple[object, ...] | None) -> None:
        try:
            if await self._do(errand, doing, work) and seen is not None:
                self._done.append(seen)
        finally:
            del self._running[errand]

    async def _do(self, errand: Errand, doing: Doing, work: Work) -> bool:
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                made = await work(doing)
        except asyncio.CancelledError:
            describe = _describe_cancelled if doing.cancelled else _describe_interrupted
            await self._finish(errand, *describe(errand))
        except Unwanted:
            await self._finish(errand, *_describe_cancelled(errand))
        except Exception as problem:  # a bug, or Telegram: the chat must not go on waiting
            log.error("an errand failed", errand=errand.again.partition(":")[0], exc_info=problem)
            await self._finish(errand, *_describe_interrupted(errand))
        else:
            await self._db.write(lambda c: store.drop_errand(c, errand))
            return made
        return False

    async def _finish(self, errand: Errand, text: str, buttons: InlineKeyboardMarkup | None = None) -> None:
        """The row goes when the message says it; or it is tried again with the next sweep."""
        try:
            await self._bot.edit_message_text(
                text, chat_id=errand.chat_id, message_id=errand.message_id, reply_markup=buttons
            )
        except (BadRequest, Forbidden):
            pass  # gone, or says it already, or nobody reads it
        except TelegramError as problem:
            log.warning("the end of an errand could not be told", problem=type(problem).__name__)
            await self._db.write(lambda c: store.end_lease(c, errand, self._now()))
            return
        await self._db.write(lambda c: store.drop_errand(c, errand))


class ErrandsChat:
    def __init__(self, reception: Reception, errands: Errands) -> None:
        self._reception = reception
        self._errands = errands

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        return [CallbackQueryHandler(self._reception.receives(self.on_cancel), "^errand-cancel$")]

    async def on_cancel(self, visit: Visit) -> None:
        await self._errands.cancel(visit.chat_id, visit.pressed_id)


def _seen_by(visit: Visit) -> tuple[object, ...] | None:
    """What was tapped, as it was on the screen; both taps of one who taps twice saw the same."""
    query = visit.update.callback_query
    if query is None or visit.pressed_id is None:
        return None
    return visit.chat_id, visit.pressed_id, getattr(query.message, "edit_date", None), query.data


def build_cancel(t: Translator) -> InlineKeyboardMarkup:
    return build_inline(t, [[(t.gettext(CANCEL), "errand-cancel")]])


def _describe_cancelled(errand: Errand) -> tuple[str, InlineKeyboardMarkup | None]:
    return translator_for(errand.language)("Cancelled. Nothing was sent."), None


def _describe_interrupted(errand: Errand) -> tuple[str, InlineKeyboardMarkup | None]:
    t = translator_for(errand.language)
    said = t("⚠️ I was interrupted before this was done. Please try again.")
    return said, build_inline(t, [[(t("🔁 Try again"), errand.again)]])
