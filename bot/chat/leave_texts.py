"""How a leave is asked for: the card's sentences and buttons, step by step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup

from bot.chat.calendar import Month, build_calendar
from bot.chat.keyboards import Row, build_inline
from bot.chat.leave_draft import AFTERNOON, MORNING, NONE, REASONS, TYPED, LeaveDraft
from bot.chat.reading import Days
from bot.chat.request_texts import describe_period
from bot.chat.settings_texts import day_name
from bot.i18n import N_, Translator
from bot.services.leave_offers import LeaveKind

SEND = N_("✅ Send")
_MOST_KINDS = 20

Asked = tuple[str, list[Row]]


def describe(t: Translator, draft: LeaveDraft, data: Mapping[str, object], kind: str, zone: ZoneInfo) -> list[str]:
    """What was chosen so far."""
    chosen = [t.isolate(kind)] if kind else []
    if (period := draft.period(zone)) is not None:
        chosen.append(describe_period(t, *period, zone))
    elif draft.first is not None:
        chosen.append(t("from {day}", day=t.day(draft.first)))
    reason = note_of(t, draft, data)
    lines = [t("🌴 Leave"), *([" · ".join(chosen)] if chosen else [])]
    return [*lines, *([t("Reason: {reason}", reason=reason)] if reason else [])]


def note_of(t: Translator, draft: LeaveDraft, data: Mapping[str, object]) -> str:
    if draft.reason == TYPED:
        return str(data.get("note", ""))
    return t.gettext(REASONS[draft.reason]) if draft.reason not in ("", NONE) else ""


def ask_kind(t: Translator, draft: LeaveDraft, kinds: Sequence[LeaveKind]) -> Asked:
    return t("Which kind of leave?"), [[(one.name, to(replace(draft, kind=one.id)))] for one in kinds[:_MOST_KINDS]]


def ask_first(t: Translator, draft: LeaveDraft, month: Month, days: Days) -> Asked:
    rows = _calendar(t, draft, month, days, lambda day: replace(draft, first=day))
    return t("From which day? Tap it, or type it."), rows


def ask_last(t: Translator, draft: LeaveDraft, month: Month | None, days: Days) -> Asked:
    whole = (t("This day only"), to(replace(draft, last=days.first)))
    halves = [
        (t("Morning only"), to(replace(draft, half=MORNING))),
        (t("Afternoon only"), to(replace(draft, half=AFTERNOON))),
    ]
    rows = _calendar(t, draft, month or Month.of(days.first), days, lambda day: replace(draft, last=day))
    return t("Until which day? Tap it, or type it."), [[whole], halves, *rows]


def ask_reason(t: Translator, draft: LeaveDraft) -> Asked:
    rows: list[Row] = [[(t.gettext(said), to(replace(draft, reason=code)))] for code, said in REASONS.items()]
    return t("What is the reason? Tap it, or type your own: whoever approves it reads it."), rows


def ask_sure(t: Translator, draft: LeaveDraft) -> Asked:
    other_days = (t("📅 Other days"), to(replace(draft, first=None, last=None, half="")))
    other_reason = (t("💬 Another reason"), to(replace(draft, reason="")))
    rows: list[Row] = [[(t.gettext(SEND), f"leave-send:{draft}")], [other_days, other_reason]]
    return t("Is this right? It goes to BioTime and waits for approval there."), rows


def say_rest(t: Translator, weekdays: Sequence[int]) -> str:
    """Of a leave on days of rest only, by their weekdays, 0 is Monday; "" where there are none."""
    if not weekdays:
        return ""
    days = t.enumerate(day_name(t, weekday) for weekday in weekdays)
    return t("Only days of rest for you: {days}. Leave is hardly needed then; you can send it all the same.", days=days)


def build_card(t: Translator, head: Sequence[str], problem: str, asked: Asked) -> tuple[str, InlineKeyboardMarkup]:
    said, rows = asked
    middle = [f"⚠️ {problem}"] if problem else []
    lines = [*head, "", *middle, *([said] if said else [])]
    return "\n".join(lines), build_inline(t, [*rows, [(t("✖️ Cancel"), "leave-cancel")]])


def to(draft: LeaveDraft) -> str:
    return f"leave:{draft}"


def _calendar(
    t: Translator, draft: LeaveDraft, month: Month, days: Days, pick: Callable[[date], LeaveDraft]
) -> list[Row]:
    return build_calendar(t, month, days, lambda day: to(pick(day)), lambda turned: f"leave-month:{turned}:{draft}")
