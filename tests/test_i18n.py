import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.reading import Days, read_day
from bot.i18n import LANGUAGES, N_, Translator, choose_language, translator_for

DUBAI = ZoneInfo("Asia/Dubai")
MORNING = datetime(2025, 3, 9, 4, 59, 58, tzinfo=UTC)
FSI, PDI = "\u2068", "\u2069"


@pytest.fixture(scope="module", autouse=True)
def _catalogues() -> None:
    """Read before anything is generated: the first sentence of a language takes a while."""
    for language in LANGUAGES:
        translator_for(language)


@pytest.fixture
def english() -> Translator:
    return translator_for("en")


@pytest.fixture
def arabic() -> Translator:
    return translator_for("ar")


@pytest.mark.parametrize(
    ("stored", "code", "company", "chosen"),
    [
        ("ar", "en", "en", "ar"),
        (None, "ar-EG", "en", "ar"),
        (None, "AR_sa", "en", "ar"),
        (None, "en-GB", "ar", "en"),
        (None, "de", "ar", "ar"),
        (None, "fr-CA", "ar", "fr"),
        (None, None, "ar", "ar"),
        (None, "", None, "en"),
        ("xx", "yy", "zz", "en"),
        (None, "arn", "en", "en"),
    ],
)
def test_choice_of_the_language(stored: str | None, code: str | None, company: str | None, chosen: str) -> None:
    assert choose_language(stored, code, company) == chosen


def test_a_translator_is_made_once_per_language() -> None:
    assert translator_for("ar") is translator_for("ar")
    with pytest.raises(KeyError):
        translator_for("de")


def test_directions_and_names(english: Translator, arabic: Translator) -> None:
    assert (english.rtl, arabic.rtl) == (False, True)
    assert (english.own_name, arabic.own_name) == ("English", "العربية")


def test_english_sentences_are_their_own_translation(english: Translator) -> None:
    assert english("Clocked in at {time}", time="09:00") == "Clocked in at 09:00"
    assert english.plural("{n} punch", "{n} punches", 1) == "1 punch"
    assert english.plural("{n} punch", "{n} punches", 1200) == "1,200 punches"
    assert english.in_context("button", "Open {name}", name="HR") == "Open HR"


def test_a_marked_constant_stays_what_it_is() -> None:
    assert N_("Clock in") == "Clock in"


def test_a_value_never_reaches_into_objects(english: Translator) -> None:
    assert english("Hello {name}", name="{name.__class__}") == "Hello {name.__class__}"


def test_a_sentence_without_its_value_is_a_mistake(english: Translator) -> None:
    with pytest.raises(KeyError):
        english("Clocked in at {time}")


def test_times_and_dates(english: Translator, arabic: Translator) -> None:
    assert english.time(MORNING, DUBAI, seconds=True) == "08:59:58"
    assert english.time(MORNING, DUBAI) == "08:59"
    assert english.date(date(2025, 3, 9)) == "9 Mar 2025"
    assert english.day(date(2025, 3, 9)) == "Sun, 9 Mar"
    assert english.day(date(2025, 3, 9), date(2025, 12, 31)) == "Sun, 9 Mar"
    assert english.day(date(2025, 3, 9), date(2026, 1, 1)) == "Sun, 9 Mar 2025"
    assert english.day_and_time(MORNING, DUBAI) == "Sun, 9 Mar, 08:59"
    assert arabic.time(MORNING, DUBAI, seconds=True) == "08:59:58"
    assert arabic.date(date(2025, 3, 9)) == "9 مارس 2025"
    assert arabic.day(date(2025, 3, 9)) == "الأحد، 9 مارس"
    assert arabic.day(date(2025, 3, 9), date(2026, 1, 1)) == "الأحد، 9 مارس 2025"
    assert arabic.day_and_time(MORNING, DUBAI) == f"{FSI}الأحد، 9 مارس{PDI}، {FSI}08:59{PDI}"


def test_the_day_is_the_zones(english: Translator) -> None:
    late = datetime(2025, 3, 9, 21, 30, tzinfo=UTC)
    assert english.day_and_time(late, DUBAI) == "Mon, 10 Mar, 01:30"


def test_a_time_without_a_zone_is_refused(english: Translator) -> None:
    with pytest.raises(ValueError, match="zone"):
        english.time(datetime(2025, 3, 9, 9, 0), DUBAI)


@pytest.mark.parametrize(
    ("length", "short", "words"),
    [
        (timedelta(), "0 min", "0 minutes"),
        (timedelta(minutes=1, seconds=59), "1 min", "1 minute"),
        (timedelta(hours=1), "1 h 00 min", "1 hour"),
        (timedelta(hours=7, minutes=5), "7 h 05 min", "7 hours and 5 minutes"),
        (timedelta(days=2), "48 h 00 min", "48 hours"),
    ],
)
def test_durations(english: Translator, length: timedelta, short: str, words: str) -> None:
    assert english.duration(length) == short
    assert english.duration_in_words(length) == words


def test_durations_in_arabic_have_their_own_plurals(arabic: Translator) -> None:
    assert arabic.duration(timedelta(hours=7, minutes=5)) == "7 س 05 د"
    assert arabic.duration_in_words(timedelta(hours=2, minutes=5)) == "ساعتان و5 دقائق"
    assert arabic.duration_in_words(timedelta(hours=11)) == "11 ساعة"


def test_an_hour_in_urdu_is_one() -> None:
    urdu = translator_for("ur")
    assert urdu.duration(timedelta(hours=1)) == "1 گھنٹہ 00 منٹ"
    assert urdu.duration(timedelta(hours=2, minutes=5)) == "2 گھنٹے 05 منٹ"


SOME = (1, 2, 3, 5, 11, 21)
WORDS = {
    "en": ["1 hour", "2 hours", "3 hours", "5 hours", "11 hours", "21 hours"],
    "ar": ["ساعة", "ساعتان", "3 ساعات", "5 ساعات", "11 ساعة", "21 ساعة"],
    "hi": ["1 घंटा", "2 घंटे", "3 घंटे", "5 घंटे", "11 घंटे", "21 घंटे"],
    "ur": ["1 گھنٹہ", "2 گھنٹے", "3 گھنٹے", "5 گھنٹے", "11 گھنٹے", "21 گھنٹے"],
    "fr": ["1\u00a0heure", *(f"{n}\u00a0heures" for n in SOME[1:])],
    "es": ["1 hora", "2 horas", "3 horas", "5 horas", "11 horas", "21 horas"],
    "ru": ["1 час", "2 часа", "3 часа", "5 часов", "11 часов", "21 час"],
    "id": ["1 jam", "2 jam", "3 jam", "5 jam", "11 jam", "21 jam"],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_hours_have_their_plurals(language: str) -> None:
    t = translator_for(language)
    assert [t.duration_in_words(timedelta(hours=n)) for n in SOME] == WORDS[language]


def test_no_line_breaks_before_a_colon_in_french() -> None:
    t = translator_for("fr")
    assert t.field("Poste", "vendeuse") == "Poste\u00a0: vendeuse"
    assert t("When? Tap it, or type it, for instance “{example}”.", example="8 h").startswith("Quand\u202f? ")
    assert t("Your words: {words}", words="à 8 h : non").startswith("Vos mots\u00a0: à"), "theirs are left alone"


def test_what_is_owed_is_negative(english: Translator) -> None:
    assert english.duration(timedelta(minutes=-90)) == "-1 h 30 min"
    assert english.duration(timedelta(seconds=-59)) == "0 min"
    with pytest.raises(ValueError, match="negative"):
        english.duration_in_words(timedelta(minutes=-1))


@pytest.mark.parametrize(
    ("metres", "shown"),
    [
        (0.4, "0 m"),
        (38.2, "38 m"),
        (999.4, "999 m"),
        (999.6, "1 km"),
        (2101, "2.1 km"),
        (9960, "10 km"),
        (1_234_567, "1,235 km"),
    ],
)
def test_distances(english: Translator, metres: float, shown: str) -> None:
    assert english.distance(metres) == shown


def test_distances_in_arabic(arabic: Translator) -> None:
    assert arabic.distance(38) == "38 مترًا"
    assert arabic.distance(2101) == "2.1 كم"


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_kind_of_digits_in_a_language(language: str) -> None:
    t = translator_for(language)
    shown = t.time(MORNING, DUBAI, seconds=True) + t.date(MORNING.date()) + t.distance(2101) + t.number(12345.5)
    shown += t.duration(timedelta(hours=7, minutes=5)) + t.duration_in_words(timedelta(hours=7, minutes=5))
    assert {character for character in shown if character.isdigit()} <= set("0123456789")


def test_values_are_isolated_where_they_could_turn_the_sentence(english: Translator, arabic: Translator) -> None:
    assert arabic.isolate("7HQQ35R5+MF") == f"{FSI}7HQQ35R5+MF{PDI}"
    assert arabic.isolate("38") == "38"
    assert english.isolate("7HQQ35R5+MF") == "7HQQ35R5+MF"
    assert english.isolate("منى") == f"{FSI}منى{PDI}"
    assert english.isolate("Mona\u202e") == f"{FSI}Mona\u202e{PDI}"
    assert english("Hello {name}", name="منى") == f"Hello {FSI}منى{PDI}"


def test_a_phrase_of_isolated_values_keeps_the_direction_of_the_language(arabic: Translator) -> None:
    """First-strong would find nothing outside of the inner isolates, and show the time before the day."""
    when = arabic.day_and_time(MORNING, DUBAI)
    assert arabic.isolate(when) == f"\u2067{when}{PDI}"


@given(
    text=st.text(alphabet=st.sampled_from("ab1منى \u2066\u2067\u2068\u2069\u202e")),
    language=st.sampled_from(sorted(LANGUAGES)),
)
def test_no_value_can_leave_its_isolate(text: str, language: str) -> None:
    shown = translator_for(language).isolate(text)
    depth = 0
    for position, character in enumerate(shown):
        depth += (character in "\u2066\u2067\u2068") - (character == PDI)
        assert depth > 0 or position == len(shown) - 1 or FSI not in shown
    assert depth == 0


@given(minutes=st.integers(0, 100_000), language=st.sampled_from(sorted(LANGUAGES)))
def test_every_duration_reads(minutes: int, language: str) -> None:
    t = translator_for(language)
    assert t.duration(timedelta(minutes=minutes))
    assert "duration" not in t.duration_in_words(timedelta(minutes=minutes))


def test_a_message_that_begins_with_a_name_runs_in_its_language_s_direction(
    english: Translator, arabic: Translator
) -> None:
    assert english.lay_out("👤 Mona") == "👤 Mona"
    assert arabic.lay_out("👤 Mona") == "\u200f👤 Mona"


def test_names_stand_between_the_commas_of_the_language(english: Translator, arabic: Translator) -> None:
    assert english.enumerate(["Mona", "Omar"]) == "Mona, Omar"
    assert arabic.enumerate(["Mona", "Omar"]) == f"{FSI}Mona{PDI}، {FSI}Omar{PDI}"


WEDNESDAY = date(2026, 11, 25)
# As each says it where no other was spoken before.
DAYS = {
    "en": "Wed, 25 Nov",
    "ar": "الأربعاء، 25 نوفمبر",
    "hi": "बुध, 25 नव॰",
    "ur": "بدھ، 25 نومبر",
    "fr": "mer. 25 nov.",
    "es": "mié, 25 nov",
    "ru": "ср, 25 нояб.",
    "id": "Rab, 25 Nov",
}


@pytest.mark.parametrize("first", ["ur", "ru"])
def test_no_language_lends_its_days_to_another(first: str) -> None:
    """In a process of its own, where `first` is read out whole before the others are asked."""
    program = f"""
from datetime import date
from babel.dates import get_day_names
from bot.i18n import LANGUAGES, translator_for
for language in ["{first}", *LANGUAGES]:
    t = translator_for(language)
    for width in ("wide", "abbreviated", "short", "narrow"):
        for context in ("format", "stand-alone"):
            dict(get_day_names(width, context, t.locale))
    t.weekdays()
for language in LANGUAGES:
    print(translator_for(language).day(date(2026, 11, 25)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == list(DAYS.values())


def test_days_read_do_not_change_days_said() -> None:
    assert read_day("Wednesday", WEDNESDAY, Days(WEDNESDAY, WEDNESDAY)) == WEDNESDAY
    assert {language: translator_for(language).day(WEDNESDAY) for language in LANGUAGES} == DAYS


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_heads_of_a_calendar_can_be_told_apart(language: str) -> None:
    assert len(set(translator_for(language).weekdays())) == 7


def test_the_heads_of_a_calendar_are_in_the_script_of_the_language() -> None:
    assert translator_for("ur").weekdays() == ["اتوار", "پیر", "منگل", "بدھ", "جمعرات", "جمعہ", "ہفتہ"]
    assert "ح" in translator_for("ar").weekdays()
