"""Today with the hours so far, and the history turned page by page in one message."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.attendance.model import PunchState
from bot.chat.commands import COMMANDS
from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store.tables import links
from tests import words
from tests.talk import AT_OFFICE, MORNING, Office, Talk, like, presses_old, shares, types

DUBAI = ZoneInfo("Asia/Dubai")


async def test_today_lists_punches_and_hours(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    nothing = t.duration(timedelta(0))
    await talk(linked, [(t("📋 Today"), t(words.NO_PUNCHES), t(words.HOURS, duration=nothing))])
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    await office.pass_time(hours=3, minutes=20)
    so_far = t(words.HOURS, duration=t.duration(timedelta(hours=3, minutes=20)))
    await talk(linked, [("/today", "09:00", t("In"), so_far), ("/menu",)])
    await talk(linked, [(presses_old("today", linked.history[-1].message_id), "09:00", so_far)])


async def test_yesterday_is_not_today(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("📍 Clock in", AT_OFFICE)])
    await office.pass_time(hours=24)
    await talk(linked, [("📋 Today", words.NO_PUNCHES)])


async def test_history_is_turned_in_place(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    for _ in range(10):
        await talk(linked, [(shares(AT_OFFICE),)])
        await office.pass_time(hours=2)
    await talk(linked, [(t("☰ More"), t(words.MORE_MENU))])
    shown = linked.history[-1].message_id
    messages = len(linked.history)
    linked.press("history:0")
    await office.rest()
    first = linked.chat.posts[shown].seen()
    assert t(words.HISTORY_PAGE, number=1) in first.text
    assert first.text.count("•") == 8
    linked.press(t("Older ›"))
    await office.rest()
    second = linked.chat.posts[shown].seen()
    assert t(words.HISTORY_PAGE, number=2) in second.text
    assert second.text.count("•") == 2
    linked.press(t("‹ Newer"))
    await office.rest()
    assert linked.chat.posts[shown].seen().text == first.text
    assert len(linked.history) == messages, "one message, edited"


async def test_past_the_end_of_the_history_is_its_last_page(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    for _ in range(9):
        await talk(linked, [(shares(AT_OFFICE),)])
        await office.pass_time(hours=2)
    await talk(linked, [("/history",)])
    shown = linked.history[-1].message_id
    linked.press_data("history:9", shown)
    await office.rest()
    last = linked.chat.posts[shown].seen()
    assert t(words.HISTORY_PAGE, number=2) in last.text
    assert last.text.count("•") == 1
    assert last.labels == (t("‹ Newer"),)


async def test_pressing_twice_says_nothing_new(office: Office, linked: Person, talk: Talk) -> None:
    """Telegram answers "message is not modified"; that is no fault."""
    office.expects_trouble = True
    await talk(linked, [("/menu",)])
    menu = linked.history[-1].message_id
    await talk(linked, [(presses_old("today", menu), words.NO_PUNCHES)])
    heard = len(linked.chat.events)
    await talk(linked, [(presses_old("today", menu),)])
    assert [event.kind for event in linked.chat.events[heard:]] == ["answer"]
    assert "update failed" not in office.logged.getvalue()


async def test_without_biotime_she_sees_what_she_sent(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    office.biotime.down = True
    await talk(linked, [(t("📋 Today"), "09:00", t(words.ONLY_OURS)), ("/history", "09:00", t(words.ONLY_OURS))])


async def test_a_session_that_is_over_is_no_outage(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    await office.hadir.db.write(lambda c: c.execute(links.update().values(token=None)))
    for asked in (t("📋 Today"), "/history"):
        await talk(linked, [(asked, "09:00", t(words.SESSION_OVER))])
        assert t(words.LOG_IN) in linked.history[-1].labels


async def test_a_night_shift_is_today_s(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await office.pass_time(hours=13)
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, like(t, words.CLOCKED_IN))])
    await office.pass_time(hours=8)
    night = t.duration(timedelta(hours=8))
    worked = t("Worked today: {duration}.", duration=night)
    await talk(linked, [(t("📍 Clock out"), AT_OFFICE, like(t, words.CLOCKED_OUT), worked)])
    await talk(linked, [(t("📋 Today"), "22:00", "06:00", t(words.HOURS, duration=night))])


async def test_a_forgotten_clock_out_is_said_and_its_hours_are_not_counted(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """She goes at noon without clocking out, and clocks in at a terminal when she is back."""
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    await office.pass_time(hours=5)
    office.punch_at_terminal(PunchState.CHECK_IN)
    await office.pass_time(hours=2)
    hours = t(words.HOURS, duration=t.duration(timedelta(hours=2)))
    missing = like(t, words.NO_CLOCK_OUT, when=plain(t.day_and_time(MORNING, DUBAI)))
    await talk(linked, [(t("📋 Today"), "09:00", "14:00", hours, missing)])


async def test_who_clocks_in_again_is_told_of_the_clock_out_that_is_missing(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, like(t, words.AT_WORK))])
    assert "⚠️" not in linked.history[-1].text
    await office.pass_time(hours=24)
    missing = like(t, words.NO_CLOCK_OUT, when=plain(t.day_and_time(MORNING, DUBAI)))
    await talk(linked, [(t("📋 Today"), t(words.NO_PUNCHES), missing)])
    await talk(linked, [(shares(AT_OFFICE), like(t, words.CLOCKED_IN), missing)])


async def test_a_request_that_nobody_approved_is_no_punch_yet(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """In at nine for sure; in at five to eight by her word alone: no clock-out is missing after that."""
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    for said in ("/forgot", "2 March", "7:55", t("In"), t("I forgot"), t("✅ Send")):
        await talk(linked, [(said,)])
    waiting = f"⏳ 07:55 · {t('In')} · {t('📨 waiting for approval')}"
    await talk(linked, [("/history", waiting, f"• 09:00 · {t('In')}")])
    await talk(linked, [("/today", waiting, t("Hours so far: {duration}", duration=t.duration(timedelta(0))))])
    assert "⚠️" not in linked.history[-1].text
    await office.pass_time(hours=9)
    await talk(
        linked,
        [(t("📍 Clock out"), AT_OFFICE, t("Worked today: {duration}.", duration=t.duration(timedelta(hours=9))))],
    )
    assert "⚠️" not in linked.history[-1].text


async def test_a_request_stands_as_it_does_among_the_requests(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    for said in ("/forgot", types("2 March"), types("7:55"), t("In"), t("I forgot")):
        await talk(linked, [(said,)])
    office.biotime.down = True
    on_the_way = t("⏳ on its way to BioTime")
    await talk(
        linked, [(t("✅ Send"),), ("/requests", on_the_way), ("/history", f"⏳ 07:55 · {t('In')} · {on_the_way}")]
    )


async def test_punches_of_the_same_second_are_in_the_order_they_were_made(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    office.punch_at_terminal(PunchState.CHECK_OUT)
    await talk(linked, [(t("📋 Today"), t("In"), t("Out"))])
    listed = [line for line in linked.history[-1].text.split("\n") if line.startswith("•")]
    assert [t("In") in line for line in listed] == [True, False]


async def test_an_edit_is_no_command(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("hello", words.NOT_UNDERSTOOD)])
    message = linked.history[-2].message_id
    for command in COMMANDS:
        heard = len(linked.history)
        linked.edit(message, f"/{command}")
        await office.rest()
        assert len(linked.history) == heard, command


async def test_nobody_sees_another_s(office: Office, linked: Person, omar: Person, talk: Talk) -> None:
    """The gateway lists other people's punches, too."""
    await talk(linked, [("📍 Clock in", AT_OFFICE)])
    await office.log_in(omar)
    await talk(omar, [("📋 Today", words.NO_PUNCHES), ("/history", words.NO_PUNCHES)])


async def test_a_page_that_is_not_there(linked: Person, talk: Talk) -> None:
    await talk(linked, [("/menu",)])
    await talk(linked, [(presses_old("history:999", linked.history[-1].message_id), words.NO_PUNCHES)])
