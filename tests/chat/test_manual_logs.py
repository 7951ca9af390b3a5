"""A forgotten punch, asked for in one message that edits itself; every answer by a button or typed."""

import sqlite3
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.attendance.model import PunchState
from bot.chat.forgotten_texts import describe_known
from bot.i18n import Translator, translator_for
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.services.manual_logs import KnownDay
from bot.store.tables import links
from tests import words
from tests.chat import february
from tests.faults import Fate
from tests.talk import AT_OFFICE, SILENCE, Act, Office, Talk, like, presses_old, types

WHICH_DAY = "Which day was it? Tap it, or type it, for instance “{example}”."
WHICH_TIME = "At what time? Tap the hour, or type the time: 8:05, 0805, 8.05 pm."
WHICH_MINUTE = "At which minute? Tap it, or type the time."
WHICH_KIND = "What was it? The first one is the most likely."
WHY = "Why is it missing? Tap a reason, or type your own: whoever approves it reads it."
SURE = "Is this right? It goes to BioTime and waits for approval there."
SENDING = "⏳ Kept. Sending your request to BioTime…"
PENDING = "📨 Your request is in BioTime, waiting for approval."
WAITING = "⏳ BioTime is not answering. Your request is kept and I go on trying: there is nothing to do."
LOGIN = "⏳ Your request is kept. Your BioTime session has ended: log in again and I will send it."
FORGOT = "I forgot"
ASKED_ALREADY = "📝 You have asked for that already:"
FRIDAY = datetime(2026, 2, 27, 14, 5, tzinfo=UTC)  # five past six in the evening, in Dubai


def cards(person: Person) -> list[str]:
    """The dialog's messages on the screen."""
    return [plain(message.text) for message in person.history if "📝" in message.text or "📨" in message.text]


async def test_with_buttons_alone(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """Day, hour, minute, kind, reason, send: six taps, one message."""
    await talk(
        linked,
        [
            (t("☰ More"), t(words.MORE_MENU)),
            (t("📝 Requests"), t("What would you like to ask for, or to say?")),
            (t("📝 Forgotten punch"), like(t, WHICH_DAY)),
            ("‹",),
            ("27", t.day(FRIDAY), t(WHICH_TIME)),
            ("18", t(WHICH_MINUTE)),
            ("18:05", t(WHICH_KIND)),
            (t("Out"), t(WHY)),
            (t(FORGOT), t("Reason: {reason}", reason=t(FORGOT)), t(SURE)),
            (t("✅ Send"), t(PENDING)),
        ],
    )
    (filed,) = office.manual_logs()
    punch = await office.punch()
    assert (punch.punched_at, punch.punch_state) == (FRIDAY, PunchState.CHECK_OUT)
    assert filed["punched_at"] == FRIDAY.strftime("%Y-%m-%d %H:%M:%S.%f")
    assert filed["apply_reason"] == f"I forgot [TG-{punch.ref}]", "the office's language"
    assert len([text for text in cards(linked) if t.day(FRIDAY) in text]) == 1, "one message, edited"


async def test_typed_from_one_end_to_the_other(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(
        linked,
        [
            ("/forgot", like(t, WHICH_DAY)),
            (types("27 Feb"), t(WHICH_TIME)),
            (types("٦:٠٥ م"), t(WHICH_KIND)),
            (types(t("Out")), t(WHY)),
            (types("the gate was [TG-ABCDEF] open"), t(SURE), "the gate was (TG-ABCDEF) open"),
            (types(t("✅ Send").removeprefix("✅ ").lower()), t(PENDING)),
        ],
    )
    (filed,) = office.manual_logs()
    assert filed["apply_reason"].startswith("the gate was (TG-ABCDEF) open [TG-")
    assert filed["punched_at"].startswith("2026-02-27 14:05")
    assert len(cards(linked)) == 1, "the last card alone is on the screen"


async def test_what_cannot_be_is_said_and_asked_again(linked: Person, talk: Talk, t: Translator) -> None:
    await talk(
        linked,
        [
            ("/forgot",),
            (types("soon"), t("I cannot read that as a day.")),
            (types("3 March"), t("That day is still to come.")),
            (types("1 Jan 2026"), like(t, "That is too long ago: I can report days from {first} on.")),
            (types("2 March"), t(WHICH_TIME)),
            (types("25:00"), t("I cannot read that as a time.")),
            (types("9:30"), t("That time is still to come.")),
            (types("8h05"), t(WHICH_KIND)),
            (types("what"), t("Please tap one of the buttons.")),
            (t("In"), t(WHY)),
            (types("x" * 201), "200"),
            (types("/cancel"), t(words.CANCELLED)),
            (types("8:05"), t(words.NOT_UNDERSTOOD)),
        ],
    )


async def test_days_and_hours_to_come_are_not_offered(linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [("/forgot",)])
    assert {"1", "2"} <= set(linked.history[-1].labels)
    assert "3" not in linked.history[-1].labels
    await talk(linked, [("‹",)])
    assert t.month(FRIDAY) in linked.history[-1].labels
    offered = {label for label in linked.history[-1].labels if label.isdecimal()}
    assert offered == {str(day) for day in range(1, 29)}, "31 days back"
    await talk(linked, [("‹",)])
    assert {label for label in linked.history[-1].labels if label.isdecimal()} == {"30", "31"}
    await talk(linked, [(types("2 March"), t(WHICH_TIME))])
    assert "09" in linked.history[-1].labels
    assert "10" not in linked.history[-1].labels


async def test_what_is_missing_comes_first(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """BioTime has her in at two to nine on the sixth, and out never."""
    february.add_february(office)
    await talk(linked, [("/forgot",), (types("6 Feb"), t("In"), "08:58")])
    scheduled = [label for label in linked.history[-1].labels if label.startswith("🕘")]
    assert sorted(scheduled) == ["🕘 09:00", "🕘 18:00"]
    await talk(linked, [("🕘 18:00", t(WHICH_KIND))])
    assert linked.history[-1].labels[0] == t("Out")


@pytest.mark.parametrize("step", range(5))
async def test_biotime_down_at_any_step(office: Office, linked: Person, talk: Talk, t: Translator, step: int) -> None:
    said: list[str | Act] = ["/forgot", types("27 Feb"), types("18:05"), t("Out"), t(FORGOT), t("✅ Send")]
    await talk(linked, [(act,) for act in said[:step]])
    office.biotime.down = True
    await talk(linked, [(act,) for act in said[step:]])
    assert plain(t(WAITING)) in plain(linked.history[-1].text)
    office.biotime.down = False
    await office.pass_time(minutes=6)
    (filed,) = office.manual_logs()
    assert filed["punched_at"].startswith("2026-02-27 14:05")
    assert plain(t(PENDING)) in plain(linked.history[-1].text)


async def test_an_answer_that_is_lost_files_no_second_one(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    office.biotime.expect(Fate.TIMEOUT_APPLIED)
    await talk(linked, [("/forgot",), (types("27 Feb"),), (types("18:05"),), (t("Out"),), (t(FORGOT),)])
    await talk(linked, [(t("✅ Send"), t(WAITING))])
    for _ in range(4):
        await office.pass_time(minutes=1)
    assert len(office.manual_logs()) == 1
    assert plain(t(PENDING)) in plain(linked.history[-1].text)


async def test_a_refusal_of_biotime_is_said(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    office.biotime.expect(Fate.INVALID)
    await talk(linked, [("/forgot",), (types("27 Feb"),), (types("18:05"),), (t("Out"),), (t(FORGOT),)])
    await talk(linked, [(t("✅ Send"), like(t, "❌ BioTime does not take your request: {reason}."))])


async def test_two_taps_and_the_update_once_more_are_one_request(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [("/forgot",), (types("27 Feb"),), (types("18:05"),), (t("Out"),), (t(FORGOT), t(SURE))])
    card, data = linked.history[-1].message_id, "forgot-send:20260227.1805.1.1"
    await talk(linked, [(t("✅ Send"), t(PENDING)), (presses_old(data, card), SILENCE)])
    assert len(await office.punches()) == 1
    assert len(office.manual_logs()) == 1
    await talk(linked, [("/forgot",)])
    await talk(linked, [(presses_old(data, linked.history[-1].message_id), t(ASKED_ALREADY))])
    assert len(await office.punches()) == 1


async def test_the_other_device_says_that_it_was_asked_for_already(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    """Two Telegram accounts of Mona: the second sees the request, what became of it, and the way to all of them."""
    account = office.account(linked)
    omar.language = t.language
    await talk(omar, [("/login",), (account.username,), (account.password,)])
    steps: list[str | Act] = ["/forgot", types("27 Feb"), types("18:05"), t("Out"), t(FORGOT)]
    for person in (linked, omar):
        await talk(person, [(step,) for step in steps])
    await talk(linked, [(t("✅ Send"), t(PENDING))])
    await talk(
        omar, [(t("✅ Send"), t(ASKED_ALREADY), t("📨 waiting for approval"), t.time(FRIDAY, ZoneInfo("Asia/Dubai")))]
    )
    assert len(await office.punches()) == len(office.manual_logs()) == 1
    await talk(omar, [(t("📝 My requests"), t("📨 waiting for approval")), ("9:00", t(words.NOT_UNDERSTOOD))])


async def test_a_punch_proper_is_no_request(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    await office.pass_time(hours=1)
    steps: list[str | Act] = ["/forgot", t("Today"), types("9:00"), t("In"), t(FORGOT)]
    await talk(linked, [(step,) for step in steps])
    await talk(linked, [(t("✅ Send"), t("There is a punch of that kind at that time already."))])


async def test_the_list_opens_below_the_card(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """The card stays: it is edited when there is news, and what is asked for next is another request."""
    await talk(linked, [("/forgot",), (types("27 Feb"),), (types("18:05"),), (t("Out"),), (t(FORGOT),)])
    await talk(linked, [(t("✅ Send"), t(PENDING)), (t("📝 My requests"), t("📨 waiting for approval"))])
    assert sum(plain(t(PENDING)) in plain(message.text) for message in linked.history) == 1
    await talk(linked, [(t("‹ Back"),), (t("📝 Forgotten punch"),), (types("26 Feb"),), (types("18:05"),)])
    await talk(linked, [(t("Out"),), (t(FORGOT),), (t("✅ Send"), t(PENDING))])
    assert len(office.manual_logs()) == 2


async def test_every_step_outlives_a_restart(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    for act in ("/forgot", types("27 Feb"), "18", "18:05", t("Out"), types("no power"), t("✅ Send")):
        await talk(linked, [(act,)])
        await office.restart()
    (filed,) = office.manual_logs()
    assert filed["apply_reason"].startswith("no power [TG-")


async def test_the_session_ends_in_the_middle(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """She logs in again where she was asked to, and goes on where she was."""
    await talk(linked, [("/forgot",), (types("27 Feb"),), (types("18:05"), t(WHICH_KIND))])
    await office.hadir.db.write(lambda c: c.execute(links.update().values(token=None)))
    await office.log_in(linked)
    assert plain(t(WHICH_KIND)) in plain(linked.history[-1].text)
    await talk(linked, [(t("Out"), t(WHY)), (types("no power"), t(SURE)), (t("✅ Send"), t(PENDING))])
    assert len(office.manual_logs()) == 1


async def test_a_request_waits_for_the_log_in(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [("/forgot",), (types("27 Feb"),), (types("18:05"),), (t("Out"),), (t(FORGOT),)])
    await office.hadir.db.write(lambda c: c.execute(links.update().values(token=None)))
    await talk(linked, [(t("✅ Send"), t(LOGIN))])
    assert t(words.LOG_IN) in linked.history[-1].labels
    await office.log_in(linked)
    await office.rest()
    assert len(office.manual_logs()) == 1


async def test_old_days_go_in_though_they_are_long_past(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """Three days are the end of trying, not of what can be asked for."""
    office.biotime.down = True
    await talk(linked, [("/forgot",), (types("2 Feb"),), (types("9:00"),), (t("In"),), (t(FORGOT),)])
    await talk(linked, [(t("✅ Send"), t(WAITING))])
    office.biotime.down = False
    await office.pass_time(hours=3)
    assert len(office.manual_logs()) == 1


async def test_without_biotime_it_says_just_that_it_cannot_look(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """That it knows of no punch would be a guess."""
    office.biotime.down = True
    cannot = (
        "BioTime is not answering right now, so I cannot look up that day. Go on all the same: what you send is kept."
    )
    await talk(linked, [("/forgot",), (types("27 Feb"), t(cannot))])
    assert plain(t("I know of no punch that day.")) not in plain(linked.history[-1].text)


async def test_the_end_of_a_night_is_offered_on_the_day_it_is_on(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """A shift from a quarter to seven in the evening to a quarter to four: on its first day, nobody ends before it."""
    february.add_february(office)
    with sqlite3.connect(office.folder / "gateway.db") as gateway:
        gateway.execute("UPDATE timetables SET check_in = '18:45:00.000000', check_out = '03:45:00.000000'")
    await talk(linked, [("/forgot",), (types("6 Feb"), t(WHICH_TIME))])
    offered = sorted(label for label in linked.history[-1].labels if label.startswith("🕘"))
    assert offered == ["🕘 03:45", "🕘 18:45"]
    await office.talk(linked, [("/cancel",), ("/forgot",), (types("2 Feb"), t(WHICH_TIME))])
    assert [label for label in linked.history[-1].labels if label.startswith("🕘")] == ["🕘 18:45"]


@pytest.mark.parametrize(("language", "comma"), [("en", ", "), ("ar", "، "), ("ur", "، ")])
def test_punches_stand_between_the_commas_of_the_language(language: str, comma: str) -> None:
    known = KnownDay((), ((FRIDAY.replace(hour=4), PunchState.CHECK_IN), (FRIDAY, PunchState.CHECK_OUT)))
    said = plain(describe_known(translator_for(language), known, FRIDAY.date(), ZoneInfo("Asia/Dubai")))
    assert f"08:05{comma}" in said


async def test_a_stranger_sees_nothing(sara: Person, talk: Talk, t: Translator) -> None:
    await talk(sara, [("/start",)])
    message = sara.history[-1].message_id
    for data in ("forgot", "forgot:20260227.1805.1.1", "forgot-send:20260227.1805.1.1", "requests", "withdraw:log.1"):
        await talk(sara, [(presses_old(data, message), t(words.LOG_IN_FIRST))])


@pytest.mark.parametrize("data", ["forgot:99999999.9999.1.1", "forgot-month:999999:...", "forgot-send:..."])
async def test_nonsense_in_a_button_asks_for_the_day(linked: Person, talk: Talk, data: str) -> None:
    await talk(linked, [("/forgot",), (types("27 Feb"),)])
    en = translator_for("en")
    await talk(linked, [(presses_old(data, linked.history[-1].message_id), like(en, WHICH_DAY))])
