"""What takes long is made beside the chat: it can be cancelled while it runs, and never leaves the chat waiting."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest

from bot.chat.errands import LONGEST
from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store import errands, links
from bot.store.errands import Errand
from tests import words
from tests.chat import february
from tests.chat.team import appoint, enter
from tests.chat.test_exports import files
from tests.chat.test_rehearsing import FEBRUARY, HEAD, pictures
from tests.talk import Office, like

BUSY = "⏳ I am still working on this. Please wait for it, or cancel it first."
INTERRUPTED = "⚠️ I was interrupted before this was done. Please try again."
READING, CANCEL, TRY_AGAIN = "⏳ Reading BioTime…", "✖️ Cancel", "🔁 Try again"
FETCHING, TEAMS = "⏳ Fetching your time cards…", "⏳ Fetching the time cards of your team…"


@dataclass
class Slow:
    """BioTime, thinking about February until it is `enough`."""

    thinking: asyncio.Event = field(default_factory=asyncio.Event)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self) -> None:
        async with asyncio.timeout(30):
            await self.thinking.wait()


@pytest.fixture
async def hr(office: Office, huda: Person, t: Translator) -> Person:
    february.add_february(office)
    huda.language = t.language
    return await enter(office, huda)


@pytest.fixture
async def slow(office: Office, hr: Person) -> AsyncIterator[Slow]:
    made, real = Slow(), office.biotime.handle

    async def think(request: httpx.Request) -> httpx.Response:
        if "2026-02-01" in str(request.url):
            made.thinking.set()
            await made.enough.wait()
        return await real(request)

    office.biotime.handle = think  # type: ignore[method-assign]
    yield made
    made.enough.set()


async def begin(office: Office, hr: Person, slow: Slow) -> int:
    """The rehearsal of last month is being reckoned; returns the message that says so."""
    hr.say("/rehearse")
    await office.rest()
    shown = hr.history[-1].message_id
    hr.press_data(f"rehearse:{FEBRUARY}", shown)
    await slow.wait()
    return shown


def text_of(person: Person, message_id: int) -> str:
    return person.chat.posts[message_id].seen().text


async def rows(office: Office) -> int:
    return len(office._query("hadir.db", "SELECT * FROM errands"))


async def hears(person: Person, said: str) -> None:
    """The next that the bot says."""
    while plain(said) not in plain((await person.next(30)).text):
        pass


async def test_she_is_answered_while_it_is_reckoned(office: Office, hr: Person, slow: Slow, t: Translator) -> None:
    shown = await begin(office, hr, slow)
    assert text_of(hr, shown) == t(READING)
    hr.say("/help")
    await hears(hr, "/cancel")
    hr.say("/rehearse")
    await hears(hr, "🎭")
    hr.press_data(f"rehearse:{FEBRUARY}", hr.history[-1].message_id)
    await hears(hr, t(BUSY))
    assert pictures(hr) == 0
    slow.enough.set()
    await office.rest()
    assert like(t, HEAD).search(plain(text_of(hr, shown)))
    assert (pictures(hr), files(hr), await rows(office)) == (1, 1, 0)


async def test_she_cancels_it_while_it_runs(office: Office, hr: Person, slow: Slow, t: Translator) -> None:
    shown = await begin(office, hr, slow)
    hr.press(t(CANCEL))
    await office.rest()
    assert text_of(hr, shown) == t(words.CANCELLED)
    slow.enough.set()
    await office.rest()
    assert (pictures(hr), files(hr), await rows(office)) == (0, 0, 0)


@pytest.mark.parametrize(("data", "said"), [("export-xlsx", FETCHING), ("team:export-xlsx", TEAMS)])
async def test_exports_do_not_hold_the_chat_either(
    office: Office, hr: Person, slow: Slow, t: Translator, data: str, said: str
) -> None:
    await appoint(office)
    hr.say("/help")
    await office.rest()
    hr.press_data(f"{data}:{FEBRUARY}", hr.history[-1].message_id)
    await slow.wait()
    shown = hr.history[-1].message_id
    assert text_of(hr, shown) == t(said)
    hr.say("/help")
    await hears(hr, "/cancel")
    assert files(hr) == 0
    slow.enough.set()
    await office.rest()
    assert (files(hr), await rows(office)) == (1, 0)


async def test_closing_ends_it_and_the_chat_says_so(office: Office, hr: Person, slow: Slow, t: Translator) -> None:
    shown = await begin(office, hr, slow)
    await office.restart()
    await office.rest()
    assert text_of(hr, shown) == t(INTERRUPTED)
    assert await rows(office) == 0
    hr.press(t(TRY_AGAIN))
    await office.rest()
    assert like(t, HEAD).search(plain(text_of(hr, shown)))
    assert pictures(hr) == 1


async def test_after_a_kill_the_next_start_says_it(office: Office, hr: Person, t: Translator) -> None:
    """The row is all that the dead process left behind."""
    hr.say("/help")
    await office.rest()
    shown = hr.history[-1].message_id
    left = Errand(hr.chat.id, shown, f"rehearse:{FEBRUARY}", t.language, office.clock.at + LONGEST)
    await office.hadir.db.write(lambda c: errands.settle_errand(c, left))
    await office.hadir.errands.sweep()
    assert await rows(office) == 1, "somebody may be at work on it"
    await office.restart()
    await office.hadir.errands.sweep()
    assert (text_of(hr, shown), await rows(office)) == (t(INTERRUPTED), 0)


async def test_what_breaks_does_not_leave_her_waiting(
    office: Office, hr: Person, t: Translator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_args: object) -> object:
        raise ZeroDivisionError

    office.expects_trouble = True
    monkeypatch.setattr("bot.services.rehearsing.Rehearsing.rehearse", fail)
    hr.say("/rehearse")
    await office.rest()
    shown = hr.history[-1].message_id
    hr.press_data(f"rehearse:{FEBRUARY}", shown)
    await office.rest()
    assert (text_of(hr, shown), await rows(office)) == (t(INTERRUPTED), 0)


async def test_whoever_has_logged_out_is_sent_nothing(office: Office, hr: Person, slow: Slow, t: Translator) -> None:
    shown = await begin(office, hr, slow)
    await office.hadir.db.write(lambda c: links.end_link(c, hr.user.id, office.clock.at))
    slow.enough.set()
    await office.rest()
    assert text_of(hr, shown) == t(words.CANCELLED)
    assert (pictures(hr), files(hr), await rows(office)) == (0, 0, 0)


async def test_another_process_is_at_work_on_it(office: Office, hr: Person, slow: Slow, t: Translator) -> None:
    """The row is gone there: whoever is at work sends nothing."""
    shown = await begin(office, hr, slow)
    (running,) = office.hadir.errands._running
    await office.hadir.db.write(lambda c: errands.drop_errand(c, running))
    slow.enough.set()
    await office.rest()
    assert text_of(hr, shown) == t(words.CANCELLED)
    assert pictures(hr) == 0
