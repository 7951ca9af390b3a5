"""Buttons of an export: which days, and which kind of file."""

from datetime import date

from telegram import InlineKeyboardMarkup

from bot.chat.keyboards import build_inline
from bot.chat.periods import Period, last_month, last_year, this_month, this_year
from bot.i18n import Translator


def build_periods(t: Translator, today: date, prefix: str = "export") -> InlineKeyboardMarkup:
    return build_inline(
        t,
        [
            [(t("This month"), f"{prefix}:{this_month(today)}"), (t("Last month"), f"{prefix}:{last_month(today)}")],
            [(t("This year"), f"{prefix}:{this_year(today)}"), (t("Last year"), f"{prefix}:{last_year(today)}")],
        ],
    )


def build_kinds(t: Translator, period: Period) -> InlineKeyboardMarkup:
    kinds = [(t("📊 Excel sheet"), f"export-xlsx:{period}"), (t("📄 PDF"), f"export-pdf:{period}")]
    return build_inline(t, [kinds, [(t("↩ Other days"), "export")]])
