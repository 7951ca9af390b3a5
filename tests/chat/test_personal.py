"""My data: everything held about a person, and its end."""

import json
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.attendance.receipt import find_line, read_line
from bot.chat.my_data_texts import describe_held
from bot.i18n import Translator
from bot.playground.chats import SeenMessage
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store import personal
from bot.store.schema import TABLES
from bot.store.tables import metadata
from tests import words
from tests.chat.test_devices import log_in_as_mona
from tests.chat.test_receipts import get_receipt
from tests.talk import AT_OFFICE, Act, Office, Talk, like, presses_old, types

LATITUDE = f"{AT_OFFICE.latitude:.4f}"[:6]


async def read_my_data(office: Office, person: Person, talk: Talk) -> dict[str, list[dict[str, object]]]:
    await talk(person, [("/mydata",)])
    sent = [call for call in office.playground.calls if call.method == "sendDocument"][-1]
    file_id = sent.result["document"]["file_id"]
    data = office.playground.world.files.get(file_id).data
    held: dict[str, list[dict[str, object]]] = json.loads(data)
    return held


async def test_my_data_is_all_of_it_and_hers_alone(office: Office, linked: Person, omar: Person, talk: Talk) -> None:
    await office.log_in(omar)
    for person in (linked, omar):
        await talk(person, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00")])
    held = await read_my_data(office, linked, talk)
    assert [row["emp_code"] for row in held["punches"]] == ["1001"]
    assert [row["emp_code"] for row in held["receipts"]] == ["1001"]
    assert held["links"][0]["name"] == "Mona"
    text = json.dumps(held)
    assert "Omar" not in text
    assert not {"token", "client_id", "payload"} & set(re.findall(r'"(\w+)":', text))


async def test_forgotten_she_is_in_no_file(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    receipt = await get_receipt(talk, linked, t)
    await log_in_as_mona(office, talk, omar)
    ref = (await office.punch()).ref.encode()
    assert ref in (office.folder / "hadir.db").read_bytes() + (office.folder / "hadir.db-wal").read_bytes()
    await talk(
        linked,
        [
            ("/forgetme", t(words.FORGET_MEANS), t(words.BIOTIME_KEEPS)),
            (t(words.FORGET_ME), t(words.FORGOTTEN)),
        ],
    )
    assert omar.history[-1].text == t(words.FORGOTTEN_ELSEWHERE)
    on_disk = b"".join(file.read_bytes() for file in office.folder.iterdir() if file.name.startswith("hadir.db"))
    for erased in (ref, b"Mona", b"Dubai Internet City", b"7HQQ"):
        assert erased not in on_disk, erased
    assert len(office.stamps()) == 1, "BioTime keeps its own"
    for person in (linked, omar):
        await talk(person, [("/today",)])
        assert person.keyboard is None
    await talk(linked, [(receipt, t(words.GENUINE))])
    await office.log_in(linked)
    removed = t("🗑 This receipt was removed when the employee had their data removed, so I cannot say whether those "
                "before it were complete.")  # fmt: skip
    await office.pass_time(hours=1)
    await talk(linked, [(t("📍 Clock out"), AT_OFFICE, like(t, words.CLOCKED_OUT)), (t(words.RECEIPT_BUTTON),)])
    again = linked.history[-1].text
    assert [read_line(str(find_line(text))).statement.seq for text in (receipt, again)] == [1, 2]  # type: ignore[union-attr]
    since = t("🔗 All receipts that this employee has had since their data were removed are complete and unchanged.")
    await talk(linked, [(receipt, t(words.GENUINE), removed), (again, t(words.GENUINE), since)])
    await talk(linked, [("/forgetme",), (t(words.FORGET_ME), t(words.FORGOTTEN))])
    await talk(linked, [("/forgetme", t(words.LOG_IN_FIRST)), ("/mydata", t(words.LOG_IN_FIRST))])


async def test_what_becomes_of_a_location_is_told_once_and_before_the_keyboard_asks_for_one(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    account = office.account(mona)
    log_in = [("/login",), (account.username,), (account.password, t(words.LOCATION_NOTICE),
              t.plural(*words.COORDINATES_KEPT, 90), like(t, words.WELCOME, name="Mona"))]  # fmt: skip
    await talk(mona, log_in)
    notice, menu = [index for index, message in enumerate(mona.history) if reads(message, t)]
    assert notice < menu, "first what becomes of it, then the button"
    await talk(mona, [*log_in[:2], (account.password,)])
    assert sum(t(words.LOCATION_NOTICE) in message.text for message in mona.history) == 1
    await talk(mona, [("/forgetme",), (t("yes"), t(words.FORGOTTEN)), *log_in])


def reads(message: SeenMessage, t: Translator) -> bool:
    return t(words.LOCATION_NOTICE) in message.text or bool(like(t, words.WELCOME).search(plain(message.text)))


async def test_a_typed_yes_right_after_the_question_forgets_too(linked: Person, talk: Talk, t: Translator) -> None:
    asks = t("Instead of tapping you can type: {word}", word=t("yes"))
    await talk(linked, [("/forgetme", asks), ("hm", t(words.NOT_UNDERSTOOD)), (t("yes"), t(words.NOT_UNDERSTOOD))])
    await talk(linked, [("/forgetme", asks), ("/cancel",), (t("yes"), t(words.NOT_UNDERSTOOD))])
    await talk(linked, [("/forgetme", asks), (f" {t('yes').upper()} ", t(words.FORGOTTEN))])


KEPT = "You stay: nothing was removed."
UNDECIDED = (
    "{n} request of yours waits for a decision. It stays in BioTime, but I can no longer tell you what becomes of it.",
    "{n} requests of yours wait for a decision. They stay in BioTime, but I can no longer tell you what becomes of "
    "them.",
)


async def test_she_may_stay(linked: Person, talk: Talk, t: Translator) -> None:
    """By the button, or typed; after that a "yes" means nothing, and she is still logged in."""
    for no in (t("Keep me"), types(t("Keep me")), types(t("no"))):
        await talk(linked, [("/forgetme", t(words.FORGET_MEANS)), (no, t(KEPT)), (t("yes"), t(words.NOT_UNDERSTOOD))])
    await talk(linked, [("/today", t(words.NO_PUNCHES))])


@pytest.mark.parametrize("change", ["/cancel", "no", "hm", "/late", "/forgetme"])
async def test_a_card_that_asks_no_more_forgets_nobody(linked: Person, talk: Talk, t: Translator, change: str) -> None:
    """It has no button left, and an old tap asks anew; only that answer forgets her."""
    await talk(linked, [("/forgetme", t(words.FORGET_MEANS))])
    card = linked.history[-1].message_id
    await talk(linked, [(types(t.gettext(change)),)])
    assert not [one for one in linked.history if one.message_id == card and one.labels]
    await talk(linked, [("/today", t(words.NO_PUNCHES))])
    again = presses_old("forgetme:sure", card)
    await talk(linked, [(again, t(words.FORGET_MEANS)), (again, t(words.FORGET_MEANS))])
    await talk(linked, [("/today", t(words.NO_PUNCHES)), (t(words.FORGET_ME), t(words.FORGOTTEN))])


async def test_only_the_last_card_forgets(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """What was asked before she left is not asked any more when she is back."""
    await talk(linked, [("/forgetme", t(words.FORGET_MEANS))])
    card = linked.history[-1].message_id
    await talk(linked, [("/logout",)])
    await office.log_in(linked)
    await talk(linked, [(presses_old("forgetme:sure", card), t(words.FORGET_MEANS)), ("/today", t(words.NO_PUNCHES))])


async def test_how_many_requests_are_open_is_said_before(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    undecided = t.plural(*UNDECIDED, 1)
    await talk(linked, [("/forgetme", t(words.FORGET_MEANS))])
    assert plain(undecided[:20]) not in plain(linked.history[-1].text), "none is open"
    steps: list[str | Act] = ["/forgot", types("27 Feb"), types("18:05"), t("Out"), t("I forgot"), t("✅ Send")]
    await talk(linked, [(step,) for step in steps])
    await talk(linked, [("/forgetme", t(words.FORGET_MEANS), undecided)])
    manual_log = office.manual_logs()[0]["id"]
    await talk(linked, [(t(words.FORGET_ME), t(words.FORGOTTEN))])
    assert [row["id"] for row in office.manual_logs()] == [manual_log], "it stays in BioTime"


async def test_a_yes_that_comes_late_is_none(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("/forgetme",)])
    await office.pass_time(minutes=5)
    await talk(linked, [("yes", words.NOT_UNDERSTOOD), ("/forgetme",), ("sí", words.FORGOTTEN)])


async def test_not_while_a_punch_is_on_its_way(office: Office, linked: Person, talk: Talk) -> None:
    office.biotime.down = True
    await talk(linked, [("📍 Clock in", AT_OFFICE), ("/forgetme", "1 punch of yours is still on its way")])
    await talk(linked, [(presses_old("forgetme:sure", linked.history[-1].message_id), "still on its way")])
    office.biotime.down = False
    await office.pass_time(seconds=10)
    assert len(office.stamps()) == 1
    await talk(linked, [("/forgetme", words.FORGET_MEANS), (words.FORGET_ME, words.FORGOTTEN)])
    await talk(linked, [(presses_old("forgetme:sure", linked.history[-2].message_id), words.NOT_LOGGED_IN)])


async def test_whoever_guesses_is_not_forgotten(office: Office, linked: Person, talk: Talk) -> None:
    account = office.account(linked)
    for _ in range(5):
        await talk(linked, [("/login",), ("2001",), ("wrong", words.WRONG_LOGIN), ("/cancel",)])
    await talk(linked, [("/forgetme",), (words.FORGET_ME, words.FORGOTTEN)])
    await talk(linked, [("/login",), ("2001",), ("wrong", "Too many tries"), ("/cancel",)])
    await talk(linked, [("/login",), (account.username,), (account.password, "Welcome, Mona!")])


async def test_omar_s_data_stay_when_mona_s_go(office: Office, linked: Person, omar: Person, talk: Talk) -> None:
    await office.log_in(omar)
    await talk(omar, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00")])
    await talk(linked, [("/forgetme",), (words.FORGET_ME, words.FORGOTTEN)])
    assert [punch.emp_code for punch in await office.punches()] == ["1002"]


def test_every_table_about_somebody_is_named() -> None:
    assert TABLES
    about = {
        table.name
        for table in metadata.sorted_tables
        if {"emp_code", "telegram_id", "chat_id", "by_code"} & {column.name for column in table.c}
    }
    assert about == {*personal.OWN, *personal.COMPANYS, *personal.ACCOUNTS, *personal.ELSEWHERE}


async def test_what_is_held_can_be_read(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """A line for each thing, in her language and on her clock; no column's name, no code."""
    await talk(linked, [("/late",), (types("20"),)])
    await get_receipt(talk, linked, t)
    await talk(linked, [("/mydata",)])
    sent = [call for call in office.playground.calls if call.method == "sendDocument"][-2]
    text = office.playground.world.files.get(sent.result["document"]["file_id"]).data.decode()
    plain = "".join(character for character in text if character not in "\u2066\u2067\u2068\u2069\u200f")
    assert t("🕘 What you sent through me") in plain
    assert t("📣 What you said of a day") in plain
    punch = next(line for line in plain.splitlines() if "Dubai Internet City" in line)
    assert "09:00" in punch
    assert t("In") in punch
    assert "punch_state" not in text
    assert "+00:00" not in text


def test_why_somebody_was_missed_twice_is_said(t: Translator) -> None:
    """Asked first, then counted: two lines of one morning."""
    at = datetime(2026, 3, 2, 5, 20, tzinfo=UTC)
    row = {"found_at": at, "timetable": "Office", "answer": None, "excuse": None}
    held = {"alerts": [row | {"kind": "nudge"}, row | {"kind": "absent"}]}
    said = describe_held(t, held, ZoneInfo("Asia/Dubai"))
    assert t("you were asked") in said
    assert t("you were counted as missing") in said
