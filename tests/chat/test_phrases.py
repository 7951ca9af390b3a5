"""Plain words reach the right dialog, and words that no table holds reach none."""

import re
import tomllib

import pytest

from bot.chat.phrases import Wish, Wished, phrases_of, read_wish, simplify
from bot.i18n import LANGUAGES, LOCALES, Translator
from bot.playground.people import Person
from tests import words
from tests.talk import AT_OFFICE, Talk, types

TABLES = tomllib.loads((LOCALES / "phrases.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "language", "wish", "minutes"),
    [
        ("In", "en", Wish.IN, None),
        ("  I'm here! 👋", "en", Wish.IN, None),
        ("I’m late", "en", Wish.LATE, None),
        ("late 20 min", "en", Wish.LATE, 20),
        ("Late 20min.", "en", Wish.LATE, 20),
        ("my week?", "en", Wish.WEEK, None),
        ("حضور", "ar", Wish.IN, None),
        ("حُضُور", "ar", Wish.IN, None),
        ("أنا هنا", "ar", Wish.IN, None),
        ("متاخر ٢٠ دقيقة", "ar", Wish.LATE, 20),
        ("الأسبوع هذا", "ar", None, None),
        ("هذا الأسبوع", "ar", Wish.WEEK, None),
        ("انصراف", "en", Wish.OUT, None),
        ("en retard 20 min", "fr", Wish.LATE, 20),
        ("20 min de retard", "fr", Wish.LATE, 20),
        ("En retard de 20 minutes", "fr", Wish.LATE, 20),
        ("J'ai oublie", "fr", Wish.FORGOT, None),
        ("late by 20 min", "en", Wish.LATE, 20),
        ("٢٠ دقيقة تأخير", "ar", Wish.LATE, 20),
        ("देर 20 मिनट", "hi", Wish.LATE, 20),
        ("20 मिनट की देरी", "hi", Wish.LATE, 20),
        ("تاخیر 20 منٹ", "ur", Wish.LATE, 20),
        ("20 منٹ کی دیر", "ur", Wish.LATE, 20),
        ("tarde 20 minutos", "es", Wish.LATE, 20),
        ("20 minutos de retraso", "es", Wish.LATE, 20),
        ("опоздание 20 мин", "ru", Wish.LATE, 20),
        ("на 20 минут опоздаю", "ru", Wish.LATE, 20),
        ("20 menit telat", "id", Wish.LATE, 20),
        ("terlambat 20", "id", Wish.LATE, 20),
        ("in the office?", "en", None, None),
        ("late 20 hours", "en", None, None),
        ("late 20000 min", "en", None, None),
        ("", "en", None, None),
        ("🙂", "en", None, None),
    ],
)
def test_what_words_ask_for(text: str, language: str, wish: Wish | None, minutes: int | None) -> None:
    assert read_wish(text, language) == (None if wish is None else Wished(wish, minutes))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_phrases_for_every_wish(language: str) -> None:
    assert {Wish(name) for name in TABLES[language]} == set(Wish)
    assert all(TABLES[language].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_understood(language: str) -> None:
    for name, phrases in TABLES[language].items():
        for phrase in phrases:
            said = phrase.replace("{n}", "15")
            assert read_wish(said, language) == Wished(Wish(name), 15 if said != phrase else None), phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_asks_for_two_things(language: str) -> None:
    patterns = [pattern.pattern for pattern, _ in phrases_of(language)]
    assert len(set(patterns)) == len(patterns)


def test_words_of_ones_own_language_come_first() -> None:
    """«حاضر» is there in Arabic and in Urdu; where two languages differ, one's own decides."""
    assert read_wish("حاضر", "ar") == Wished(Wish.IN)


@pytest.mark.parametrize(("text", "plain"), [("İN", "i̇n"), ("I'M  in…", "im in"), ("٢٠", "20"), ("२० मिनट", "20 मिनट")])
def test_how_words_are_simplified(text: str, plain: str) -> None:
    assert simplify(text) == plain


PLAIN_WORDS = {
    "en": ("I'm here", "out", "lunch", "back from lunch", "my hours"),
    "ar": ("أنا هنا", "انصراف", "استراحة", "رجعت", "ساعاتي"),
}


async def test_plain_words_open_dialogs(linked: Person, talk: Talk, t: Translator) -> None:
    came, goes, eats, returns, hours = PLAIN_WORDS[t.language]
    await talk(
        linked,
        [
            (types(came), t(words.SHARE_NOW)),
            (t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00")),
            (types(eats), t(words.SHARE_NOW)),
            (types(returns), t(words.SHARE_NOW)),
            (types(goes), t(words.SHARE_NOW)),
            (types(hours), re.compile("09:00")),
        ],
    )


async def test_a_stranger_who_says_so_is_asked_to_log_in(sara: Person, talk: Talk) -> None:
    await talk(sara, [(types("in"), "Please log in first"), (types("my hours"), "Please log in first")])
