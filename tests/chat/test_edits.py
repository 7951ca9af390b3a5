"""A typed answer that is changed in Telegram afterwards."""

from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from tests import words
from tests.talk import SILENCE, Act, Office, Talk, like, types

TOO_LATE = "✏️ A change to that message comes too late for me: please send a new one, or /cancel and begin again."
HOW_LATE = "⏰ How late will you be today? Tap it, or type the minutes."
NOTED = "⏰ Noted for {day}: about {duration} late. Your manager can see it."
WHICH_KIND = "What was it? The first one is the most likely."


def changes(old: str, new: str) -> Act:
    """The last message that says `old`."""

    def edit(person: Person) -> None:
        own = [one for one in person.history if not one.by_bot and one.text == old]
        person.edit(own[-1].message_id, new)

    return edit


async def test_the_last_answer_may_be_changed(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """As if it had been typed like that the first time, as often as one likes; one card stands there."""
    await talk(linked, [("/forgot",), (types("27 Feb"),), (types("18:05"), "18:05", t(WHICH_KIND))])
    await office.restart()
    await talk(linked, [(changes("18:05", "18:15"), "18:15", t(WHICH_KIND))])
    await talk(linked, [(changes("18:15", "no time"), t("I cannot read that as a time."))])
    await talk(linked, [(changes("no time", "١٨:٢٠"), "18:20", t(WHICH_KIND))])
    cards = [one for one in linked.history if plain(t("📝 Forgotten punch")) in plain(one.text)]
    assert len(cards) == 1
    await talk(linked, [(t("Out"),), (t("I forgot"),), (t("✅ Send"),)])
    (punch,) = await office.punches()
    assert punch.punched_at.strftime("%H:%M") == "14:20"


async def test_what_could_not_be_read_may_be_changed(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    again = t("I cannot read that. Type the minutes, for instance 45.")
    await talk(linked, [("/late", t(HOW_LATE)), (types("soon"), again), (changes("soon", "45"), like(t, NOTED))])
    await talk(linked, [(changes("45", "50"), SILENCE)])


async def test_a_question_without_a_card_reads_changes_too(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    again = t("Please type a number of minutes, for instance 10, or /cancel.")
    await talk(linked, [("/reminders",), (t("⏰ Clock in"),), (types("soon"), again)])
    await talk(linked, [(changes("soon", "later"), again), (changes("later", "-10"), t("⏰ Your reminders"))])


async def test_an_earlier_answer_is_too_late_and_that_is_said_once(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [("/forgot",), (types("27 Feb"),), (types("18:05"), t(WHICH_KIND))])
    await talk(linked, [(changes("27 Feb", "26 Feb"), t(TOO_LATE)), (changes("26 Feb", "25 Feb"), SILENCE)])
    typed = next(one for one in linked.history if one.text == "25 Feb")
    told = next(one for one in linked.history if plain(one.text) == plain(t(TOO_LATE)))
    assert told.reply_to == typed.message_id
    await talk(linked, [(t("Out"),), (changes("18:05", "18:15"), SILENCE)])


async def test_other_messages_may_be_changed_as_one_likes(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """Before a dialog, in the middle of one, and after it."""
    await talk(linked, [(types("hello"), t(words.NOT_UNDERSTOOD)), (changes("hello", "27 Feb"), SILENCE)])
    await talk(linked, [("/forgot",), (changes("27 Feb", "26 Feb"), SILENCE)])
    await talk(linked, [(types("25 Feb"),), ("/cancel",), (changes("25 Feb", "24 Feb"), SILENCE)])
