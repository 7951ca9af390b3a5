"""Late and sick, in two taps or one word; kept once, and taken back by its own message."""

import pytest

from bot.i18n import Translator
from bot.playground.people import Person
from bot.store import notices
from bot.store.notices import Notice
from tests import words
from tests.talk import MORNING, Office, Talk, like, presses_old, types

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
