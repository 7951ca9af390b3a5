"""Reminders chosen by buttons, and typed."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.attendance.facts import Shift, ShiftKind
from bot.attendance.reminders import ReminderKind
from bot.chat.lengths import read_length
from bot.chat.reminder_texts import say_nudge, say_when
from bot.chat.reminders import NUDGES, OFFERED, read_minutes
from bot.gateway.sample import NAME
from bot.i18n import LANGUAGES, Translator, translator_for
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store.notices import Notice, NoticeKind, add_notice
from bot.store.roster import RosterPerson
from bot.store.syncing import settle_people, settle_shifts
from tests.talk import AT_OFFICE, MORNING, SILENCE, Office, Step, Talk, like, presses_old, shares, types

MINUTE = timedelta(minutes=1)
TITLE = "⏰ Your reminders"
WHEN = "When? Tap it, or type it, for instance “{example}”."


def line(t: Translator, name: str, when: str) -> str:
    return t("{name}: {when}", name=t.gettext(name), when=when)


async def test_reminders_are_chosen_in_one_message(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    off, hour = t("off"), t("after {duration}", duration=t.duration(60 * MINUTE))
    early = t("{duration} before the start", duration=t.duration(10 * MINUTE))
    await talk(linked, [("/reminders", t(TITLE), line(t, "⏰ Clock in", off), line(t, "⏰ Break is over", off))])
    shown = len(linked.history)
    await talk(
        linked,
        [
            (t("⏰ Clock in"), like(t, WHEN)),
            (early, line(t, "⏰ Clock in", early)),
            (t("⏰ Clock out"), like(t, WHEN)),
            (t("at the end"), line(t, "⏰ Clock out", t("at the end"))),
            (t("⏰ Break is over"), like(t, WHEN)),
            (hour, line(t, "⏰ Break is over", hour), line(t, "⏰ Clock in", early)),
            (
                t("👔 Before my manager"),
                t("How long before your manager is told that you are missing should I ask you?"),
            ),
            (t.duration(15 * MINUTE), t(TITLE)),
            (t("🔕 Turn all off"), line(t, "⏰ Clock in", off), line(t, "⏰ Break is over", off)),
            (t("‹ Back"), t("Your settings")),
        ],
    )
    assert len(linked.history) == shown, "one message, edited"


async def test_reminders_are_typed(linked: Person, talk: Talk, t: Translator) -> None:
    late = t("{duration} after the start", duration=t.duration(7 * MINUTE))
    early = t("{duration} before the start", duration=t.duration(12 * MINUTE))
    await talk(
        linked,
        [
            ("/reminders", t(TITLE)),
            (t("⏰ Clock in"), like(t, WHEN)),
            (types("soon"), t("Please type a number of minutes, for instance 10, or /cancel.")),
            (types("500"), t("That is too far away. Please type a number from {first} to {last}, or /cancel.",
                             first="-120", last="60")),
            (types("٧"), line(t, "⏰ Clock in", late)),
            ("/reminders", line(t, "⏰ Clock in", late)),
            (t("⏰ Clock in"), like(t, WHEN)),
            (types("-12 min"), line(t, "⏰ Clock in", early)),
            (types("7"), t("I did not understand that. Use the buttons below, or send /help.")),
        ],
    )  # fmt: skip


async def test_the_question_is_left_by_cancel_and_by_another_button(linked: Person, talk: Talk) -> None:
    await talk(
        linked,
        [
            ("/reminders", TITLE),
            ("⏰ Clock in", "When? Tap it"),
            ("/cancel", "Cancelled."),
            (types("10"), "I did not understand that."),
            ("/reminders", TITLE),
            ("⏰ Clock out", "When? Tap it"),
            ("‹ Back", TITLE),
            (types("10"), "I did not understand that."),
        ],
    )


async def test_a_stranger_and_a_made_up_button(office: Office, sara: Person, linked: Person, talk: Talk) -> None:
    office.expects_trouble = True  # an edit that changes nothing
    await talk(sara, [("/reminders", "Please log in first.")])
    await talk(linked, [("/reminders", TITLE)])
    shown = linked.history[-1].message_id
    await talk(
        linked,
        [
            (presses_old("remind:in:999", shown), "That is too far away."),
            (presses_old("remind:nudge:99", shown), SILENCE),
            (presses_old("remind:lunch", shown), "That button is out of date."),
        ],
    )


WORDS = {"en": ("15 min before", "10 minutes after"), "ar": ("١٥ دقيقة قبل", "بعد البداية بـ10 دقائق")}


async def test_reminders_are_typed_in_words(linked: Person, talk: Talk, t: Translator) -> None:
    before, after = WORDS[t.language]
    early = t("{duration} before the start", duration=t.duration(15 * MINUTE))
    late = t("{duration} after the end", duration=t.duration(10 * MINUTE))
    hour = t("after {duration}", duration=t.duration(60 * MINUTE))
    nudge = t.duration(15 * MINUTE)
    steps: list[Step] = [
        ("/reminders", t(TITLE)),
        (t("⏰ Clock in"), like(t, WHEN)),
        (types(before), line(t, "⏰ Clock in", early)),
        (t("⏰ Clock out"), like(t, WHEN)),
        (types(after), line(t, "⏰ Clock out", late)),
        (t("⏰ Break is over"), like(t, WHEN)),
        (types(hour), line(t, "⏰ Break is over", hour)),
        (t("⏰ Clock in"), like(t, WHEN)),
        (types(t("off")), line(t, "⏰ Clock in", t("off"))),
        (t("👔 Before my manager"), t("How long before your manager is told that you are missing should I ask you?")),
        (types("7"), t("Please tap one of the buttons.")),
        (types("15"), t("👔 Before your manager is told: {when}", when=nudge)),
        (t("👔 Before my manager"),),
        (types(t("do not ask me")), t("👔 Before your manager is told: {when}", when=t("do not ask me"))),
    ]
    await talk(linked, steps)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_button_says_can_be_typed(language: str) -> None:
    t = translator_for(language)
    for kind, offered in OFFERED.items():
        for minutes in offered:
            assert read_minutes(plain(say_when(t, kind, minutes * MINUTE)), kind) == minutes
    for minutes in NUDGES[1:]:
        length = read_length(plain(say_nudge(t, minutes)))
        assert length is not None
        assert length.minutes == minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("10", 10), (" -10 ", -10), ("−5", -5), ("+5", 5), ("१५ मिनट", 15), ("10 min", 10), ("ten", None), ("1.5", None),
     ("10 11", None), ("", None), ("99999", None), ("half an hour before", -30), ("за 15 минут до начала", -15),
     ("शुरू होने से 15 मिनट पहले", -15), ("15 منٹ پہلے", -15), ("1 h 30 avant", -90), ("media hora antes", -30),
     ("10 menit sesudah mulai", 10), ("at the end", None), ("-10 before", None), ("before 10 after", None),
     ("10 bananas before", None)],
)  # fmt: skip
def test_how_minutes_are_read(text: str, minutes: int | None) -> None:
    assert read_minutes(text, ReminderKind.IN) == minutes


# -- reminders themselves ----------------------------------------------------------------------------------------------


async def expect_mona(office: Office) -> None:
    """She works from nine to six in Dubai today, as BioTime said at the last look."""
    hour = timedelta(hours=1)
    shift = Shift("1001", MORNING.date(), "Office", ShiftKind.WORK, 1, MORNING, MORNING + 9 * hour, MORNING - 3 * hour)
    mona = RosterPerson("1001", "1", "Mona", 1, "", None)

    def file(connection: Connection) -> None:
        settle_people(connection, NAME, [mona], office.clock())
        settle_shifts(connection, NAME, [MORNING.date()], [shift])

    await office.hadir.db.write(file)


async def look(office: Office) -> None:
    await office.hadir.reminders.run()
    await office.hadir.watch.delivering.run()


def reads(linked: Person) -> list[str]:
    return [plain(one.text) for one in linked.history]


async def test_she_is_reminded_once_and_again_when_she_puts_it_off(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await expect_mona(office)
    await talk(linked, [("/reminders", t(TITLE)), (t("⏰ Clock in"), like(t, WHEN)), (types("0"), t("at the start"))])
    for _ in range(2):
        await look(office)
    began = plain(t("⏰ {timetable} began at {time}, and you have not clocked in.", timetable="Office", time="09:00"))
    assert reads(linked).count(began) == 1
    await talk(linked, [(t("💤 In 10 min"), t("💤 I remind you again at {time}.", time="09:10"))])
    await look(office)
    assert began not in reads(linked)
    await office.pass_time(minutes=10)
    await look(office)
    assert reads(linked).count(began) == 1


async def test_she_is_not_reminded_of_what_she_has_done(office: Office, linked: Person, talk: Talk) -> None:
    await expect_mona(office)
    await talk(
        linked, [("/reminders",), ("⏰ Clock in", "When? Tap it"), (types("5"), TITLE), ("📍 Clock in", AT_OFFICE)]
    )
    await office.pass_time(minutes=5)
    await look(office)
    assert not [said for said in reads(linked) if "you have not clocked in" in said]


async def test_she_comes_while_the_reminder_is_on_its_way(office: Office, linked: Person, talk: Talk) -> None:
    await expect_mona(office)
    await talk(linked, [("/reminders",), ("⏰ Clock in", "When? Tap it"), (types("0"), TITLE)])
    await office.hadir.reminders.run()
    await talk(linked, [("📍 Clock in", AT_OFFICE)])
    await office.hadir.watch.delivering.run()
    assert not [said for said in reads(linked) if "you have not clocked in" in said]


async def test_breaks_and_the_end(office: Office, linked: Person, talk: Talk) -> None:
    await expect_mona(office)
    await talk(
        linked,
        [
            ("/reminders",),
            ("⏰ Break is over", "When? Tap it"),
            (types("30"), TITLE),
            ("⏰ Clock out", "When? Tap it"),
            (types("0"), TITLE),
            ("📍 Clock in", AT_OFFICE),
            ("☰ More",),
            ("Start break",),
            (shares(AT_OFFICE),),
        ],
    )
    await office.pass_time(minutes=30)
    await look(office)
    assert reads(linked)[-1] == "⏰ Your break began at 09:00. Share your location to end it."
    await talk(linked, [(shares(AT_OFFICE),)])
    await office.pass_time(hours=8, minutes=30)
    await look(office)
    assert "⏰ Office ended at 18:00, and you have not clocked out." in reads(linked)


async def test_whoever_is_sick_is_left_in_peace(office: Office, linked: Person, talk: Talk) -> None:
    await expect_mona(office)
    await talk(linked, [("/reminders",), ("⏰ Clock in", "When? Tap it"), (types("0"), TITLE)])
    sick = Notice(NAME, "1001", MORNING.date(), NoticeKind.SICK, None, None, MORNING, "a test")
    await office.hadir.db.write(lambda c: add_notice(c, sick))
    assert await office.hadir.reminders.run() == 0
