"""Whoever wanted something and had to log in first gets it by itself after the log-in."""

import pytest

from bot.chat.wanted import WANTED_COUNTS
from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store.tables import links
from tests import words
from tests.chat import february
from tests.chat.team import appoint
from tests.talk import Office, Talk, like, types

ENDED = "Your BioTime session has ended. Log in again to see your time cards."
WORKED = "Worked {worked} of {due}"
REQUESTS = "📝 My requests"
TO_APPROVE = "🗳 Nothing waits for your decision."
SENT = "✅ Time cards from {first} to {last}: the file is below."
HOW_LATE = "⏰ How late will you be today? Tap it, or type the minutes."


@pytest.fixture
def worker(office: Office, mona: Person) -> Person:
    february.add_february(office)
    return mona


async def end_session(office: Office) -> None:
    await office.hadir.db.write(lambda c: c.execute(links.update().values(token=None)))


async def told_by_log_in(office: Office, person: Person) -> str:
    """Everything the bot says from the log-in on."""
    before = len(person.chat.events)
    await office.log_in(person)
    return told_since(person, before)


def told_since(person: Person, number: int) -> str:
    said = [event.message for event in person.chat.events[number:] if event.by_bot and event.message]
    return "\n".join(plain(message.text) for message in said)


@pytest.mark.parametrize("asked", ["/week", "/month", "📊 My week"])
async def test_the_week_appears_after_an_ended_session(
    office: Office, worker: Person, talk: Talk, t: Translator, asked: str
) -> None:
    await office.log_in(worker)
    await talk(worker, [(t("☰ More"),)])
    await end_session(office)
    await talk(worker, [(t(asked), t(ENDED))])
    assert like(t, WORKED).search(await told_by_log_in(office, worker))
    assert not like(t, WORKED).search(await told_by_log_in(office, worker)), "once"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("/week", WORKED),
        ("/history", "History, page {number}"),
        ("/requests", REQUESTS),
        ("/profile", "Company: {company}"),
        ("/export", "Your time cards as a file. Which days? Tap a button, or type the first and the last day, for "
                    "example {first} {last}."),
        ("/late", HOW_LATE),
        ("📋 Today", "Hours so far: {duration}"),
    ],
)  # fmt: skip
async def test_a_stranger_s_wish_is_obeyed_after_the_log_in(
    office: Office, worker: Person, talk: Talk, t: Translator, asked: str, shown: str
) -> None:
    await talk(worker, [(types(t(asked)), t(words.LOG_IN_FIRST))])
    told = await told_by_log_in(office, worker)
    if asked == "/profile":
        assert plain("👤 Mona") in told
    elif asked == "📋 Today":
        assert plain(t(words.NO_PUNCHES)) in told
    else:
        assert like(t, shown).search(told)


async def test_plain_words_are_obeyed_after_the_log_in(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    await talk(worker, [(types("my week"), t(words.LOG_IN_FIRST))])
    assert like(t, WORKED).search(await told_by_log_in(office, worker))


async def test_it_outlives_a_restart_and_a_wrong_password(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    account = office.account(worker)
    await talk(worker, [("/week", t(words.LOG_IN_FIRST)), ("/login", t(words.ASK_USERNAME))])
    await office.restart()
    await talk(worker, [(account.username, t(words.ASK_PASSWORD)), ("wrong-geheim", t(words.WRONG_LOGIN))])
    await talk(worker, [(account.password, like(t, words.WELCOME), like(t, WORKED))])


async def test_the_password_twice_is_still_taken_for_one(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    await talk(worker, [("/week", t(words.LOG_IN_FIRST))])
    await office.log_in(worker)
    await talk(worker, [(office.account(worker).password, t(words.STRAY_PASSWORD))])


async def test_a_file_comes_by_itself(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await office.log_in(worker)
    await talk(worker, [("/export",), (t("Last month"),)])
    await end_session(office)
    await talk(worker, [(types("pdf"), t(ENDED))])
    assert like(t, SENT).search(await told_by_log_in(office, worker))


async def test_an_open_dialog_comes_back_and_then_what_was_wanted(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    """Her report of a forgotten punch is where it was, and takes its buttons."""
    await office.log_in(worker)
    await talk(worker, [("/forgot",), (types("27 Feb"),), (types("18:05"),)])
    await end_session(office)
    await talk(worker, [("/week", t(ENDED))])
    told = await told_by_log_in(office, worker)
    assert plain(t("What was it? The first one is the most likely.")) in told
    assert like(t, WORKED).search(told)
    await talk(
        worker, [(t("Out"), t("Why is it missing? Tap a reason, or type your own: whoever approves it reads it."))]
    )


@pytest.mark.parametrize("end", ["/cancel", "/start", "later"])
async def test_it_is_forgotten(office: Office, worker: Person, talk: Talk, t: Translator, end: str) -> None:
    await talk(worker, [("/week", t(words.LOG_IN_FIRST))])
    if end == "later":
        await office.pass_time(seconds=WANTED_COUNTS.total_seconds())
    else:
        await talk(worker, [(end,)])
    assert not like(t, WORKED).search(await told_by_log_in(office, worker))


async def test_nothing_is_punched_by_a_log_in(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    """A location is shared at its time, or not at all."""
    await talk(worker, [(types("in"), t(words.LOG_IN_TO_SHARE))])
    await office.log_in(worker)
    assert not await office.punches()


async def test_a_manager_s_list_comes_by_itself(office: Office, omar: Person, talk: Talk) -> None:
    await appoint(office)
    await talk(omar, [("/approvals", words.LOG_IN_FIRST)])
    assert TO_APPROVE in await told_by_log_in(office, omar)


async def test_what_was_wanted_comes_after_a_new_password_too(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    await talk(worker, [("/week", t(words.LOG_IN_FIRST)), ("/password", t(words.ASK_WHO))])
    await talk(worker, [(office.account(worker).username, like(t, words.CODE_ON_ITS_WAY))])
    code = await office.mailed_code()
    await talk(worker, [(code, t(words.ASK_NEW_PASSWORD)), ("a brand new 1",)])
    await talk(worker, [("a brand new 1", t(words.PASSWORD_DONE), like(t, WORKED))])
