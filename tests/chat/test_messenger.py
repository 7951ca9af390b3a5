"""A punch when BioTime or Telegram is in trouble: the right sentence, and nothing lost or doubled."""

import httpx
import pytest

from bot.attendance.progress import State
from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from tests import words
from tests.faults import ABSENT, APPLIED, Fate
from tests.talk import AT_OFFICE, Office, Talk, like


async def punch_message(office: Office, person: Person) -> str:
    """The one message that tells of the only punch, as it reads now; without the marks of direction."""
    message_id = (await office.punch()).message_id
    assert message_id is not None
    return plain(person.chat.posts[message_id].seen().text)


# -- BioTime -----------------------------------------------------------------------------------------------------------


async def test_biotime_down_the_time_is_kept_and_goes_in_as_a_correction(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    office.biotime.down = True
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, like(t, words.SAVED, time="09:00:00"))])
    await office.pass_time(seconds=62)
    assert like(t, words.NO_BIOTIME, time="09:00:00").search(await punch_message(office, linked))
    office.biotime.down = False
    await office.pass_time(minutes=30)
    assert like(t, words.FILED, time="09:00:00").search(await punch_message(office, linked))
    assert (len(office.stamps()), len(office.manual_logs())) == (0, 1)


async def test_biotime_back_within_a_minute_clocks_in(office: Office, linked: Person, talk: Talk) -> None:
    office.biotime.down = True
    await talk(linked, [("📍 Clock in", AT_OFFICE, "Sending to BioTime…")])
    office.biotime.down = False
    await office.pass_time(seconds=20)
    assert "Clocked in at 09:00" in await punch_message(office, linked)
    assert len(office.stamps()) == 1


@pytest.mark.parametrize("fate", ABSENT)
async def test_an_unclear_answer_says_checking_and_is_never_sent_again(
    office: Office, linked: Person, talk: Talk, fate: Fate
) -> None:
    office.biotime.expect(fate)
    await talk(linked, [("📍 Clock in", AT_OFFICE)])
    assert "BioTime did not answer, so I am checking. No need to clock again." in await punch_message(office, linked)
    for _ in range(5):
        await office.pass_time(minutes=2)
    assert "Correction to 09:00:00 filed" in await punch_message(office, linked)
    assert (len(office.stamps()), len(office.manual_logs())) == (0, 1)


@pytest.mark.parametrize("fate", APPLIED)
async def test_an_answer_lost_after_it_was_applied_is_found(
    office: Office, linked: Person, talk: Talk, fate: Fate
) -> None:
    office.biotime.expect(fate)
    await talk(linked, [("📍 Clock in", AT_OFFICE, "so I am checking")])
    for _ in range(3):
        await office.pass_time(seconds=10)
    assert "✅ Clocked in at 09:00" in await punch_message(office, linked)
    assert (len(office.stamps()), len(office.manual_logs())) == (1, 0)


async def test_checking_is_said_in_her_language(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    office.biotime.expect(Fate.ERROR)
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, like(t, words.CHECKING, time="09:00:00"))])


async def test_biotime_refuses_and_hr_is_told(
    office: Office, huda: Person, linked: Person, talk: Talk, t: Translator
) -> None:
    await office.log_in(huda)
    office.biotime.expect(Fate.REFUSED)
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, like(t, words.REFUSED, time="09:00:00"))])
    assert "BioTime refused a punch of Mona (1001)" in huda.history[-1].text
    assert (await office.punch()).progress.state is State.REJECTED


async def test_a_session_that_ended_asks_for_a_new_log_in_and_the_punch_then_goes_in_by_itself(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    office.biotime.expect(Fate.UNAUTHORIZED)
    over = {"non_field_errors": ["Signature has expired."]}
    office.biotime.answer("/jwt-api-token-refresh/", lambda: httpx.Response(400, json=over))
    account = office.account(linked)
    await talk(
        linked,
        [
            (t("📍 Clock in"), AT_OFFICE, like(t, words.SESSION_ENDED, time="09:00:00")),
            (t(words.LOG_IN),),
            (account.username,),
            (account.password, t(words.WELCOME, name="Mona"), t(words.CLOCKED_IN, time="09:00")),
        ],
    )
    assert len(office.stamps()) == 1


async def test_a_restart_while_biotime_is_down_loses_nothing(office: Office, linked: Person, talk: Talk) -> None:
    office.biotime.down = True
    await talk(linked, [("📍 Clock in", AT_OFFICE, "Sending to BioTime…")])
    await office.restart()
    await office.pass_time(seconds=5)
    assert "Clocked in at 09:00" in await punch_message(office, linked)
    assert len(office.stamps()) == 1


# -- Telegram ----------------------------------------------------------------------------------------------------------


async def test_the_punch_is_made_though_telegram_refuses_the_answer(office: Office, linked: Person, talk: Talk) -> None:
    office.expects_trouble = True
    office.playground.faults.too_many_requests("sendMessage", retry_after=20, times=2)
    await talk(linked, [("📍 Clock in", AT_OFFICE)])
    assert len(office.stamps()) == 1
    assert not any("Clocked in" in message.text for message in linked.history)
    for _ in range(2):
        await office.pass_time(seconds=35)
    assert len([message for message in linked.history if "Clocked in at 09:00" in message.text]) == 1


async def test_a_lost_answer_of_telegram_leaves_at_most_two_messages(
    office: Office, linked: Person, talk: Talk
) -> None:
    office.expects_trouble = True
    office.playground.faults.lose_answer("sendMessage")
    await talk(linked, [("📍 Clock in", AT_OFFICE)])
    for _ in range(4):
        await office.pass_time(seconds=40)
    told = [message.text for message in linked.history if "Sending to BioTime…" in message.text]
    confirmed = [message.text for message in linked.history if "Clocked in at 09:00" in message.text]
    assert len(told) <= 1
    assert len(confirmed) == len(office.stamps()) == 1


async def test_she_blocked_the_bot_and_is_clocked_in_all_the_same(office: Office, linked: Person) -> None:
    office.expects_trouble = True
    linked.press("Clock in", place=AT_OFFICE)
    linked.block()
    await office.rest()
    await office.pass_time(minutes=2)
    assert len(office.stamps()) == 1
    assert (await office.punch()).told == "confirmed"


async def test_an_edit_that_changes_nothing_is_no_fault(office: Office, linked: Person, talk: Talk) -> None:
    office.expects_trouble = True
    office.playground.faults.fail(
        "editMessageText", code=400, description="Bad Request: message is not modified: specified new message …"
    )
    await talk(linked, [("📍 Clock in", AT_OFFICE, "At work since 09:00")])
    assert (await office.punch()).told == "confirmed"
