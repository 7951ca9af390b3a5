"""Buttons of an export: which days, and which kind of file."""

from datetime import date
from types import MappingProxyType

from telegram import InlineKeyboardMarkup

from bot.chat.keyboards import CANCEL, build_inline
from bot.chat.periods import NAMED, Period
from bot.i18n import N_, Translator

# What the conversation waits for: the days of one's own export, or of one's team's.
MINE, TEAMS = "export", "team:export"
# What the conversation waits for: the days of one's own export, or of a team's.
MINE, TEAMS = "export", "team:export"
KINDS = MappingProxyType({"xlsx": N_("📊 Excel sheet"), "pdf": N_("📄 PDF")})


def build_periods(t: Translator, today: date, prefix: str = MINE) -> InlineKeyboardMarkup:
    named = [(t.gettext(label), f"{prefix}:{period(today)}") for label, period in NAMED.items()]
    return build_inline(t, [named[:2], named[2:], [(t.gettext(CANCEL), "export-cancel")]])


def build_kinds(t: Translator, period: Period, *, done: bool = False) -> InlineKeyboardMarkup:
    kinds = [(t.gettext(label), f"export-{kind}:{period}") for kind, label in KINDS.items()]
    cancel = [] if done else [(t.gettext(CANCEL), "export-cancel")]
    return build_inline(t, [kinds, [(t("↩ Other days"), "export"), *cancel]])
