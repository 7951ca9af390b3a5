"""What a button says is what is recorded: on a second telephone, after a long shift, late, and after a refusal."""

from datetime import timedelta

from bot.attendance.model import PunchState
from bot.i18n import Translator
from bot.playground.people import Person
from tests import words
from tests.faults import Fate
from tests.talk import AT_OFFICE, Office, Talk, like, shares, speaker

IN, OUT = PunchState.CHECK_IN, PunchState.CHECK_OUT
OVERDUE = "⚠️ I know of no clock-out since {when}. The button below starts a new day."
ELSEWHERE = "From your other Telegram account: {punch}. The button below is your next step."


def first_button(person: Person) -> str:
    assert person.keyboard is not None
    return person.keyboard.rows[0][0].text


async def kinds(office: Office) -> list[PunchState]:
    return [punch.punch_state for punch in sorted(await office.punches(), key=lambda punch: punch.punched_at)]


async def test_clock_out_does_not_stay_on_the_screen_for_ever(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"))])
    await office.pass_time(hours=15, minutes=59)
    assert first_button(linked) == t("📍 Clock out")
    await office.pass_time(minutes=1)
    assert like(t, OVERDUE).search(linked.history[-1].text)
    assert first_button(linked) == t("📍 Clock in")
    told = len(linked.history)
    await office.pass_time(hours=1)
    assert len(linked.history) == told, "told once"


async def test_nobody_is_said_not_to_have_clocked_out_who_did_at_a_terminal(
    office: Office, linked: Person, talk: Talk
) -> None:
    await talk(linked, [("📍 Clock in", AT_OFFICE, words.CLOCKED_IN.format(time="09:00"))])
    await office.biotime.pass_time(timedelta(hours=8))
    office.punch_at_terminal(OUT)
    await office.biotime.pass_time(timedelta(hours=8))
    await office.look_again()
    assert first_button(linked) == "📍 Clock in"
    assert linked.history[-1].text == "The button below is your next step."


async def test_a_shift_of_seventeen_hours_ends_with_clock_out_from_more(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"))])
    await office.pass_time(hours=17)
    out = t("📍 Clock out")
    await talk(
        linked,
        [
            (t("☰ More"), t(words.MORE_MENU)),
            (out.removeprefix("📍 "), t(words.SHARE_NOW)),
            (out, AT_OFFICE, t(words.CLOCKED_OUT, time="02:00")),
        ],
    )
    assert await kinds(office) == [IN, OUT]


async def test_the_button_of_a_second_telephone_follows(office: Office, linked: Person, talk: Talk) -> None:
    other, account = office.person("omar"), office.account(linked)
    his, hers = speaker(other), speaker(linked)
    await talk(other, [("/login",), (account.username,), (account.password,)])
    assert first_button(other) == his("📍 Clock in")
    await talk(linked, [(hers("📍 Clock in"), AT_OFFICE, hers(words.CLOCKED_IN, time="09:00"))])
    assert like(his, ELSEWHERE).search(other.history[-1].text)
    assert first_button(other) == his("📍 Clock out")
    await office.pass_time(hours=8)
    await talk(other, [(his("📍 Clock out"), AT_OFFICE, his(words.CLOCKED_OUT, time="17:00"))])
    assert first_button(linked) == hers("📍 Clock in")
    assert await kinds(office) == [IN, OUT]


async def test_a_late_share_is_what_its_button_said_then(office: Office, linked: Person, talk: Talk) -> None:
    """In at nine, out at five; the clock-out of one o'clock comes only then."""
    await talk(linked, [("📍 Clock in", AT_OFFICE, words.CLOCKED_IN.format(time="09:00"))])
    await office.pass_time(hours=8)
    one = office.clock() - timedelta(hours=4)
    await talk(linked, [("📍 Clock out", AT_OFFICE, words.CLOCKED_OUT.format(time="17:00"))])
    await office.pass_time(minutes=5)
    await talk(linked, [(shares(AT_OFFICE, sent_at=one),)])
    assert await kinds(office) == [IN, OUT, OUT]


async def test_what_biotime_has_counts_though_it_refused_the_correction(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    office.biotime.expect(Fate.APPLIED_AFTERWARDS, delay=timedelta(seconds=100))
    office.biotime.expect(Fate.INVALID)
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    for _ in range(5):
        await office.pass_time(seconds=60)
    told = next(message.text for message in linked.history if message.text.startswith("❌"))
    assert like(t, "❌ BioTime has {server} and refused to correct it to {time}: {reason}. "
                   "Please show this to your manager (ref {ref}).").search(told)  # fmt: skip
    assert len(office.stamps()) == 1
    assert first_button(linked) == t("📍 Clock out")
    await office.pass_time(hours=8)
    await talk(linked, [(t("📍 Clock out"), AT_OFFICE, t(words.CLOCKED_OUT, time="17:05"))])


async def test_hours_are_not_said_before_biotime_has_the_punch(office: Office, linked: Person) -> None:
    office.biotime.expect(Fate.TIMEOUT)
    linked.press("Clock in", place=AT_OFFICE)
    await office.look_again()
    assert [message.text for message in linked.history if "At work since" in message.text] == []
    assert linked.history[-1].text == "The button below is your next step."
    assert first_button(linked) == "📍 Clock out"


async def test_a_refusal_offers_what_is_next(office: Office, linked: Person, talk: Talk) -> None:
    office.biotime.expect(Fate.INVALID)
    await talk(linked, [("📍 Clock in", AT_OFFICE)])
    assert first_button(linked) == "📍 Clock in"
    await office.pass_time(minutes=5)
    await talk(linked, [("📍 Clock in", AT_OFFICE, words.CLOCKED_IN.format(time="09:05"))])


async def test_news_that_may_come_days_later_say_which_day(office: Office, linked: Person, talk: Talk) -> None:
    late = office.clock() - timedelta(hours=30)
    await talk(linked, [(shares(AT_OFFICE, sent_at=late),)])
    assert "In · Sun, 1 Mar" in linked.history[-2].text.replace("\u2068", "").replace("\u2069", "")


async def test_nobody_is_blamed_for_a_message_that_was_days_late(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [(shares(AT_OFFICE, sent_at=office.clock() - timedelta(days=4)),)])
    texts = [message.text for message in linked.history]
    assert any(text.startswith("Your message reached me days late.") for text in texts)
    assert not any("three days" in text for text in texts)


async def test_a_message_changed_in_the_log_in_is_deleted(office: Office, mona: Person, talk: Talk) -> None:
    await talk(mona, [("/login",)])
    mona.say("1001")
    await office.rest()
    typed = next(message for message in mona.history if message.text == "1001")
    mona.edit(typed.message_id, "my password")
    await office.rest()
    assert "my password" not in [message.text for message in mona.history]
    assert any(message.text.startswith("I deleted the message you changed") for message in mona.history)
