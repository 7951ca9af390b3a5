"""Omar's mornings: the summary, who forgot to clock out, and when and of what he is told at all."""

from datetime import time, timedelta

import pytest

from bot.gateway.sample import NAME
from bot.i18n import Translator
from bot.playground.chats import SeenMessage
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.services.appointing import Appointing
from bot.services.settling import read_quiet
from bot.store import managers
from bot.store.managers import Scope, StandIn
from tests.chat.february import add_february
from tests.chat.team import appoint, enter
from tests.talk import AT_OFFICE, Office, Talk, like, presses_old, speaker, types

HUB = "🔔 When I tell you"
WHOSE = "☝️ For you your own ⏱ counts, instead of 🔔. Both begin when the grace ⏳ is over."


async def look(office: Office, *, hours: float = 0) -> None:
    """What the jobs do by and by."""
    office.clock.at += timedelta(hours=hours, seconds=61)
    watch = office.hadir.watch
    await office.rest()
    await watch.run()
    await watch.tell_managers()
    await watch.delivering.run()
    await office.rest()


def said(person: Person, start: str) -> SeenMessage:
    return next(message for message in reversed(person.history) if plain(message.text).startswith(plain(start)))


async def test_omar_reads_yesterday_and_asks_mona_with_one_tap(
    office: Office, linked: Person, omar: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    """She clocked in on Monday, and never out."""
    omar.language = t.language
    add_february(office)
    await appoint(office)
    await enter(office, omar)
    await talk(linked, [(speaker(linked)("📍 Clock in"), AT_OFFICE)])
    await look(office, hours=24)
    digest = said(omar, "☀️")
    assert plain(t("☀️ Your team on {day}", day=t.day(office.clock().date() - timedelta(days=1)))) in plain(digest.text)
    assert plain(f"{t('❔ Punch missing ({n})', n=1)}: Mona") in plain(digest.text)
    await look(office)
    assert len([m for m in omar.history if plain(m.text).startswith("☀️")]) == 1, "once a day"
    forgotten = said(omar, "🚪")
    assert forgotten.labels == (t("❔ Ask {name}", name="Mona"),)
    await talk(omar, [(forgotten.labels[0],)])
    await look(office)
    asked = said(linked, "👋")
    await enter(office, huda)
    yesterday = plain(speaker(huda).day(office.clock().date() - timedelta(days=1)))
    await talk(huda, [("/audit", "asked where they are", f"Mona (1001) · {yesterday}")])
    assert like(
        speaker(linked), "👋 {name} asks: a punch of yours is missing on {day}. When did you come or leave?"
    ).search(plain(asked.text))
    assert asked.labels == (speaker(linked)("📝 Report a forgotten punch"),)
    after = said(omar, "🚪")
    assert (after.message_id, after.labels) == (forgotten.message_id, ())
    assert "✓" in after.text


async def test_who_stands_in_reads_whose_morning_it_is(
    office: Office, linked: Person, omar: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    """Omar has handed over to Huda: his digest and who forgot are hers, and he hears nothing."""
    huda.language = t.language
    add_february(office)
    await appoint(office)
    await enter(office, omar)
    await enter(office, huda)
    await talk(linked, [(speaker(linked)("📍 Clock in"), AT_OFFICE)])
    period = StandIn(NAME, "1002", "1003", office.clock(), office.clock() + timedelta(hours=48))
    await office.hadir.db.write(lambda c: managers.add_stand_in(c, period))
    await look(office, hours=24)
    await look(office)
    whose = plain(t("🤝 You stand in for {name}, whose people these are:", name="Omar"))
    told = [plain(m.text) for m in huda.history if plain(m.text).startswith(whose)]
    assert any("☀️" in text and f"{t('❔ Punch missing ({n})', n=1)}: Mona" in text for text in told)
    assert any("🚪" in text and "Mona" in text for text in told)
    assert not [m for m in omar.history if plain(m.text).startswith(("☀️", "🚪"))]


async def test_who_stands_in_hears_of_it_and_of_the_end(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    """Omar hands over to Mona for today: she is told at once, sees it in /alerts, and both hear when it is over."""
    omar.language = t.language
    tm = speaker(linked)
    await appoint(office)
    await enter(office, omar)
    await talk(omar, [("/alerts",), (t("🤝 Hand over"),), ("Mona", t("For how long, today included?")),
                      (t.plural("{n} day", "{n} days", 1), "Mona")])  # fmt: skip
    asked = [plain(m.text) for m in omar.history]
    assert plain(t("✅ Chosen: {name}", name="Mona")) in asked
    assert plain(t("Cancelled. Nothing was sent.")) not in asked
    await look(office)
    begun = said(linked, "🤝")
    assert like(tm, "🤝 You stand in for {name} until {when}.").search(plain(begun.text))
    assert tm("👥 Team") in begun.labels
    await talk(linked, [("/alerts", like(tm, "🤝 You stand in for: {value}"))])
    assert plain("Omar") in plain(linked.history[-1].text)
    before = len(linked.history)
    await look(office, hours=26)
    assert plain(said(linked, "🤝").text) == plain(tm("🤝 You do not stand in for {name} any more.", name="Omar"))
    assert len(linked.history) > before
    back = t("🤝 {name} does not stand in for you any more: you are told about your people again.", name="Mona")
    assert plain(said(omar, "🤝").text) == plain(back)


async def test_who_stood_in_hears_that_it_was_taken_back(
    office: Office, linked: Person, omar: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    omar.language = huda.language = t.language
    await appoint(office)
    await enter(office, omar)
    await enter(office, huda)
    await talk(omar, [("/alerts",), (t("🤝 Hand over"),), ("Mona",), (t.plural("{n} day", "{n} days", 1),),
                      (t("🤝 Hand over"),), (t("↩ Take it back now"),)])  # fmt: skip
    await look(office)
    ended = speaker(linked)("🤝 You do not stand in for {name} any more.", name="Omar")
    assert [plain(m.text) for m in linked.history if plain(m.text).startswith("🤝")] == [plain(ended)]
    await talk(huda, [("/audit", plain(f"Omar (1002) {t('took back their people from:')} Mona (1001)"))])
    await look(office, hours=40)
    assert not [m for m in omar.history if plain(m.text).startswith("🤝")], "he has done it himself"


async def test_a_new_manager_hears_whom_they_manage(
    office: Office, linked: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    huda.language = t.language
    await appoint(office)
    await enter(office, huda)
    await talk(huda, [("/managers",), (t("➕ Add a manager"),), ("1001", t("Whom does {name} manage?", name="Mona")),
                      (t("🌐 Everybody"), t("✅ Done. From now on they are told who is missing."))])  # fmt: skip
    asked = [plain(m.text) for m in huda.history]
    assert plain(t("✅ Chosen: {name}", name="Mona")) in asked
    assert plain(t("Cancelled. Nothing was sent.")) not in asked
    await look(office)
    tm = speaker(linked)
    told = said(linked, "👔")
    assert plain(tm("everybody")) in plain(told.text)
    assert plain(tm("From now on you are told who is missing.")) in plain(told.text)


async def test_who_was_not_logged_in_hears_at_the_log_in_whom_they_manage_and_for_whom_they_stand_in(
    office: Office, omar: Person, mona: Person, talk: Talk, t: Translator
) -> None:
    """Omar becomes Mona's manager and hands over to her: each sees it on coming, and only once."""
    omar.language = mona.language = t.language
    await office.hadir.watch.syncing.run()
    appointing = Appointing(office.hadir.db, office.hadir.watch.managing, office.clock)
    await appointing.add_as_operator(NAME, "1002", Scope.DEPARTMENT, "Sales")
    await look(office)
    await enter(office, omar)
    await look(office)
    sales = t("{department}, with all below it", department="Sales")
    told = t.plural("👔 You are a manager now: {whom}. That is {n} person.", "", 1, whom=t.isolate(sales))
    assert plain(told) in plain(said(omar, "👔").text)
    await talk(omar, [("/alerts",), (t("🤝 Hand over"),), ("Mona",), (t.plural("{n} day", "{n} days", 1), "Mona")])
    await look(office)
    for _ in range(2):
        await enter(office, mona)
        await look(office)
        begun = like(t, "🤝 You stand in for {name} until {when}.", name="Omar")
        assert len([m for m in mona.history if begun.search(plain(m.text))]) == 1
        await talk(mona, [("/logout",)])
    await talk(omar, [("/logout",)])
    await enter(office, omar)
    await look(office)
    assert len([m for m in omar.history if plain(m.text).startswith("👔")]) == 1


async def test_who_is_no_manager_any_more_by_then_hears_nothing(office: Office, omar: Person) -> None:
    await office.hadir.watch.syncing.run()
    appointing = Appointing(office.hadir.db, office.hadir.watch.managing, office.clock)
    added = await appointing.add_as_operator(NAME, "1002", Scope.ALL, "")
    assert isinstance(added, managers.Manager)
    await look(office)
    await appointing.drop_as_operator(NAME, added.id)
    await enter(office, omar)
    await look(office)
    assert not [m for m in omar.history if plain(m.text).startswith("👔")]


async def test_the_week_comes_on_its_day_with_a_line_for_each(office: Office, omar: Person) -> None:
    add_february(office)
    await appoint(office)
    await enter(office, omar)
    await look(office, hours=7 * 24)
    week = said(omar, "📊 Your team from Mon, 2 Mar to Sun, 8 Mar")
    assert "• Mona: ❌ Absent: 5" in plain(week.text)


async def test_he_chooses_when_he_is_told(
    office: Office, omar: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    omar.language = t.language
    await appoint(office)
    await enter(office, omar)
    half_an_hour = t.duration(timedelta(minutes=30))
    quiet = t("{from_time} to {until_time}", from_time="21:30", until_time="06:00")
    midnight = t("{from_time} to {until_time}", from_time="22:00", until_time="00:00")
    await talk(
        omar,
        [
            ("/alerts", t(HUB), plain(t("⏱ You are told after: {value}", value=t.duration(timedelta(minutes=10))))),
            (t("⏱ Told after"), t("How long after somebody was due do you want to know?")),
            (half_an_hour, plain(t("⏱ You are told after: {value}", value=half_an_hour)), t(WHOSE)),
            (t("🌙 Quiet hours"), like(t, "When do you want to hear nothing? Choose, or type it like 22:00-06:00.")),
            ("always", like(t, "I read 22:00-06:00 or 22-6. Please type it again, or /cancel.")),
            ("22:00 - 24:00", plain(t("🌙 Quiet hours: {value}", value=midnight))),
            (t("🌙 Quiet hours"),),
            ("21:30-6", plain(t("🌙 Quiet hours: {value}", value=quiet))),
            (t("☀️ Daily summary"), t("When do you want the daily summary? Choose, or type it like 07:30.")),
            ("24:00", t("I read 07:30 or 7. Please type it again, or /cancel.")),
            ("٢٣:٥٩", t("☀️ Daily summary: {value}", value="23:59")),
            (t("☀️ Daily summary"),),
            (types("0"), t("☀️ Daily summary: {value}", value="00:00")),
            (t("☀️ Daily summary"),),
            ("07:00", t("☀️ Daily summary: {value}", value="07:00")),
            (t("⏫ Next manager"), t("After how long without a reaction of yours is the next manager told?")),
            (t("never"), t("⏫ The next manager is told after: {value}", value=t("never"))),
            (t("⏫ Next manager"),),
            (t("never"), t("⏫ The next manager is told after: {value}", value=t("never"))),
        ],
    )
    huda.language = t.language
    await enter(office, huda)
    done = t("changed when they are told")
    changes = (
        ("⏱ Told after: {value}", half_an_hour, t.duration(timedelta(minutes=10))),
        ("🌙 Quiet hours: {value}", quiet, midnight),
        ("☀️ Daily summary: {value}", "23:59", "08:00"),
        ("☀️ Daily summary: {value}", "07:00", "00:00"),
        ("⏫ The next manager is told after: {value}", t("never"), half_an_hour),
    )
    became = "{value} (before: {before})"
    said = [plain(t(name, value=t(became, value=now, before=before))) for name, now, before in changes]
    await talk(huda, [("/audit", plain(done), *said)])
    assert plain(huda.history[-1].text).count(plain(done)) == 7, "not what was so before"


async def test_forged_numbers_do_nothing(office: Office, omar: Person, talk: Talk) -> None:
    await appoint(office)
    await enter(office, omar)
    await talk(omar, [("/alerts", "You are told after: 10 min")])
    for what in ("delay", "escalate", "weekly", "days", "acting"):
        for number in ("9" * 20, "9" * 40, "-1", "7.5", "0.0"):
            forged = presses_old(f"alerts:{what}:{number}", omar.history[-1].message_id)
            office.expects_trouble = True  # Telegram: not modified
            await talk(omar, [(forged,)])
    assert "error" not in office.logged.getvalue().lower()
    await talk(omar, [("/alerts", "You are told after: 10 min", "The week comes on: Monday")])


async def test_hr_who_manages_nobody_has_no_delay_to_choose(
    office: Office, huda: Person, talk: Talk, t: Translator
) -> None:
    huda.language = t.language
    await appoint(office)
    await enter(office, huda)
    await talk(huda, [("/alerts", t(HUB))])
    assert t("⏱ Told after") not in huda.history[-1].labels
    assert plain(t(WHOSE)) not in plain(huda.history[-1].text)
    assert t("🌙 Quiet hours") in huda.history[-1].labels
    assert "–" not in huda.history[-1].text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("8:00-11:00", (time(8), time(11))),
        ("8-11", (time(8), time(11))),
        ("٢٢-٦", (time(22), time(6))),
        ("22.30 – 6", (time(22, 30), time(6))),
        ("22:00 - 24:00", (time(22), time())),
        ("٢٢-٢٤", (time(22), time())),
        ("22-24:30", None),
        ("0-24", None),
        ("24-6", None),
        ("8:60-9", None),
        ("8-8", None),
        ("8", None),
    ],
)
def test_quiet_hours_as_people_type_them(typed: str, expected: tuple[time, time] | None) -> None:
    assert read_quiet(typed) == expected


async def test_he_hands_over_for_a_while_and_it_comes_back_by_itself(
    office: Office, linked: Person, omar: Person, huda: Person, talk: Talk
) -> None:
    await appoint(office)
    await enter(office, omar)
    await enter(office, huda)
    await talk(
        omar,
        [
            ("/alerts", HUB, "Stands in for you: nobody"),
            ("🤝 Hand over", "Who stands in for you?"),
            ("huda", "I found nobody"),
            ("mona", "For how long, today included?"),
            ("2 days", "Stands in for you: Mona, until Wed, 4 Mar, 00:00"),
        ],
    )
    await talk(huda, [("/audit", "Omar (1002) handed over to: Mona (1001), until Wed, 4 Mar, 00:00")])
    t = speaker(linked)
    await talk(linked, [("/team", t.plural("👥 Your team: {n} person", "👥 Your team: {n} people", 0))])
    await office.pass_time(hours=40)
    await talk(linked, [("/team", t("You manage nobody in Hadir yet. HR can change that."))])
    await talk(omar, [("/alerts", "Stands in for you: nobody")])


async def test_hr_sets_the_company_s_rules_and_nobody_else(
    office: Office, linked: Person, omar: Person, huda: Person, talk: Talk
) -> None:
    await appoint(office)
    await enter(office, omar)
    await enter(office, huda)
    await talk(
        huda,
        [("/alerts", HUB), ("🏢 The company's rules", "Alerts are on", "Grace: 10 min"), ("⏳ 15", "Grace: 15 min")],
    )
    await talk(
        huda,
        [
            ("⚪ Switch alerts off", "Alerts are off"),
            ("/audit", "changed the rules of alerts", "Grace: 15 min (before: 10 min)", "Alerts are off"),
        ],
    )
    for person, refusal in ((omar, "This is for HR only."), (linked, speaker(linked)("This is for HR only."))):
        for data in ("rules", "rules:grace:0"):
            await talk(person, [("/help",)])
            await talk(person, [(presses_old(data, person.history[-1].message_id), refusal)])
    await talk(huda, [("/alerts", HUB), ("🏢 The company's rules", "Grace: 15 min")])


async def test_a_day_on_two_phones_becomes_what_both_tapped(office: Office, omar: Person, talk: Talk) -> None:
    await appoint(office)
    await enter(office, omar)
    office.expects_trouble = True  # the second tap finds everything said already
    for before, after in (("◻️ Saturday", "✅ Saturday"), ("✅ Saturday", "◻️ Saturday")):
        await talk(omar, [("/alerts",), ("📆 Working days",)])
        shown = omar.history[-1]
        (data,) = [one.data for row in shown.buttons for one in row if one.data and one.text == before]
        for _ in range(2):
            await talk(omar, [(presses_old(data, shown.message_id),)])
            assert after in omar.history[-1].labels


async def test_nobody_is_asked_by_who_does_not_manage_them(
    office: Office, linked: Person, omar: Person, talk: Talk
) -> None:
    await appoint(office)
    await enter(office, omar)
    none = "There is nobody of that name among your people."
    await talk(omar, [("/help",), (presses_old("left:2026-03-01:1003", omar.history[-1].message_id), none)])
    await talk(linked, [("/help",)])
    refusal = speaker(linked)(none)
    await talk(linked, [(presses_old("left:2026-03-01:1002", linked.history[-1].message_id), refusal)])
