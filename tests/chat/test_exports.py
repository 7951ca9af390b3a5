"""Time cards as a file: which days, which kind, and then it comes."""

from datetime import date, timedelta
from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from bot.chat.periods import Period, last_month, last_year, read_period, this_month, this_year
from bot.i18n import Translator
from bot.papers.worker import Died
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store.tables import links
from tests import words
from tests.chat import february
from tests.press import WorkerHere
from tests.talk import Office, Talk, like, presses_old, types

FEBRUARY = "20260201-20260228"
AS_WHICH = "Time cards from {first} to {last}. As which file?"
SENT = "✅ Time cards from {first} to {last}: the file is below."
WHICH_DAYS = "Which days?"
NO_ANSWER = "BioTime is not answering right now. Please try again in a minute."
ENDED = "Your BioTime session has ended. Log in again to see your time cards."


@pytest.fixture
def worker(office: Office, linked: Person) -> Person:
    february.add_february(office)
    return linked


def file_of(office: Office, person: Person) -> tuple[str, bytes]:
    document = next(m.content["document"] for m in reversed(person.history) if "document" in m.content)
    return document["file_name"], office.playground.world.files.get(document["file_id"]).data


def files(person: Person) -> int:
    return sum("document" in message.content for message in person.history)


async def test_a_sheet_of_last_month(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(
        worker,
        [
            ("/export", like(t, "Your time cards as a file. Which days? Tap a button, or type the first and the last "
                                "day, for example {first} {last}.")),
            (t("Last month"), like(t, AS_WHICH)),
            (t("📊 Excel sheet"), t("⏳ Fetching your time cards…"), like(t, SENT)),
        ],
    )  # fmt: skip
    name, data = file_of(office, worker)
    assert name == "time-cards-2026-02-01-2026-02-28.xlsx"
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    (late,) = [row for row in rows if row[0] == february.LATE]
    assert t("Late") in late
    assert timedelta(minutes=25) in late
    assert "document" in worker.history[-1].content, "the file is below the message"


async def test_a_paper_of_typed_days(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(
        worker,
        [
            (t("☰ More"), t(words.MORE_MENU)),
            (t("📤 Export"),),
            (types("2/2/2026 – 6.2.2026"), like(t, AS_WHICH)),
            (t("📄 PDF"), like(t, SENT)),
        ],
    )
    name, data = file_of(office, worker)
    assert name == "time-cards-2026-02-02-2026-02-06.pdf"
    said = PdfReader(BytesIO(data)).pages[0].extract_text()
    assert "09:25" in said
    assert "16:30" in said


async def test_what_is_typed_wrongly_is_asked_again(worker: Person, talk: Talk) -> None:
    await talk(
        worker,
        [
            ("/export", WHICH_DAYS),
            ("31.2.2026 5.3.2026", "I cannot read that as a day."),
            ("1.1.2024 - 5.3.2026", "more than a year"),
            ("1.1.2030 - 5.3.2030", "still to come"),
            ("0001-01-01 0001-01-02", "too long ago: please choose days from 1 Jan 2001 on"),
            ("1999-12-30 1999-12-31", "too long ago: please choose days from 1 Jan 2001 on"),
            ("hello", words.NOT_UNDERSTOOD),
            ("٢٠٢٦-٠٢-٠١ ٢٠٢٦-٠٢-١٥", "1 Feb 2026 to 15 Feb 2026"),
            ("2026-02-02 2026-02-15", "2 Feb 2026 to 15 Feb 2026"),
        ],
    )


async def test_all_of_it_can_be_typed(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(
        worker,
        [
            ("/export",),
            (types(t("Last month").upper()), like(t, AS_WHICH)),
            (types("2/2/2026 – 6.2.2026"), like(t, AS_WHICH)),
            (types("pdf"), like(t, SENT)),
        ],
    )
    name, _ = file_of(office, worker)
    assert name == "time-cards-2026-02-02-2026-02-06.pdf"
    await talk(worker, [(types("pdf"), t(words.NOT_UNDERSTOOD))])


async def test_a_word_that_is_no_file_is_told_what_to_type(worker: Person, talk: Talk, t: Translator) -> None:
    told = t("As which file? Please type “pdf” or “excel”, other days, or tap a button.")
    await talk(worker, [("/export",), (types(t("Last month")), like(t, AS_WHICH)), (types("word"), told)])
    await talk(worker, [(types(t("☰ More")), t(words.MORE_MENU)), (types("late 20 min"), "⏰")])


async def test_another_wish_is_no_period(worker: Person, talk: Talk) -> None:
    await talk(worker, [("/export",), ("late 20 min", "⏰ Noted for")])


async def test_a_button_cancels_it(worker: Person, talk: Talk, t: Translator) -> None:
    await talk(
        worker,
        [("/export",), (t("✖️ Cancel"), t(words.CANCELLED)), (types("1/2/2026 3/2/2026"), t(words.NOT_UNDERSTOOD))],
    )


async def test_it_can_be_cancelled(worker: Person, talk: Talk) -> None:
    await talk(worker, [("/export", WHICH_DAYS), ("/cancel",), ("2026-02-01 2026-02-15", words.NOT_UNDERSTOOD)])


async def test_two_taps_are_one_file(office: Office, worker: Person, talk: Talk) -> None:
    await talk(worker, [("/export",), ("Last month",)])
    asked = worker.history[-1].message_id
    for _ in range(2):
        worker.press_data(f"export-xlsx:{FEBRUARY}", asked)
    await office.rest()
    assert files(worker) == 1
    office.clock.at += timedelta(seconds=5)
    await talk(worker, [("📄 PDF",)])
    assert files(worker) == 2


async def test_from_the_month_one_comes_to_its_file(office: Office, worker: Person, talk: Talk) -> None:
    """The picture stays: the question is a message of its own."""
    await talk(worker, [("/month",)])
    album = worker.history[-1]
    await talk(worker, [("📤 Export", "from 1 Mar 2026 to 2 Mar 2026")])
    assert worker.chat.posts[album.message_id].seen().text == album.text


async def test_a_long_one_says_how_far_it_is(office: Office, worker: Person, talk: Talk) -> None:
    """Each month takes BioTime two seconds."""
    await talk(worker, [("/export",), ("This year",), ("↩ Other days",)])
    real = office.biotime.handle

    async def slowly(request: httpx.Request) -> httpx.Response:
        office.clock.at += timedelta(seconds=2)
        return await real(request)

    office.biotime.handle = slowly  # type: ignore[method-assign]
    before = len(worker.chat.events)
    await talk(worker, [("2025-11-10 2026-03-01", "As which file?"), ("📊 Excel sheet",)])
    said = [event.message.text for event in worker.chat.events[before:] if event.message and event.by_bot]
    assert [text for text in said if "of 5 months" in text] == [f"⏳ {n} of 5 months…" for n in range(1, 5)]


@pytest.mark.parametrize("step", range(3))
async def test_biotime_down_at_any_step(office: Office, worker: Person, talk: Talk, t: Translator, step: int) -> None:
    """Only the file itself needs BioTime, and the choice is kept for it."""
    said = ["/export", t("Last month"), t("📊 Excel sheet")]
    await talk(worker, [(act,) for act in said[:step]])
    office.biotime.down = True
    await talk(worker, [(act,) for act in said[step:]])
    assert plain(t(NO_ANSWER)) in plain(worker.history[-1].text)
    office.biotime.down = False
    office.clock.at += timedelta(seconds=5)
    await talk(worker, [(t("📊 Excel sheet"), like(t, SENT))])
    assert files(worker) == 1


async def test_the_session_ends_in_the_middle(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(worker, [("/export",), (t("Last month"), like(t, AS_WHICH))])
    await office.hadir.db.write(lambda c: c.execute(links.update().values(token=None)))
    await talk(worker, [(t("📊 Excel sheet"), t(ENDED))])
    await office.log_in(worker)
    assert like(t, SENT).search(plain(worker.history[-2].text)), "by itself"
    assert files(worker) == 1


async def test_when_it_cannot_be_made_it_is_said(
    office: Office, worker: Person, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(_worker: WorkerHere, _order: bytes) -> bytes:
        raise Died

    monkeypatch.setattr(WorkerHere, "run", die)
    await talk(worker, [("/export",), ("Last month",), ("📄 PDF", "I could not make the file just now.")])


async def test_days_without_cards(worker: Person, talk: Talk) -> None:
    await talk(worker, [("/export",), ("2019-01-01 2019-01-31",), ("📄 PDF", "no time cards of those days")])


async def test_nobody_gets_another_s(office: Office, worker: Person, huda: Person, sara: Person, talk: Talk) -> None:
    await office.log_in(huda)
    await talk(huda, [("/export",), ("Last month",), ("📊 Excel sheet",)])
    _, data = file_of(office, huda)
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert not [row for row in rows if timedelta(minutes=25) in row], "an administrator's token gets everybody's"
    await talk(sara, [("/export", words.LOG_IN_FIRST)])
    for data_of_button in ("export", f"export:{FEBRUARY}", f"export-pdf:{FEBRUARY}"):
        await talk(sara, [(presses_old(data_of_button, sara.history[-1].message_id), words.LOG_IN_FIRST)])


async def test_a_button_that_never_was(worker: Person, talk: Talk) -> None:
    await talk(worker, [("/menu",)])
    menu = worker.history[-1].message_id
    for data in ("export:99999999-99999999", "export-pdf:20261301-20260101"):
        await talk(worker, [(presses_old(data, menu), WHICH_DAYS), (presses_old("more", menu), words.MORE_MENU)])


def test_the_periods_of_the_buttons() -> None:
    today = date(2026, 3, 2)
    assert this_month(today) == Period(date(2026, 3, 1), today)
    assert last_month(today) == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert this_year(today) == Period(date(2026, 1, 1), today)
    assert last_year(date(2025, 5, 5)) == Period(date(2024, 1, 1), date(2024, 12, 31))
    assert not last_year(date(2025, 5, 5)).is_too_long
    assert Period(date(2025, 1, 1), date(2026, 1, 2)).is_too_long


@pytest.mark.parametrize(
    "typed",
    ["2026-02-01 2026-02-15", "1/2/2026 - 15/2/2026", "15.2.2026 1.2.2026", "from 01-02-2026 to 15-02-2026",
     "٢٠٢٦-٠٢-٠١ إلى ٢٠٢٦-٠٢-١٥", "१/२/२०२६–१५/२/२०२६", "1.2.26 15.2.26", "1/2/2026-15/2/2026", "1 Feb - 15 Feb",
     "from 15 February to 1 Feb", "من ١ فبراير إلى ١٥ فبراير"],
)  # fmt: skip
def test_two_dates_are_a_period(typed: str) -> None:
    assert read_period(typed, date(2026, 3, 2)) == Period(date(2026, 2, 1), date(2026, 2, 15))


@pytest.mark.parametrize("typed", ["1 Mar 20 Mar", "Mar 1 Mar 20", "1 mars au 20 mars", "20 Mar 1 mar 2026"])
def test_a_month_is_not_a_day_of_another_language(typed: str) -> None:
    """ "Mar" is Tuesday in Spanish."""
    assert read_period(typed, date(2026, 3, 24)) == Period(date(2026, 3, 1), date(2026, 3, 20))


@pytest.mark.parametrize("typed", ["", "2026-02-01", "30/2/2026 1/3/2026", "1/2/2026 " * 3, "5 March"])
def test_anything_else_is_none(typed: str) -> None:
    assert read_period(typed, date(2026, 3, 2)) is None
