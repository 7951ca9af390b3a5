"""Requests to decide, as Omar sees them: what waits, the evidence, approve, refuse with a reason, all harmless ones."""

from datetime import timedelta

import pytest

from bot.gateway.sample import NAME
from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store.managers import Scope
from tests import words
from tests.chat import february
from tests.chat.team import HUDA, MONA, OMAR, appoint, enter, file_log
from tests.talk import AT_OFFICE, MORNING, Office, Talk, like, presses_old, shares, speaker

WAITING_1, WAITING_N = "🗳 {n} request waits for your decision.", "🗳 {n} requests wait for your decision."
NOTHING = "🗳 Nothing waits for your decision."
SHORT = "Mona · {what} · "
APPROVE, REFUSE = "✅ Approve", "❌ Refuse"
NOT_MANAGER = "You manage nobody in Hadir, so there is nothing for you to decide. HR can change that."
GONE = "That request does not wait for you any more: it was withdrawn, or decided somewhere else."
HOUR = timedelta(hours=1)


@pytest.fixture
async def manager(office: Office, omar: Person, t: Translator) -> Person:
    omar.language = t.language
    await appoint(office)
    return await enter(office, omar)


async def press(talk: Talk, person: Person, data: str, expected: str) -> None:
    """Under a message that says something else: an edit that changes nothing is none."""
    await talk(person, [("/help",)])
    await talk(person, [(presses_old(data, person.history[-1].message_id), expected)])


def decisions(office: Office) -> list[tuple[int, str | None]]:
    return [(row["audit_status"], row["audit_reason"]) for row in office.manual_logs()]


async def test_omar_sees_the_evidence_and_approves_and_mona_is_told(
    office: Office, manager: Person, linked: Person, talk: Talk, t: Translator
) -> None:
    filed = await file_log(office, MONA, MORNING - HOUR, "The terminal was off")
    await talk(manager, [("/approvals", t.plural(WAITING_1, WAITING_N, 1))])
    case = manager.history[-1]
    assert case.labels[1:] == (t("👥 Team"),)
    before = len(linked.history)
    await talk(
        manager,
        [
            (
                presses_old(f"case:log:{filed}", case.message_id),
                t("{name} ({code})", name="Mona", code=MONA),
                t("Reason: {reason}", reason="The terminal was off"),
                t("💬 I saw no such punch: this is their word."),
                t("BioTime has no other punch that day."),
                "08:00",
            ),
            (t(APPROVE), like(t, "✅ Approved: {what}"), t("{name} has been told.", name="Mona")),
        ],
    )
    assert decisions(office) == [(2, "Omar (1002) through Hadir")]
    (told,) = linked.history[before:]
    assert like(speaker(linked), "✅ {name} approved what you asked for: {what}", name="Omar").search(plain(told.text))
    await talk(manager, [("/approvals", t(NOTHING))])


async def test_what_was_only_typed_is_not_said_to_be_seen(
    office: Office, manager: Person, linked: Person, talk: Talk, t: Translator
) -> None:
    mine = speaker(linked)
    steps = ["/forgot", "28 Feb", "8:05", mine("In"), mine("I forgot"), mine("✅ Send")]
    await talk(linked, [(step,) for step in steps])
    await talk(manager, [("/approvals", t.plural(WAITING_1, WAITING_N, 1))])
    button = next(label for label in manager.history[-1].labels if "Mona" in label)
    await talk(manager, [(button, t("💬 I saw no such punch: this is their word."))])
    card = plain(manager.history[-1].text)
    assert t("⚠️ It was not shared inside an area that I know.") not in card
    assert plain(t("📍 I saw it at {time}", time="")).strip() not in card
    assert "I forgot" in card


async def test_a_refusal_has_a_reason_typed_or_chosen(
    office: Office, manager: Person, linked: Person, talk: Talk, t: Translator
) -> None:
    typed = await file_log(office, MONA, MORNING - HOUR, "")
    await talk(manager, [("/approvals",)])
    shown = manager.history[-1].message_id
    asks = like(t, "Why do you refuse it? Type the reason, or choose one: {name} reads it.")
    await talk(
        manager,
        [
            (presses_old(f"refuse:log:{typed}", shown), asks),
            ("x" * 301, like(t, "Please say it in {number} letters at most, or /cancel.")),
            ("You were on the late shift", like(t, "❌ Refused: {what}")),
        ],
    )
    assert decisions(office) == [(3, "You were on the late shift - Omar (1002) through Hadir")]
    assert t("Reason: {reason}", reason="You were on the late shift") in linked.history[-1].text or linked.history
    chosen = await file_log(office, MONA, MORNING - 2 * HOUR, "")
    await talk(manager, [(presses_old(f"refuse:log:{chosen}", shown), asks), (t("The time is not right."),)])
    assert decisions(office)[1][0] == 3
    assert t("The time is not right.") in linked.history[-1].text


async def test_a_leave_is_refused_for_reasons_of_its_own(
    office: Office, manager: Person, linked: Person, talk: Talk, t: Translator
) -> None:
    february.add_february(office)
    service = office.hadir.tenants[NAME].service
    assert service is not None
    mona = next(row for row in office._query("hadir.db", "SELECT * FROM links") if row["emp_code"] == MONA)
    (kind,) = office._query("gateway.db", "SELECT * FROM pay_codes WHERE name = 'Annual leave'")
    days = {"start_at": MORNING + timedelta(days=7), "end_at": MORNING + timedelta(days=9)}
    leave = await service.office.att.file_leave(
        await service.log_in(), mona["emp_id"], kind["id"], **days, reason="Family"
    )
    await talk(manager, [("/approvals",)])
    await talk(manager, [(presses_old(f"refuse:leave:{leave.id}", manager.history[-1].message_id),)])
    assert t("You were not at work then.") not in manager.history[-1].labels
    await talk(manager, [(t("Too many are away then."), like(t, "❌ Refused: {what}"))])
    assert t("Too many are away then.") in linked.history[-1].text


async def test_of_two_who_tap_the_first_wins_and_the_second_is_told(
    office: Office, manager: Person, huda: Person, talk: Talk
) -> None:
    await enter(office, huda)
    filed = await file_log(office, MONA, MORNING - HOUR, "")
    for person in (manager, huda):
        await talk(person, [("/approvals",)])
    await talk(huda, [(presses_old(f"approve:log:{filed}", huda.history[-1].message_id), "✅ Approved")])
    t = speaker(manager)
    decided = like(t, "Decided already: {name} approved it.", name=plain(t("{name} ({code})", name="Huda", code=HUDA)))
    await talk(manager, [(presses_old(f"refuse:log:{filed}:0", manager.history[-1].message_id), decided)])
    assert decisions(office) == [(2, "Huda (1003) through Hadir")]
    await talk(huda, [("/audit", "Huda (1003) approved · Mona (1001) · In · Mon, 2 Mar, 08:00")])


async def test_what_the_bot_saw_itself_is_approved_together_and_shown_before(
    office: Office, manager: Person, linked: Person, talk: Talk, t: Translator
) -> None:
    """Her phone was offline at twenty-five to nine; a second log is only her word."""
    sent_at = office.clock.at - timedelta(minutes=25)
    await talk(linked, [(shares(AT_OFFICE, sent_at=sent_at), like(speaker(linked), words.FILED, time="08:35:00"))])
    await file_log(office, MONA, MORNING - 16 * HOUR, "Forgot")
    await talk(manager, [("/approvals", t.plural(WAITING_1, WAITING_N, 2)), (t("✅ All harmless ones …"), "08:35")])
    assert "17:00" not in manager.history[-1].text
    yes = t.plural("✅ Approve {n} request", "✅ Approve {n} requests", 1)
    await talk(manager, [(yes, t.plural("✅ {n} request approved.", "✅ {n} requests approved.", 1))])
    assert [status for status, _ in decisions(office)] == [2, 1]
    await talk(manager, [("/approvals", t.plural(WAITING_1, WAITING_N, 1))])


async def test_what_another_has_approved_meanwhile_is_said_to_be_theirs(
    office: Office, manager: Person, linked: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    sent_at = office.clock.at - timedelta(minutes=25)
    await talk(linked, [(shares(AT_OFFICE, sent_at=sent_at), like(speaker(linked), words.FILED, time="08:35:00"))])
    await enter(office, huda)
    yes = t.plural("✅ Approve {n} request", "✅ Approve {n} requests", 1)
    await talk(manager, [("/approvals",), (t("✅ All harmless ones …"), "08:35")])
    await talk(huda, [("/approvals",), ("✅ All harmless ones …",), ("✅ Approve 1 request", "✅ 1 request approved.")])
    names = plain(t("{name} ({code})", name="Huda", code=HUDA))
    meanwhile = ("{n} was decided meanwhile: {names}", "{n} were decided meanwhile: {names}")
    await talk(manager, [(yes, plain(t.plural(*meanwhile, 1, names=names)))])
    await press(talk, manager, "harmless", t(NOTHING))


async def test_a_reason_of_nothing_that_can_be_seen_is_asked_for_again(
    office: Office, manager: Person, linked: Person, talk: Talk, t: Translator
) -> None:
    """And what would turn the sentence that it is put into goes."""
    filed = await file_log(office, MONA, MORNING - HOUR, "")
    await talk(manager, [("/approvals",)])
    asks = like(t, "Why do you refuse it? Type the reason, or choose one: {name} reads it.")
    nothing = t("Nothing can be read in that: please type the reason, or /cancel.")
    await talk(
        manager,
        [
            (presses_old(f"refuse:log:{filed}", manager.history[-1].message_id), asks),
            ("\u202e \u200b", nothing),
            ("too \u202elate\x07\u2066", like(t, "❌ Refused: {what}")),
        ],
    )
    assert decisions(office) == [(3, "too late - Omar (1002) through Hadir")]
    assert "\u202e" not in linked.history[-1].text


async def test_when_biotime_does_not_answer_nothing_is_decided(
    office: Office, manager: Person, talk: Talk, t: Translator
) -> None:
    filed = await file_log(office, MONA, MORNING - HOUR, "")
    await talk(manager, [("/approvals",)])
    office.biotime.down = True
    away = like(t, "BioTime is not answering right now, so nothing was decided. Please try again in a minute.")
    await talk(manager, [(presses_old(f"approve:log:{filed}", manager.history[-1].message_id), away)])
    assert decisions(office) == [(1, None)]
    office.biotime.down = False
    await talk(
        manager, [(presses_old(f"approve:log:{filed}", manager.history[-1].message_id), like(t, "✅ Approved: {what}"))]
    )


async def test_who_manages_others_or_nobody_is_refused_and_nothing_goes_upstream(
    office: Office, linked: Person, omar: Person, sara: Person, talk: Talk
) -> None:
    """Omar manages Security here; Sara is nobody."""
    await appoint(office, OMAR, Scope.AREA, "no such place")
    await enter(office, omar)
    filed = await file_log(office, MONA, MORNING - HOUR, "")
    office.biotime.asked.clear()
    for data in ("case", "approve", "refuse"):
        await press(talk, omar, f"{data}:log:{filed}", GONE)
    asked = [request.url.path for request in office.biotime.asked]
    assert not [path for path in asked if str(filed) in path.split("/")], asked
    office.biotime.asked.clear()
    for data in ("case:log:{}", "approve:log:{}", "refuse:log:{}:0", "harmless", "harmless:sure"):
        await press(talk, linked, data.format(filed), NOT_MANAGER)
        await press(talk, sara, data.format(filed), words.LOG_IN_FIRST)
    assert office.biotime.asked == []
    assert decisions(office) == [(1, None)]
    await talk(omar, [("/audit", "This is for HR only.")])


async def test_nobody_decides_about_themselves(office: Office, manager: Person, talk: Talk, t: Translator) -> None:
    await file_log(office, OMAR, MORNING - HOUR, "")
    await talk(manager, [("/approvals", t(NOTHING))])
