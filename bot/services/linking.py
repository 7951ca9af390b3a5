"""Linking a Telegram account to an employee: log in, log out, language."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import Connection

from bot.attendance.model import PunchState
from bot.attendance.progress import LOGIN_NEEDED
from bot.biotime.client import BioTimeClient
from bot.biotime.errors import BioTimeError, WrongCredentials
from bot.biotime.values import AppSettings
from bot.database import Database
from bot.services.charge_news import tell_at_log_in
from bot.services.guessing import Claim, Guess, Guessing, SlowDown
from bot.services.sending import Sending
from bot.services.sessions import SessionOver, Sessions
from bot.services.tenants import Tenants
from bot.store import links, punches, tokens
from bot.store.links import Link, Person
from bot.store.punches import Punch

RECENT = timedelta(hours=16)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person typed; the password is never stored."""

    company: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Linked:
    link: Link


@dataclass(frozen=True, slots=True)
class WrongLogin:
    """Unknown user or wrong password: BioTime does not say which, and neither do we."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """BioTime did not answer, or not in its language."""


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """`waiting`: a punch needs the person to log in again before it can go in."""

    waiting: bool


class Leaving(Enum):
    """What becomes of the punches that are not in BioTime yet when their person logs out."""

    FREE = "there are none"
    GOES_ON = "they go in all the same"
    WAITS = "one needs the person to log in again before it can go in"


class Linking:
    def __init__(
        self,
        db: Database,
        tenants: Tenants,
        sessions: Sessions,
        sending: Sending[Punch],
        now: Callable[[], datetime],
        *,
        guessing: Guessing,
    ) -> None:
        self._db = db
        self._tenants = tenants
        self._sessions = sessions
        self._guessing = guessing
        self._sending = sending
        self._now = now

    @property
    def companies(self) -> tuple[str, ...]:
        return self._tenants.companies

    async def meet(self, telegram_id: int, language_code: str | None) -> tuple[Person, Link | None]:
        """Who this is: the person, known from the first message on, and their link, if they are logged in."""
        person, link = await self._db.read(lambda c: links.find_visitor(c, telegram_id))
        if person is None or (language_code and person.language_code != language_code):
            client_id = secrets.token_hex(32)
            person = await self._db.write(lambda c: links.add_person(c, telegram_id, client_id, language_code))
        return person, link

    async def choose_language(self, telegram_id: int, language: str) -> None:
        await self._db.write(lambda c: links.settle_language(c, telegram_id, language))

    async def choose_pictures(self, telegram_id: int, *, dark: bool) -> None:
        await self._db.write(lambda c: links.settle_dark(c, telegram_id, dark))

    async def note_told_of_location(self, person: Person) -> None:
        await self._db.write(lambda c: links.settle_location_told(c, person.telegram_id, self._now()))

    async def login(
        self, person: Person, typed: Credentials, source: str | None = None
    ) -> Linked | WrongLogin | SlowDown | Unreachable:
        """`source` names the message it came with: that message once more is no second try."""
        claimed = await self._guessing.claim(Guess.PASSWORD, person.telegram_id, typed.username, source)
        if isinstance(claimed, SlowDown):
            return claimed
        outcome = await self._enter(person, typed, claimed)
        if isinstance(outcome, Unreachable):
            await self._guessing.give_back(claimed)
        return outcome

    async def enter(self, person: Person, typed: Credentials) -> Linked | WrongLogin | Unreachable:
        """Logs in with a password that BioTime has just taken from this person: no guess, and not counted as one."""
        return await self._enter(person, typed, None)

    async def _enter(
        self, person: Person, typed: Credentials, claim: Claim | None
    ) -> Linked | WrongLogin | Unreachable:
        company = self._tenants.find(typed.company)
        if company is None:
            return WrongLogin()
        client = self._tenants[company].client
        try:
            token = await client.fetch_token(typed.username, typed.password, person.client_id)
            settings = await client.fetch_app_settings(token)
        except WrongCredentials:
            return WrongLogin()
        except BioTimeError:
            return Unreachable()
        link = self._build_link(person, company, settings, token)
        linked = await self._db.write(lambda c: _keep_link(c, link, claim, self._now()))
        await self._take_up(linked)
        return Linked(await self.look_at_last_punch(linked))

    async def logout(self, telegram_id: int) -> LoggedOut | None:
        """Ends the link, if there is one. The token goes with it, unless a punch still needs it to get through."""

        def end(connection: Connection) -> LoggedOut | None:
            link = links.find_link(connection, telegram_id)
            if link is None:
                return None
            links.end_link(connection, telegram_id, self._now())
            tokens.drop_ended_tokens(connection)
            return LoggedOut(_foresee(connection, link) is Leaving.WAITS)

        return await self._db.write(end)

    async def foresee_logout(self, link: Link) -> Leaving:
        return await self._db.read(lambda c: _foresee(c, link))

    async def look_at_last_punch(self, link: Link) -> Link:
        """What BioTime holds of the last hours, a terminal's punches too; without an answer, what we knew before."""
        since = self._now() - RECENT
        try:
            last = await self._sessions.call(link, lambda client, token: _last_punch(client, token, link, since))
        except (SessionOver, BioTimeError):
            return link
        if last is None:
            return link
        at, state = last
        await self._db.write(lambda c: links.settle_last_punch(c, link.id, at, state))
        return replace(link, last_punch_at=at, last_punch_state=state)

    def _build_link(self, person: Person, company: str, settings: AppSettings, token: str) -> Link:
        now = self._now()
        return Link(
            id=0,
            telegram_id=person.telegram_id,
            company=company,
            emp_id=settings.emp_id,
            emp_code=settings.emp_code,
            name=settings.name,
            department=settings.department,
            position=settings.position,
            area=settings.area,
            app_role=2 if settings.is_administrator else 1,
            token=self._sessions.seal(company, person.telegram_id, token),
            linked_at=now,
            token_at=now,
        )

    async def _take_up(self, link: Link) -> None:
        """Punches that waited for this log-in are due at once."""
        now = self._now()
        await self._db.write(lambda c: punches.hasten(c, link.company, link.emp_code, now))
        await self._sending.sweep()


def _foresee(connection: Connection, link: Link) -> Leaving:
    """Without a token nothing open can go on."""
    if not tokens.has_open_punch(connection, link):
        return Leaving.FREE
    waits = link.token is None or tokens.has_open_punch(connection, link, LOGIN_NEEDED)
    return Leaving.WAITS if waits else Leaving.GOES_ON


def _keep_link(connection: Connection, link: Link, claim: Claim | None, now: datetime) -> Link:
    if claim is not None:
        Guessing.forget(connection, Guess.PASSWORD, claim)
    tell_at_log_in(connection, link.company, link.emp_code, now)
    return links.add_link(connection, link)


async def _last_punch(
    client: BioTimeClient, token: str, link: Link, since: datetime
) -> tuple[datetime, PunchState] | None:
    rows = [row async for row in client.fetch_punches(token, since) if row.emp_code == link.emp_code]
    return max(((row.punched_at, row.punch_state) for row in rows), default=None)
