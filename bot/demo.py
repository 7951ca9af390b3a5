"""`hadir demo`: the whole product on embedded parts, with the main job played once as a readable transcript."""

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from bot.app import Hadir, open_hadir, utc_now
from bot.chat.questions import PASSWORD, USERNAME, build_question
from bot.companies import gateway_settings
from bot.config.loading import load_settings
from bot.config.options import Settings
from bot.diary import build_diary
from bot.gateway.app import build_gateway
from bot.gateway.mail import Mail, Mailbox, MemoryMailbox
from bot.gateway.sample import NAME, Credentials, build_sample
from bot.gateway.sample_today import begin_day_shift
from bot.i18n import translator_for
from bot.opening import CannotOpen, explain_port, open_database, open_gateway_records
from bot.playground.people import Person
from bot.playground.server import Playground, running
from bot.services.areas import Areas
from bot.services.sessions import SessionOver
from bot.store import roster
from bot.store.cipher import new_secret_key
from bot.store.managers import Scope
from bot.web.serving import serving

# The sample company's office: a circle around the place that the manual's own example names.
OFFICE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": "1", "name": "Dubai Office", "radius": 150},
            "geometry": {"type": "Point", "coordinates": [55.1586873, 25.0916434]},
        }
    ],
}
PATIENCE = 20.0
OMAR = "1002"


class DemoFailed(Exception):
    """A step of the main job did not come out; says which."""


@dataclass(frozen=True, slots=True)
class Demo:
    playground: Playground
    address: str
    gateway_address: str
    credentials: Credentials
    hadir: Hadir


@asynccontextmanager
async def open_demo(
    port: int = 0, gateway_port: int = 0, show_mail: Callable[[Mail], None] = lambda _: None
) -> AsyncIterator[Demo]:
    """Playground, gateway with the sample company, and the bot between them, in a temporary folder.

    Mail arrives on the phones of the playground; `show_mail` gets what is for others. Raises CannotOpen.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hadir-demo-")))
        playground = Playground(utc_now, name="Hadir", username="hadir_demo_bot")
        address = await stack.enter_async_context(_run_playground(playground, port))
        settings = build_settings(folder, playground, address)
        mailbox = _mailbox(playground, show_mail)
        try:
            gateway_address = await stack.enter_async_context(_serve_gateway(settings, gateway_port, mailbox))
            credentials = await _prepare(settings, gateway_address)
            _give_addresses(playground, credentials)
            hadir = await stack.enter_async_context(open_hadir(settings, mailbox=mailbox))
        except CannotOpen as problem:
            # Its databases are in a folder of its own, which no option but this one moves.
            raise CannotOpen("TMPDIR", problem.reason, problem.advice) from problem
        await _appoint_omar(hadir)
        polling = asyncio.create_task(hadir.poll())
        stack.push_async_callback(_cancel, polling)
        yield Demo(playground, address, gateway_address, credentials, hadir)


@asynccontextmanager
async def _run_playground(playground: Playground, port: int) -> AsyncIterator[str]:
    async with AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(running(playground, port))
        except OSError as problem:
            raise explain_port("--port", "127.0.0.1", port, problem) from problem
        yield address


def build_settings(folder: Path, playground: Playground, address: str) -> Settings:
    return load_settings(
        {
            "HADIR_TELEGRAM_TOKEN": playground.token,
            "HADIR_TELEGRAM_API_URL": address,
            "HADIR_BIOTIME_URL": "embedded",
            "HADIR_COMPANY": NAME,
            "HADIR_TIMEZONE": "Asia/Dubai",
            "HADIR_DATABASE_URL": f"sqlite:///{folder}/hadir.db",
            "HADIR_GATEWAY_DATABASE_URL": f"sqlite:///{folder}/gateway.db",
            "HADIR_SECRET_KEY": new_secret_key(),
        }
    )


@asynccontextmanager
async def _serve_gateway(settings: Settings, port: int, mailbox: Mailbox) -> AsyncIterator[str]:
    """The same records over a socket, for other BioTime clients."""
    async with open_gateway_records(settings) as records, open_database(settings) as db:
        app = build_gateway(records, gateway_settings(settings), utc_now, mailbox, build_diary(db, settings))
        async with serving(app, "127.0.0.1", port) as address:
            yield address


def _mailbox(playground: Playground, show_mail: Callable[[Mail], None]) -> MemoryMailbox:
    def show(mail: Mail) -> None:
        if not playground.deliver_mail(mail.to, mail.subject, mail.text):
            show_mail(mail)

    return MemoryMailbox(show)


def _give_addresses(playground: Playground, credentials: Credentials) -> None:
    for employee in credentials.employees:
        if person := playground.people.get(employee.name.lower()):
            person.email = employee.email


async def _prepare(settings: Settings, host: str) -> Credentials:
    async with open_gateway_records(settings) as records:
        credentials = await build_sample(records, gateway_settings(settings), utc_now(), host, lively=True)
        await records.write(lambda c: begin_day_shift(c, utc_now()))
    async with open_database(settings) as db:
        await Areas(db, utc_now).replace(NAME, json.dumps(OFFICE))
    return credentials


async def _appoint_omar(hadir: Hadir) -> None:
    """He manages Sales, wherever they work; for that the company has to be known."""
    await hadir.watch.syncing.run()
    departments = await hadir.db.read(lambda c: roster.load_departments(c, NAME))
    sales = next(place.id for place in departments.values() if place.name == "Sales")
    await hadir.watch.managing.appoint(NAME, OMAR, Scope.DEPARTMENT, sales)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


# -- the play ----------------------------------------------------------------------------------------------------------


async def play(demo: Demo, console: Console) -> None:
    """Mona logs in, Omar reads that she is missing, she shares her place and is clocked in; the punch as the gateway
    then lists it, and Omar's card as it reads then. DemoFailed if not.
    """
    script = _Script(demo, console)
    try:
        await script.log_in()
        await script.miss_mona()
        await script.clock_in()
        await script.show_listed()
        await script.see_her_come()
    except (TimeoutError, AssertionError, LookupError, SessionOver) as problem:
        raise DemoFailed(f"{script.step}: {problem or type(problem).__name__}") from problem


class _Script:
    def __init__(self, demo: Demo, console: Console) -> None:
        self._demo = demo
        self._console = console
        self._mona = demo.playground.people["mona"]
        self._omar = demo.playground.people["omar"]
        self._account = next(one for one in demo.credentials.employees if one.name == "Mona")
        self._began_at = utc_now()
        self.step = ""

    async def log_in(self) -> None:
        self._begin("Mona meets the bot")
        self._says("/start")
        self._mona.say("/start")
        await self._reads("Hadir")
        self._begin("Mona logs in")
        self._presses("Log in")
        self._mona.press("Log in")
        await self._reads("username")
        self._says(self._account.username)
        self._mona.say(self._account.username)
        await self._reads("password")
        self._says("••••••••")
        typed = self._mona.say(self._account.password)
        await self._mona.wait_until_gone(typed.message_id, PATIENCE)
        self._note("the message with the password is deleted")
        await self._reads("Welcome")

    async def miss_mona(self) -> None:
        """Omar's phone is set to Arabic."""
        self._begin("Omar manages Sales, and logs in")
        t = translator_for(self._omar.language)
        account = next(one for one in self._demo.credentials.employees if one.name == "Omar")
        self._omar.say("/login")
        for asked, typed in ((USERNAME, account.username), (PASSWORD, account.password)):
            await self._omar.wait_for(build_question(t, asked), PATIENCE)
            self._omar.say(typed)
        await self._omar.wait_for(t("✅ Welcome, {name}!", name="Omar"), PATIENCE)
        self._begin("Mona is asked, and Omar is told that she is missing")
        await self._demo.hadir.watch.run()
        await self._reads("Where are you?")
        await self._reads(t("❗ Missing"), self._omar)

    async def see_her_come(self) -> None:
        self._begin("Omar's card edits itself")
        await self._demo.hadir.watch.run()
        t = translator_for(self._omar.language)
        await self._reads(t("✅ All clear."), self._omar)

    async def clock_in(self) -> None:
        self._begin("Mona shares her place")
        self._presses("📍 Clock in")
        self._mona.press("Clock in")
        await self._reads("Clocked in at")
        await self._reads("At work since")

    async def show_listed(self) -> None:
        self._begin("The punch as the gateway lists it")
        client = self._demo.hadir.tenants[NAME].client
        token = await client.fetch_token(self._account.username, self._account.password, os.urandom(16).hex())
        # A stamp is of whole seconds.
        since = self._began_at.replace(microsecond=0)
        listed = [punch async for punch in client.fetch_punches(token, since) if punch.punched_at >= since]
        if not listed:
            raise LookupError("the gateway lists no punch")
        zone = self._demo.hadir.settings.timezone
        for punch in listed:
            when = f"{punch.punched_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
            row = {"emp_code": punch.emp_code, "punch_time": when, "punch_state": punch.punch_state.name}
            row |= {"source": str(punch.source), "gps_location": str(punch.gps_location)}
            self._console.print_json(json.dumps(row, ensure_ascii=False))

    async def _reads(self, fragment: str, by: Person | None = None) -> None:
        message = await (by or self._mona).wait_for(fragment, PATIENCE)
        first, *rest = message.text.split("\n")
        self._console.print(f"[cyan]  Hadir[/]  {escape(first)}")
        for line in rest:
            self._console.print(f"         {escape(line)}")

    def _begin(self, step: str) -> None:
        self.step = step
        self._console.print(f"\n[bold]{escape(step)}[/]")

    def _says(self, text: str) -> None:
        self._console.print(f"[green]   Mona[/]  {escape(text)}")

    def _presses(self, label: str) -> None:
        self._console.print(f"[green]   Mona[/]  \\[ {escape(label)} ]")

    def _note(self, text: str) -> None:
        self._console.print(f"         [dim]({escape(text)})[/]")


def show_letter(mail: Mail, console: Console) -> None:
    """For somebody who has no phone in the playground."""
    console.print(f"\n[bold]Mail[/] to {escape(mail.to)}: {escape(mail.subject)}", highlight=False)
    console.print(f"[dim]{escape(mail.text.strip())}[/]", highlight=False)


def show_accounts(demo: Demo, console: Console) -> None:
    console.print("\n[bold]To log in yourself[/] (made up for this run)")
    for one in demo.credentials.employees:
        console.print(f"  {one.name:6} username {one.username}  password {escape(one.password)}", highlight=False)
    console.print(f"  the gateway, for other BioTime clients: {demo.gateway_address}", highlight=False)
    hr = demo.credentials.administrator
    console.print(f"\n[bold]The HR page[/] {demo.gateway_address}/hr/", highlight=False)
    console.print(f"  {hr.username}  password {escape(hr.password)}", highlight=False)
