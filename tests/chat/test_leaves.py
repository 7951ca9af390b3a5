"""Leave: asked for in one message, listed, taken back; and hidden where the company's BioTime takes none."""

from datetime import timedelta

import httpx
import pytest

from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store.tables import links
from tests import words
from tests.chat import february
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
NOTHING_SENT = "BioTime is not answering right now. Nothing was sent; all you chose is kept here."
UNCLEAR = "BioTime did not answer clearly. Try again in two minutes: I look first whether it is there."
NOT_TAKEN = "Your company takes no leave requests through me. Please ask your manager."
AGAIN = "🔁 Try again"


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


async def test_it_is_listed_and_taken_back(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await choose(office, worker, t)
    await talk(worker, [(t("✅ Send"), t(PENDING)), ("/requests", t("📨 waiting for approval"), ANNUAL)])
    (label,) = [one for one in worker.history[-1].labels if "↩️" in one]
    await talk(worker, [(label,), (t("↩️ Take it back"), t("↩️ You took your request back."))])
    assert filed(office) == []


async def test_two_taps_are_one_leave(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await choose(office, worker, t)
    card = worker.history[-1].message_id
    (data,) = [b.data for row in worker.history[-1].buttons for b in row if (b.data or "").startswith("leave-send")]
    assert data is not None
    await talk(worker, [(t("✅ Send"), t(PENDING))])
    office.expects_trouble = True  # the edit changes nothing
    await talk(worker, [(presses_old(data, card),)])
    assert len(filed(office)) == 1


async def test_biotime_down_when_it_is_sent(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await choose(office, worker, t)
    office.biotime.down = True
    await talk(worker, [(t("✅ Send"), t(NOTHING_SENT), ANNUAL)])
    await office.restart()
    office.biotime.down = False
    await talk(worker, [(t(AGAIN), t(PENDING))])
    assert len(filed(office)) == 1


async def test_biotime_down_when_it_begins(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    office.biotime.down = True
    await talk(worker, [("/leave", t("BioTime is not answering right now."))])
    office.biotime.down = False
    await talk(worker, [(t(AGAIN), t(WHICH))])


async def test_a_lost_answer_makes_no_second_leave(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await choose(office, worker, t)
    office.biotime.expect(Fate.TIMEOUT_APPLIED)
    await talk(worker, [(t("✅ Send"), t(UNCLEAR)), (t(AGAIN), t(PENDING))])
    assert len(filed(office)) == 1


async def test_after_an_unclear_answer_nothing_is_sent_too_soon(
    office: Office, worker: Person, talk: Talk, t: Translator
) -> None:
    await choose(office, worker, t)
    office.biotime.expect(Fate.TIMEOUT)
    office.expects_trouble = True  # the second edit changes nothing
    await talk(worker, [(t("✅ Send"), t(UNCLEAR)), (t(AGAIN),)])
    assert filed(office) == []
    await office.biotime.pass_time(timedelta(minutes=2))
    await talk(worker, [(t(AGAIN), t(PENDING))])
    assert len(filed(office)) == 1


async def test_a_refusal_says_why(office: Office, worker: Person, talk: Talk, t: Translator) -> None:
    await choose(office, worker, t)
    await talk(worker, [(t("✅ Send"), t(PENDING))])
    await choose(office, worker, t)
    await talk(worker, [(t("✅ Send"), like(t, "BioTime does not take your request: {reason}."))])
    assert plain(t("📅 Other days")) in [plain(label) for label in worker.history[-1].labels]
    assert len(filed(office)) == 1


@pytest.mark.parametrize("status", [403, 404])
async def test_a_company_that_takes_none_hides_the_button(
    office: Office, linked: Person, talk: Talk, t: Translator, status: int
) -> None:
    office.biotime.answer("/att/api/paycodes/", lambda: httpx.Response(status, json={"detail": "No."}))
    await talk(linked, [("/leave", t(NOT_TAKEN)), ("/menu",), (t("📝 Requests"),)])
    assert t(BUTTON) not in linked.history[-1].labels


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
