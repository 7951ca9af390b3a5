"""Buttons under a week, a month and a day."""

from datetime import date

from telegram import InlineKeyboardMarkup

from bot.chat.calendar import NOTHING, build_names, build_weeks
from bot.chat.keyboards import Row, build_inline
from bot.chat.summary_texts import SIGNS
from bot.i18n import Translator
from bot.services.summaries import OLDEST
from bot.services.workdays import DAY, Mark, Overview, Workday, month_of

# Days somebody may ask about, and mend with a correction.
_TROUBLE = (Mark.ABSENT, Mark.MISSING, Mark.LATE, Mark.EARLY)


def build_week(t: Translator, week: Overview, *, dark: bool) -> InlineKeyboardMarkup:
    days = [_day(t, week, day, "w") or NOTHING for day in week.days]
    older = _step(f"‹ {t.day(week.first - 7 * DAY)}", "week", week.first - 7 * DAY, week)
    newer = _step(f"{t.day(week.last + DAY)} ›", "week", week.last + DAY, week)
    month = (t("📅 My month"), f"month:{min(week.last, week.today).replace(day=1)}")
    return build_inline(t, [build_names(t), days, [*older, *newer], [month, _colours(t, "week", week, dark=dark)]])


def build_month(t: Translator, month: Overview, *, dark: bool) -> InlineKeyboardMarkup:
    by_date = {day.workdate: day for day in month.days}
    weeks = build_weeks(t, month.first, lambda on: _day(t, month, by_date[on], "m"))
    earlier = (month.first - DAY).replace(day=1)
    older = _step(f"‹ {t.month(earlier)}", "month", earlier, month)
    newer = _step(f"{t.month(month.last + DAY)} ›", "month", month.last + DAY, month)
    export = [(t("📤 Export"), f"export:{month.first:%Y%m%d}-{month.last:%Y%m%d}")]
    week = (t("📊 My week"), f"week:{max(month.first, min(month.last, month.today))}")
    return build_inline(t, [*weeks, [*older, *newer], [week, _colours(t, "month", month, dark=dark)], export])


def build_day(t: Translator, day: Workday, today: date, within: str) -> InlineKeyboardMarkup:
    earlier, later = day.workdate - DAY, day.workdate + DAY
    older = [(f"‹ {t.day(earlier)}", f"day:{earlier}:{within}")]
    newer = [(f"{t.day(later)} ›", f"day:{later}:{within}")] if later <= today else []
    why: Row = [(t("❓ Why is this day marked so?"), f"why:{day.workdate}:{within}")] if day.mark in _TROUBLE else []
    return build_inline(t, [why, [*older, *newer], [_back(t, day.workdate, within)]])


def build_why(t: Translator, day: Workday, within: str) -> InlineKeyboardMarkup:
    # As that dialog writes a draft of which nothing but the day is known.
    forgot = f"forgot-day:{day.workdate:%Y%m%d}"
    fix: Row = [(t("📝 Report a forgotten punch"), forgot)] if day.mark in _TROUBLE else []
    back = (t("↩ Back to {day}", day=t.day(day.workdate)), f"day:{day.workdate}:{within}")
    return build_inline(t, [fix, [back]])


def _day(t: Translator, of: Overview, day: Workday, within: str) -> tuple[str, str] | None:
    """The number of the day, and what is the matter with it; None for one to come."""
    if day.workdate > of.today:
        return None
    sign = SIGNS[day.mark] if day.mark in (*_TROUBLE, Mark.LEAVE, Mark.HOLIDAY) else ""
    return f"{t.number(day.workdate.day)}{sign}", f"day:{day.workdate}:{within}"


def _step(label: str, page: str, to: date, of: Overview) -> list[tuple[str, str]]:
    oldest = month_of(of.today - OLDEST)[0]
    return [(label, f"{page}:{to}")] if oldest <= to <= of.today else []


def _back(t: Translator, day: date, within: str) -> tuple[str, str]:
    if within == "w":
        return t("↩ Back to the week"), f"week:{day}"
    return t("↩ Back to the month"), f"month:{day.replace(day=1)}"


def _colours(t: Translator, page: str, of: Overview, *, dark: bool) -> tuple[str, str]:
    label, chosen = (t("☀️ Light"), "light") if dark else (t("🌙 Dark"), "dark")
    return label, f"{chosen}:{page}:{of.first}"
