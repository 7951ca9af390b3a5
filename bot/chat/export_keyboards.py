"""Buttons of an export: which days, and which kind of file."""

from datetime import date
from types import MappingProxyType

from telegram import InlineKeyboardMarkup

from bot.chat.keyboards import CANCEL, build_inline, means
from bot.chat.periods import NAMED, Period
from bot.chat.phrases import simplify
from bot.i18n import N_, Translator

# What the conversation waits for: the days of one's own export, or of one's team's.
MINE, TEAMS = "export", "team:export"
KINDS = MappingProxyType({"xlsx": N_("📊 Excel sheet"), "pdf": N_("📄 PDF")})


def build_periods(t: Translator, today: date, prefix: str = MINE) -> InlineKeyboardMarkup:
    named = [(t.gettext(label), f"{prefix}:{period(today)}") for label, period in NAMED.items()]
    return build_inline(t, [named[:2], named[2:], [(t.gettext(CANCEL), "export-cancel")]])


def build_kinds(t: Translator, period: Period, prefix: str = MINE, *, done: bool = False) -> InlineKeyboardMarkup:
    kinds = [(t.gettext(label), f"{prefix}-{kind}:{period}") for kind, label in KINDS.items()]
    cancel = [] if done else [(t.gettext(CANCEL), "export-cancel")]
    return build_inline(t, [kinds, [(t("↩ Other days"), prefix), *cancel]])


def read_kind(typed: str) -> str | None:
    """ "pdf", "xlsx", "excel", or what stands on the button."""
    plain = simplify(typed)
    named = next((kind for kind, label in KINDS.items() if means(typed, label)), None)
    return named or ({"excel": "xlsx"} | {kind: kind for kind in KINDS}).get(plain)
