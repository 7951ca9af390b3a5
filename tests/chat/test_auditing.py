"""Who did what, as HR reads it, a line each."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.chat.auditing import describe_audit_line
from bot.chat.settings_texts import day_name
from bot.i18n import Translator, translator_for
from bot.playground.watching import plain
from bot.store.audit_lines import Act, AuditLine

DUBAI = ZoneInfo("Asia/Dubai")
LINE = AuditLine("Demo Trading", datetime(2026, 3, 2, 5, tzinfo=UTC), "1003", "Huda", Act.EXCLUDED, "once")
MONA = replace(LINE, emp_code="1001", name="Mona", detail={"text": ""})
SALES = replace(LINE, detail={"text": "Sales"})


def read(line: AuditLine, language: str = "en") -> str:
    return plain(describe_audit_line(translator_for(language), line, DUBAI)).partition(" · ")[2]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_who_is_left_out_and_taken_back(language: str) -> None:
    t = translator_for(language)
    for act, said in ((Act.EXCLUDED, t("left out of alerts:")), (Act.INCLUDED, t("took back into alerts:"))):
        assert read(replace(MONA, act=act), language) == f"Huda (1003) {said} Mona (1001)"
        sales = plain(t("department {name}", name="Sales"))
        assert read(replace(SALES, act=act), language) == f"Huda (1003) {said} {sales}"


def test_the_command_line_has_no_code() -> None:
    by = replace(MONA, by_code="", by_name="hadir alerts")
    assert read(by) == "hadir alerts left out of alerts: Mona (1001)"


def test_whom_somebody_manages() -> None:
    made = replace(MONA, act=Act.MANAGER_ADDED)
    for detail, said in (
        ({"text": "Sales", "scope": "department"}, "Sales, with all below it"),
        ({"text": "Store", "scope": "area"}, "everybody at Store"),
        ({"text": "", "scope": "all"}, "everybody"),
    ):
        assert read(replace(made, detail=detail)) == f"Huda (1003) made a manager · Mona (1001) · {said}"


def test_changed_rules_are_the_sentences_of_their_card(t: Translator) -> None:
    line = replace(LINE, act=Act.RULES_CHANGED, detail={"text": "grace=10→15 incident=60→90 enabled=1→0"})
    minutes = [t("{minutes} min", minutes=t.number(n)) for n in (15, 10)]
    said = [
        f"Huda (1003) {t('changed the rules of alerts')}",
        t("⏳ Grace: {value}", value=t("{value} (before: {before})", value=minutes[0], before=minutes[1])),
        t("🚨 One incident when missing: {value}", value=t("{value} (before: {before})", value="90%", before="60%")),
        t("⚪ Alerts are off: nobody is told who is missing."),
    ]
    assert read(line, t.language) == "\n".join(map(plain, said))
    back = replace(line, detail={"text": "enabled=0→1"})
    assert read(back, t.language).endswith(plain(t("🟢 Alerts are on.")))


def test_what_a_manager_chose_is_in_words(t: Translator) -> None:
    """Days by their names, times and lengths as on the card of settings."""
    text = "delay=0→30 weekly=1→4 days=12345→- digest=08:00→- quiet=22:00-06:00→22:00-23:48 escalate=30→0 requests=1→0"
    night = [t("{from_time} to {until_time}", from_time="22:00", until_time=last) for last in ("23:48", "06:00")]
    minutes, never, at_once = t("{minutes} min", minutes=t.number(30)), t("never"), t("at once")
    week = t.enumerate(day_name(t, day) for day in range(5))
    sentences = (
        ("⏱ Told after: {value}", minutes, at_once),
        ("📊 The week comes on: {value}", day_name(t, 3), day_name(t, 0)),
        ("📆 Working days: {value}", "–", week),
        ("☀️ Daily summary: {value}", t("off"), "08:00"),
        ("🌙 Quiet hours: {value}", *night),
        ("⏫ The next manager is told after: {value}", never, minutes),
        ("🗳 New requests are told: {value}", t("not at once"), at_once),
    )
    changed = [
        t(name, value=t("{value} (before: {before})", value=now, before=before)) for name, now, before in sentences
    ]
    line = replace(LINE, act=Act.CHOSE, detail={"text": text})
    head = f"Huda (1003) {t('changed when they are told')}"
    assert read(line, t.language) == "\n".join(map(plain, [head, *changed]))


@pytest.mark.parametrize("kept", ["weekly=0→9", "digest=soon→late", "volume=1→2", "grace=a→b", "nothing"])
def test_what_is_not_as_we_write_it_is_said_as_it_is(kept: str) -> None:
    line = replace(LINE, act=Act.CHOSE, detail={"text": kept})
    assert read(line) == f"Huda (1003) changed when they are told\n{kept}"


def test_to_whom_and_until_when_somebody_handed_over(t: Translator) -> None:
    line = replace(MONA, act=Act.HANDED_OVER, detail={"text": "2026-03-04 00:00"})
    when = t.day_and_time(datetime(2026, 3, 4, tzinfo=DUBAI), DUBAI)
    whom = t("{name}, until {when}", name=t("{name} ({code})", name="Mona", code="1001"), when=when)
    assert read(line, t.language) == plain(f"Huda (1003) {t('handed over to:')} {whom}")
    assert "2026" not in read(line, t.language)
    assert read(replace(line, detail={"text": "a while"})) == "Huda (1003) handed over to: Mona (1001) · a while"


def test_how_many_were_called_and_which_shift_it_was(t: Translator) -> None:
    called = replace(LINE, act=Act.MUSTERED, detail={"text": "8"})
    people = plain(t.plural("{n} person", "{n} people", 8))
    assert read(called, t.language) == f"Huda (1003) {t('called the roll')} · {people}"
    day = plain(t.day(date(2026, 3, 2)))
    seen = replace(LINE, act=Act.SEEN, detail={"text": "Early shift 2026-03-02"})
    assert read(seen, t.language) == f"Huda (1003) {t('looked at a card')} · Early shift · {day}"
    asked = replace(MONA, act=Act.ASKED, detail={"text": "2026-03-02"})
    assert read(asked, t.language) == f"Huda (1003) {t('asked where they are')} · Mona (1001) · {day}"


def test_from_whom_somebody_took_back_their_people(t: Translator) -> None:
    line = replace(MONA, act=Act.TOOK_BACK)
    assert read(line, t.language) == f"Huda (1003) {t('took back their people from:')} Mona (1001)"
    before = replace(LINE, act=Act.TOOK_BACK, detail={"text": ""})
    assert read(before, t.language) == f"Huda (1003) {t('took back')}", "written before it was kept"


@pytest.mark.parametrize("act", [Act.ASKED, Act.EXCUSED, Act.UNEXCUSED, Act.SNOOZED, Act.UNSNOOZED])
def test_for_whom_a_stand_in_asked_and_excused(act: Act) -> None:
    line = replace(MONA, act=act, detail={"text": "Early shift 2026-03-02", "stood_in_for": [["1002", "Omar"]]})
    assert read(line).endswith("Mona (1001) · Early shift · Mon, 2 Mar · standing in for Omar (1002)")


def test_for_whom_a_stand_in_decided(t: Translator) -> None:
    detail = {"at": "2026-03-02T04:00:00+00:00", "until": None, "state": 0, "pay_code": None}
    line = replace(MONA, act=Act.APPROVED, detail=detail | {"stood_in_for": [["1002", "Omar"]]})
    said = plain(t("standing in for {name}", name="Omar (1002)"))
    assert read(line, t.language).endswith(f" · {said}")
    assert said not in read(replace(line, detail=detail), t.language), "their own, or written before it was kept"
