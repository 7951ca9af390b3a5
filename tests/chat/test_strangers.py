"""Sara, a stranger, learns nothing: every command, button and place."""

import pytest

from bot.chat.commands import KNOWN
from bot.i18n import Translator
from bot.playground.people import Person
from tests import words
from tests.talk import AT_OFFICE, FAR_AWAY, Office, Talk, presses_old, shares, starts_live, types

BUTTONS = (
    "today",
    "history:0",
    "history:3",
    "kind:2",
    "kind:3",
    "kind:4",
    "kind:5",
    "logout",
    "help",
    "languages",
    "more",
    "profile",
    "mydata",
    "forgetme",
    "forgetme:sure",
    "devices",
    "devices:all",
    "devices:sure",
    "devices:stranger",
    "password",
    "password:forgot",
    "password:again",
    "password:other",
    "settings",
)
LABELS = ("📍 Clock in", "📍 Clock out", "📍 Start break", "☰ More", "📋 Today", "✖️ Cancel")


async def test_sara_learns_nothing(office: Office, huda: Person, linked: Person, sara: Person, talk: Talk) -> None:
    await office.log_in(huda)
    await talk(linked, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00")])
    asked = len(office.biotime.asked)
    await talk(sara, [("/start",)])
    start = sara.history[-1].message_id
    await talk(sara, [(f"/{command}",) for command in sorted(KNOWN) if command != "login"])
    await talk(sara, [(presses_old(data, start),) for data in BUTTONS])
    await talk(sara, [(types(label),) for label in LABELS])
    await talk(sara, [(shares(AT_OFFICE),), (shares(FAR_AWAY),), (starts_live(AT_OFFICE),)])
    read = "\n".join(message.text for message in sara.history if message.by_bot)
    for secret in ("Mona", "Huda", "1001", "Dubai Office", "Demo Trading", "09:00", "7HQQ"):
        assert secret not in read, secret
    assert len(office.biotime.asked) == asked, "nothing goes to BioTime for a stranger"
    assert len(await office.punches()) == 1
    assert sara.keyboard is None


@pytest.mark.parametrize("enforce", [True, False])
async def test_a_place_by_sara_says_log_in_whether_or_not_it_is_at_the_office(
    office: Office, sara: Person, talk: Talk, t: Translator, enforce: bool
) -> None:
    await office.import_areas(enforce=enforce)
    for place in (AT_OFFICE, FAR_AWAY):
        await talk(sara, [(shares(place), t(words.LOG_IN_TO_SHARE))])


async def test_buttons_of_another_person_s_message(office: Office, linked: Person, omar: Person, talk: Talk) -> None:
    """Callback data says nothing of who presses: Omar sees his own day, whatever he sends."""
    await talk(linked, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00")])
    await office.log_in(omar)
    await talk(omar, [("/menu",)])
    await talk(omar, [(presses_old("today", omar.history[-1].message_id), words.NO_PUNCHES)])
    await talk(omar, [("/history", words.NO_PUNCHES)])
