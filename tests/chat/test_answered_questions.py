"""A question that was answered, in whichever way, is not called cancelled when the next one is asked."""

import re
from datetime import date, timedelta

import pytest

from bot.chat.approval_texts import REASONS
from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from tests import words
from tests.chat.team import MONA, appoint, enter, file_log
from tests.talk import AT_OFFICE, MORNING, Office, Talk, like, presses_old, shares, speaker, types

HOUR = timedelta(hours=1)
WHY = "Why do you refuse it? Type the reason, or choose one: {name} reads it."
AWAY = "BioTime is not answering right now, so nothing was decided. Please try again in a minute."
WHEN = "When? Tap it, or type it, for instance “{example}”."
WHOM = "Whom shall I leave out? Type a part of the name, or the employee code."


def said_cancelled(person: Person, t: Translator) -> list[str]:
    cancelled = plain(t("Cancelled. Nothing was sent."))
    return [plain(m.text) for m in person.history if plain(m.text) == cancelled]


@pytest.fixture
async def hr(office: Office, huda: Person, t: Translator) -> Person:
    huda.language = t.language
    await appoint(office)
    return await enter(office, huda)


async def test_whom_hr_left_out(hr: Person, talk: Talk, t: Translator) -> None:
    """Typed and found at once, typed and chosen of several, by the department, and left for the list."""
    await talk(hr, [("/alerts",), (t("🏢 The company's rules"),), (t("🙈 Left out"),)])
    for answer in (["Mona"], ["o", "Omar · 1002"], [t("🏢 A department"), "Sales"], [t("‹ Back")]):
        await talk(hr, [(t("➕ Leave out"), t(WHOM)), *((step,) for step in answer)])
    await talk(hr, [(t("➕ Leave out"), t(WHOM))])
    assert said_cancelled(hr, t) == []


async def test_whom_hr_leaves_out_is_asked_twice(hr: Person, talk: Talk, t: Translator) -> None:
    """Under two lists: nothing was to be sent by either question."""
    lists = []
    for _ in range(2):
        await talk(hr, [("/alerts",), (t("🏢 The company's rules"),), (t("🙈 Left out"),)])
        lists.append(hr.history[-1].message_id)
    for listed in lists:
        await talk(hr, [(presses_old("out:add", listed), t(WHOM))])
    assert said_cancelled(hr, t) == []
    assert [m.message_id for m in hr.history if plain(m.text) == plain(t(WHOM))] == lists[1:], "one question is open"


async def test_what_a_manager_refused(office: Office, hr: Person, talk: Talk, t: Translator) -> None:
    for hours in range(4):
        await file_log(office, MONA, MORNING - (hours + 1) * HOUR, "The terminal was off")
    reason = t.gettext(next(iter(REASONS)))
    for answer in (types("You were not here"), reason, t("‹ Back")):
        await talk(hr, [("/approvals",)])
        case = next(b.data for row in hr.history[-1].buttons for b in row if (b.data or "").startswith("case:"))
        assert case is not None
        await talk(hr, [(presses_old(case, hr.history[-1].message_id),), (t("❌ Refuse"), like(t, WHY)), (answer,)])
    await talk(hr, [("/reminders",), (t("⏰ Clock in"), like(t, WHEN))])
    assert said_cancelled(hr, t) == []


@pytest.mark.parametrize("typed", [True, False])
async def test_what_a_manager_refused_while_biotime_was_away(
    office: Office, hr: Person, talk: Talk, t: Translator, typed: bool
) -> None:
    """That was answered, too: it may have arrived, and the reason may be given once more."""
    filed = await file_log(office, MONA, MORNING - HOUR, "The terminal was off")
    await talk(hr, [("/approvals",)])
    await talk(hr, [(presses_old(f"case:log:{filed}", hr.history[-1].message_id),), (t("❌ Refuse"), like(t, WHY))])
    office.biotime.down = True
    await talk(hr, [(types("You were not here") if typed else t.gettext(REASONS[0]), t(AWAY))])
    answered = hr.history[-1].message_id
    await talk(hr, [(types("You were not here"), t(AWAY))])
    office.biotime.down = False
    await talk(hr, [("/export",)])
    assert said_cancelled(hr, t) == []
    assert plain(t(AWAY)) in plain(next(m.text for m in hr.history if m.message_id == answered))


async def test_what_a_manager_approved_together_while_biotime_was_away(
    office: Office, hr: Person, linked: Person, talk: Talk, t: Translator
) -> None:
    away_at = office.clock.at - timedelta(minutes=25)
    await talk(linked, [(shares(AT_OFFICE, sent_at=away_at), like(speaker(linked), words.FILED, time="08:35:00"))])
    await talk(hr, [("/approvals",), (t("✅ All harmless ones …"),)])
    office.biotime.down = True
    await talk(hr, [(t.plural("✅ Approve {n} request", "✅ Approve {n} requests", 1), t(AWAY))])
    office.biotime.down = False
    await talk(hr, [("/export",)])
    assert said_cancelled(hr, t) == []


async def test_a_decision_in_between_ends_no_other_dialog(
    office: Office, hr: Person, talk: Talk, t: Translator
) -> None:
    """Huda reports a punch of her own, and looks at what is asked of her in the middle of it."""
    filed = [await file_log(office, MONA, MORNING - n * HOUR, "The terminal was off") for n in (1, 2)]
    await talk(hr, [("/approvals",)])
    waiting = hr.history[-1].message_id
    await talk(hr, [("/forgot",), (presses_old(f"case:log:{filed[0]}", waiting), "Mona")])
    await talk(hr, [(presses_old(f"approve:log:{filed[0]}", waiting), like(t, "✅ Approved: {what}"))])
    await talk(hr, [(types("27 Feb"), plain(t.day(date(2026, 2, 27))))])


async def test_when_somebody_is_reminded(linked: Person, talk: Talk, t: Translator) -> None:
    for answer in (types("-10"), t("🔕 Off"), t("‹ Back")):
        await talk(linked, [("/reminders",), (t("⏰ Clock in"), like(t, WHEN)), (answer,)])
    await talk(linked, [(t("👔 Before my manager"),), (types("10"),)])
    await talk(linked, [("/forgot",)])
    assert said_cancelled(linked, t) == []
    await talk(linked, [(types("/cancel"), t(words.CANCELLED))])


async def test_of_two_questions_of_reminders_one_is_open(linked: Person, talk: Talk, t: Translator) -> None:
    lists = []
    for _ in range(2):
        await talk(linked, [("/reminders",)])
        lists.append(linked.history[-1].message_id)
    for listed, asks in zip(lists, ("remind:in", "remind:nudge"), strict=True):
        await talk(linked, [(presses_old(asks, listed), re.compile(r"\w"))])
    assert said_cancelled(linked, t) == []
    assert [m.message_id for m in linked.history if m.message_id in lists] == lists[1:]
    await talk(linked, [(types("10"), t("⏰ Your reminders"))])
