"""Omar's team: who is in now, find a person, their days; Huda says who manages whom."""

import re
from datetime import date, timedelta

import pytest

from bot.i18n import Translator, translator_for
from bot.playground.people import Person
from bot.playground.requests import Scope
from bot.playground.watching import plain
from tests import words
from tests.chat.team import HUDA, MONA, OMAR, appoint, enter
from tests.talk import AT_OFFICE, Office, Talk, like, presses_old, speaker

HUB_1, HUB_N = "👥 Your team: {n} person", "👥 Your team: {n} people"
UNKNOWN = "There is nobody of that name among your people."
NOT_MANAGER = "You manage nobody in Hadir yet. HR can change that."
HR_ONLY = "This is for HR only."


async def press(talk: Talk, person: Person, data: str, expected: str) -> None:
    """Under a message that says something else: an edit that changes nothing is none."""
    await talk(person, [("/help",)])
    await talk(person, [(presses_old(data, person.history[-1].message_id), expected)])


def listed(office: Office, person: Person) -> set[str]:
    """The commands that Telegram shows in this person's chat."""
    profile = office.playground.world.profile
    return {one["command"] for one in profile.commands(Scope(type="chat", chat_id=person.chat.id), "")}


async def test_omar_sees_who_is_in_and_finds_mona_and_her_days(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    omar.language = t.language
    await appoint(office)
    await enter(office, omar)
    assert {"team", "approvals"} <= listed(office, omar)
    await talk(omar, [("/logout",)])
    await office.log_in(omar)
    await talk(omar, [("/team Mona", re.compile("Mona"))])  # not taken for a stray password
    await talk(omar, [("/team", t.plural(HUB_1, HUB_N, 1))])
    assert "managers" not in listed(office, omar)
    await talk(omar, [(t("☰ More"), t(words.MORE_MENU)), (t("👥 Team"), t.plural(HUB_1, HUB_N, 1))])
    await talk(omar, [(t("📍 Who is in"), t("📍 In now: {present} of {all}", present=0, all=1), "Mona")])
    await talk(linked, [(speaker(linked)("📍 Clock in"), AT_OFFICE)])
    await talk(omar, [(t("🔄 Look again"), t("📍 In now: {present} of {all}", present=1, all=1), "🟢 Mona · 09:00")])
    await talk(
        omar,
        [
            ("/team",),
            (t("🔎 Find a person"), like(t, "Whom do you look for? Type a part of the name, or the employee code.")),
        ],
    )
    await talk(omar, [("zzz", like(t, "I found nobody. Type another part of the name, or /cancel."))])
    await talk(omar, [("mon", "Mona", t("🟢 In since {time}.", time="09:00"))])
    await talk(omar, [(t("Week"), "👤 Mona"), (t("‹ Back"), "Mona"), (t("Today"), "09:00")])
    await talk(omar, [("/logout", like(t, words.LOGGED_OUT))])
    assert listed(office, omar) == set()


@pytest.mark.parametrize(
    ("language", "first"), [("en", date(2026, 3, 2)), ("ar", date(2026, 3, 2)), ("hi", date(2026, 3, 1))]
)
async def test_her_week_begins_on_his_own_first_day(
    office: Office, omar: Person, talk: Talk, language: str, first: date
) -> None:
    """As his own /week does: on a Monday in Dubai, on a Sunday in India."""
    omar.language, t = language, translator_for(language)
    await appoint(office)
    await enter(office, omar)
    await talk(omar, [("/team Mona", "Mona"), (t("Week"), "👤 Mona")])
    labels = omar.history[-1].labels
    assert f"‹ {t.day(first - timedelta(days=7))}" in labels
    assert {t.number((first + timedelta(days=n)).day) for n in range(7)} <= set(labels)


async def test_days_of_another_year_name_their_year(office: Office, omar: Person, talk: Talk, t: Translator) -> None:
    omar.language = t.language
    await appoint(office)
    await enter(office, omar)
    today, then = office.clock().date(), date(2025, 12, 10)
    for kind in ("week", "day", "month"):
        await press(talk, omar, f"team:{kind}:{then}:{MONA}", "2025")
    monday = then - timedelta(days=2)
    head = t("Week from {first} to {last}", first=t.day(monday, today), last=t.day(monday + timedelta(days=6), today))
    await press(talk, omar, f"team:week:{then}:{MONA}", plain(head))
    await press(talk, omar, f"team:week:{today}:{MONA}", "👤 Mona")
    assert str(today.year) not in omar.history[-1].text


async def test_of_others_people_nothing_is_shown_and_nothing_goes_upstream(
    office: Office, linked: Person, omar: Person, sara: Person, talk: Talk
) -> None:
    """Omar manages Sales, Huda is of Human Resources; Mona manages nobody, Sara is nobody."""
    await appoint(office)
    await enter(office, omar)
    today = office.clock().date()
    office.biotime.asked.clear()
    for data in (
        f"person:{HUDA}",
        f"team:day:{today}:{HUDA}",
        f"team:week:{today}:{HUDA}",
        f"team:month:{today}:{OMAR}",
    ):
        await press(talk, omar, data, UNKNOWN)
    await talk(omar, [("/team Huda", "I found nobody")])
    for data in (f"person:{OMAR}", f"team:week:{today}:{OMAR}"):
        await press(talk, linked, data, UNKNOWN)
        await press(talk, sara, data, words.LOG_IN_FIRST)
    for data in ("team", "team:in", "team:find"):
        await press(talk, linked, data, NOT_MANAGER)
    for data in (
        "managers",
        "managers:add",
        "managers:gaps:0",
        "managers:scope:all",
        "managers:drop:1",
        "managers:dropped:1",
    ):
        await press(talk, omar, data, HR_ONLY)
    assert office.biotime.asked == []
    await talk(linked, [("/menu",)])
    assert "👥 Team" not in linked.history[-1].labels


async def test_huda_makes_a_manager_sees_the_gap_and_takes_it_away(
    office: Office, huda: Person, talk: Talk, t: Translator
) -> None:
    huda.language = t.language
    await appoint(office)
    await enter(office, huda)
    assert {"team", "managers", "audit"} <= listed(office, huda)
    gap = t.plural("⚠️ Nobody manages {n} person.", "⚠️ Nobody manages {n} people.", 2)
    sales = plain(t("{department}, with all below it", department="Sales"))
    await talk(huda, [("/managers", gap, f"Omar (1002): {sales}")])
    await talk(huda, [(t("⚠️ Without a manager"), "Huda (1003)", "Omar (1002)"), (t("‹ Back"), gap)])
    await talk(huda, [(t("➕ Add a manager"),), (OMAR, t("Whom does {name} manage?", name="Omar"))])
    await talk(
        huda,
        [
            (t("📍 An area"), t("Which area?")),
            ("Dubai Office", t("✅ Done. From now on they are told who is missing.")),
        ],
    )
    left = t.plural("⚠️ Nobody manages {n} person.", "⚠️ Nobody manages {n} people.", 1)
    await talk(huda, [(t("👔 Managers"), left, plain(t("everybody at {area}", area="Dubai Office")))])
    await talk(huda, [("✖️ Omar · Sales", f"Omar (1002): {sales}"), (t("Yes, take it away"), left)])
    assert sales not in plain(huda.history[-1].text)
    await talk(huda, [("/audit", t("made a manager"), t("took off as a manager"))])


async def test_huda_finds_everybody_and_sees_who_is_in_by_site(office: Office, huda: Person, talk: Talk) -> None:
    await appoint(office)
    await enter(office, huda)
    await talk(huda, [("/team", "Your team: 3 people"), ("📍 Who is in", "In now: 0 of 3", "Dubai Office: 0 of 3")])
    await talk(huda, [(f"/team {MONA}", "Mona (1001)", "Sales Executive", "Not in now")])


FOR_HR = ("managers", "rules", "audit:0")


@pytest.mark.parametrize("data", ["alerts", "team", "team:find", "team:in", "team:export", "muster", *FOR_HR])
async def test_no_tap_of_somebody_who_manages_nobody_is_dead(
    linked: Person, talk: Talk, t: Translator, data: str
) -> None:
    """It is said each time, below the message of the button, which stays as it is."""
    await talk(linked, [("/help",)])
    shown, refusal = linked.history[-1], t(HR_ONLY if data in FOR_HR else NOT_MANAGER)
    for _ in range(2):
        await talk(linked, [(presses_old(data, shown.message_id), refusal)])
    assert shown in linked.history


async def test_a_search_that_is_left_is_not_called_cancelled(
    office: Office, omar: Person, talk: Talk, t: Translator
) -> None:
    omar.language = t.language
    await appoint(office)
    await enter(office, omar)
    asks = like(t, "Whom do you look for? Type a part of the name, or the employee code.")
    await talk(omar, [("/team",), (t("🔎 Find a person"), asks), ("/team",), (t("🔎 Find a person"), asks)])
    said = [plain(message.text) for message in omar.history]
    assert plain(t("Cancelled. Nothing was sent.")) not in said
    assert len([text for text in said if asks.search(text)]) == 1
