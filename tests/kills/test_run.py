"""kill -9 of `hadir run` itself, again and again, while people share their places through a Bot API that forgets what
it was told to forget.

What `test_kills.py` does more often and with shorter waits for intake, store and drivers, this does for the command as
people start it: its polling and its offsets, the lock, recovery, migrations, the jobs, the messages.
`HADIR_KILLS=300` kills more often than the suite has time for.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.attendance.progress import DEFAULT_LIMITS, FINAL, State
from bot.gateway.sample import NAME, ZONE
from bot.playground.chats import Chat, User
from bot.playground.people import Person
from bot.playground.server import Playground, running
from bot.services.telling import MOST_SENDS
from bot.store.cipher import new_secret_key
from tests import words
from tests.kills.biotime import serving
from tests.kills.books import Books, Row, instant, load, message_of
from tests.kills.linking import link_all
from tests.kills.program import LATER, Program, Programs, opened
from tests.kills.worker import now

KILLS = int(os.environ.get("HADIR_KILLS", "30"))
SEED = 20240603
# Sooner than a minute after the last one, a share is the same punch again: many people, and each now and then.
PEOPLE = 400
AGAIN = 62.0
SLOWEST = 0.12
REST = 60.0


@dataclass
class Crowd:
    """Shares places all the time, whether anybody listens or not; `last` does so once, when all is well again."""

    people: list[Person]
    last: Person
    chance: random.Random
    shares: dict[int, Chat] = field(default_factory=dict)

    async def share(self) -> None:
        clock, last = asyncio.get_running_loop().time, dict.fromkeys(range(len(self.people)), float("-inf"))
        while True:
            for number, person in enumerate(self.people):
                await asyncio.sleep(max(self.chance.uniform(0, 2 * AGAIN / PEOPLE), last[number] + AGAIN - clock()))
                last[number] = clock()
                self.note(person)

    def note(self, person: Person) -> None:
        place = person.place
        message = person.share_location(place.latitude, place.longitude, accuracy=place.accuracy)
        self.shares[message.message_id] = person.chat


@dataclass
class Doom:
    """Kills at random moments: while it starts, while it works, while it shuts down."""

    playground: Playground
    chance: random.Random
    kills: int = 0

    async def meet(self, program: Program) -> None:
        calls = len(self.playground.calls)
        way = self.chance.choice((self._start, self._work, self._work, self._long_work, self._end))
        await way(program, calls)
        self.kills += await program.kill()

    async def _start(self, program: Program, calls: int) -> None:
        await self._sleep(0.9)

    async def _work(self, program: Program, calls: int) -> None:
        await self._sign_of_life(calls)
        await self._sleep(1)

    async def _long_work(self, program: Program, calls: int) -> None:
        """The jobs tick every second."""
        await self._sign_of_life(calls)
        await self._sleep(3)

    async def _end(self, program: Program, calls: int) -> None:
        await self._sign_of_life(calls)
        await self._sleep(1.5)
        program.ask_to_end()
        await self._sleep(0.4)

    async def _sign_of_life(self, calls: int) -> None:
        await speak(self.playground, calls)

    async def _sleep(self, most: float) -> None:
        await asyncio.sleep(self.chance.uniform(0, most))


async def speak(playground: Playground, calls: int) -> None:
    """Until the program has called Telegram once more than so many times: it is up, and minds its signals."""
    assert await playground.world.signal.wait_for(lambda: len(playground.calls) > calls or None, REST)


def build_environ(folder: Path, token: str, playground_url: str, biotime_url: str, key: str) -> dict[str, str]:
    return {
        "HADIR_TELEGRAM_TOKEN": token,
        "HADIR_TELEGRAM_API_URL": playground_url,
        "HADIR_BIOTIME_URL": biotime_url,
        "HADIR_COMPANY": NAME,
        "HADIR_TIMEZONE": str(ZONE),
        "HADIR_DATABASE_URL": f"sqlite:///{folder}/store.db",
        "HADIR_SECRET_KEY": key,
        "HADIR_LISTEN": "127.0.0.1:0",
        "HADIR_LOG_FORMAT": "json",
        "HADIR_LOG_LEVEL": "WARNING",
    }


@asynccontextmanager
async def sharing(crowd: Crowd) -> AsyncIterator[None]:
    task = asyncio.create_task(crowd.share())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def play(playground: Playground, programs: Programs, kills: int) -> Crowd:
    chance = random.Random(SEED)
    *people, last = playground.people.values()
    crowd, doom = Crowd(people, last, random.Random(SEED)), Doom(playground, chance)
    async with sharing(crowd):
        while doom.kills < kills:
            await doom.meet(await programs.start())
            await programs.gone()
    await settle(playground, programs, crowd)
    return crowd


async def settle(playground: Playground, programs: Programs, crowd: Crowd) -> None:
    """No faults any more: everything is taken and worked on; then the time that proofs need is over."""
    program = await programs.start()
    mona = next(iter(playground.people.values()))
    mona.say("/help")
    await mona.wait_for(words.HELP, REST)
    crowd.note(crowd.last)
    await crowd.last.wait_for("✅", REST)
    await come_to(programs.folder, "SELECT * FROM inbox WHERE payload IS NOT NULL")
    await program.end()
    await programs.gone()
    calls = len(playground.calls)
    program = await programs.start(LATER)
    await speak(playground, calls)  # whoever is asked to end before that just ends, by the signal and not with 0
    unsettled = ", ".join(f"'{state}'" for state in FINAL)
    await come_to(programs.folder, f"SELECT * FROM punches WHERE state NOT IN ({unsettled}) OR tell_at IS NOT NULL")
    await playground.settled(REST)
    await program.end()


async def come_to(folder: Path, left: str) -> None:
    """Until a query finds nothing."""
    for _ in range(int(REST / 0.2)):
        if not (rows := load(folder / "store.db", left)):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"does not come to rest: {rows}")


# -- what people read --------------------------------------------------------------------------------------------------


def check_told(playground: Playground, books: Books) -> int:
    """Each punch's message says what BioTime has, and nothing older about it comes after; how many have no message.

    A message cannot be sent again without the risk of a second one, so a punch gets two tries; who was killed in both
    has left it without one that could be edited.
    """
    silent = 0
    for punch in books.punches:
        if punch["message_id"] is None:
            assert punch["sends"] == MOST_SENDS, punch
            silent += 1
            continue
        posts = playground.world.chats[punch["chat_id"]].history()
        (told,) = (post for post in posts if post.message_id == punch["message_id"])
        assert outcome(books, punch) in told.text, (told.text, punch)
        later = [post.text for post in posts if post.by_bot and post.message_id > told.message_id]
        stale = (words.SAVED, words.CHECKING, words.NO_BIOTIME)
        assert not {_say(sentence, punch) for sentence in stale}.intersection(later), (later, punch)
    return silent


def check_claims(playground: Playground, books: Books) -> None:
    """ "Clocked in" is said only where BioTime has it."""
    for person in playground.people.values():
        has = {outcome(books, punch) for punch in books.punches if punch["chat_id"] == person.id}
        said = [post.text for post in person.history if post.by_bot and post.text.startswith("✅")]
        assert all(any(text.startswith(claim) for claim in has) for text in said), (said, has)


def outcome(books: Books, punch: Row) -> str:
    stamps, filed = books.of(punch)
    if filed:
        return _say(words.FILED, punch)
    sentence = words.CLOCKED_OUT if stamps[0]["punch_state"] else words.CLOCKED_IN
    return sentence.format(time=f"{instant(stamps[0]['punched_at']).astimezone(ZONE):%H:%M}")


def _say(sentence: str, punch: Row) -> str:
    return sentence.format(time=f"{instant(punch['punched_at']).astimezone(ZONE):%H:%M:%S}", ref=punch["ref"])


def find_repeats(crowd: Crowd, books: Books) -> set[int]:
    """Shares from a keyboard that a kill left without its next button: by rule the same punch again, and told so."""
    made = {message_of(punch) for punch in books.punches}
    return {
        number for number, chat in crowd.shares.items() if number not in made and _is_told_repeat(books, chat, number)
    }


def _is_told_repeat(books: Books, chat: Chat, share: int) -> bool:
    earlier = [punch for punch in books.punches if punch["chat_id"] == chat.id and message_of(punch) < share]
    answers = {post.text for post in chat.history() if post.message_id > share}
    return not answers.isdisjoint(_say(words.REPEATED, punch) for punch in earlier)


@pytest.mark.timeout(1800)
async def test_the_command_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    key, cast = new_secret_key(), [User(n, f"Mona {n}", language_code="en") for n in range(1, PEOPLE + 1)]
    playground = Playground(now, cast=cast)
    with serving(tmp_path, PEOPLE, SLOWEST) as (biotime_url, staff):
        await link_all(f"sqlite:///{tmp_path}/store.db", biotime_url, key, staff)
        async with running(playground) as playground_url:
            environ = build_environ(tmp_path, playground.token, playground_url, biotime_url, key)
            async with opened(Programs(tmp_path, environ)) as programs:
                crowd = await play(playground, programs, KILLS)
    assert not playground.world.updates.pending
    books = Books.read(tmp_path, DEFAULT_LIMITS.tolerance)
    repeats = find_repeats(crowd, books)
    books.check(crowd.shares.keys() - repeats)
    books.check_order()
    check_claims(playground, books)
    silent = check_told(playground, books)
    states = [punch["state"] for punch in books.punches]
    assert {State.CONFIRMED, State.MANUAL_CONFIRMED} <= set(states)
    print(
        f"{KILLS} kills, {len(crowd.shares)} shares, {len(repeats)} repeats, {silent} silent: "
        f"{ ({state: states.count(state) for state in set(states)}) }"
    )
