"""The picture of Omar's week and the sheet of his month: they come with the digest, and are never why it is lost."""

import asyncio
from collections.abc import Hashable
from datetime import timedelta

import pytest

from bot.i18n import Translator
from bot.papers.figures import TeamFigures
from bot.papers.press import Press
from bot.papers.worker import Died
from bot.playground.chats import SeenMessage
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.services.totals import Member
from bot.store import links
from tests.chat.february import add_february
from tests.chat.team import appoint, enter
from tests.chat.test_manager_settings import look
from tests.press import WorkerHere
from tests.talk import Office, Talk, like, presses_old

WEEK = "📊 Your team from {first} to {last}"
BARE = "The file that belongs here could not be made, or sent."


@pytest.fixture
def environ() -> dict[str, str]:
    return {"HADIR_SERVICE_RATE": "1000"}


@pytest.fixture
async def manager(office: Office, omar: Person) -> Person:
    add_february(office)
    await appoint(office)
    return await enter(office, omar)


def digests(person: Person, sign: str = "📊") -> list[SeenMessage]:
    return [message for message in person.history if plain(message.text).startswith(sign)]


async def test_the_week_comes_with_a_picture(office: Office, manager: Person, talk: Talk, t: Translator) -> None:
    manager.language = t.language
    await talk(manager, [("/menu",)])
    await look(office, hours=7 * 24)
    await look(office)
    (week,) = digests(manager)
    assert like(t, WEEK).search(plain(week.text))
    assert "Mona: ❌ 5" in plain(week.text)
    photo = week.content["photo"][-1]
    assert (photo["width"], photo["height"] < 1000) == (1080, True)
    assert t("👥 Team") in week.labels
    await talk(manager, [(presses_old("team", week.message_id), t.plural("👥 Your team: {n} person", "", 1))])
    assert digests(manager) == [week], "the picture stays: the team is a message of its own"


async def test_the_picture_is_as_dark_as_the_others(
    office: Office, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []
    real = Press.make

    async def note(press: Press, builder: str, paper: Hashable) -> bytes:
        drawn.append(paper)
        return await real(press, builder, paper)

    monkeypatch.setattr(Press, "make", note)
    await office.hadir.db.write(lambda c: c.exec_driver_sql("UPDATE people SET dark = 1"))
    await look(office, hours=7 * 24)
    (figures,) = drawn
    assert isinstance(figures, TeamFigures)
    assert figures.dark
    assert len(digests(manager)) == 1


async def test_a_picture_that_takes_its_time_does_not_hold_up_the_alerts(
    office: Office, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made all the same, and is there at the next try."""
    may, real = asyncio.Event(), WorkerHere.run

    async def slowly(worker: WorkerHere, order: bytes) -> bytes:
        await may.wait()
        return await real(worker, order)

    monkeypatch.setattr(WorkerHere, "run", slowly)
    monkeypatch.setattr("bot.chat.digest_papers.PATIENCE", timedelta(0))
    await look(office, hours=7 * 24)
    assert digests(manager) == []
    may.set()
    monkeypatch.setattr("bot.chat.digest_papers.PATIENCE", timedelta(seconds=60))
    await look(office)
    (week,) = digests(manager)
    assert "photo" in week.content


@pytest.mark.parametrize("fault", ["lost", "500", "429"])
async def test_an_upload_that_fails_is_tried_again(office: Office, manager: Person, fault: str) -> None:
    office.expects_trouble = True
    faults = office.playground.faults
    match fault:
        case "lost":
            faults.lose_request("sendPhoto", times=2)
        case "500":
            faults.fail("sendPhoto", code=500, times=2)
        case _:
            faults.too_many_requests("sendPhoto", retry_after=30, times=2)
    await look(office, hours=7 * 24)
    assert digests(manager) == []
    await look(office)
    await look(office)
    (week,) = digests(manager)
    assert "photo" in week.content


async def test_a_picture_that_telegram_never_takes_does_not_keep_the_words_back(
    office: Office, manager: Person
) -> None:
    office.expects_trouble = True
    office.playground.faults.fail("sendPhoto", code=400, description="Bad Request: IMAGE_PROCESS_FAILED", times=9)
    await look(office, hours=7 * 24)
    await look(office)
    (week,) = digests(manager)
    assert BARE in week.text
    assert "Mona: ❌ 5" in plain(week.text)


async def test_who_has_blocked_the_bot_is_unlinked_as_ever(office: Office, manager: Person) -> None:
    office.expects_trouble = True
    office.playground.faults.fail("sendPhoto", code=403, description="Forbidden: bot was blocked by the user", times=9)
    await look(office, hours=7 * 24)
    assert await office.hadir.db.read(lambda c: links.find_link(c, manager.chat.id)) is None


async def test_without_a_picture_the_words_come(
    office: Office, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(_worker: WorkerHere, _order: bytes) -> bytes:
        raise Died

    monkeypatch.setattr(WorkerHere, "run", die)
    await look(office, hours=7 * 24)
    (week,) = digests(manager)
    assert BARE in week.text


async def test_of_a_large_team_the_words_go_on_below_the_picture(
    office: Office, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty long names are more than a caption holds."""
    long = {str(n): Member(str(n), f"Store {n:03} {'of the north ' * 4}") for n in range(60)}
    monkeypatch.setattr("bot.services.managing.Staff.members_of", lambda _staff, _code: long)
    monkeypatch.setattr("bot.services.totals.Totals.is_well", property(lambda one: False))
    await look(office, hours=7 * 24)
    (week,) = digests(manager)
    below = manager.history[-1]
    assert "photo" in week.content
    assert (week.labels, below.labels) == ((), ("👥 Team",))
    assert "Store 000" in week.text
    assert "… and 30 more" in plain(below.text)
