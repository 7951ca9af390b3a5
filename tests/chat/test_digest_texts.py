"""A digest reads in words, in every language: what was the matter with whom, and how often."""

from dataclasses import replace
from datetime import date

import pytest

from bot.chat.digest_texts import describe_digest
from bot.i18n import LANGUAGES, translator_for
from bot.playground.watching import plain
from bot.services.digests import Digest, Period, Span, Tally, Unfinished
from bot.services.workdays import DAY

MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)
MONA = Tally("1001", "Mona", absent=2, late=3, late_minutes=25, missing=("2026-03-04",), leave=1, early=2,
             early_minutes=40)  # fmt: skip
AWAY = Tally("1002", "Store 02", absent=1, late=0, late_minutes=0, missing=(), leave=0)


def digest(span: Span, first: date, last: date, *tallies: Tally) -> Digest:
    return Digest(Period(span, first, last), 2, tallies, waiting=0, untimed=())


def test_a_week_says_of_each_in_words_what_was_the_matter() -> None:
    said = describe_digest(translator_for("en"), digest(Span.WEEKLY, MONDAY, SUNDAY, MONA, AWAY))
    assert said == (
        "📊 Your team from Mon, 2 Mar to Sun, 8 Mar\n"
        "\n"
        "• Mona: ❌ Absent: 2 · ⏰ Late: 3 (25 min) · 🚪 Left early: 2 (40 min) · ❔ Punch missing: 1 · 🌴 Leave: 1\n"
        "• Store 02: ❌ Absent: 1"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("span", [Span.WEEKLY, Span.MONTHLY])
def test_no_sign_stands_without_its_word(language: str, span: Span) -> None:
    t = translator_for(language)
    said = plain(describe_digest(t, digest(span, MONDAY, SUNDAY, MONA)))
    for word in ("Absent", "Late", "Left early", "Punch missing", "Leave"):
        assert f" {plain(t.field(t(word), ''))}".rstrip() in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_names_who_left_early_and_by_how_much(language: str) -> None:
    t = translator_for(language)
    said = plain(describe_digest(t, digest(Span.DAILY, MONDAY, MONDAY, MONA, AWAY)))
    left = plain(t.field(t("🚪 Left early ({n})", n=1), "Mona"))
    assert left in said


def test_a_week_of_another_year_says_so() -> None:
    first, last = date(2025, 12, 22), date(2025, 12, 31)
    t = translator_for("en")
    week = describe_digest(t, digest(Span.WEEKLY, first, last, MONA))
    assert week.startswith("📊 Your team from Mon, 22 Dec 2025 to Wed, 31 Dec 2025\n")
    day = describe_digest(t, digest(Span.DAILY, last, last, MONA))
    assert day.startswith("☀️ Your team on Wed, 31 Dec 2025\n")


def test_nights_stand_with_their_day_and_who_is_not_done_yet_is_named() -> None:
    night = Tally("1018", "Guard 02", absent=1, late=0, late_minutes=0, missing=(), leave=0)
    running = Unfinished("1019", "Guard 03", MONDAY + DAY, "Night guard")
    told = replace(
        digest(Span.DAILY, MONDAY + DAY, MONDAY + DAY), earlier=((MONDAY, (night,)),), unfinished=(running,), waiting=1
    )
    assert describe_digest(translator_for("en"), told) == (
        "☀️ Your team on Tue, 3 Mar\n"
        "\n"
        "🌙 Mon, 2 Mar\n"
        "❌ Absent (1): Guard 02\n"
        "\n"
        "🌙 Not over yet, told next time (1): Guard 03\n"
        "\n"
        "🗳 1 request waits for your decision."
    )


def test_a_week_names_the_shifts_of_before_that_it_counts() -> None:
    week = replace(digest(Span.WEEKLY, MONDAY, SUNDAY, AWAY), counted=((MONDAY - DAY, ("Guard 01", "Guard 02")),))
    assert describe_digest(translator_for("en"), week) == (
        "📊 Your team from Mon, 2 Mar to Sun, 8 Mar\n"
        "🌙 Shifts of Sun, 1 Mar counted too (2): Guard 01, Guard 02\n"
        "\n"
        "• Store 02: ❌ Absent: 1"
    )
