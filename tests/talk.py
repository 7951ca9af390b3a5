"""Whole dialogs with the real bot: its own databases on disk, the gateway as BioTime, the playground as Telegram.

    await talk(mona, [
        ("📍 Clock in", AT_OFFICE, "Clocked in at 09:00"),
        (shares(FAR_AWAY), "You are 2.1 km from Dubai Office"),
    ])

A step is what the person does and what they then read. Done: the text of a button that is on the screen presses it,
any other text is typed; or one of the helpers below. Read: fragments of messages, new or edited, since the step began;
marks of direction do not count. `SILENCE`: the bot says nothing. The clock of bot, gateway and Telegram stands still
until the test moves it, so nobody sleeps.
"""

import asyncio
import io
import json
import logging
import re
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

import httpx
import pytest
import structlog
from sqlalchemy import create_engine, insert, literal, select

from bot.app import Hadir, open_hadir
from bot.attendance.model import PunchState
from bot.companies import gateway_settings
from bot.config.loading import load_settings
from bot.config.options import ServerSettings, Settings
from bot.demo import OFFICE
from bot.gateway.mail import Mail, MemoryMailbox
from bot.gateway.records.tables import transactions
from bot.gateway.sample import NAME, Credentials, SampleEmployee, build_sample
from bot.gateway.settings import GatewaySettings, PasswordCost
from bot.i18n import Translator, choose_language, translator_for
from bot.opening import open_database, open_gateway_records
from bot.playground.chats import SeenMessage
from bot.playground.people import Person
from bot.playground.places import DUBAI_OFFICE, Place
from bot.playground.server import Playground, running
from bot.playground.watching import plain
from bot.redaction import configure_logging
from bot.services.addresses import Gazetteer
from bot.services.areas import FRESH, Areas
from bot.services.turns import Turns
from bot.store import punches
from bot.store.cipher import new_secret_key
from bot.store.conversations import end_conversation
from bot.store.punches import Punch
from tests.faults import Clock, FarEnd
from tests.press import WorkerHere

MORNING = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # nine o'clock in Dubai
AT_OFFICE = replace(DUBAI_OFFICE.place, accuracy=12.0)
FAR_AWAY = AT_OFFICE.moved(north=2250)  # 2.1 km from the edge of the fence
EVER = datetime(1970, 1, 1, tzinfo=UTC)


class _Silence:
    """The bot says nothing at all."""


SILENCE = _Silence()
Act = Callable[[Person], object]
Step = tuple["str | Act | Place | re.Pattern[str] | _Silence", ...]
Talk = Callable[[Person, Sequence[Step]], Awaitable[None]]

# -- what a person can do ----------------------------------------------------------------------------------------------


def types(text: str) -> Act:
    """Typed, even if a button says the same."""
    return lambda person: person.say(text)


def shares(place: Place, *, sent_at: datetime | None = None) -> Act:
    """By the keyboard's button."""
    return lambda person: person.share_location(
        place.latitude, place.longitude, accuracy=place.accuracy, sent_at=sent_at
    )


def drops_pin(place: Place) -> Act:
    return lambda person: person.share_location(place.latitude, place.longitude, via="pin")


def forwards(place: Place) -> Act:
    return lambda person: person.forward_location(place.latitude, place.longitude)


def picks_venue(place: Place) -> Act:
    return lambda person: person.share_venue(place.latitude, place.longitude)


def shares_via_bot(place: Place) -> Act:
    return lambda person: person.share_via_bot(place.latitude, place.longitude)


def starts_live(place: Place) -> Act:
    return lambda person: person.start_live(place.latitude, place.longitude, accuracy=place.accuracy)


def moves_live(place: Place) -> Act:
    return lambda person: person.move_live(place.latitude, place.longitude, accuracy=place.accuracy)


def stops_live(person: Person) -> None:
    person.stop_live()


def presses_old(data: str, message_id: int) -> Act:
    """A button of an old message, or one that never was."""
    return lambda person: person.press_data(data, message_id)


def like(t: Translator, sentence: str, **known: str) -> re.Pattern[str]:
    """The sentence in the language of `t`; what stands in braces and is not `known` may be anything."""
    parts = re.split(r"\{(\w+)\}", t.gettext(sentence))
    escaped = [re.escape(plain(part)) for part in parts[::2]]
    values = [re.escape(known[name]) if name in known else ".+?" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(escaped, [*values, ""], strict=True)), re.DOTALL)


def speaker(person: Person) -> Translator:
    return translator_for(choose_language(None, person.language, None))


# -- BioTime -----------------------------------------------------------------------------------------------------------


@dataclass
class BioTime(FarEnd):
    """The gateway behind a line that fails on demand. `answers` come instead of it, one a request, to a path's end."""

    answers: list[tuple[str, Callable[[], httpx.Response]]] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)

    def answer(self, path: str, build: Callable[[], httpx.Response]) -> None:
        self.answers.append((path, build))

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        for planned in self.answers:
            if request.url.path.endswith(planned[0]):
                self.answers.remove(planned)
                made = planned[1]()
                # Not read yet, as what comes from a network.
                stream = httpx.ByteStream(made.content)
                return httpx.Response(made.status_code, headers=made.headers, stream=stream)
        return await super().handle(request)


class _Line(httpx.AsyncBaseTransport):
    def __init__(self, far: BioTime) -> None:
        self._far = far

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._far.handle(request)


# -- the office --------------------------------------------------------------------------------------------------------


@dataclass
class Office:
    """The bot with everything around it. `expects_trouble`: refusals of Telegram and logged errors are part of it."""

    folder: Path
    settings: Settings
    clock: Clock
    playground: Playground
    credentials: Credentials
    logged: io.StringIO
    mails: asyncio.Queue[Mail] = field(default_factory=asyncio.Queue)
    biotime: BioTime = field(init=False)
    hadir: Hadir = field(init=False)
    expects_trouble: bool = False
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    # -- open, close ---------------------------------------------------------------------------------------------------

    async def open(self, *, polling: bool = True) -> None:
        self.hadir = await self._stack.enter_async_context(open_hadir(self.settings, self.clock, self.mailbox))
        for company in self.hadir.tenants.companies:
            http = self.hadir.tenants[company].client._exchange._http
            if company == NAME:
                self.biotime = BioTime(http._transport, self.clock)
                http._transport = _Line(self.biotime)
        if polling:
            task = asyncio.create_task(self.hadir.poll())
            self._stack.push_async_callback(_cancel, task)

    async def close(self) -> None:
        await self._stack.aclose()

    async def restart(self, **environ: str) -> None:
        """Another process on the same files."""
        await self.close()
        await self.open()

    @property
    def mailbox(self) -> MemoryMailbox:
        return MemoryMailbox(self.mails.put_nowait)

    async def mailed_code(self) -> str:
        """The one-time code in the next mail, which goes out in the background."""
        mail = await asyncio.wait_for(self.mails.get(), 5)
        return mail.subject.split()[0]

    # -- people --------------------------------------------------------------------------------------------------------

    def person(self, name: str) -> Person:
        return self.playground.people[name]

    def account(self, person: Person) -> SampleEmployee:
        return next(one for one in self.credentials.employees if one.name == person.user.first_name)

    async def log_in(self, person: Person) -> None:
        t, account = speaker(person), self.account(person)
        await self.talk(
            person,
            [
                ("/login", t("What is your BioTime username? It is your employee code or e-mail address. "
                             "Send /cancel to stop.")),
                (account.username, like(t, "Now your password, please. I delete your message at once and never store "
                                           "the password.")),
                (account.password, like(t, "✅ Welcome, {name}!", name=account.name)),
            ],
        )  # fmt: skip

    async def talk(self, person: Person, steps: Sequence[Step]) -> None:
        for number, step in enumerate(steps, 1):
            chat = person.chat
            before = len(chat.events)
            do(person, step)
            await self.rest()
            said = [e.message for e in chat.events[before:] if e.by_bot and e.message and e.kind in ("message", "edit")]
            for expected in step[1:]:
                if not isinstance(expected, Place):
                    assert _is_said(expected, said), _complain(person, number, step, expected, said)
            assert not self.playground.world.queries, f"step {number} {step[0]!r}: a pressed button keeps spinning"

    # -- time ----------------------------------------------------------------------------------------------------------

    async def rest(self) -> None:
        """Until the bot has taken all updates, done with them, and nothing is on its way to BioTime or to anybody."""
        while True:
            await self.playground.settled(quiet=0)
            await self.hadir.intake.join()
            await self.hadir.sending.rest()
            await self.hadir.leaves.sending.rest()
            await self.hadir.watch.delivering.rest()
            await self.hadir.errands.rest()
            if self.playground._idle():
                return

    async def pass_time(self, **by: float) -> None:
        """The clock moves, and what is due then is done."""
        await self.biotime.pass_time(timedelta(**by))
        await self.look_again()

    async def look_again(self) -> None:
        """What the jobs do every second, and every minute."""
        await self.rest()
        await self.hadir.intake.resume()
        await self.hadir.sending.sweep()
        await self.hadir.leaves.sending.sweep()
        await self.hadir.overdue.renew()
        await self.rest()

    def punch_at_terminal(self, state: PunchState) -> None:
        """The row that the device at the door leaves in BioTime: the last one again, now."""
        c = transactions.c
        same = [c.company_id, c.employee_id, c.emp_code, c.source, c.verify_type]
        now, kind = literal(self.clock(), c.punched_at.type), literal(int(state))
        last = select(*same, kind, now, now).order_by(c.id.desc()).limit(1)
        engine = create_engine(f"sqlite:///{self.folder}/gateway.db")
        with engine.begin() as connection:
            connection.execute(
                insert(transactions).from_select([*same, c.punch_state, c.punched_at, c.uploaded_at], last)
            )
        engine.dispose()

    # -- what is where -------------------------------------------------------------------------------------------------

    async def punches(self) -> list[Punch]:
        """The bot's own rows."""
        return await self.hadir.db.read(lambda c: punches.find_twins(c, EVER))

    async def punch(self) -> Punch:
        """The only one."""
        (only,) = await self.punches()
        return only

    def stamps(self) -> list[sqlite3.Row]:
        """BioTime's transactions."""
        return self._query("gateway.db", "SELECT * FROM transactions ORDER BY id")

    def manual_logs(self) -> list[sqlite3.Row]:
        return self._query("gateway.db", "SELECT * FROM manual_logs ORDER BY id")

    def inbox(self) -> list[sqlite3.Row]:
        """Updates that are still open."""
        return self._query("hadir.db", "SELECT * FROM inbox WHERE payload IS NOT NULL ORDER BY id")

    def _query(self, file: str, query: str) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(f"file:{self.folder / file}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(query).fetchall()

    def bytes_on_disk(self) -> bytes:
        """Both databases with their logs."""
        return b"".join(file.read_bytes() for file in sorted(self.folder.iterdir()) if ".db" in file.name)

    async def import_areas(self, *, enforce: bool) -> None:
        document = json.loads(json.dumps(OFFICE))
        document["features"][0]["properties"]["enforce"] = enforce
        await Areas(self.hadir.db, self.clock).replace(NAME, json.dumps(document))
        await self.pass_time(seconds=FRESH.total_seconds())


def do(person: Person, step: Step) -> None:
    said = step[0]
    place = next((part for part in step[1:] if isinstance(part, Place)), None)
    if not isinstance(said, str):
        assert callable(said)
        said(person)
    elif place is not None or said in seen_buttons(person):
        person.press(said, place=place)
    else:
        person.say(said)


def seen_buttons(person: Person) -> set[str]:
    inline = {label for message in person.history for label in message.labels}
    rows = person.keyboard.labels if person.keyboard else ()
    return inline | {label for row in rows for label in row}


def _is_said(expected: object, said: Sequence[SeenMessage]) -> bool:
    if isinstance(expected, _Silence):
        return not said
    if isinstance(expected, re.Pattern):
        return any(expected.search(plain(message.text)) for message in said)
    return any(plain(str(expected)) in plain(message.text) for message in said)


def _complain(person: Person, number: int, step: Step, expected: object, said: Sequence[SeenMessage]) -> str:
    wanted = "silence" if expected is SILENCE else getattr(expected, "pattern", expected)
    heard = "\n".join(f"  {message.text!r} {list(message.labels)}" for message in said) or "  nothing"
    return f"{person.user.first_name}, step {number}, {step[0]!r}: expected {wanted!r}, the bot said\n{heard}"


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


# -- building ----------------------------------------------------------------------------------------------------------

KEY = new_secret_key()


def _memory() -> str | None:
    """Where nothing waits for a disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def build_environ(folder: Path, playground: Playground, address: str) -> dict[str, str]:
    return {
        "HADIR_TELEGRAM_TOKEN": playground.token,
        "HADIR_TELEGRAM_API_URL": address,
        "HADIR_BIOTIME_URL": "embedded",
        "HADIR_COMPANY": NAME,
        "HADIR_TIMEZONE": "Asia/Dubai",
        "HADIR_DATABASE_URL": f"sqlite:///{folder}/hadir.db",
        "HADIR_GATEWAY_DATABASE_URL": f"sqlite:///{folder}/gateway.db",
        "HADIR_SECRET_KEY": KEY,
        "HADIR_SERVICE_RATE": "1000",  # nobody shares this BioTime: waiting for a turn would be most of a test
    }


def _cheap_settings(settings: ServerSettings) -> GatewaySettings:
    own = gateway_settings(settings)
    return replace(own, password_cost=PasswordCost(1, 8, 1), refusal_delay=timedelta(milliseconds=10))


@cache
def _template() -> tuple[tempfile.TemporaryDirectory[str], Credentials]:
    """Both databases with the sample company, made once and copied for each test; its passwords are cheap."""
    folder = tempfile.TemporaryDirectory(dir=_memory())
    clock = Clock(MORNING)
    settings = load_settings(build_environ(Path(folder.name), Playground(clock), "http://127.0.0.1:1"))

    async def build() -> Credentials:
        async with open_gateway_records(settings) as records:
            made = await build_sample(records, _cheap_settings(settings), clock.at, "biotime.test")
        async with open_database(settings) as db:
            await Areas(db, clock).replace(NAME, json.dumps(OFFICE))
        return made

    with asyncio.Runner() as runner:
        return folder, runner.run(build())


_read_gazetteer = cache(Gazetteer.read)


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    """Everything the bot logs, down to DEBUG, as it would stand in a file."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    configure_logging("json", "DEBUG")
    lines = io.StringIO()
    for handler in root.handlers:
        if handler not in before and isinstance(handler, logging.StreamHandler):
            handler.setStream(lines)
    try:
        yield lines
    finally:
        root.handlers = before
        root.setLevel(level)
        structlog.reset_defaults()


@asynccontextmanager
async def open_office(environ: dict[str, str], *, polling: bool = True) -> AsyncIterator[Office]:
    """`environ`: what differs from the usual HADIR_ variables."""
    clock = Clock(MORNING)
    template, credentials = _template()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=_memory())))
        shutil.copytree(template.name, folder, dirs_exist_ok=True)
        playground = Playground(clock, webhook_retry_seconds=(0.0, 0.01))
        address = await stack.enter_async_context(running(playground))
        settings = load_settings(build_environ(folder, playground, address) | environ)
        lines = stack.enter_context(_logged())
        office = Office(folder, settings, clock, playground, credentials, lines)
        stack.push_async_callback(office.close)
        await office.open(polling=polling)
        yield office
        _check_traces(office)


def _check_traces(office: Office) -> None:
    """After every dialog: nothing Telegram would have refused, no bug in the log, no secret in it."""
    log = office.logged.getvalue()
    secrets = [one.password for one in office.credentials.employees] + [office.playground.token]
    assert not [secret for secret in secrets if secret in log], "a secret is in the log"
    if office.expects_trouble:
        return
    refused = [(call.method, call.refused, call.params) for call in office.playground.calls if call.refused]
    assert not refused, refused
    assert [line for line in log.splitlines() if json.loads(line).get("level") in ("error", "critical")] == []


# -- fixtures ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def environ() -> dict[str, str]:
    """To be overridden by a test's parameter."""
    return {}


async def _publish_nothing(_bot: object) -> bool:
    return True


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    # Half a second of reading the same file for every test.
    monkeypatch.setattr(Gazetteer, "read", _read_gazetteer)
    # And two seconds of starting a process for pictures.
    monkeypatch.setattr("bot.office.Worker", WorkerHere)
    # And a third of the time until the bot is open: tests/chat/test_commands.py has what it publishes.
    monkeypatch.setattr("bot.app.publish", _publish_nothing)
    # This Telegram takes as many messages a second as come.
    monkeypatch.setattr("bot.services.delivering.Turns", partial(Turns, 100_000, 100_000))
    # And hashing is made to take long.
    monkeypatch.setattr("bot.companies.gateway_settings", _cheap_settings)
    monkeypatch.setattr("bot.chat.typed_twice._COST", 2)
    _template()


@pytest.fixture
async def office(_quick: None, environ: dict[str, str]) -> AsyncIterator[Office]:
    async with open_office(environ) as opened:
        yield opened


@pytest.fixture
def talk(office: Office) -> Talk:
    return office.talk


@pytest.fixture(params=["en", "ar"])
def t(request: pytest.FixtureRequest) -> Translator:
    """The dialog once in each direction of writing; the catalogues' own tests hold every language."""
    return translator_for(str(request.param))


@pytest.fixture
def mona(office: Office, request: pytest.FixtureRequest) -> Person:
    return _speaking(office.person("mona"), request)


@pytest.fixture
def omar(office: Office) -> Person:
    person = office.person("omar")
    person.language = "en"
    return person


@pytest.fixture
def huda(office: Office) -> Person:
    return office.person("huda")


@pytest.fixture
def sara(office: Office, request: pytest.FixtureRequest) -> Person:
    return _speaking(office.person("sara"), request)


@pytest.fixture
async def linked(office: Office, mona: Person) -> Person:
    """Mona, logged in a while ago: nobody looks out for her password any more."""
    await office.log_in(mona)
    await office.hadir.db.write(lambda c: end_conversation(c, mona.chat.id))
    return mona


def _speaking(person: Person, request: pytest.FixtureRequest) -> Person:
    """In the language of `t`, where the test has it."""
    if "t" in request.fixturenames:
        person.language = request.getfixturevalue("t").language
    return person
