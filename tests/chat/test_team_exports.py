"""Omar's people as a file: any days up to a year, his own people only, and it says how far it is."""

import sqlite3
from datetime import timedelta
from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from bot.i18n import Translator
from bot.papers.worker import Died
from bot.playground.people import Person
from bot.services.managing import Managing
from bot.store.managers import Scope
from tests import words
from tests.chat import february
from tests.chat.team import appoint, enter
from tests.chat.test_exports import FEBRUARY, file_of, files
from tests.chat.test_manager_settings import look
from tests.press import WorkerHere
from tests.talk import Office, Talk, like, presses_old, types

ASKS = ("Your team as a file: days worked, late, absent, on leave, overtime. Which days? Tap a button, or type the "
        "first and the last day, for example {first} {last}.")  # fmt: skip
KIND = "Your team from {first} to {last}. As which file?"
SENT = "✅ Your team from {first} to {last}: the file is below."
NOT_MANAGER = "You manage nobody in Hadir yet. HR can change that."


@pytest.fixture
async def manager(office: Office, omar: Person) -> Person:
    february.add_february(office)
    await appoint(office)
    return await enter(office, omar)


def rows_of(office: Office, person: Person) -> list[list[object]]:
    _, made = file_of(office, person)
    return [list(row) for row in CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_index(0).to_python()]


async def test_last_month_of_his_people_as_a_sheet(office: Office, manager: Person, talk: Talk, t: Translator) -> None:
    manager.language = t.language
    await talk(
        manager,
        [
            ("/team",),
            (t("📤 Export"), like(t, ASKS)),
            (t("Last month"), like(t, KIND)),
            (t("📊 Excel sheet"), like(t, SENT)),
        ],
    )
    name, _ = file_of(office, manager)
    assert name == "team-2026-02-01-2026-02-28.xlsx"
    rows = rows_of(office, manager)
    (mona,) = [row for row in rows if row[0] == "Mona"]
    assert mona[1:4] == ["1001", "Sales", 17.0]
    assert mona[7] == timedelta(minutes=25)
    assert not {"1002", "1003"} & {row[1] for row in rows}, "neither himself nor others"
    assert "document" in manager.history[-1].content


async def test_who_has_left_since_is_in_it_until_they_left(office: Office, manager: Person, talk: Talk) -> None:
    """Found to be gone on 2 March, with a schedule that would go on."""
    with sqlite3.connect(office.folder / "gateway.db") as gateway:
        gateway.execute("UPDATE employees SET active = 0 WHERE emp_code = '1001'")
    await look(office, hours=1)
    await look(office, hours=96)
    await talk(manager, [("/team export 2026-02-01 2026-03-05",), ("📊 Excel sheet",)])
    (mona,) = [row for row in rows_of(office, manager) if row[1] == "1001"]
    assert (mona[:4], mona[10]) == (["Mona", "1001", "Sales", 17.0], 1.0)
    await talk(manager, [("/team export 2026-03-03 2026-03-05",), ("📊 Excel sheet",)])
    assert not [row for row in rows_of(office, manager) if row[1] == "1001"]


async def test_and_as_a_document(office: Office, manager: Person, talk: Talk, t: Translator) -> None:
    manager.language = t.language
    await talk(manager, [("/team",), (t("📤 Export"),), (t("Last month"), like(t, KIND)), (t("📄 PDF"), like(t, SENT))])
    name, made = file_of(office, manager)
    assert name == "team-2026-02-01-2026-02-28.pdf"
    (page,) = PdfReader(BytesIO(made)).pages
    said = page.extract_text()
    assert "Mona" in said
    assert "Huda" not in said
    await talk(manager, [(t("📊 Excel sheet"), like(t, SENT))])
    assert file_of(office, manager)[0] == "team-2026-02-01-2026-02-28.xlsx", "the same days as the other kind"
    await talk(manager, [("/team export 2026-02-01 2026-02-15", like(t, KIND)), ("pdf", like(t, SENT))])
    assert file_of(office, manager)[0] == "team-2026-02-01-2026-02-15.pdf", "a kind may be typed"


async def test_days_are_typed_and_span_months(office: Office, manager: Person, talk: Talk) -> None:
    """The sums of two months are added up."""
    await talk(manager, [("/team export", "Which days?"), (types("2026-02-03 - 2026-03-02"), "As which file?")])
    await talk(manager, [("xlsx", "the file is below")])
    (mona,) = [row for row in rows_of(office, manager) if row[0] == "Mona"]
    assert mona[3] == 16.0, "February without its second day"
    assert "document" in manager.history[-1].content, "below the words"
    await talk(manager, [("/team export 3/2/2026 4/2/2026", "3 Feb 2026 to 4 Feb 2026"), ("excel",)])
    (mona,) = [row for row in rows_of(office, manager) if row[0] == "Mona"]
    assert (mona[3], mona[10]) == (1.0, 1.0)
    await talk(manager, [("2026-02-01 2026-02-15", words.NOT_UNDERSTOOD)])


async def test_what_is_typed_wrongly_is_asked_again(manager: Person, talk: Talk) -> None:
    await talk(
        manager,
        [
            ("/team export 1.1.2024 5.3.2026", "more than a year"),
            ("/team export", "Which days?"),
            ("31.2.2026 5.3.2026", "Which days?"),
            ("1.1.2030 - 5.3.2030", "still to come"),
            ("0001-01-01 0001-01-02", "too long ago: please choose days from 1 Jan 2001 on"),
            ("1999-12-30 1999-12-31", "too long ago: please choose days from 1 Jan 2001 on"),
            ("hello", words.NOT_UNDERSTOOD),
            ("/cancel",),
            ("2026-02-01 2026-02-15", words.NOT_UNDERSTOOD),
        ],
    )


async def test_who_manages_nobody_gets_none_and_nothing_goes_upstream(
    office: Office, linked: Person, omar: Person, sara: Person, talk: Talk
) -> None:
    await appoint(office, scope=Scope.AREA, name="no such place")
    await enter(office, omar)
    office.biotime.asked.clear()
    for data in ("team:export", f"team:export:{FEBRUARY}", f"team:export-pdf:{FEBRUARY}"):
        for person, refusal in ((linked, NOT_MANAGER), (sara, words.LOG_IN_FIRST)):
            await talk(person, [("/help",)])
            await talk(person, [(presses_old(data, person.history[-1].message_id), refusal)])
    assert office.biotime.asked == []
    assert files(linked) == files(sara) == 0
    await talk(omar, [(f"/team export {february.FIRST} {february.LATE}",), ("xlsx", "the file is below")])
    assert not {"1001", "1003"} & {row[1] for row in rows_of(office, omar)}, "of nobody's there is nobody in it"


async def test_two_taps_are_one_file(office: Office, manager: Person, talk: Talk) -> None:
    await talk(manager, [("/team",), ("📤 Export",), ("Last month",)])
    asked = manager.history[-1].message_id
    for _ in range(2):
        manager.press_data(f"team:export-xlsx:{FEBRUARY}", asked)
    await office.rest()
    assert files(manager) == 1


async def test_a_long_one_says_how_far_it_is(office: Office, manager: Person, talk: Talk) -> None:
    real = office.biotime.handle

    async def slowly(request: httpx.Request) -> httpx.Response:
        office.clock.at += timedelta(seconds=2)
        return await real(request)

    office.biotime.handle = slowly  # type: ignore[method-assign]
    before = len(manager.chat.events)
    await talk(manager, [("/team export 2025-11-10 2026-03-01",), ("xlsx", "✅")])
    said = [event.message.text for event in manager.chat.events[before:] if event.message and event.by_bot]
    assert [text for text in said if "of 5 months" in text] == [f"⏳ {n} of 5 months…" for n in range(1, 5)]


async def test_when_biotime_is_away_or_it_cannot_be_made_it_is_said(
    office: Office, manager: Person, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(_worker: WorkerHere, _order: bytes) -> bytes:
        raise Died

    office.biotime.down = True
    await talk(manager, [("/team export 2026-02-01 2026-02-15",), ("xlsx", "BioTime is not answering right now.")])
    office.biotime.down = False
    monkeypatch.setattr(WorkerHere, "run", die)
    await talk(manager, [("📄 PDF", "I could not make the file just now.")])
    assert files(manager) == 0


async def test_too_many_are_refused(
    office: Office, manager: Person, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await Managing(office.hadir.db, office.clock).load("Demo Trading")

    async def many(*_: object, **_since: object) -> object:
        return [*people.roster.people.values()] * 2000

    monkeypatch.setattr(Managing, "people_of", many)
    await talk(manager, [("/team export", "Your team is 6,000 people, and one file holds 5,000.")])


async def test_more_than_a_document_holds_are_a_sheet(
    manager: Person, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.team_exports.MOST_ON_PAPER", 0)
    await talk(manager, [("/team export 2026-02-01 2026-02-15",), ("pdf", "and a PDF holds 0. The Excel sheet")])
    assert files(manager) == 0
    await talk(manager, [("📊 Excel sheet", "the file is below")])
