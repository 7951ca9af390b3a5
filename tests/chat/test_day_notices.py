"""Late and sick, in two taps or one word; kept once, and taken back by its own message."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.attendance.facts import ShiftKind
from bot.attendance.shifts import ReportedDay, build_shifts
from bot.i18n import Translator
from bot.playground.people import Person
from bot.store import notices
from bot.store.notices import Notice
from bot.store.syncing import settle_shifts
from tests import words
from tests.chat.team import appoint, enter
from tests.talk import AT_OFFICE, MORNING, Office, Talk, like, presses_old, types

HOW_LATE = "⏰ How late will you be today? Tap it, or type the minutes."
IS_SICK = "🤒 Tell your manager that you are sick today? Tap the button, or type a few words that go with it."
LATE, SICK = (
    "⏰ Noted for {day}: about {duration} late. Your manager can see it.",
    "🤒 Noted for {day}: sick. Your manager can see it. Get well soon!",
)
TAKE_BACK, TAKEN_BACK = "↩️ Take it back", "↩️ Taken back. Your manager sees it no more."


async def said(office: Office) -> list[tuple[str, int | None, str | None]]:
    company, day = office.hadir.tenants.companies[0], MORNING.date()
    found: list[Notice] = await office.hadir.db.read(lambda c: notices.load_notices(c, company, day))
    return [(str(one.kind), one.minutes, one.note) for one in found]


async def test_late_in_two_taps(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    office.biotime.down = True  # nothing of it needs BioTime
    await talk(
        linked,
        [
            (t("☰ More"), t(words.MORE_MENU)),
            (t("📝 Requests"),),
            (t("⏰ I'll be late"), t(HOW_LATE)),
            (t("{minutes} min", minutes=20), like(t, LATE)),
        ],
    )
    assert await said(office) == [("late", 20, None)]
    await talk(linked, [(t(TAKE_BACK), t(TAKEN_BACK))])
    assert await said(office) == []


@pytest.mark.parametrize("typed", ["45", "٤٥", "45 min", "0:45"])
async def test_minutes_typed(office: Office, linked: Person, talk: Talk, t: Translator, typed: str) -> None:
    await talk(linked, [("/late", t(HOW_LATE)), (types(typed), like(t, LATE))])
    assert await said(office) == [("late", 45, None)]
    await office.restart()
    await talk(linked, [(t(TAKE_BACK), t(TAKEN_BACK))])
    assert await said(office) == []


async def test_what_is_no_time_is_asked_again(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    again = t("I cannot read that. Type the minutes, for instance 45.")
    await talk(linked, [("/late",), (types("soon"), again), (types("/cancel"), t(words.CANCELLED))])
    assert await said(office) == []


async def test_two_taps_at_once_are_one_notice(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [("/late",)])
    card = linked.history[-1].message_id
    linked.press_data("late:20", card)
    office.expects_trouble = True  # the second edit changes nothing
    await talk(linked, [(presses_old("late:60", card),)])
    assert await said(office) == [("late", 20, None)]
    assert t.duration(MORNING - MORNING.replace(hour=4, minute=40)) in linked.history[-1].text, "as it was kept"


async def test_sick_in_two_taps(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [("/sick", t(IS_SICK)), (t("🤒 I'm sick today"), like(t, SICK))])
    assert await said(office) == [("sick", None, None)]


async def test_sick_with_a_few_words(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [("/sick",), (types("x" * 201), "200"), (types("a fever"), like(t, SICK), "a fever")])
    assert await said(office) == [("sick", None, "a fever")]


async def test_in_plain_words(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    late, sick = ("late 20", "sick") if t.language == "en" else ("تأخير 20", "مريض")
    await talk(linked, [(types(late), like(t, LATE)), (types(sick), t(IS_SICK))])
    assert await said(office) == [("late", 20, None)]


async def test_nobody_takes_back_another_s(office: Office, linked: Person, omar: Person, talk: Talk) -> None:
    await talk(linked, [("/late",), ("20 min",)])
    await office.log_in(omar)
    await talk(omar, [("/late",)])
    source = linked.history[-1].buttons[0][0].data
    assert source is not None
    await talk(omar, [(presses_old(source, omar.history[-1].message_id),)])
    assert await said(office) == [("late", 20, None)]


async def test_a_stranger_says_nothing(office: Office, sara: Person, talk: Talk, t: Translator) -> None:
    await talk(sara, [("/start",)])
    for data in ("late", "late:20", "sick", "sick:sure", "notice-back:1"):
        await talk(sara, [(presses_old(data, sara.history[-1].message_id), t(words.LOG_IN_FIRST))])
    assert await said(office) == []


# -- who is here already, and who is sick ------------------------------------------------------------------------------

HERE = "⏰ You are in since {time}, so there is nothing to report as late. Your manager sees when you came."
HOME_SICK = (
    "🤒 You are in since {time}. Are you going home sick? Tap the button, or type a few words that go with it for your "
    "manager."
)
GOING_HOME = "🤒 I'm going home sick"
GONE_HOME = (
    "🤒 Noted for {day}: you are going home sick. Your manager can see it. Please clock out before you go, and get "
    "well soon!"
)
SICK_ALREADY = "🤒 At {time} you told your manager that you are sick today. Get well soon!"
SICK_NOT_LATE = (
    "🤒 At {time} you told your manager that you are sick today. If you are coming after all, take that back: then I "
    "ask how late you will be."
)


async def clock_in(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"))])
    await office.pass_time(hours=1)


async def test_nobody_who_is_in_will_be_late(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """By command, in one word, and by a card that was there before."""
    await talk(linked, [("/late", t(HOW_LATE))])
    card = linked.history[-1].message_id
    await clock_in(office, linked, talk, t)
    here, wish = t(HERE, time="09:00"), "late 20" if t.language == "en" else "تأخير 20"
    await talk(linked, [(presses_old("late:20", card), here), ("/late", here), (types(wish), here)])
    assert await said(office) == []


async def test_whoever_is_at_break_is_in_and_whoever_left_may_be_late(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """The second half of a split day begins later."""
    await clock_in(office, linked, talk, t)
    await talk(linked, [(t("☰ More"),), (t("📍 Start break").removeprefix("📍 "),), (t("📍 Start break"), AT_OFFICE)])
    await talk(linked, [("/late", t(HERE, time="09:00"))])
    await office.pass_time(minutes=20)
    await talk(linked, [(t("📍 End break"), AT_OFFICE), ("/late", t(HERE, time="09:00"))])
    await office.pass_time(hours=1)
    await talk(linked, [(t("📍 Clock out"), AT_OFFICE), ("/late", t(HOW_LATE)), (types("20"), like(t, LATE))])
    assert await said(office) == [("late", 20, None)]


async def test_a_clock_out_forgotten_yesterday_keeps_nobody_from_being_late(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await office.pass_time(hours=11)
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="20:00"))])
    await office.pass_time(hours=11)
    await talk(linked, [("/late", t(HOW_LATE))])


async def test_sick_from_who_is_in_is_going_home(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await clock_in(office, linked, talk, t)
    await talk(linked, [("/sick", t(HOME_SICK, time="09:00")), (t(GOING_HOME), like(t, GONE_HOME))])
    assert await said(office) == [("sick", None, None)]
    pressed = linked.history[-1].message_id
    office.expects_trouble = True  # the second edit changes nothing
    await talk(linked, [(presses_old("sick:home", pressed),), ("/sick", t(SICK_ALREADY, time="10:00"))])
    assert await said(office) == [("sick", None, None)]
    await talk(linked, [(t(TAKE_BACK), t(TAKEN_BACK)), ("/sick",), (types("a fever"), like(t, GONE_HOME), "a fever")])
    assert await said(office) == [("sick", None, "a fever")]


async def test_asked_before_and_come_since_means_going_home(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """The card is older than the clock-in: it asks again, and notes nothing meanwhile."""
    await talk(linked, [("/sick", t(IS_SICK))])
    card = linked.history[-1].message_id
    await clock_in(office, linked, talk, t)
    await talk(linked, [(presses_old("sick:sure", card), t(HOME_SICK, time="09:00"))])
    assert await said(office) == []


async def test_late_after_sick_says_how_to_take_that_back(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [("/sick",), (t("🤒 I'm sick today"), like(t, SICK))])
    await office.pass_time(minutes=10)
    wish = "late 20" if t.language == "en" else "تأخير 20"
    sick = t(SICK_NOT_LATE, time="09:00")
    await talk(linked, [(types(wish), sick), ("/late", sick), ("/sick", t(SICK_ALREADY, time="09:00"))])
    assert await said(office) == [("sick", None, None)]
    await talk(linked, [("/late", sick)])
    await talk(linked, [(t(TAKE_BACK), t(TAKEN_BACK), t(HOW_LATE)), (types("20"), like(t, LATE))])
    assert await said(office) == [("late", 20, None)]


async def test_sick_after_late_holds(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [("/late",), (types("20"), like(t, LATE)), ("/sick",), (t("🤒 I'm sick today"), like(t, SICK))])
    assert [kind for kind, *_ in await said(office)] == ["late", "sick"]


async def test_her_manager_sees_that_she_goes_home(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    """Nobody who is in is on a card of the missing: it stands in her profile."""
    omar.language = t.language
    await appoint(office)
    await enter(office, omar)
    await clock_in(office, linked, talk, t)
    await talk(linked, [("/sick",), (types("a fever"), like(t, GONE_HOME))])
    await talk(omar, [("/team Mona", t("🟢 In since {time}.", time="09:00"), t("sick"), "a fever")])


ENDED = (
    "Your work of today ended at {time}: it is too late to say that of today. Did you forget a punch, or do you need "
    "leave?"
)


async def expect(office: Office, *hours: tuple[datetime, int, int]) -> None:
    """Mona works on these days from the one hour to the other, or to that of the next day."""
    company, zone = office.hadir.tenants.companies[0], ZoneInfo("Asia/Dubai")
    days = [ReportedDay("1001", day.date(), "Office", ShiftKind.WORK, time(come), time(go)) for day, come, go in hours]
    shifts = build_shifts(days, zone, {}, {})
    await office.hadir.db.write(lambda c: settle_shifts(c, company, [day.workdate for day in days], shifts))


@pytest.mark.parametrize("said_so", ["/late", "/sick", "late 25"])
async def test_nobody_is_late_or_sick_of_a_day_whose_work_is_over(
    office: Office, linked: Person, talk: Talk, t: Translator, said_so: str
) -> None:
    """A forgotten punch and a leave are one tap away."""
    await expect(office, (MORNING, 9, 18))
    await office.pass_time(hours=14, minutes=42)
    await talk(linked, [(said_so, like(t, ENDED, time=t.time(MORNING + timedelta(hours=9), ZoneInfo("Asia/Dubai"))))])
    assert t("🌴 Leave") in linked.history[-1].labels
    assert await said(office) == []
    await talk(linked, [(t("📝 Forgotten punch"), t("📝 Forgotten punch"))])


async def test_a_minute_before_the_end_she_may_still_say_so(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await expect(office, (MORNING, 9, 18))
    await office.pass_time(hours=8, minutes=59)
    await talk(linked, [("/late", t(HOW_LATE)), (types("20"), like(t, LATE))])


async def test_last_night_s_work_that_goes_on_is_not_over(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await expect(office, (MORNING - timedelta(days=1), 22, 11), (MORNING, 6, 8))
    await talk(linked, [("/late", t(HOW_LATE))])


async def test_a_card_from_before_the_end_says_that_it_is_over(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await expect(office, (MORNING, 9, 18))
    await talk(linked, [("/late", t(HOW_LATE))])
    await office.pass_time(hours=10)
    await talk(linked, [(t("{minutes} min", minutes=20), like(t, ENDED))])
    assert await said(office) == []
