"""A dialog that was left, cancelled or for another one: its card says so and has no buttons, and an old tap is told."""

import pytest

from bot.i18n import Translator
from bot.playground.chats import SeenMessage
from bot.playground.people import Person
from bot.playground.watching import plain
from tests import words
from tests.chat import february
from tests.talk import AT_OFFICE, SILENCE, Act, Office, Talk, presses_old, shares, types

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


@pytest.mark.parametrize("begins", ["/export", "/forgetme"])
async def test_typed_choices_go_with_cancel_too(worker: Person, talk: Talk, t: Translator, begins: str) -> None:
    await talk(worker, [(begins,)])
    card = worker.history[-1].message_id
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


# -- a place in the middle ---------------------------------------------------------------------------------------------

WAITS = "✍️ Your question from before still waits for an answer: go on there, or send /cancel."


@pytest.mark.parametrize(
    ("name", "answer"), [("forgot", "27 Feb"), ("leave", "🌴"), ("late", "20"), ("sick", "a fever")]
)
async def test_a_place_in_the_middle_is_a_punch_and_the_dialog_goes_on(
    office: Office, worker: Person, talk: Talk, t: Translator, name: str, answer: str
) -> None:
    """It answers with the card above, one tap away, and what is typed next is still the answer."""
    await talk(worker, [(DIALOGS[name][0],)])
    card = worker.history[-1].message_id
    await talk(worker, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"), t(WAITS))])
    (told,) = [one for one in worker.history if plain(one.text) == plain(t(WAITS))]
    assert told.reply_to == card
    assert message(worker, card).labels
    before = len(worker.history)
    await talk(worker, [(types(answer),)])
    assert plain(t(words.NOT_UNDERSTOOD)) not in [plain(one.text) for one in worker.history[before:]]


async def test_a_place_while_a_password_is_asked_for(
    office: Office, worker: Person, mona: Person, sara: Person, talk: Talk, t: Translator
) -> None:
    """The question comes again; of somebody who is not logged in there is no punch yet, and that is said."""
    await talk(worker, [("/password", t(words.ASK_OLD_PASSWORD))])
    await talk(worker, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"), t(words.ASK_OLD_PASSWORD))])
    await talk(worker, [(office.account(worker).password, t(words.ASK_NEW_PASSWORD))])
    sara.language = t.language
    await talk(
        sara,
        [
            ("/login", t(words.ASK_USERNAME)),
            (shares(AT_OFFICE), t(words.ASK_USERNAME)),
            ("1001", t(words.ASK_PASSWORD)),
        ],
    )


async def test_what_was_left_long_ago_waits_no_more(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    """Nobody is told every morning of a dialog that was left on another day; nor of a kind that was chosen."""
    await talk(worker, [("/forgot",)])
    await office.pass_time(minutes=15)
    await talk(worker, [(t("📍 Clock in"), AT_OFFICE)])
    await talk(worker, [(t("☰ More"),), (t("📍 Start break").removeprefix("📍 "),), (t("📍 Start break"), AT_OFFICE)])
    assert plain(t(WAITS)) not in [plain(one.text) for one in worker.history]
