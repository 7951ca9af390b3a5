"""Leave: asked for in one message, kept and sent, listed, decided, taken back; hidden where the company's BioTime takes
none."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from bot.chat.leaves import read_kind
from bot.chat.settings_texts import day_name
from bot.gateway.sample import NAME
from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.services.leave_offers import KNOWN_FOR, LeaveKind
from bot.store import leaves as leave_rows
from bot.store.leave_tables import leaves
from bot.store.tables import links
from tests import words
from tests.chat import february
from tests.chat.team import appoint, enter
from tests.faults import Fate
from tests.talk import SILENCE, Act, Office, Talk, like, presses_old, types

ANNUAL, BUTTON = "Annual leave", "🌴 Leave"
WHICH, FIRST, LAST = (
    "Which kind of leave?",
    "From which day? Tap it, or type it.",
    "Until which day? Tap it, or type it.",
)
WHY = "What is the reason? Tap it, or type your own: whoever approves it reads it."
SURE = "Is this right? It goes to BioTime and waits for approval there."
PENDING = "📨 Your request is in BioTime, waiting for approval."
WAITING = "⏳ BioTime is not answering. Your request is kept and I go on trying: there is nothing to do."
WAITS = "📨 waiting for approval"
ON_ITS_WAY = "⏳ on its way to BioTime"
NOT_TAKEN = "Your company takes no leave requests through me. Please ask your manager."


@pytest.fixture
def worker(office: Office, linked: Person) -> Person:
    """With a pay code in her company."""
    february.add_february(office)
    return linked


def filed(office: Office) -> list[tuple[str, str, str]]:
    rows = office._query("gateway.db", "SELECT * FROM leaves WHERE start_at > '2026-03-01' ORDER BY id")
    return [(row["start_at"][:16], row["end_at"][:16], (row["apply_reason"] or "").split(" [TG-")[0]) for row in rows]


async def choose(office: Office, person: Person, t: Translator) -> None:
    """Up to the last question."""
    steps: list[str | Act] = ["/leave", ANNUAL, types("9 March"), types("11 March"), t("Family")]
    await office.talk(person, [(step,) for step in steps])


async def choose_then_send(office: Office, person: Person, t: Translator) -> None:
    away, office.biotime.down = office.biotime.down, False
    await choose(office, person, t)
    office.biotime.down = away
    await office.talk(person, [(t("✅ Send"),)])


def posts(office: Office) -> int:
    """How often a leave was sent to BioTime."""
    paths = [request.url.path for request in office.biotime.asked if request.method == "POST"]
    return sum(path.endswith("/leaves/") for path in paths)


async def test_with_buttons_alone(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(
        worker,
        [
            (t("☰ More"), t(words.MORE_MENU)),
            (t("📝 Requests"),),
            (t(BUTTON), t(WHICH)),
            (ANNUAL, t(FIRST)),
            ("9", t(LAST)),
            ("11", t.plural("{n} day", "{n} days", 3), t(WHY)),
            (t("No reason"), t(SURE)),
            (t("✅ Send"), t(PENDING)),
        ],
    )
    assert filed(office) == [("2026-03-08 20:00", "2026-03-11 20:00", filed(office)[0][2])]
    assert len([message for message in worker.history if ANNUAL in message.text]) == 1, "one message, edited"


async def test_the_other_device_says_that_it_was_asked_for_already(
    office: Office, worker: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    """Two Telegram accounts of Mona. Of what was asked for no day is asked for twice, until it is taken back."""
    account = office.account(worker)
    omar.language = t.language
    await talk(omar, [("/login",), (account.username,), (account.password,)])
    for person in (worker, omar):
        await choose(office, person, t)
    await talk(worker, [(t("✅ Send"), t(PENDING))])
    await talk(omar, [(t("✅ Send"), t("📝 You have asked for that already:"), ANNUAL, t("📨 waiting for approval"))])
    later: list[str | Act] = ["/leave", ANNUAL, types("11 March"), types("12 March"), t("Family")]
    await office.talk(omar, [(step,) for step in later])
    await talk(omar, [(t("✅ Send"), t("📝 You have asked for that already:"))])
    assert len(filed(office)) == 1
    await talk(omar, [("/requests", t("📨 waiting for approval"))])
    (label,) = [one for one in omar.history[-1].labels if "↩️" in one]
    await talk(omar, [(label,), (t("↩️ Take it back"), t("↩️ You took your request back."))])
    assert filed(office) == []
    await choose_then_send(office, omar, t)
    assert len(filed(office)) == 1


REST = "Only days of rest for you: {days}. Leave is hardly needed then; you can send it all the same."


async def test_leave_on_days_of_rest_only_is_said_before_it_is_sent(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    """She works from Monday to Friday. She may send it all the same, and other days are no such matter."""
    await talk(worker, [("/leave",), (ANNUAL,), (types("7 March"),), (types("8 March"), t(WHY))])
    weekend = t(REST, days=t.enumerate([day_name(t, 5), day_name(t, 6)]))
    await talk(worker, [(t("Family"), f"⚠️ {plain(weekend)}", t(SURE))])
    await talk(worker, [(t("📅 Other days"),), (types("7 March"),), (t("Morning only"), t(SURE))])
    assert plain(t(REST, days=t.enumerate([day_name(t, 5)]))) in plain(worker.history[-1].text)
    await talk(worker, [(t("📅 Other days"),), (types("6 March"),), (types("8 March"), t(SURE))])
    assert "⚠️" not in worker.history[-1].text, "the Friday is a day of work"
    await talk(worker, [(t("📅 Other days"),), (types("28 Feb"),), (t("This day only"), t(SURE))])
    assert plain(t(REST, days=t.enumerate([day_name(t, 5)]))) in plain(worker.history[-1].text), "a day that is past"
    await talk(worker, [(t("📅 Other days"),), (types("7 March"),), (types("8 March"),), (t("✅ Send"), t(PENDING))])
    assert len(filed(office)) == 1


async def test_without_biotime_leave_is_asked_for_as_ever(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    await talk(worker, [("/leave",), (ANNUAL,), (types("7 March"),), (types("8 March"), t(WHY))])
    office.biotime.down = True
    await talk(worker, [(t("Family"), t(SURE))])
    assert "⚠️" not in worker.history[-1].text
    await talk(worker, [(t("✅ Send"), t(WAITING))])


@pytest.mark.parametrize("days", ["9 March - 11 March", "9/3–11/3", "from 9 March to 11 March", "٩ مارس إلى ١١ مارس"])
async def test_both_days_are_typed_at_the_first(
    office: Office, worker: Person, talk: Talk, t: Translator, days: str
) -> None:
    await talk(worker, [("/leave", t(WHICH)), (types("annual"), t(FIRST))])
    await talk(worker, [(types(days), t(WHY), t.plural("{n} day", "{n} days", 3))])


def test_a_kind_is_known_by_what_only_its_name_has() -> None:
    kinds = [LeaveKind(1, "Annual leave"), LeaveKind(2, "Sick leave"), LeaveKind(3, "Sick leave, unpaid")]
    said = {"annual": 1, "ANN": 1, "unpaid": 3, "sick leave": 2, "sick": None, "leave": None, "": None, "holiday": None}
    for typed, number in said.items():
        found = read_kind(typed, kinds)
        assert (found.id if found else None) == number, typed


async def test_half_a_day_typed(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(
        worker,
        [
            ("/leave", t(WHICH)),
            (types("annual leave"), t(FIRST)),
            (types("1 Jan 2020"), like(t, "Please choose a day between {first} and {last}.")),
            (types("٩ مارس"), t(LAST)),
            (t("Morning only"), t(WHY)),
            (types("the dentist"), t(SURE), "the dentist"),
            (types(t("✅ Send")), t(PENDING)),
        ],
    )
    assert filed(office) == [("2026-03-08 20:00", "2026-03-09 09:00", "the dentist")]


@pytest.mark.parametrize(
    ("button", "half"), [("Morning only", "{day}, morning"), ("Afternoon only", "{day}, afternoon")]
)
async def test_half_a_day_is_called_by_its_name(
    office: Office, worker: Person, omar: Person, talk: Talk, t: Translator, button: str, half: str
) -> None:
    """On her card, in her list, where Omar decides and in what both hear of it: never 00:00 or 13:00."""
    omar.language = t.language
    await appoint(office)
    await enter(office, omar)
    said = t(half, day=t.day(date(2026, 3, 9)))
    before = len(worker.chat.events)
    await talk(worker, [("/leave",), (ANNUAL,), (types("9 March"),), (t(button), said), (t("No reason"), said)])
    await talk(worker, [(t("✅ Send"), t(PENDING), said), ("/requests", said)])
    await talk(omar, [("/approvals", t.plural("🗳 {n} request waits for your decision.",
                                              "🗳 {n} requests wait for your decision.", 1))])  # fmt: skip
    case = next(button for row in omar.history[-1].buttons for button in row if str(button.data).startswith("case:"))
    assert plain(said) in plain(case.text)
    await talk(omar, [(case.text, said), (t("✅ Approve"), said)])
    told = [event.message.text for event in worker.chat.events[before:] if event.by_bot and event.message]
    assert sum(plain(said) in plain(text) for text in told) >= 4
    assert not [text for text in told if "13:00" in text or "00:00" in text]


async def test_after_a_restart_it_is_asked_for_without_biotime(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    """The kinds are those that BioTime had last, and the leave is filed once it is back."""
    await talk(worker, [("/leave", t(WHICH)), ("/cancel",)])
    await office.restart()
    office.clock.at += 2 * KNOWN_FOR
    office.biotime.down = True
    await talk(worker, [("/leave", t(WHICH)), (ANNUAL, t(FIRST)), (types("9 March"), t(LAST))])
    await talk(worker, [(t("Morning only"), t(WHY)), (t("Family"), t(SURE)), (t("✅ Send"), t(WAITING))])
    assert filed(office) == []
    office.biotime.down = False
    await office.pass_time(minutes=6)
    assert len(filed(office)) == 1
    assert plain(t(PENDING)) in plain(worker.history[-1].text)


async def test_it_is_listed_and_taken_back(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await choose(office, worker, t)
    await talk(worker, [(t("✅ Send"), t(PENDING)), ("/requests", t("📨 waiting for approval"), ANNUAL)])
    (label,) = [one for one in worker.history[-1].labels if "↩️" in one]
    await talk(worker, [(label,), (t("↩️ Take it back"), t("↩️ You took your request back."))])
    assert filed(office) == []


async def test_a_refusal_of_yesterday_takes_no_leave_back(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    """Before HADIR_SERVICE_USER was set right, the company counted as one that takes none, for a day."""
    await _refuse(office)
    await choose_then_send(office, worker, t)
    await talk(worker, [("/requests", ANNUAL, t(WAITS)), ("/menu",), (t("📝 Requests"),)])
    assert t(BUTTON) in worker.history[-1].labels, "kinds were found: it takes leaves"
    await _refuse(office)
    await talk(worker, [("/requests", ANNUAL, t(WAITS))])
    (label,) = [one for one in worker.history[-1].labels if "↩️" in one]
    await talk(worker, [(label,), (t("↩️ Take it back"), t("↩️ You took your request back."))])
    assert filed(office) == []


async def test_a_list_that_lacks_a_leave_proves_nothing(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    await choose_then_send(office, worker, t)
    office.biotime.answer("/att/api/leaves/", _no_rows)
    await talk(worker, [("/requests", ANNUAL, t(WAITS))])
    assert [one for one in worker.history[-1].labels if "↩️" in one], "it was looked for by its number"
    (row,) = office._query("hadir.db", "SELECT manual_log_id FROM leaves")
    one = f"/att/api/leaves/{row['manual_log_id']}/"
    hidden = [("/att/api/leaves/", _no_rows), (one, _nothing), ("/employees/", _no_rows)]
    for path, build in hidden:
        office.biotime.answer(path, build)
    await talk(worker, [("/requests", ANNUAL, t(WAITS))])
    for path, build in hidden:
        office.biotime.answer(path, build)
    before = len(worker.history)
    await office.pass_time(minutes=6)
    assert len(worker.history) == before, "nobody is told that it was taken out"
    office.biotime.answers.clear()
    _delete_leaves(office)
    await talk(worker, [("/requests", ANNUAL, t("↩️ taken back"))])


async def _refuse(office: Office) -> None:
    until = office.clock() + timedelta(days=1)
    await office.hadir.db.write(lambda c: leave_rows.settle_refusal(c, NAME, until))


def _no_rows() -> httpx.Response:
    return httpx.Response(200, json={"count": 0, "next": None, "previous": None, "msg": "", "code": 0, "data": []})


def _nothing() -> httpx.Response:
    return httpx.Response(404, json={"detail": "Not found."})


def _delete_leaves(office: Office) -> None:
    """As an office does on a page of BioTime's own."""
    with closing(sqlite3.connect(office.folder / "gateway.db")) as gateway, gateway:
        gateway.execute("DELETE FROM leaves WHERE start_at > '2026-03-01'")


async def test_two_taps_are_one_leave(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await choose(office, worker, t)
    card = worker.history[-1].message_id
    (data,) = [b.data for row in worker.history[-1].buttons for b in row if (b.data or "").startswith("leave-send")]
    assert data is not None
    await talk(worker, [(t("✅ Send"), t(PENDING)), (presses_old(data, card), SILENCE)])
    assert len(filed(office)) == 1


@pytest.mark.parametrize("step", range(6))
async def test_biotime_down_at_any_step(office: Office, worker: Person, talk: Talk, t: Translator, step: int) -> None:
    """Once the kinds are known, nothing but the sending needs BioTime; before, the first card waits for it."""
    said: list[str | Act] = ["/leave", ANNUAL, types("9 March"), types("11 March"), t("Family"), t("✅ Send")]
    await talk(worker, [(act,) for act in said[:step]])
    office.biotime.down = True
    await office.restart()
    office.biotime.down = True
    if step == 0:
        await talk(worker, [("/leave", t("BioTime is not answering right now."))])
        office.biotime.down = False
        await talk(worker, [(t("🔁 Try again"), t(WHICH)), *[(act,) for act in said[1:-1]]])
        office.biotime.down = True
        step = 5
    await talk(worker, [(act,) for act in said[step:]])
    assert plain(t(WAITING)) in plain(worker.history[-1].text)
    assert filed(office) == []
    await talk(worker, [("/requests", t(ON_ITS_WAY), ANNUAL)])
    await office.restart()
    await office.pass_time(minutes=6)
    assert len(filed(office)) == 1
    assert any(plain(t(PENDING)) in plain(message.text) for message in worker.history)


async def test_a_lost_answer_makes_no_second_leave(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await choose(office, worker, t)
    office.biotime.expect(Fate.TIMEOUT_APPLIED)
    await talk(worker, [(t("✅ Send"), t(WAITING))])
    await office.restart()
    for _ in range(4):
        await office.pass_time(minutes=1)
    assert len(filed(office)) == 1
    assert plain(t(PENDING)) in plain(worker.history[-1].text)


async def test_after_an_unclear_answer_nothing_is_sent_too_soon(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    await choose(office, worker, t)
    office.biotime.expect(Fate.TIMEOUT)
    await talk(worker, [(t("✅ Send"), t(WAITING))])
    await office.pass_time(minutes=1)
    assert posts(office) == 1, "not blindly again"
    await office.pass_time(minutes=2)
    assert len(filed(office)) == 1


async def test_a_process_that_died_while_sending_is_looked_after(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    """It may have written: nothing goes out before the list says that it is not there."""
    office.biotime.down = True
    await choose_then_send(office, worker, t)
    died = leaves.update().values(state="manual_sending", lease_until=office.clock(), next_at=office.clock())
    await office.hadir.db.write(lambda c: c.execute(died))
    await office.restart()
    await office.pass_time(seconds=30)
    assert (filed(office), posts(office)) == ([], 0)
    await office.pass_time(minutes=3)
    assert len(filed(office)) == 1


async def test_a_refusal_says_why(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    """The office has entered a leave of those days itself."""
    service = office.hadir.tenants[NAME].service
    assert service is not None
    (link,) = office._query("hadir.db", "SELECT * FROM links")
    (kinds,) = office._query("gateway.db", "SELECT * FROM pay_codes WHERE name = 'Annual leave'")
    days = {"start_at": datetime(2026, 3, 10, tzinfo=UTC), "end_at": datetime(2026, 3, 11, tzinfo=UTC)}
    token = await service.log_in()
    await service.office.att.file_leave(token, link["emp_id"], kinds["id"], **days, reason="By the office")
    await choose(office, worker, t)
    await talk(worker, [(t("✅ Send"), like(t, "❌ BioTime does not take your request: {reason}."))])
    assert len(filed(office)) == 1
    await talk(worker, [(t("📅 Other days"), t(FIRST)), (types("16 March"), t(LAST))])
    await talk(worker, [(t("This day only"), t(WHY)), (t("No reason"), t(SURE)), (t("✅ Send"), t(PENDING))])
    assert len(filed(office)) == 2


async def test_biotime_takes_none_any_more(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await choose(office, worker, t)
    office.biotime.answer("/att/api/leaves/", lambda: httpx.Response(404, json={"detail": "Not found."}))
    await talk(worker, [(t("✅ Send"), t(NOT_TAKEN)), ("/requests", t("❌ not taken by BioTime"))])
    await talk(worker, [("/menu",), (t("📝 Requests"),)])
    assert t(BUTTON) not in worker.history[-1].labels


async def test_taken_back_before_it_was_sent(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    office.biotime.down = True
    await choose_then_send(office, worker, t)
    await talk(worker, [("/requests", t(ON_ITS_WAY))])
    (label,) = [one for one in worker.history[-1].labels if "↩️" in one]
    await talk(worker, [(label,), (t("↩️ Take it back"), t("↩️ You took your request back."))])
    office.biotime.down = False
    await office.pass_time(hours=1)
    assert filed(office) == []
    assert office._query("hadir.db", "SELECT * FROM notices") == [], "managers see it no more"


@pytest.mark.parametrize("verb", ["approve", "reject"])
async def test_a_decision_of_somebody_elses_is_told(
    office: Office, worker: Person, talk: Talk, t: Translator, verb: str
) -> None:
    """On the HR page, or by another client: in a message of its own, for an edit makes no sound."""
    await choose_then_send(office, worker, t)
    before = len(worker.history)
    service = office.hadir.tenants[NAME].service
    assert service is not None
    (leave_id,) = [row["manual_log_id"] for row in office._query("hadir.db", "SELECT * FROM leaves")]
    decide = getattr(service.office.att.leaves, verb)
    await decide(await service.log_in(), leave_id, "Too many are away.")
    await office.pass_time(minutes=6)
    refused = like(t, "❌ Your request was refused: {reason}.", reason="Too many are away")
    said = plain(worker.history[-1].text)
    assert re.search(refused, said) if verb == "reject" else plain(t("✅ Your request was approved.")) in said
    assert len(worker.history) == before + 1
    assert len(office._query("hadir.db", "SELECT * FROM notices")) == (1 if verb == "approve" else 0)
    await office.pass_time(hours=7)
    assert len(worker.history) == before + 1, "told once"


@pytest.mark.parametrize("status", [403, 404])
async def test_a_company_that_takes_none_hides_the_button(
    office: Office, linked: Person, talk: Talk, t: Translator, status: int
) -> None:
    office.biotime.answer("/att/api/paycodes/", lambda: httpx.Response(status, json={"detail": "No."}))
    await talk(linked, [("/leave", t(NOT_TAKEN)), ("/menu",), (t("📝 Requests"),)])
    assert t(BUTTON) not in linked.history[-1].labels
    await office.restart()
    await talk(linked, [("/menu",), (t("📝 Requests"),)])
    assert t(BUTTON) not in linked.history[-1].labels, "still, after a restart"
    await office.pass_time(hours=25)
    await talk(linked, [("/menu",), (t("📝 Requests"),)])
    assert t(BUTTON) in linked.history[-1].labels, "asked again after a day"


async def test_it_goes_on_after_a_log_in(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await talk(worker, [("/leave",), (ANNUAL,), (types("9 March"), t(LAST))])
    await office.hadir.db.write(lambda c: c.execute(links.update().values(token=None)))
    await office.log_in(worker)
    assert plain(t(LAST)) in plain(worker.history[-1].text)
    await talk(worker, [(t("This day only"), t(WHY))])


async def test_a_stranger_asks_for_nothing(office: Office, sara: Person, talk: Talk, t: Translator) -> None:
    await talk(sara, [("/start",)])
    for data in ("leave", "leave:1.20260309.am.1", "leave-send:1.20260309.am.1"):
        await talk(sara, [(presses_old(data, sara.history[-1].message_id), t(words.LOG_IN_FIRST))])
    await talk(sara, [(presses_old("idle", sara.history[-1].message_id), SILENCE)])
