"""Sharing a place: one punch, the truth told about it, and what is said to the places that are none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.attendance.evidence import Evidence
from bot.attendance.model import PunchState
from bot.attendance.progress import State
from bot.chat.phrases import Wish, say_wish
from bot.i18n import Translator, translator_for
from bot.playground.people import Person
from bot.playground.places import Place
from bot.playground.watching import plain
from tests import words
from tests.talk import (
    AT_OFFICE,
    FAR_AWAY,
    MORNING,
    SILENCE,
    Act,
    Office,
    Talk,
    drops_pin,
    forwards,
    like,
    moves_live,
    picks_venue,
    shares,
    shares_via_bot,
    starts_live,
    stops_live,
    types,
)

IN, OUT = PunchState.CHECK_IN, PunchState.CHECK_OUT


def first_button(person: Person) -> str:
    assert person.keyboard is not None
    assert person.keyboard.rows[0][0].request_location
    return person.keyboard.rows[0][0].text


# -- the main job ------------------------------------------------------------------------------------------------------


async def test_a_day_clock_in_then_clock_out(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    assert first_button(linked) == t("📍 Clock in")
    await talk(
        linked,
        [
            (t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"), "7HQQ35R5+MF Dubai Internet City",
             t("{area}, {distance}", area="Dubai Office", distance=t.distance(0)), t(words.AT_WORK, time="09:00")),
        ],
    )  # fmt: skip
    assert first_button(linked) == t("📍 Clock out")
    await office.pass_time(hours=8, minutes=5)
    worked = t("Worked today: {duration}.", duration=t.duration(timedelta(hours=8, minutes=5)))
    await talk(linked, [(t("📍 Clock out"), AT_OFFICE, t(words.CLOCKED_OUT, time="17:05"), worked)])
    assert first_button(linked) == t("📍 Clock in")
    assert [(row["emp_code"], row["punch_state"]) for row in office.stamps()] == [("1001", IN), ("1001", OUT)]


async def test_saved_is_said_first_and_the_same_message_becomes_clocked_in(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    before = len(office.playground.calls)
    await talk(
        linked,
        [(t("📍 Clock in"), AT_OFFICE, like(t, words.SAVED, time="09:00:00"), t(words.CLOCKED_IN, time="09:00"))],
    )
    sent, edited = [c for c in office.playground.calls[before:] if "Text" in c.method or c.method == "sendMessage"][:2]
    assert (sent.method, edited.method) == ("sendMessage", "editMessageText")
    assert edited.params["message_id"] == sent.result["message_id"]
    ref = (await office.punch()).ref
    assert ref in sent.params["text"]
    assert f"[TG-{ref}]" in office.stamps()[0]["gps_location"]


async def test_a_second_share_within_a_minute_is_no_second_punch(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"))])
    await office.pass_time(seconds=40)
    await talk(linked, [(t("📍 Clock out"), AT_OFFICE, like(t, words.REPEATED, time="09:00:00"))])
    assert len(office.stamps()) == 1
    await office.pass_time(seconds=40)
    await talk(linked, [(t("📍 Clock out"), AT_OFFICE, t(words.CLOCKED_OUT, time="09:01"))])


async def test_two_taps_at_once_are_one_punch(office: Office, linked: Person) -> None:
    linked.press("Clock in", place=AT_OFFICE)
    linked.press("Clock in", place=AT_OFFICE)
    await office.rest()
    assert len(office.stamps()) == len(await office.punches()) == 1


async def test_two_presses_of_an_offline_phone_are_one_punch(office: Office, linked: Person) -> None:
    """Both buttons said "Clock in": the second must not become a clock-out."""
    for minutes in (4, 2):
        linked.press("Clock in", place=AT_OFFICE, sent_at=office.clock() - timedelta(minutes=minutes))
    await office.rest()
    assert [punch.punch_state for punch in await office.punches()] == [PunchState.CHECK_IN]


async def test_a_chosen_break_outlives_a_change_of_language(office: Office, linked: Person, talk: Talk) -> None:
    """The button still says "Start break", in the new language, so that is what it does."""
    await talk(linked, [("📍 Clock in", AT_OFFICE, words.CLOCKED_IN.format(time="09:00"))])
    await office.pass_time(minutes=5)
    await talk(linked, [("/menu",), ("Start break", words.SHARE_NOW), ("/language",), ("العربية",)])
    assert first_button(linked) == translator_for("ar")("📍 Start break")
    linked.press(first_button(linked), place=AT_OFFICE)
    await office.rest()
    assert (await office.punches())[-1].punch_state is PunchState.BREAK_OUT


async def test_an_update_delivered_again_is_one_punch(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("📍 Clock in", AT_OFFICE, words.CLOCKED_IN.format(time="09:00"))])
    heard = len(linked.history)
    office.playground.redeliver()
    await office.rest()
    await office.restart()
    office.playground.redeliver()
    await office.rest()
    assert len(office.stamps()) == len(await office.punches()) == 1
    assert len(linked.history) == heard


async def test_the_next_morning_begins_with_clock_in_though_she_forgot_to_clock_out(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"))])
    # Nothing could be shown her in the night, so the keyboard on the screen is yesterday's; what counts is the share.
    await office.biotime.pass_time(timedelta(hours=24))
    await talk(linked, [(t("📍 Clock out"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"))])


# -- breaks and overtime -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "told", "kept"),
    [
        ("📍 Start break", words.BREAK_STARTED, PunchState.BREAK_OUT),
        ("📍 End break", words.BREAK_ENDED, PunchState.BREAK_IN),
        ("📍 Start overtime", words.OVERTIME_STARTED, PunchState.OVERTIME_IN),
        ("📍 End overtime", words.OVERTIME_ENDED, PunchState.OVERTIME_OUT),
    ],
)
async def test_more_offers_breaks_and_overtime(
    office: Office, linked: Person, talk: Talk, t: Translator, label: str, told: str, kept: PunchState
) -> None:
    await talk(
        linked,
        [
            (t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00")),
            (t("☰ More"), t(words.MORE_MENU)),
            (t(label).removeprefix("📍 "), t(words.SHARE_NOW)),
            (t(label), AT_OFFICE, t(told, time="09:00")),
        ],
    )
    assert [row["punch_state"] for row in office.stamps()] == [IN, kept]


async def test_after_a_break_starts_the_button_ends_it(linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [("/menu",), (t("📍 Start break").removeprefix("📍 "),), (t("📍 Start break"), AT_OFFICE)])
    assert first_button(linked) == t("📍 End break")


async def test_cancel_leaves_the_choice_of_a_break(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    for cancel in ("/cancel", t("✖️ Cancel")):
        await talk(linked, [("/menu",), (t("📍 Start break").removeprefix("📍 "),), (cancel, t(words.CANCELLED))])
        assert first_button(linked) == t("📍 Clock in")
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"))])
    assert (await office.punch()).punch_state == IN


async def test_a_restart_between_choosing_a_break_and_sharing(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [("/menu",), (t("📍 Start break").removeprefix("📍 "), t(words.SHARE_NOW))])
    await office.restart()
    await talk(linked, [(t("📍 Start break"), AT_OFFICE, t(words.BREAK_STARTED, time="09:00"))])


async def test_old_buttons_work_after_a_restart(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [("/menu", t(words.MORE_MENU))])
    await office.restart()
    await office.pass_time(hours=30)
    await talk(
        linked,
        [
            (t("📍 Start overtime").removeprefix("📍 "), t(words.SHARE_NOW)),
            (t("📍 Start overtime"), AT_OFFICE, t(words.OVERTIME_STARTED, time="15:00")),
        ],
    )


# -- places that are refused -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "said"),
    [(forwards, words.FORWARDED), (picks_venue, words.VENUE), (shares_via_bot, words.VIA_BOT)],
    ids=["forwarded", "a venue", "via another bot"],
)
async def test_a_place_that_is_not_hers_says_what_to_do(
    office: Office, linked: Person, talk: Talk, t: Translator, act: Callable[[Place], Act], said: str
) -> None:
    await talk(linked, [(act(AT_OFFICE), t(said))])
    assert await office.punches() == []
    assert office.stamps() == []


async def test_outside_is_refused_where_the_company_enforces_it(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await office.import_areas(enforce=True)
    distance = "2.1 km" if t.language == "en" else t.distance(2100)
    await talk(linked, [(t("📍 Clock in"), FAR_AWAY, t(words.OUTSIDE, distance=distance, area="Dubai Office"))])
    assert await office.punches() == []
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"))])


async def test_outside_is_recorded_and_marked_where_it_does_not(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    distance = t.distance(2100)
    await talk(linked, [(t("📍 Clock in"), FAR_AWAY, t(words.CLOCKED_IN, time="09:00"),
                         t(words.MARKED_OUTSIDE, distance=distance, area="Dubai Office"))])  # fmt: skip
    assert (await office.punch()).evidence == (Evidence.OUTSIDE_AREA,)


@pytest.mark.parametrize("client", ["web", "ios"])
async def test_a_label_that_comes_as_text_is_told_how_to_send_a_place(
    office: Office, linked: Person, talk: Talk, t: Translator, client: str
) -> None:
    linked.client = "web" if client == "web" else "ios"
    said: tuple[str, str] = (t("📍 Clock in"), t(words.LABEL_AS_TEXT))
    if client == "web":
        await talk(linked, [said])
        assert await office.punches() == []
        return
    await talk(linked, [(types(said[0]), said[1]), (t("📍 Clock in"), t(words.CLOCKED_IN, time="09:00"))])


# -- marks, never a silent block ---------------------------------------------------------------------------------------


async def test_poor_accuracy_is_marked_and_said(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [(t("📍 Clock in"), replace(AT_OFFICE, accuracy=900.0),
                         t(words.CLOCKED_IN, time="09:00"), t(words.MARKED_POOR))])  # fmt: skip
    assert (await office.punch()).evidence == (Evidence.POOR_ACCURACY,)


async def test_a_dropped_pin_has_no_accuracy(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [(drops_pin(AT_OFFICE), "Clocked in at 09:00")])
    assert (await office.punch()).evidence == (Evidence.NO_ACCURACY,)


async def test_the_very_same_coordinates_again(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00")])
    await office.pass_time(hours=8)
    await talk(linked, [("📍 Clock out", AT_OFFICE, "Clocked out at 17:00")])
    assert [punch.evidence for punch in await office.punches()] == [(), (Evidence.SAME_COORDINATES,)]


async def test_faster_than_anybody_travels(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00")])
    await office.pass_time(minutes=5)
    await talk(linked, [("📍 Clock out", AT_OFFICE.moved(east=500_000), "Clocked out at 09:05")])
    assert Evidence.IMPOSSIBLE_SPEED in (await office.punches())[1].evidence
    assert len(office.stamps()) == 2


async def test_a_phone_that_was_offline_delivers_late(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    sent_at = office.clock.at - timedelta(minutes=25)
    await talk(
        linked,
        [
            (shares(AT_OFFICE, sent_at=sent_at), like(t, words.CAME_LATE, time="08:35:00"),
             like(t, words.FILED, time="08:35:00")),
        ],
    )  # fmt: skip
    punch = await office.punch()
    assert punch.punched_at == sent_at
    assert punch.evidence == (Evidence.LATE_DELIVERY,)
    assert office.stamps() == []
    (filed,) = office.manual_logs()
    assert str(filed["punched_at"]).startswith(f"{sent_at:%Y-%m-%d %H:%M:%S}")
    assert f"[TG-{punch.ref}]" in filed["apply_reason"]


# -- live --------------------------------------------------------------------------------------------------------------


async def test_a_live_location_counts_once(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [(starts_live(AT_OFFICE), t(words.CLOCKED_IN, time="09:00"))])
    for _ in range(3):
        await office.pass_time(minutes=2)
        await talk(linked, [(moves_live(AT_OFFICE.moved(north=20)), SILENCE)])
    await talk(linked, [(stops_live, SILENCE)])
    assert (await office.punch()).evidence == (Evidence.LIVE_LOCATION,)
    assert len(office.stamps()) == 1


# -- right to left -----------------------------------------------------------------------------------------------------


async def test_the_keyboard_is_turned_round_in_arabic(linked: Person, t: Translator) -> None:
    assert linked.keyboard is not None
    today, more = t("📋 Today"), t("☰ More")
    assert linked.keyboard.labels[1] == ((more, today) if t.rtl else (today, more))


async def test_times_and_codes_are_isolated_in_arabic(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    text = next(message.text for message in linked.history if "7HQQ35R5+MF" in message.text)
    isolated = "\u20687HQQ35R5+MF Dubai Internet City\u2069"
    assert (isolated in text) is t.rtl
    assert plain(text).count("\u2068") == 0
    assert (await office.punch()).progress.state is State.CONFIRMED


async def test_who_is_in_reads_since_when_and_may_clock_in_all_the_same(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """By a word or by the button of the menu; whoever is out reads nothing of it."""
    typed = say_wish(t.language, Wish.IN)
    share = t("Share your location with the button below, or /cancel.")
    await talk(linked, [(types(typed), share), (types("/cancel"),)])
    known = t("You are in since {time}.", time=t.time(MORNING, ZoneInfo("Asia/Dubai")))
    assert plain(known) not in [plain(one.text).split("\n")[0] for one in linked.history]
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00"))])
    await office.pass_time(hours=2)
    await talk(linked, [(types(typed), known, share)])
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="11:00"))])
