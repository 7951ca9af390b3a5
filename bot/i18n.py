"""A translator per language: gettext, plurals, dates, times, durations, distances - all through Babel.

English sentences are the keys; `locales/<language>/LC_MESSAGES/messages.po` holds every other language. The catalogues
are compiled in memory when a language is first asked for, so that no binary file can be out of date.
"""

import copy
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel import Locale, localedata
from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

Value = str | int

SOURCE_LANGUAGE = "en"

# The region decides digits and order of a date. The Emirates write Western digits in Arabic too (CLDR: `latn`), and
# Babel writes only those in times and dates: with `ar_EG` a time and a distance in one sentence would disagree.
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "en": "en_AE",
        "ar": "ar_AE",
        "hi": "hi_IN",
        "ur": "ur_PK",
        "fr": "fr_FR",
        "es": "es_ES",
        "ru": "ru_RU",
        "id": "id_ID",
    }
)

LOCALES = Path(__file__).parent.parent / "locales"
_RIGHT_TO_LEFT_ISOLATE, _FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2067", "\u2068", "\u2069"
_RIGHT_TO_LEFT_MARK = "\u200f"
_NO_BREAK, _NARROW_NO_BREAK = "\u00a0", "\u202f"
_NARROW, _WIDE = re.compile(r" (?=[;!?])"), re.compile(r" (?=[:»])|(?<=«) ")
_ISOLATES = re.compile("[\u2066-\u2069]")
# What can turn the text around it when it stands in a left-to-right sentence.
_TURNS_TEXT = frozenset({"R", "AL", "AN", "LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def N_(message: str) -> str:  # noqa: N802 - gettext's word for it, known to every extractor
    """Marks a constant for the catalogues; who shows it translates it with `t(constant)`."""
    return message


def unmark(text: str) -> str:
    """Without the marks of direction that a sentence isolates its values with: in a sheet's cell they are in the way of
    whoever searches."""
    return _ISOLATES.sub("", text)


def choose_language(stored: str | None, language_code: str | None, company_default: str | None) -> str:
    """The first one we speak of: the person's choice, Telegram's `language_code` ("ar-EG" is "ar"), the company's."""
    wanted = (code.replace("_", "-").split("-")[0].lower() for code in (stored, language_code, company_default) if code)
    return next((code for code in wanted if code in LANGUAGES), SOURCE_LANGUAGE)


@cache
def translator_for(language: str) -> "Translator":
    """The one translator of a language in LANGUAGES; KeyError for another."""
    return Translator(language, _open_locale(LANGUAGES[language]), _read_catalogue(language))


def _open_locale(code: str) -> Locale:
    """Babel writes what an alias stands for into data that other languages share: whoever asks first for the names of
    days would lend theirs to the next. So each of ours has its data to itself.
    """
    data = localedata.load(code)
    data.update(copy.deepcopy(data))
    return Locale.parse(code)


def _read_catalogue(language: str) -> NullTranslations:
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    if language == "fr":
        for message in catalogue:
            message.string = _bind(message.string or "")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _bind(said: str | tuple[str, ...] | list[str]) -> str | tuple[str, ...]:
    """French as it is set: no line begins with a colon, and none ends after «. Translators write a space."""
    if not isinstance(said, str):
        return tuple(str(_bind(form)) for form in said)
    return _WIDE.sub(_NO_BREAK, _NARROW.sub(_NARROW_NO_BREAK, said))


def _is_balanced(text: str) -> bool:
    depth = 0
    for mark in _ISOLATES.findall(text):
        depth += -1 if mark == _POP_ISOLATE else 1
        if depth < 0:
            return False
    return depth == 0


_FIELD = N_("{label}: {value}")


@dataclass(frozen=True, slots=True, eq=False)
class Translator:
    """Sentences and values in one language, as plain text: escaping for HTML is up to who sends it.

    Called with an English sentence and its values, `t("Clocked in at {time}", time=…)`, it says that in its language.
    The extractor finds `t(…)`, `t.plural(…)` and `t.in_context(…)`, and `N_("…")` around a constant translated later.
    """

    language: str
    locale: Locale
    catalogue: NullTranslations

    def __call__(self, message: str, /, **values: Value) -> str:
        return self._fill(self.gettext(message), values)

    def plural(self, one: str, many: str, n: int, /, **values: Value) -> str:
        """The form for `n`, which is itself the value `{n}`. Write {n} in both English forms: Arabic has six."""
        return self._fill(self.ngettext(one, many, n), {"n": n, **values})

    def in_context(self, context: str, message: str, /, **values: Value) -> str:
        """For a word that other languages translate in several ways: a button "Open", a shop that is "Open"."""
        return self._fill(self.pgettext(context, message), values)

    def gettext(self, message: str) -> str:
        return self.catalogue.gettext(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.catalogue.ngettext(one, many, n)

    def pgettext(self, context: str, message: str) -> str:
        return self.catalogue.pgettext(context, message)

    @property
    def rtl(self) -> bool:
        return self.locale.text_direction == "rtl"

    @property
    def own_name(self) -> str:
        """The language as its speakers call it: "English", "العربية"; as on a button, with a capital."""
        name = str(self.locale.get_language_name(self.language))
        return name[:1].upper() + name[1:]

    def time(self, at: dt.datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
        """ "09:00", with seconds "08:59:58": 24 hours in every language, as on BioTime's own pages."""
        return format_time(_in_zone(at, zone), "HH:mm:ss" if seconds else "HH:mm", locale=self.locale)

    def date(self, day: dt.date) -> str:
        """ "9 Mar 2025"; the month as a word, since 03/04 reads in two ways."""
        return format_date(day, "d MMM y", locale=self.locale)

    def day(self, day: dt.date, today: dt.date | None = None) -> str:
        """ "Sun, 9 Mar"; "Sun, 9 Mar 2025" where it is of another year than `today`."""
        skeleton = "MMMEd" if today is None or day.year == today.year else "yMMMEd"
        return format_skeleton(skeleton, day, locale=self.locale)

    def day_and_time(self, at: dt.datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
        """ "Sun, 9 Mar, 09:00"."""
        t = self
        local_day = _in_zone(at, zone).date()
        return t("{day}, {time}", day=self.day(local_day), time=self.time(at, zone, seconds=seconds))

    def month(self, day: dt.date) -> str:
        """ "March 2026"."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    def clock(self, at: dt.time) -> str:
        """A time of day that is in no zone yet: "09:00"."""
        return format_time(at, "HH:mm", locale=self.locale)

    @property
    def first_weekday(self) -> int:
        """Where the person's week begins, 0 is Monday."""
        return int(self.locale.first_week_day)

    def weekdays(self) -> list[str]:
        """From the first of the week, as short as can be told apart."""
        short, narrow = (get_day_names(width, "stand-alone", self.locale) for width in ("short", "narrow"))
        narrow_enough = max(map(len, short.values())) <= 3 or len(set(narrow.values())) < 7
        names = short if narrow_enough else narrow
        return [str(names[(self.first_weekday + n) % 7]) for n in range(7)]

    def duration(self, length: dt.timedelta) -> str:
        """ "7 h 05 min", "5 min", "-1 h 30 min"; seconds are cut off, as hours worked are."""
        t = self
        minutes = abs(length) // dt.timedelta(minutes=1)
        sign = "-" if length < dt.timedelta(0) and minutes else ""
        hours, rest = divmod(minutes, 60)
        if not hours:
            return t("{minutes} min", minutes=sign + self.number(rest))
        padded = format_decimal(rest, format="00", locale=self.locale)
        # Urdu writes the hour out.
        return t.plural("{hours} h {minutes} min", "{hours} h {minutes} min", hours,
                        hours=sign + self.number(hours), minutes=padded)  # fmt: skip

    def duration_in_words(self, length: dt.timedelta) -> str:
        """ "7 hours and 5 minutes", "1 minute"; for sentences. Nothing negative: ValueError."""
        if length < dt.timedelta(0):
            raise ValueError("a negative duration has no words")
        hours, minutes = divmod(length // dt.timedelta(minutes=1), 60)
        parts = ((hours, "duration-hour"), (minutes, "duration-minute"))
        said = [self._unit(n, unit) for n, unit in parts if n]
        return format_list(said or [self._unit(0, "duration-minute")], locale=self.locale)

    def _unit(self, n: int, unit: str) -> str:
        """In Urdu the short form is the long one: CLDR says so with an alias that Babel does not follow."""
        said = format_unit(n, unit, "long", locale=self.locale)
        return said if unit not in said else format_unit(n, unit, "short", locale=self.locale)

    def distance(self, metres: float) -> str:
        """ "38 m", "2.1 km", "12 km"."""
        whole = round(metres)
        if whole < 1000:
            return format_unit(whole, "length-meter", "short", locale=self.locale)
        kilometres = round(metres / 1000, 1 if metres < 9950 else 0)
        return format_unit(kilometres, "length-kilometer", "short", format="#,##0.#", locale=self.locale)

    def number(self, n: float) -> str:
        return format_decimal(n, locale=self.locale)

    def lay_out(self, text: str) -> str:
        """A message so that it runs in this language's direction although a name, or a number, may come first: readers
        that look for a first strong character find a right-to-left mark."""
        return f"{_RIGHT_TO_LEFT_MARK}{text}" if self.rtl else text

    def enumerate(self, names: Iterable[str]) -> str:
        """ "Mona, Omar": each keeps its direction, between commas as this language writes them."""
        return ("، " if self.rtl else ", ").join(map(self.isolate, names))

    def field(self, label: str, value: str) -> str:
        """ "Position: clerk"; French has a space before its colon. Both are in this language, and isolated by who
        calls where they need it."""
        return self.gettext(_FIELD).format(label=label, value=value)

    def isolate(self, text: str) -> str:
        """The text so that it keeps its own direction inside a sentence of this language (UAX #9, FSI … PDI).

        Left alone where nothing can turn, so that a code copied out of an English sentence is just the code.
        """
        if text.isdecimal():
            return text
        if not self.rtl and not any(unicodedata.bidirectional(character) in _TURNS_TEXT for character in text):
            return text
        # A name with a stray mark would close our isolate, or keep it open to the end of the message.
        closed = text if _is_balanced(text) else _ISOLATES.sub("", text)
        # Inside inner isolates nobody looks for a first strong character: a day and a time, both isolated, have none.
        opened = _RIGHT_TO_LEFT_ISOLATE if self.rtl and _POP_ISOLATE in closed else _FIRST_STRONG_ISOLATE
        return f"{opened}{closed}{_POP_ISOLATE}"

    def _fill(self, message: str, values: Mapping[str, Value]) -> str:
        return message.format_map({name: self.isolate(self._show(value)) for name, value in values.items()})

    def _show(self, value: Value) -> str:
        return value if isinstance(value, str) else self.number(value)


def _in_zone(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    if at.tzinfo is None:
        raise ValueError("a time without its zone cannot be shown")
    return at.astimezone(zone)
