"""Every sentence exists in every language, with the same values in it.

`make messages` brings the catalogues up to date.
"""

import re
import shlex
import unicodedata
from collections.abc import Iterator
from gettext import c2py
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from bot.i18n import LANGUAGES, SOURCE_LANGUAGE, translator_for

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "locales"
EXTRACT = (
    "pybabel -q extract -F locales/babel.cfg -k t -k plural:1,2 -k in_context:1c,2 "
    "--add-location=file --no-wrap --sort-output --omit-header -o locales/messages.pot ."
)
UPDATE = (
    "pybabel -q update -i locales/messages.pot -d locales "
    "--no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date"
)
TRANSLATED = sorted(set(LANGUAGES) - {SOURCE_LANGUAGE})

Key = tuple[tuple[str, ...], str | None]


def read_catalogue(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def sentences(catalogue: Catalog) -> dict[Key, Message]:
    return {(forms(message.id), message.context): message for message in catalogue if message.id}


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def placeholders(text: str) -> set[str]:
    """The names in braces; a name that reaches into the value, or formats it, is not a plain name and fails."""
    found = set()
    for _, name, spec, conversion in Formatter().parse(text):
        if name is not None:
            assert name.isidentifier(), f"not a plain name: {{{name}}} in {text!r}"
            assert not spec, f"values arrive formatted: {text!r}"
            assert not conversion, f"values arrive formatted: {text!r}"
            found.add(name)
    return found


def translation_problems(message: Message) -> Iterator[str]:
    """What is wrong with one entry of a catalogue, as sentences."""
    translated = forms(message.string)
    if message.fuzzy:
        yield f"fuzzy: {message.id!r}"
    if not translated or not all(translated):
        yield f"not translated: {message.id!r}"
        return
    wanted = set().union(*map(placeholders, forms(message.id)))
    for form in translated:
        # A form for exactly one or two may say the number in a word; nothing else may be left out.
        missing = wanted - placeholders(form) - ({"n"} if len(translated) > 1 else set())
        extra = placeholders(form) - wanted
        if missing or extra:
            yield f"{form!r} differs from {message.id!r} in {sorted(missing | extra)}"


def test_the_template_is_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    fresh = tmp_path / "fresh.pot"
    CommandLineInterface().run(shlex.split(EXTRACT.replace("locales/messages.pot", str(fresh))))  # type: ignore[no-untyped-call]
    stored, extracted = sentences(read_catalogue(LOCALES / "messages.pot")), sentences(read_catalogue(fresh))
    assert stored.keys() == extracted.keys(), "run `make messages`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    catalogue = read_catalogue(LOCALES / language / "LC_MESSAGES" / "messages.po", language)
    assert sentences(catalogue).keys() == sentences(read_catalogue(LOCALES / "messages.pot")).keys(), (
        "run `make messages`"
    )
    assert [problem for message in sentences(catalogue).values() for problem in translation_problems(message)] == []


@pytest.mark.parametrize("language", [code for code in TRANSLATED if translator_for(code).rtl])
def test_a_right_to_left_sentence_begins_right_to_left(language: str) -> None:
    """Its first strong character decides the paragraph; values do not count, being isolated."""
    for message in sentences(read_catalogue(LOCALES / language / "LC_MESSAGES" / "messages.po", language)).values():
        for form in forms(message.string):
            words = re.sub(r"\{\w+\}|\u2068[^\u2069]*\u2069", "", form)
            strong = [kind for kind in map(unicodedata.bidirectional, words) if kind in ("L", "R", "AL")]
            assert strong[:1] in ([], ["R"], ["AL"]), form
            assert "/" not in words, f"a command stands in U+2068 and U+2069: {form!r}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_forms_are_the_languages(language: str) -> None:
    path = LOCALES / language / "LC_MESSAGES" / "messages.po"
    catalogue, category = read_catalogue(path, language), Locale.parse(language).plural_form
    assert f"nplurals={catalogue.num_plurals};" in path.read_text(encoding="utf-8")
    form = c2py(catalogue.plural_expr)
    # One form per category of CLDR, and the same numbers in each.
    pairs = {(form(n), category(n)) for n in range(1001)}
    assert len(pairs) == catalogue.num_plurals == len({form for form, _ in pairs}) == len({name for _, name in pairs})
    for message in sentences(catalogue).values():
        if message.pluralizable:
            assert len(forms(message.string)) == catalogue.num_plurals, message.id


def test_english_sentences_have_plain_placeholders() -> None:
    for message in sentences(read_catalogue(LOCALES / "messages.pot")).values():
        for form in forms(message.id):
            placeholders(form)


def test_every_folder_is_a_language_and_every_language_can_be_read() -> None:
    assert sorted(path.name for path in LOCALES.iterdir() if path.is_dir()) == TRANSLATED
    for name in LANGUAGES.values():
        # Babel writes times in Western digits whatever the locale: another default would mix two kinds in one sentence.
        assert Locale.parse(name).default_numbering_system == "latn"


def test_make_messages_runs_what_is_tested() -> None:
    makefile = ROOT / "Makefile"
    if not makefile.exists():
        pytest.skip("there is no Makefile")
    text = re.sub(r"\\\n\s*", "", makefile.read_text(encoding="utf-8"))
    assert EXTRACT.removeprefix("pybabel ") in text
    assert UPDATE.removeprefix("pybabel ") in text


@pytest.mark.parametrize(
    ("string", "fuzzy", "words"),
    [
        ("", False, "not translated"),
        ("في {zeit}", False, "differs"),
        ("الآن", False, "differs"),
        ("في {time}", True, "fuzzy"),
    ],
)
def test_the_checks_find(string: str, fuzzy: bool, words: str) -> None:
    message = Message("at {time}", string, flags=["fuzzy"] if fuzzy else [])
    assert words in " ".join(translation_problems(message))


def test_the_checks_accept_a_good_plural() -> None:
    message = Message(
        ("{n} punch at {place}", "{n} punches at {place}"), ("لا شيء في {place}",) + ("{n} في {place}",) * 5
    )
    assert list(translation_problems(message)) == []


@pytest.mark.parametrize(("language", "gendered"), [("ar", r"مريض"), ("es", r"enferm[oa]s?\b"), ("ru", r"заболела?\b")])
def test_who_is_sick_is_neither_he_nor_she(language: str, gendered: str) -> None:
    catalogue = read_catalogue(LOCALES / language / "LC_MESSAGES/messages.po", language)
    said = [text for message in catalogue if message.id for text in forms(message.string)]
    assert [text for text in said if re.search(gendered, text)] == []


def test_arabic_has_one_word_for_a_shift() -> None:
    """The one of a card's first line and of the time cards."""
    catalogue = read_catalogue(LOCALES / "ar/LC_MESSAGES/messages.po", "ar")
    said = [text for message in catalogue if message.id for text in forms(message.string)]
    assert [text for text in said if "وردي" in text] == []
    assert any("الدوام" in text for text in said)


def test_french_has_a_space_before_its_signs() -> None:
    """`bot/i18n.py` makes it one that does not break."""
    catalogue = read_catalogue(LOCALES / "fr/LC_MESSAGES/messages.po", "fr")
    said = [text for message in catalogue if message.id for text in forms(message.string)]
    assert [text for text in said if re.search(r"[^\s(][;!?»]|[\w})]:(?=\s|$)|«\S", text)] == []
