"""A dialog that was left, cancelled or for another one: its card says so and has no buttons, and an old tap is told."""

import pytest

from bot.i18n import Translator
from bot.playground.chats import SeenMessage
from bot.playground.people import Person
from bot.playground.watching import plain
from tests import words
from tests.chat import february
from tests.talk import SILENCE, Act, Office, Talk, presses_old, types

OUT_OF_DATE = "That button is out of date. Send /menu to see what I can do."
# What begins it, and a button of its card that would do something.
DIALOGS = {
    "forgot": ("/forgot", "forgot-send:20260227.1805.1.1"),
    "leave": ("/leave", "leave-send:1.20260309.am.1"),
    "late": ("/late", "late:20"),
    "sick": ("/sick", "sick:sure"),
}


@pytest.fixture
def worker(office: Office, linked: Person) -> Person:
    """With a pay code in her company."""
    february.add_february(office)
    return linked


def message(person: Person, message_id: int) -> SeenMessage:
    return next(one for one in person.history if one.message_id == message_id)


def is_put_away(person: Person, card: int, t: Translator) -> bool:
    seen = message(person, card)
    return plain(seen.text) == plain(t(words.CANCELLED)) and not seen.labels


def sent(office: Office) -> int:
    tables = ("punches", "leaves", "notices")
    return sum(len(office._query("hadir.db", f"SELECT id FROM {table}")) for table in tables)


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_cancelled_card_says_so_and_an_old_tap_does_nothing(
    office: Office, worker: Person, talk: Talk, t: Translator, name: str
) -> None:
    begins, data = DIALOGS[name]
    await talk(worker, [(begins,)])
    card = worker.history[-1].message_id
    assert message(worker, card).labels
    await talk(worker, [(types("/cancel"), t(words.CANCELLED))])
    assert is_put_away(worker, card, t)
    await talk(worker, [(presses_old(data, card), t(OUT_OF_DATE))])
    assert sent(office) == 0


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("forgot", "/leave"),
        ("forgot", "/reminders"),
        ("leave", "/export"),
        ("late", "/forgot"),
        ("sick", "/late"),
        ("leave", "/password"),
    ],
)
async def test_another_dialog_puts_the_card_away(
    office: Office, worker: Person, talk: Talk, t: Translator, name: str, other: str
) -> None:
    begins, data = DIALOGS[name]
    await talk(worker, [(begins,)])
    card = worker.history[-1].message_id
    steps: list[str | Act] = [other, t("⏰ Clock in")] if other == "/reminders" else [other]
    await talk(worker, [(step,) for step in steps])
    if other == "/password":
        # That is no other wish: it comes in between, and the card goes on after it.
        assert message(worker, card).labels
        await talk(worker, [(types("/cancel"),)])
    assert is_put_away(worker, card, t)
    await talk(worker, [(presses_old(data, card), t(OUT_OF_DATE))])
    assert sent(office) == 0


async def test_a_step_of_a_card_that_was_put_away_acts_on_no_other(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    await talk(worker, [("/forgot",), (types("27 Feb"),)])
    card = worker.history[-1].message_id
    await talk(worker, [("/leave",)])
    leave = worker.history[-1]
    for data in ("forgot:20260227.1805..", "forgot-month:202602:...", "late:20"):
        await talk(worker, [(presses_old(data, card), t(OUT_OF_DATE))])
    assert message(worker, leave.message_id) == leave, "the open one stands as it stood"


async def test_the_same_dialog_twice_leaves_one_card(worker: Person, talk: Talk, t: Translator) -> None:
    """Begun again by a button: the first card is put away."""
    await talk(worker, [("/forgot",)])
    card = worker.history[-1].message_id
    await talk(worker, [("/menu",), (t("📝 Requests"),), (t("📝 Forgotten punch"),)])
    assert is_put_away(worker, card, t)


async def test_a_card_that_a_log_in_came_in_the_middle_of_is_cancelled_with_it(
    worker: Person, talk: Talk, t: Translator
) -> None:
    await talk(worker, [("/forgot",)])
    card = worker.history[-1].message_id
    await talk(worker, [("/login",), (types("/cancel"), t(words.CANCELLED))])
    assert is_put_away(worker, card, t)


@pytest.mark.parametrize("begins", ["/export", "/reminders"])
async def test_choices_go_with_cancel_too(worker: Person, talk: Talk, t: Translator, begins: str) -> None:
    await talk(worker, [("/menu",)])
    data = {"/export": "export", "/reminders": "remind:in"}[begins]
    card = worker.history[-1].message_id
    await talk(worker, [(presses_old(data, card),)])
    assert message(worker, card).labels
    await talk(worker, [(types("/cancel"), t(words.CANCELLED))])
    assert is_put_away(worker, card, t)


async def test_a_card_that_is_gone_is_no_trouble(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(worker, [("/forgot",)])
    card = worker.history[-1].message_id
    await office.hadir.application.bot.delete_message(worker.chat.id, card)
    office.expects_trouble = True  # it cannot be edited
    await talk(worker, [(types("/cancel"), t(words.CANCELLED)), (types("9:00"), t(words.NOT_UNDERSTOOD))])


async def test_a_second_tap_on_a_sent_card_is_silent(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    steps: list[str | Act] = ["/forgot", types("27 Feb"), types("18:05"), t("Out"), t("I forgot")]
    await talk(worker, [(step,) for step in steps])
    card = worker.history[-1].message_id
    await talk(worker, [(t("✅ Send"),), (presses_old("forgot-send:20260227.1805.1.1", card), SILENCE)])
    assert len(await office.punches()) == 1
