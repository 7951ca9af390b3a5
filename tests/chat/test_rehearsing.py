"""Huda rehearses the alerts before she switches them on; nobody else may, and nobody waits for it."""

import asyncio
from datetime import timedelta
from io import BytesIO

import httpx
import pytest
from python_calamine import CalamineWorkbook

from bot.i18n import Translator
from bot.papers.worker import Died
from bot.playground.people import Person
from bot.playground.watching import plain
from tests import words
from tests.chat import february
from tests.chat.team import appoint, enter
from tests.chat.test_exports import file_of, files
from tests.press import WorkerHere
from tests.talk import Office, Talk, like, presses_old, speaker, types

FEBRUARY = "20260201-20260228"
ASK = (
    "🎭 Whom would the alerts have called missing, and who was in fact there? Nobody is told. Which days? Tap a "
    "button, or type the first and the last day, for example {first} {last}."
)
HEAD = "🎭 Rehearsal of alerts, {first} to {last}"
HR_ONLY = "This is for HR only."


@pytest.fixture
async def hr(office: Office, huda: Person) -> Person:
    """February lies behind Mona: late on the 3rd, absent on the 4th."""
    february.add_february(office)
    return await enter(office, huda)


def pictures(person: Person) -> int:
    return sum("photo" in message.content for message in person.history)


async def test_she_rehearses_last_month_as_a_table_and_a_picture(
    office: Office, hr: Person, talk: Talk, t: Translator
) -> None:
    hr.language = t.language
    told = plain(t("🔔 Told as missing: {n}", n=2))
    right = plain(t("✅ Rightly: {n}. Absent: {absent}, came later: {late}", n=2, absent=1, late=1))
    page = plain(t("Page {number} of {count}", number=1, count=2))
    await talk(
        hr,
        [
            ("/alerts",),
            (t("🏢 The company's rules"),),
            (t("🎭 Rehearse alerts"), like(t, ASK)),
            (t("Last month"), like(t, HEAD), told, right, page),
        ],
    )
    assert "photo" in hr.history[-2].content, "the picture is below the table"
    assert like(t, HEAD).search(plain(hr.history[-2].text))
    _expect_sheet(office, hr, t)
    came = t("✅ came at {time}, {late} late", time="09:25", late=t.duration(timedelta(minutes=25)))
    await talk(hr, [(f"{t.number(2)} ›", "Mona", plain(came), plain(t("✅ was absent")), t.day(february.ABSENT))])
    assert not [line for m in hr.history for line in m.text.split("\n") if "\u2068🔔" in line], "a sign comes first"
    await talk(hr, [(f"‹ {t.number(1)}", right)])
    assert (pictures(hr), files(hr)) == (1, 1), "turning a page makes none"


def _expect_sheet(office: Office, hr: Person, t: Translator) -> None:
    """Below the picture, in her language: the same two alerts."""
    name, made = file_of(office, hr)
    assert name == "rehearsal-2026-02-01-2026-02-28.xlsx"
    rows = CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_index(0).to_python()
    late, absent = rows[-2:]
    assert [late[0], late[3], late[4]] == [february.LATE, "Mona", "1001"]
    assert late[1] != ""
    assert late[2] == t("By name")
    assert late[7] == plain(t("✅ came at {time}, {late} late", time="09:25", late=t.duration(timedelta(minutes=25))))
    assert (absent[0], absent[7]) == (february.ABSENT, t("✅ was absent"))


async def test_days_are_typed_and_what_cannot_be_is_said(hr: Person, talk: Talk) -> None:
    await talk(
        hr,
        [
            ("/rehearse", "Which days?"),
            ("31.2.2026 5.3.2026", "I cannot read that as a day.", "Which days?"),
            ("1.1.2026 - 5.3.2026", "That is more than 31 days"),
            ("1.1.2030 - 5.1.2030", "still to come"),
            ("0001-01-01 0001-01-02", "too long ago: please choose days from 1 Jan 2001 on"),
            ("1999-12-30 1999-12-31", "too long ago: please choose days from 1 Jan 2001 on"),
            ("hello", words.NOT_UNDERSTOOD),
            (types("٢٠٢٦-٠٢-٠٢ ٢٠٢٦-٠٢-٠٤"), "2 Feb 2026 to 4 Feb 2026", "Told as missing: 2"),
            ("2026-02-01 2026-02-15", "1 Feb 2026 to 15 Feb 2026", "Told as missing: 2"),
            ("hello", words.NOT_UNDERSTOOD),
            ("29.2.2026 - 5.3.2026", "I cannot read that as a day.", "Which days?"),
            ("last month", "1 Feb 2026 to 28 Feb 2026"),
            ("late 20 min", "⏰ Noted for"),
        ],
    )


async def test_days_may_stand_behind_the_command(hr: Person, talk: Talk, t: Translator) -> None:
    hr.language = t.language
    said = like(t, HEAD, first=t.date(february.ON_TIME), last=t.date(february.ABSENT))
    await talk(
        hr,
        [
            (types("/rehearse 2026-02-02 2026-02-04"), said, plain(t("🔔 Told as missing: {n}", n=2))),
            (types("2026-02-03 2026-02-04"), like(t, HEAD)),
            ("/rehearse 31.2.2026 5.3.2026", t("I cannot read that as a day."), like(t, ASK)),
            ("/rehearse Mona", t("I cannot read that as a day."), like(t, ASK)),
        ],
    )


async def test_a_question_that_was_answered_is_not_called_cancelled(hr: Person, talk: Talk) -> None:
    """Asked by a button, answered with a slip and then with days, and another dialog begun after it."""
    await talk(hr, [("/alerts",), ("🏢 The company's rules",), ("🎭 Rehearse alerts", "Which days?")])
    await talk(hr, [("31.2.2026 5.3.2026", "I cannot read"), ("2026-02-02 2026-02-04", "Told as missing: 2")])
    await talk(hr, [("/rehearse",), ("Last month", "Told as missing: 2"), ("/export", "Which days?")])
    assert not [m for m in hr.history if "Cancelled" in m.text]


async def test_nobody_but_hr_may(
    office: Office, hr: Person, linked: Person, omar: Person, sara: Person, talk: Talk
) -> None:
    """A manager's own people neither: the rules are the company's."""
    await appoint(office)
    await enter(office, omar)
    asked = len(office.biotime.asked)
    for person, refusal in ((omar, HR_ONLY), (linked, speaker(linked)(HR_ONLY)), (sara, words.LOG_IN_FIRST)):
        await talk(person, [("/rehearse", refusal)])
        for data in ("rehearse", f"rehearse:{FEBRUARY}", f"rehearse-page:{FEBRUARY}:1"):
            await talk(person, [("/help",)])
            await talk(person, [(presses_old(data, person.history[-1].message_id), refusal)])
        assert pictures(person) == 0
    assert not [one for one in office.biotime.asked[asked:] if "att/api" in one.url.path]


async def test_two_taps_are_one_picture(office: Office, hr: Person, talk: Talk) -> None:
    await talk(hr, [("/rehearse", "Which days?")])
    asked = hr.history[-1].message_id
    for _ in range(2):
        hr.press_data(f"rehearse:{FEBRUARY}", asked)
    await office.rest()
    assert pictures(hr) == 1


async def test_a_long_one_says_how_far_it_is(office: Office, hr: Person, talk: Talk) -> None:
    """Each request takes BioTime two seconds."""
    real = office.biotime.handle

    async def slowly(request: httpx.Request) -> httpx.Response:
        office.clock.at += timedelta(seconds=2)
        return await real(request)

    office.biotime.handle = slowly  # type: ignore[method-assign]
    before = len(hr.chat.events)
    await talk(hr, [("/rehearse",), ("Last month", "Told as missing")])
    said = [event.message.text for event in hr.chat.events[before:] if event.message and event.by_bot]
    assert [text for text in said if "of 28 days" in text] == [f"⏳ {n} of 28 days…" for n in (7, 14, 21)]


async def test_others_are_answered_meanwhile(office: Office, hr: Person, omar: Person) -> None:
    """While BioTime thinks about the report."""
    await enter(office, omar)
    thinking, enough, real = asyncio.Event(), asyncio.Event(), office.biotime.handle

    async def think(request: httpx.Request) -> httpx.Response:
        if "totalTimeCardReport" in request.url.path:
            thinking.set()
            await enough.wait()
        return await real(request)

    office.biotime.handle = think  # type: ignore[method-assign]
    hr.say("/rehearse")
    await office.rest()
    hr.press_data(f"rehearse:{FEBRUARY}", hr.history[-1].message_id)
    await asyncio.wait_for(thinking.wait(), 30)
    omar.say("/help")
    await omar.next(30)
    assert pictures(hr) == 0
    enough.set()
    await office.rest()
    assert pictures(hr) == 1


async def test_when_biotime_is_away_it_is_said_and_can_be_tried_again(office: Office, hr: Person, talk: Talk) -> None:
    await talk(hr, [("/rehearse",)])
    office.biotime.down = True
    await talk(hr, [("Last month", "BioTime is not answering right now.")])
    office.biotime.down = False
    office.clock.at += timedelta(seconds=5)
    await talk(hr, [("Last month", "Told as missing: 2")])


async def test_without_a_picture_there_is_the_table(hr: Person, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def die(_worker: WorkerHere, _order: bytes) -> bytes:
        raise Died

    monkeypatch.setattr(WorkerHere, "run", die)
    await talk(hr, [("/rehearse",), ("Last month", "Told as missing: 2")])
    assert (pictures(hr), files(hr)) == (0, 0)


async def test_a_button_that_never_was(hr: Person, talk: Talk) -> None:
    for data in (
        "rehearse:20261301-20260101",
        "rehearse-page:20261301-20260101:1",
        "rehearse-page:20250101-20260101:1",
    ):
        await talk(hr, [("/help",)])
        await talk(hr, [(presses_old(data, hr.history[-1].message_id), "Which days?")])
