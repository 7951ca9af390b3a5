"""Telegram refuses, is slow or loses answers: another try or an end, and the process alive."""

from collections.abc import Callable

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.chat.errors import judge
from bot.chat.intake import Later
from bot.chat.transport import NotSent
from bot.i18n import Translator
from bot.playground.people import Person
from tests import words
from tests.talk import AT_OFFICE, SILENCE, Office, Talk


@pytest.fixture(autouse=True)
def _trouble(office: Office) -> None:
    office.expects_trouble = True


async def test_too_many_requests_puts_the_answer_off(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    office.playground.faults.too_many_requests("sendMessage", retry_after=7)
    await talk(linked, [("/help", SILENCE)])
    await office.pass_time(seconds=6)
    assert t(words.HELP) not in linked.history[-1].text
    await office.pass_time(seconds=2)
    assert t(words.HELP) in linked.history[-1].text


async def test_an_error_of_telegram_is_tried_again(office: Office, linked: Person, talk: Talk) -> None:
    office.playground.faults.fail("sendMessage", code=500)
    await talk(linked, [("/help", SILENCE)])
    await office.pass_time(seconds=5)
    assert words.HELP in linked.history[-1].text


async def test_a_lost_answer_is_not_said_again_and_again(office: Office, linked: Person, talk: Talk) -> None:
    """It may have arrived each time."""
    office.playground.faults.lose_answer("sendMessage", times=10)
    await talk(linked, [("/help", words.HELP)])
    for _ in range(5):
        await office.pass_time(minutes=10)
    assert len([message for message in linked.history if words.HELP in message.text]) == 2
    assert office.inbox() == []
    office.playground.faults.clear()
    await talk(linked, [("/menu", words.MORE_MENU)])


async def test_a_person_who_blocked_the_bot_holds_nobody_up(office: Office, linked: Person, talk: Talk) -> None:
    linked.say("/help")
    linked.block()
    await office.rest()
    for _ in range(3):
        await office.pass_time(minutes=10)
    assert office.inbox() == []
    linked.unblock()
    await talk(linked, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:30")])


async def test_a_press_that_telegram_calls_too_old_still_counts(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("/menu",)])
    office.playground.faults.fail(
        "answerCallbackQuery", code=400, description="Bad Request: query is too old and response timeout expired"
    )
    linked.press("📋 Today", on=linked.history[-1].message_id)
    await office.rest()
    assert words.NO_PUNCHES in linked.history[-1].text


async def test_a_message_that_cannot_be_edited_is_sent_anew(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("/menu",)])
    office.playground.faults.fail("editMessageText", code=400, description="Bad Request: message can't be edited")
    linked.press("📋 Today", on=linked.history[-1].message_id)
    await office.rest()
    assert words.NO_PUNCHES in linked.history[-1].text
    assert linked.history[-1].edited is False


async def test_a_password_is_deleted_though_telegram_stumbles(office: Office, mona: Person, talk: Talk) -> None:
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username, words.ASK_PASSWORD)])
    office.playground.faults.fail("deleteMessage", code=500)
    typed = mona.say(account.password)
    await office.rest()
    await office.pass_time(seconds=10)
    assert typed.message_id not in [message.message_id for message in mona.history]
    assert "Welcome, Mona!" in mona.history[-1].text


async def test_she_is_told_that_her_password_stays_where_telegram_does_not_delete_it(
    office: Office, mona: Person, talk: Talk
) -> None:
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username, words.ASK_PASSWORD)])
    office.playground.faults.fail("deleteMessage", code=500, times=20)
    mona.say(account.password)
    await office.rest()
    for _ in range(12):
        await office.pass_time(minutes=6)
    said = [message.text for message in mona.history if message.by_bot]
    assert len([text for text in said if words.DELETE_YOURSELF in text]) == 1, said
    assert "Welcome, Mona!" in said[-1]


@pytest.mark.parametrize(
    ("problem", "first", "second"),
    [
        (lambda: RetryAfter(3), True, True),
        (lambda: NotSent("no connection"), True, True),
        (lambda: OSError("disk"), True, True),
        (Later, True, True),
        (lambda: NetworkError("reset"), True, False),
        (TimedOut, True, False),
        (lambda: RuntimeError("a bug"), True, False),
        (lambda: Forbidden("blocked"), False, False),
        (lambda: BadRequest("chat not found"), False, False),
    ],
    ids=["429", "unsent", "disk", "later", "reset", "no answer", "a bug", "blocked", "final"],
)
def test_what_is_tried_again(problem: Callable[[], Exception], first: bool, second: bool) -> None:
    assert (judge(problem(), 0) is not None, judge(problem(), 1) is not None) == (first, second)
