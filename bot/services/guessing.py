"""How often somebody may try: counted in the database before the try goes upstream, so that a hundred at once are no
more than a few, on any number of replicas.

Per (person, name), and per person over all names. A name is slowed for this person alone: a stranger cannot lock a
colleague out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from bot.database import Database
from bot.services.sessions import Sessions
from bot.services.spelling import clean_username
from bot.store import attempts


class Guess(StrEnum):
    """What is tried. A password is one guess wherever it is asked for."""

    PASSWORD = "login"  # noqa: S105 - a kind of guess, not a password
    CODE = "code"
    MAIL = "mail"
    """A code asked for: each is a mail to somebody."""


@dataclass(frozen=True, slots=True)
class Limit:
    per_name: int
    within: timedelta
    in_all: int
    in_all_within: timedelta = timedelta(hours=1)


LIMITS = {
    Guess.PASSWORD: Limit(5, timedelta(minutes=15), 10),
    Guess.CODE: Limit(5, timedelta(minutes=10), 10),
    # As many as the embedded server sends to one address.
    Guess.MAIL: Limit(3, timedelta(hours=1), 6),
}


@dataclass(frozen=True, slots=True)
class SlowDown:
    """Too many tries: the next one is taken from `until` on. Nothing went to BioTime."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A try that counts. `repeated`: this very message was counted before, so it has been tried before, too."""

    telegram_id: int
    name: str
    attempt_id: int | None

    @property
    def repeated(self) -> bool:
        return self.attempt_id is None


class Guessing:
    def __init__(self, db: Database, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._db = db
        self._sessions = sessions
        self._now = now

    async def claim(self, guess: Guess, telegram_id: int, username: str, source: str | None) -> Claim | SlowDown:
        """`source` names the message it came with: that message once more is no second try."""
        name = self._name(telegram_id, username)
        return await self._db.write(lambda c: self._claim(c, guess, telegram_id, name, source))

    async def give_back(self, claim: Claim) -> None:
        """The try said nothing: it does not count."""
        attempt_id = claim.attempt_id
        if attempt_id is not None:
            await self._db.write(lambda c: attempts.return_attempt(c, attempt_id))

    @staticmethod
    def forget(connection: Connection, guess: Guess, claim: Claim) -> None:
        """It was right: the wrong ones before it count no more."""
        attempts.forget_attempts(connection, guess, claim.telegram_id, claim.name)

    def _claim(
        self, connection: Connection, guess: Guess, telegram_id: int, name: str, source: str | None
    ) -> Claim | SlowDown:
        now, limit = self._now(), LIMITS[guess]
        attempts.lock_person(connection, telegram_id)
        if source is not None and attempts.has_attempt(connection, guess, telegram_id, source):
            return Claim(telegram_id, name, None)
        limits = ((name, limit.per_name, limit.within), (None, limit.in_all, limit.in_all_within))
        found = [
            (attempts.find_limiting(connection, guess, telegram_id, who, since=now - within, most=most), within)
            for who, most, within in limits
        ]
        until = [limiting + within for limiting, within in found if limiting is not None]
        if until:
            return SlowDown(max(until))
        return Claim(
            telegram_id, name, attempts.add_attempt(connection, guess, telegram_id, name, source=source, now=now)
        )

    def _name(self, telegram_id: int, username: str) -> str:
        """One for all spellings of a username; the username cannot be read from it."""
        return self._sessions.blind("hadir login attempts", telegram_id, clean_username(username).casefold())
