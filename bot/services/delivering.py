"""The outbox on its way: claim, send or edit, settle. A crash leaves a lease that ends; nothing is lost.

Several people are told at once, each of them one thing after another.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.database import Database
from bot.services import cards
from bot.services.alerts import AlertMessenger, Undelivered
from bot.services.cards import Card, CatchUp, News, cards_of
from bot.services.quiet_hours import find_quiet_end
from bot.services.tenants import Tenants
from bot.services.turns import Turns
from bot.store import dispatch, links, manager_settings, outbox
from bot.store.alert_recipients import settle_named
from bot.store.links import Link, Person
from bot.store.manager_settings import ManagerSettings
from bot.store.messages import Message, New, Sent, Status, Topic

log = structlog.get_logger(__name__)

RETRIES = tuple(
    timedelta(seconds=seconds) for seconds in (0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)
)
"""Then a person is told (PROTOCOL.md, "Alerts and replies")."""
LOOK_AGAIN = timedelta(seconds=60)
# Enough for all that Telegram takes in a second, should each of its answers take a third of one.
AT_ONCE = 8
# So many are written down at once as named in a message that rings: of thousands the loop would do nothing else.
NAMED = 1_000

# What managers and HR are told; what somebody has asked for just now is not held back.
HELD_BACK = frozenset(
    {
        Topic.CARD,
        Topic.DIGEST,
        Topic.FORGOTTEN,
        Topic.ESCALATED,
        Topic.REQUESTS,
        Topic.TERMINAL,
        Topic.UNLINKED,
        Topic.DOWN,
        Topic.HANDED_BACK,
    }
)


class Delivering:
    """`_pause` is when Telegram wants to hear from us again; each process learns it for itself."""

    def __init__(
        self,
        db: Database,
        tenants: Tenants,
        messenger: AlertMessenger,
        now: Callable[[], datetime],
        turns: Turns | None = None,
    ) -> None:
        self._db = db
        self._tenants = tenants
        self._messenger = messenger
        self._now = now
        self._turns = turns or Turns()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._pause: datetime | None = None

    async def run(self) -> int:
        """Tells all that is due, as far as Telegram takes it; returns how many rows were looked at."""
        done = 0
        while not self._silence():
            due = await self._db.read(lambda c: dispatch.find_due(c, self._now()))
            if not due:
                break
            # What has begun is brought to its end, even if one of them fails.
            looked_at = await asyncio.gather(*map(self._deliver_one, due), return_exceptions=True)
            for one in looked_at:
                if isinstance(one, BaseException):
                    raise one
                done += one
        return done

    async def rest(self) -> None:
        """Until nobody is being told anything, whoever began it."""
        for _ in range(AT_ONCE):
            await self._room.acquire()
        for _ in range(AT_ONCE):
            self._room.release()

    def _silence(self) -> timedelta:
        """For how long Telegram wants to hear nothing."""
        return max(self._pause - self._now(), timedelta(0)) if self._pause else timedelta(0)

    async def _deliver_one(self, message: Message) -> bool:
        async with self._room:
            if self._silence():
                return False
            await self._deliver(message)
            return True

    async def _deliver(self, message: Message) -> None:
        now = self._now()
        quiet_until = await self._find_quiet(message)
        claimed = await self._db.write(lambda c: dispatch.claim(c, message, now))
        if claimed is None:
            return
        if quiet_until is not None:
            await self._db.write(lambda c: dispatch.hold(c, claimed, quiet_until, now))
            return
        if claimed.is_caught_up:
            await self._db.write(lambda c: dispatch.settle_end(c, claimed, Status.SENT))
            return
        news = await self._db.read_aside(lambda c: cards.compose(c, claimed, now))
        accounts = await self._db.read(lambda c: links.find_links_of_employee(c, message.company, message.emp_code))
        if isinstance(news, Card) and news.is_quiet and not claimed.sent:
            # Whoever was missing came before this manager wanted to know; and of the others it is too early to tell.
            if news.waiting:
                await self._db.write(lambda c: dispatch.put_off(c, claimed, now + LOOK_AGAIN, tries=claimed.tries))
                return
            news = None
        if news is None or (not accounts and claimed.topic is not Topic.CARD):
            ended = Status.SENT if claimed.sent else Status.DROPPED
            await self._db.write(lambda c: dispatch.settle_end(c, claimed, ended))
        elif not accounts:
            await self._db.write(lambda c: _give_up(c, claimed, now))
        else:
            await self._tell_all(claimed, news, accounts)

    async def _tell_all(self, message: Message, news: News, accounts: Sequence[tuple[Link, Person]]) -> None:
        """Every account of the person; one that cannot be reached does not keep it from the others."""
        rang_at = self._now() if not message.sent or await self._may_ring(message, news) else None
        sent = list(message.sent)
        for link, person in accounts:
            try:
                await self._tell(message, news, (link, person), sent, anew=bool(rang_at and message.sent))
            except Undelivered as problem:
                if not problem.gone:
                    await self._put_off(message, problem)
                    return
                await self._unlink(message, link)
        if not sent:
            await self._db.write(lambda c: _give_up(c, message, self._now()))
            return
        for instance, codes in _find_named(news) if rang_at else ():
            named = partial(settle_named, company=message.company, which=(message.emp_code, instance), emp_codes=codes)
            await self._db.write(partial(named, now=rang_at))
        await self._db.write(lambda c: _settle(c, message, news, sent, now=self._now(), rang_at=rang_at))

    async def _may_ring(self, message: Message, news: News) -> bool:
        """Somebody is named in it of whom this manager has not heard; in quiet hours that waits for their end."""
        return any(card.unheard for card in cards_of(news)) and await self._find_quiet_end(message) is None

    async def _tell(
        self, message: Message, news: News, account: tuple[Link, Person], sent: list[Sent], *, anew: bool
    ) -> None:
        link, person = account
        chat_id = link.telegram_id

        async def keep(pages: Sequence[Sent]) -> None:
            sent[:] = [one for one in sent if one.chat_id != chat_id] + list(pages)
            await self._db.write(lambda c: dispatch.keep_sent(c, message, sent))

        before = [one for one in sent if one.chat_id == chat_id]
        await self._turns.take(chat_id)
        if silence := self._silence():  # asked for while we waited
            raise Undelivered(unsent=True, retry_after=silence)
        after = await self._messenger.tell(link, person, news, before, repeat=message.unclear, anew=anew, keep=keep)
        if list(after) != before:
            sent[:] = [one for one in sent if one.chat_id != chat_id] + list(after)

    async def _put_off(self, message: Message, problem: Undelivered) -> None:
        now = self._now()
        if problem.retry_after is not None:
            # Telegram's own time, for everybody: the row waits, and it is no failure of this message.
            self._pause = now + max(problem.retry_after, self._silence())
            await self._db.write(
                lambda c: dispatch.put_off(c, message, now + (problem.retry_after or LOOK_AGAIN), tries=message.tries)
            )
            return
        if message.tries >= len(RETRIES) or problem.final:
            log.error("an alert could not be delivered", topic=str(message.topic), tries=message.tries)
            await self._db.write(lambda c: _give_up(c, message, now))
            return
        wait = RETRIES[message.tries]
        await self._db.write(
            lambda c: dispatch.put_off(c, message, now + wait, tries=message.tries + 1, unclear=not problem.unsent)
        )

    async def _unlink(self, message: Message, link: Link) -> None:
        """Blocked, or deactivated: this account hears nothing any more, and HR knows."""
        now = self._now()

        def end(connection: Connection) -> None:
            links.end_link(connection, link.telegram_id, now)
            _tell_hr(connection, message, now)

        await self._db.write(end)

    async def _find_quiet(self, message: Message) -> datetime | None:
        """Until when this manager wants to hear nothing; an edit makes no noise."""
        if message.topic not in HELD_BACK or message.sent or message.is_caught_up:
            return None
        return await self._find_quiet_end(message)

    async def _find_quiet_end(self, message: Message) -> datetime | None:
        chosen = await self._db.read(lambda c: manager_settings.load_manager_settings(c, message.company))
        settings = chosen.get(message.emp_code, ManagerSettings())
        return find_quiet_end(settings, self._now(), self._tenants.zone_of(message.company))


def _find_named(news: News) -> Iterable[tuple[str, list[str]]]:
    """(shift, so many people of it at once) who are named in it."""
    for card in cards_of(news):
        codes = sorted(card.unheard)
        yield from ((card.site.instance, codes[n : n + NAMED]) for n in range(0, len(codes), NAMED))


def _settle(
    connection: Connection,
    message: Message,
    news: News,
    sent: Sequence[Sent],
    *,
    now: datetime,
    rang_at: datetime | None,
) -> None:
    """`rang_at`: just before it went out with a sound, so that whoever looks at it while it does has looked at it."""
    live = (isinstance(news, Card) and not news.over) or (isinstance(news, CatchUp) and news.is_live)
    dispatch.settle_sent(connection, message, sent, now, now + LOOK_AGAIN if live else None, rang_at=rang_at)
    if isinstance(news, CatchUp):
        dispatch.settle_caught_up(connection, news.told, now)


def _give_up(connection: Connection, message: Message, now: datetime) -> None:
    dispatch.settle_end(connection, message, Status.FAILED)
    if message.topic is Topic.CARD:
        _tell_hr(connection, message, now)


def _tell_hr(connection: Connection, message: Message, now: datetime) -> None:
    """A manager who cannot be told anything, once a day."""
    hr = {link.emp_code for link, _ in links.find_hr(connection, message.company)} - {message.emp_code}
    key, payload = f"{message.emp_code} {now:%Y-%m-%d}", {"manager": message.emp_code}
    news = [New(code, Topic.UNLINKED, key, now, payload) for code in sorted(hr)]
    outbox.add_messages(connection, message.company, news, now)
