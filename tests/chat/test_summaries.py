"""My week, my month, a day, and why: one message, turned page by page."""

from datetime import date, timedelta

import httpx
import pytest

from bot.biotime.wire.mobile_time import Summary
from bot.i18n import Translator
from bot.papers.worker import Died
from bot.playground.chats import SeenMessage
from bot.playground.files import picture_size
from bot.playground.people import Person
from bot.playground.watching import plain
from tests import words
from tests.chat import february
from tests.press import WorkerHere
from tests.talk import MORNING, Office, Talk, presses_old

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def worker(office: Office, linked: Person) -> Person:
    february.add_february(office)
    return linked


async def turn(office: Office, person: Person, data: str) -> SeenMessage:
    """Presses a button of the album, which must be there, and reads the page."""
    album = person.history[-1]
    assert data in {button.data for row in album.buttons for button in row}, data
    person.press_data(data, album.message_id)
    await office.rest()
    assert person.history[-1].message_id == album.message_id, "one message, edited"
    return person.history[-1]


def picture_of(office: Office, person: Person) -> bytes:
    (size,) = person.history[-1].content["photo"]
    return office.playground.world.files.get(size["file_id"]).data


async def test_the_month_is_counted(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(worker, [("/month", t.month(date(2026, 3, 1)))])
    page = await turn(office, worker, "month:2026-02-01")
    said = plain(page.text).split("\n")
    assert said[0] == plain(f"📅 {t.month(february.FIRST)}")
    for sign, label, number, lasted in (
        ("⏰", "Late", 1, 25 * MINUTE),
        ("🚪", "Left early", 1, 90 * MINUTE),
        ("❌", "Absent", 2, 16 * HOUR),
        ("🌴", "Leave", 1, 8 * HOUR),
        ("➕", "Overtime", 1, 2 * HOUR),
    ):
        assert plain(f"{sign} {t(label)}: {number} · {t.duration(lasted)}") in said
    assert page.content["has_protected_content"]


@pytest.mark.parametrize(("language", "first"), [("en", date(2026, 3, 2)), ("hi", date(2026, 3, 1))])
async def test_the_week_begins_where_the_calendar_does(worker: Person, talk: Talk, language: str, first: date) -> None:
    worker.language = language
    await talk(worker, [("/week",)])
    days = [
        button.data for row in worker.history[-1].buttons for button in row if (button.data or "").startswith("day:")
    ]
    assert days[0] == f"day:{first}:w"


async def test_the_month_is_a_calendar_of_buttons(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(worker, [("/month",)])
    page = await turn(office, worker, "month:2026-02-01")
    names, *weeks = [row[::-1] if t.rtl else row for row in page.buttons[:6]]
    assert [button.text for button in names] == t.weekdays()
    days = [button.text for row in weeks for button in row]
    # February 2026 begins on a Sunday, the week on a Monday.
    assert days[:13] == ["·"] * 6 + ["1", "2", "3⏰", "4❌", "5🚪", "6❌", "7"]
    assert days[13:18] == ["8", "9🌴", "10🎉", "11", "12"]
    assert days[33:] == ["28", "·"]


async def test_weeks_to_come_are_no_rows_of_dots(worker: Person, talk: Talk, t: Translator) -> None:
    """On Monday, 2 March, the month has one day that it tells of beside the first."""
    for page, weeks in (("/month", 2), ("/week", 1)):
        await talk(worker, [(page,)])
        rows = [row[::-1] if t.rtl else row for row in worker.history[-1].buttons]
        assert [button.text for button in rows[0]] == t.weekdays()
        assert [len(row) for row in rows].count(7) == 1 + weeks
        assert not any({button.text for button in row} == {"·"} for row in rows)


async def test_the_running_month_is_counted_by_biotime(office: Office, worker: Person, talk: Talk) -> None:

    summary = Summary(late=7, early_out=6, absent=5, leave=4, overtime=3)
    office.biotime.answer("monthly_summary/", lambda: httpx.Response(200, content=summary.model_dump_json()))
    await talk(worker, [("/month", "Late: 7", "Left early: 6", "Absent: 5", "Leave: 4", "Overtime: 3")])


async def test_the_week_is_a_list(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(worker, [(t("☰ More"), t(words.MORE_MENU))])
    menu = worker.history[-1].message_id
    await talk(worker, [(t("📊 My week"), t.day(date(2026, 3, 2)))])
    assert worker.chat.posts[menu].deleted, "the menu gave way"
    await turn(office, worker, "week:2026-02-23")
    worker.press_data("week:2026-02-04", worker.history[-1].message_id)
    await office.rest()
    page = worker.history[-1]
    said = plain(page.text).split("\n")
    for sign, day, label in (
        ("✅", february.ON_TIME, "Present"),
        ("⏰", february.LATE, "Late"),
        ("❌", february.ABSENT, "Absent"),
        ("🚪", february.EARLY, "Left early"),
        ("💤", february.REST, "Day of rest"),
    ):
        assert any(line.startswith(plain(f"{sign} {t.day(day)} · {t(label)}")) for line in said), (label, said)


async def test_before_schedules_began_there_was_no_day_of_rest(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    await talk(worker, [("/week",)])
    worker.press_data("week:2026-01-26", worker.history[-1].message_id)
    await office.rest()
    page = worker.history[-1]
    said = plain(page.text).split("\n")
    assert any(line.startswith(plain(f"➖ {t.day(date(2026, 1, 27))} · {t('No timetable')}")) for line in said), said
    assert not any(t("Day of rest") in line and t.day(date(2026, 1, 27)) in line for line in said)


async def test_a_day_and_back(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(worker, [("/month",)])
    month = await turn(office, worker, "month:2026-02-01")
    page = await turn(office, worker, "day:2026-02-03:m")
    said = plain(page.text)
    for expected in (
        f"⏰ {t.day(february.LATE)} · {t('Late')}",
        "Office · 09:00–18:00",
        f"09:25 · {t('In')} · 7HQQ35R5+MF Dubai Internet City",
        f"18:04 · {t('Out')}",
        f"{t('Late')}: {t.duration(25 * MINUTE)}",
    ):
        assert plain(expected) in said
    await turn(office, worker, "day:2026-02-04:m")
    assert t("No punches.") in worker.history[-1].text
    await turn(office, worker, "day:2026-02-03:m")
    assert (await turn(office, worker, "month:2026-02-01")).text == month.text


async def test_a_day_has_no_tomorrow(office: Office, worker: Person, talk: Talk) -> None:
    await talk(worker, [("/month",)])
    page = await turn(office, worker, "day:2026-03-02:m")
    assert "day:2026-03-03:m" not in {button.data for row in page.buttons for button in row}


WHY: dict[date, tuple[str, ...]] = {
    february.LATE: (
        "Your clock-in that counts: 09:25.",
        "lateness counts from the start: 25 min",
        "no approved leave",
    ),
    february.ABSENT: ("no punch of yours", "So BioTime counts as absent: 8 h 00 min", "no holiday"),
    february.MISSING: ("Your clock-in that counts: 08:58.", "No clock-out of yours is there"),
    february.EARLY: ("Your clock-out that counts: 16:30.", "left before the end", "1 h 30 min"),
}


async def test_why(office: Office, worker: Person, talk: Talk) -> None:
    await talk(worker, [("/month",)])
    album = worker.history[-1].message_id
    for day, reasons in WHY.items():
        worker.press_data(f"why:{day}:m", album)
        await office.rest()
        page = worker.history[-1]
        assert "Office · 09:00–18:00" in plain(page.text)
        for reason in reasons:
            assert reason in plain(page.text)
        assert {button.data for row in page.buttons for button in row} == {f"forgot-day:{day:%Y%m%d}", f"day:{day}:m"}


async def test_from_why_it_is_one_tap_to_the_fix(office: Office, worker: Person, talk: Talk) -> None:
    """The question about the forgotten punch knows the day, and is a message of its own: the picture stays."""
    await talk(worker, [("/month",)])
    album = worker.history[-1].message_id
    worker.press_data(f"why:{february.MISSING}:m", album)
    await office.rest()
    await talk(worker, [("📝 Report a forgotten punch", "6 Feb")])
    assert worker.history[-1].message_id != album
    assert "photo" in worker.chat.posts[album].content


async def test_why_in_every_language(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(worker, [("/week",)])
    await talk(worker, [(presses_old("day:2026-02-03:w", worker.history[-1].message_id), "09:25")])
    page = await turn(office, worker, "why:2026-02-03:w")
    assert plain(t("Your clock-in that counts: {time}.", time="09:25")) in plain(page.text)
    assert t("📝 Report a forgotten punch") in page.labels


async def test_a_good_day_has_no_why(office: Office, worker: Person, talk: Talk) -> None:
    await talk(worker, [("/month",)])
    await turn(office, worker, "month:2026-02-01")
    for day in (february.ON_TIME, february.LEAVE, february.HOLIDAY, february.REST, february.GRACE):
        page = await turn(office, worker, f"day:{day}:m")
        assert f"why:{day}:m" not in {button.data for row in page.buttons for button in row}
        await turn(office, worker, "month:2026-02-01")


async def test_two_taps_on_the_menu_open_one(office: Office, worker: Person, talk: Talk) -> None:
    await talk(worker, [("/menu", words.MORE_MENU)])
    menu, before = worker.history[-1].message_id, len(worker.history)
    worker.press_data("month", menu)
    worker.press_data("month", menu)
    await office.rest()
    assert len(worker.history) == before
    assert "March 2026" in worker.history[-1].text


async def test_two_taps_on_a_page_are_one(office: Office, worker: Person, talk: Talk) -> None:
    office.expects_trouble = True
    await talk(worker, [("/month",)])
    album, before = worker.history[-1].message_id, len(worker.history)
    for _ in range(2):
        worker.press_data("month:2026-02-01", album)
    await office.rest()
    assert len(worker.history) == before
    assert "February 2026" in worker.history[-1].text


async def test_beside_the_numbers_is_a_picture(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(worker, [("/month",)])
    march = picture_of(office, worker)
    february = await turn(office, worker, "month:2026-02-01")
    shown = picture_of(office, worker)
    assert shown != march
    assert february.content["has_media_spoiler"]
    assert picture_size(shown)[0] == 1080
    await turn(office, worker, "day:2026-02-03:m")
    await turn(office, worker, "why:2026-02-03:m")
    assert picture_of(office, worker) == shown, "the month stays above its days"
    assert worker.history[-1].content["has_media_spoiler"]


async def test_the_colours_are_remembered(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(worker, [("/month",)])
    light = picture_of(office, worker)
    page = await turn(office, worker, "dark:month:2026-03-01")
    assert t("☀️ Light") in page.labels
    dark = picture_of(office, worker)
    assert dark != light
    await office.restart()
    await talk(worker, [("/month",)])
    assert picture_of(office, worker) == dark
    await turn(office, worker, "light:month:2026-03-01")
    assert picture_of(office, worker) == light


async def test_without_pictures_there_are_the_numbers(
    office: Office, worker: Person, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of an album whose picture would be another month's is a new message."""
    await talk(worker, [("/month", "March 2026")])

    async def die(_worker: WorkerHere, _order: bytes) -> bytes:
        raise Died

    monkeypatch.setattr(WorkerHere, "run", die)
    worker.press_data("month:2026-02-01", worker.history[-1].message_id)
    await office.rest()
    assert "February 2026" in worker.history[-1].text
    assert "photo" not in worker.history[-1].content
    page = await turn(office, worker, "day:2026-02-03:m")
    assert "09:25" in page.text
    monkeypatch.undo()
    await turn(office, worker, "month:2026-02-01")
    assert "photo" in worker.history[-1].content


async def test_what_lies_ahead_is_today(office: Office, worker: Person, talk: Talk) -> None:
    await talk(worker, [("/month",)])
    album = worker.history[-1].message_id
    await talk(
        worker,
        [
            (presses_old("week:2099-12-31", album), "Week from Mon, 2 Mar"),
            (presses_old("month:2027-01-01", album), "March 2026"),
            (presses_old("day:2030-01-01:m", album), "Mon, 2 Mar"),
            (presses_old("month:2026-13-45", album), "March 2026"),
        ],
    )


async def test_without_biotime_nothing_is_made_up(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    office.biotime.down = True
    for asked in ("/week", "/month"):
        await talk(worker, [(asked, t("BioTime is not answering right now. Please try again in a minute."))])


async def test_a_stranger_sees_nothing(sara: Person, talk: Talk) -> None:
    for asked in ("/week", "/month"):
        await talk(sara, [(asked, words.LOG_IN_FIRST)])
    album = sara.history[-1].message_id
    for data in ("week", "month:2026-02-01", "day:2026-02-03:m", "why:2026-02-03:m"):
        await talk(sara, [(presses_old(data, album), words.LOG_IN_FIRST)])


async def test_an_administrator_sees_their_own(office: Office, worker: Person, huda: Person, talk: Talk) -> None:
    """BioTime would give Huda everybody's time cards."""
    await office.log_in(huda)
    await talk(huda, [("/month",)])
    page = await turn(office, huda, "month:2026-02-01")
    assert "Late: 0" in page.text
    await turn(office, huda, "day:2026-02-03:m")
    assert "09:25" not in huda.history[-1].text
    assert MORNING.month == 3
