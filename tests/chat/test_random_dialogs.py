"""Random updates in random order: no exception, no dead end, no question that outlives /cancel.

Whatever a thumb can do: commands, words, numbers, every button on the screen and buttons of long ago, places, pictures,
edits, waiting; alone, and with BioTime away in between. `HADIR_TEST_DIALOGS=200` makes it long.
"""

import asyncio
import json
import os
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.chat.commands import COMMANDS
from bot.chat.questions import DONE
from bot.i18n import LANGUAGES, translator_for
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store.tables import conversations
from tests import words
from tests.playground.pictures import png
from tests.talk import AT_OFFICE, FAR_AWAY, Office, open_office

EXAMPLES = int(os.environ.get("HADIR_TEST_DIALOGS", "6"))
# An edit that changes nothing, and a message that is gone, are part of a thumb's life.
FORGIVEN = ("not modified", "can't be edited", "message to edit not found", "message to delete not found")
SAID = (
    "in", "out", "late 20 min", "my week", "1001", "8:05", "0805", "٨:٠٥", "25:99", "10", "-10", "yesterday", "31/12",
    "a reason of some length", "=1+1", "<b>&", "\u202emirror", "🙂", "x" * 4096, "0", "/", "/start x", "📍 Clock in",
)  # fmt: skip


@dataclass(frozen=True)
class Do:
    """`number` picks among what there is at that moment."""

    what: str
    number: int = 0


KINDS = ("command", "say", "press", "press", "press", "press_old", "share", "share_far", "wait", "photo", "document")
STEPS = st.builds(
    Do, st.sampled_from((*KINDS, "pin", "venue", "forward", "contact", "edit", "away", "back", "restart")),
    st.integers(0, 10_000),
)  # fmt: skip


@pytest.mark.usefixtures("_quick")
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    # Each history takes seconds: to make one shorter is quicker by hand.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(STEPS, min_size=25, max_size=40), st.sampled_from(("en", "ar")), st.booleans())
def test_random_dialogs(steps: list[Do], language: str, logged_in: bool) -> None:
    asyncio.run(play(steps, language, logged_in))


async def play(steps: list[Do], language: str, logged_in: bool) -> None:
    async with open_office({}) as office:
        office.expects_trouble = True
        mona = office.person("mona")
        mona.language = language
        if logged_in:
            await office.log_in(mona)
        for step in steps:
            await take(office, mona, step)
        office.biotime.down = False
        await office.pass_time(minutes=20)
        await no_dead_end(office, mona)
    assert not [line for line in office.logged.getvalue().splitlines() if is_trouble(line)]
    refused = [call.refused for call in office.playground.calls if call.refused]
    assert not [one for one in refused if not any(said in str(one) for said in FORGIVEN)]


async def take(office: Office, mona: Person, step: Do) -> None:
    seen = [message for message in mona.history if message.by_bot and message.buttons]
    match step.what:
        case "command":
            mona.say("/" + list(COMMANDS)[step.number % len(COMMANDS)])
        case "say":
            mona.say(SAID[step.number % len(SAID)])
        case "press" | "press_old" if seen:
            message = seen[-1] if step.what == "press" else seen[step.number % len(seen)]
            pressed = [button for row in message.buttons for button in row if button.data]
            if pressed:
                mona.press_data(pressed[step.number % len(pressed)].data or "", message.message_id)
        case "share" | "share_far":
            place = AT_OFFICE if step.what == "share" else FAR_AWAY
            mona.share_location(place.latitude, place.longitude, accuracy=place.accuracy)
        case "pin":
            mona.share_location(AT_OFFICE.latitude, AT_OFFICE.longitude, via="pin")
        case "venue":
            mona.share_venue(AT_OFFICE.latitude, AT_OFFICE.longitude)
        case "forward":
            mona.forward_location(AT_OFFICE.latitude, AT_OFFICE.longitude)
        case "contact":
            mona.share_contact("+971500000000")
        case "photo":
            mona.send_photo(png(4, 4), "a caption")
        case "document":
            mona.send_document("a.pdf", b"%PDF")
        case "edit":
            own = [message for message in mona.history if not message.by_bot and "text" in message.content]
            if own:
                mona.edit(own[step.number % len(own)].message_id, SAID[step.number % len(SAID)])
        case "wait":
            await office.pass_time(minutes=(1, 10, 60, 700)[step.number % 4])
        case "away" | "back":
            office.biotime.down = step.what == "away"
        case "restart":
            await office.restart()
    await office.rest()


async def no_dead_end(office: Office, mona: Person) -> None:
    """After /cancel nothing is asked any more, and /menu leads on, in whichever language was chosen by then."""
    mona.say("/cancel")
    await office.rest()
    asked = await office.hadir.db.read(lambda c: c.execute(select(conversations.c.dialog)).scalars().all())
    assert set(asked) <= {DONE}
    mona.say("/menu")
    await office.rest()
    said = plain(mona.history[-1].text)
    led_on = [plain(translator_for(code)(one)) for code in LANGUAGES for one in (words.MORE_MENU, words.LOG_IN_FIRST)]
    assert said in led_on


def is_trouble(line: str) -> bool:
    return json.loads(line).get("level") in ("error", "critical")
