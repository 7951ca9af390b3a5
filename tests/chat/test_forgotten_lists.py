"""Two managers have the same list of who forgot to clock out: it tells both of them what becomes of it."""

from datetime import timedelta

import pytest

from bot.attendance.model import PunchState
from bot.playground.chats import SeenMessage
from bot.playground.people import Person
from bot.playground.watching import plain
from tests.chat.february import add_february
from tests.chat.team import HUDA, MONA, appoint, enter, file_log
from tests.chat.test_manager_settings import look, said
from tests.talk import AT_OFFICE, MORNING, Office, Talk, presses_old, speaker

EVENING = MORNING + timedelta(hours=10)


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the jobs do is done by `look`, and not by them as well at some moment."""
    monkeypatch.setattr("bot.app.Runner.start", lambda _runner: None)
    monkeypatch.setattr("bot.app.Runner.close", lambda _runner: None)
    return {}


@pytest.fixture
async def managers(office: Office, linked: Person, omar: Person, huda: Person, talk: Talk) -> tuple[Person, Person]:
    """Mona has clocked in, and never out."""
    add_february(office)
    await appoint(office)
    await appoint(office, HUDA)
    for person in (omar, huda):
        person.language = "en"
        await enter(office, person)
    await talk(linked, [(speaker(linked)("📍 Clock in"), AT_OFFICE)])
    await look(office)
    return omar, huda


def lists(managers: tuple[Person, Person]) -> list[SeenMessage]:
    return [said(person, "🚪") for person in managers]


def reads(managers: tuple[Person, Person], line: str) -> bool:
    """Both of them."""
    return all(line in plain(one.text).splitlines() for one in lists(managers))


async def test_who_was_asked_by_one_is_asked_no_more_by_the_other(
    office: Office, managers: tuple[Person, Person], linked: Person, talk: Talk
) -> None:
    await look(office, hours=24)
    assert reads(managers, "❔ Mona, Mon, 2 Mar")
    assert [one.labels for one in lists(managers)] == [("❔ Ask Mona",)] * 2
    await talk(managers[0], [("❔ Ask Mona",)])
    await look(office)
    assert reads(managers, "✓ Mona, Mon, 2 Mar: asked")
    assert [one.labels for one in lists(managers)] == [()] * 2


async def test_of_a_day_that_no_list_has_nobody_is_asked(
    office: Office, managers: tuple[Person, Person], linked: Person, talk: Talk
) -> None:
    await look(office, hours=24)
    (list_of_omar, _), heard = lists(managers), len(linked.history)
    old = "That button is out of date. Send /menu to see what I can do."
    for day in ("2025-03-02", "2026-03-01"):
        await talk(managers[0], [(presses_old(f"left:{day}:{MONA}", list_of_omar.message_id), old)])
    await look(office)
    assert len(linked.history) == heard
    assert reads(managers, "❔ Mona, Mon, 2 Mar")


async def test_what_she_has_reported_waits_and_what_is_approved_is_put_right(
    office: Office, managers: tuple[Person, Person], linked: Person, talk: Talk
) -> None:
    """And a button that still stands there asks her nothing."""
    await look(office, hours=24)
    (list_of_omar, _), heard = lists(managers), len(linked.history)
    filed = await file_log(office, MONA, EVENING, "I forgot", PunchState.CHECK_OUT)
    await look(office)
    await talk(managers[0], [(presses_old(f"left:2026-03-02:{MONA}", list_of_omar.message_id),)])
    await look(office)
    assert reads(managers, "⏳ Mona, Mon, 2 Mar: reported, waits for a decision")
    assert [one.labels for one in lists(managers)] == [()] * 2
    assert not [one for one in linked.history[heard:] if one.text.startswith("👋")]
    told = said(managers[0], "🗳")
    await talk(managers[0], [(presses_old(f"approve:log:{filed}", told.message_id),)])
    await look(office)
    await look(office)
    assert reads(managers, "✅ Mona, Mon, 2 Mar: put right")
    assert lists(managers)[0].message_id == list_of_omar.message_id, "all in the same message"


async def test_what_is_refused_can_be_asked_for_again(
    office: Office, managers: tuple[Person, Person], linked: Person, talk: Talk
) -> None:
    """She had reported it before the list was made."""
    await look(office, hours=12)
    filed = await file_log(office, MONA, EVENING, "I forgot", PunchState.CHECK_OUT)
    await look(office, hours=12)
    assert reads(managers, "⏳ Mona, Mon, 2 Mar: reported, waits for a decision")
    told = said(managers[1], "🗳")
    await talk(managers[1], [(presses_old(f"refuse:log:{filed}:1", told.message_id),)])
    await look(office)
    await look(office)
    assert reads(managers, "❔ Mona, Mon, 2 Mar")
    assert [one.labels for one in lists(managers)] == [("❔ Ask Mona",)] * 2
