"""How a forgotten punch is asked for: the card's sentences and buttons, step by step."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup

from bot.attendance.model import PunchState
from bot.chat.calendar import IDLE, Month, build_calendar
from bot.chat.forgotten_draft import REASONS, TYPED, Draft
from bot.chat.keyboards import Row, build_inline
from bot.chat.reading import Days
from bot.chat.texts import KINDS
from bot.i18n import N_, Translator
from bot.services.manual_logs import KnownDay, suggest_kind

SEND = N_("✅ Send")
_HOURS_IN_ROW, _MINUTES_IN_ROW = 6, 4
_CHOICES = (
    PunchState.CHECK_IN,
    PunchState.CHECK_OUT,
    PunchState.BREAK_OUT,
    PunchState.BREAK_IN,
    PunchState.OVERTIME_IN,
    PunchState.OVERTIME_OUT,
)


def describe_draft(t: Translator, draft: Draft, note: str) -> list[str]:
    """What was chosen so far."""
    chosen = [t.isolate(t.day(draft.day))] if draft.day else []
    if draft.time is not None:
        chosen.append(t.isolate(t.clock(draft.time)))
    if draft.kind is not None:
        chosen.append(t.gettext(KINDS[draft.kind]))
    lines = [t("📝 Forgotten punch"), *([" · ".join(chosen)] if chosen else [])]
    reason = reason_of(t, draft, note)
    return [*lines, *([t("Reason: {reason}", reason=reason)] if reason else [])]


def reason_of(t: Translator, draft: Draft, note: str) -> str:
    return note if draft.reason == TYPED else t.gettext(REASONS[draft.reason]) if draft.reason else ""


def describe_known(t: Translator, known: KnownDay, day: date, zone: ZoneInfo) -> str:
    of_day = [(at, kind) for at, kind in known.punched if at.astimezone(zone).date() == day]
    listed = t.enumerate(f"{t.gettext(KINDS[kind])} {t.isolate(t.time(at, zone))}" for at, kind in of_day)
    said = t("That day I know of: {punches}.", punches=listed) if listed else t("I know of no punch that day.")
    if known.reached:
        return said
    if listed:
        return "\n".join([said, t("BioTime is not answering right now. Go on all the same: what you send is kept.")])
    return t("BioTime is not answering right now, so I cannot look up that day. Go on all the same: what you send is "
             "kept.")  # fmt: skip


def ask_day(t: Translator, draft: Draft, month: Month, days: Days) -> tuple[str, list[Row]]:
    rows = build_calendar(
        t,
        month,
        days,
        pick=lambda day: step(replace(draft, day=day)),
        turn=lambda turned: f"forgot-month:{turned}:{draft}",
    )
    today, before = days.last, days.last - timedelta(days=1)
    near = [(t("Today"), today), (t("Yesterday"), before)]
    quick = [(label, step(replace(draft, day=day))) for label, day in near if day in days]
    example = t.day(before)
    return t("Which day was it? Tap it, or type it, for instance “{example}”.", example=example), [quick, *rows]


def ask_time(t: Translator, draft: Draft, known: KnownDay, latest: time | None) -> tuple[str, list[Row]]:
    """`latest` where the day is today: nothing that is still to come is offered."""
    if draft.hour is not None:
        return t("At which minute? Tap it, or type the time."), _minutes(t, draft, latest)
    likely = [at for at in known.scheduled if latest is None or at <= latest]
    rows: list[Row] = [[(f"🕘 {t.clock(at)}", step(_timed(draft, at))) for at in likely[:4]]] if likely else []
    hours = [_hour(t, draft, hour, latest) for hour in range(24)]
    shown = [hours[at : at + _HOURS_IN_ROW] for at in range(0, 24, _HOURS_IN_ROW)]
    rows += [row for row in shown if any(data != IDLE for _, data in row)]
    return t("At what time? Tap the hour, or type the time: 8:05, 0805, 8.05 pm."), rows


def _hour(t: Translator, draft: Draft, hour: int, latest: time | None) -> tuple[str, str]:
    if latest is not None and hour > latest.hour:
        return "·", IDLE
    return f"{hour:02}", step(replace(draft, hour=hour, minute=None))


def _minutes(t: Translator, draft: Draft, latest: time | None) -> list[Row]:
    assert draft.hour is not None
    times = [time(draft.hour, minute) for minute in range(0, 60, 5)]
    buttons = [(t.clock(at), step(_timed(draft, at))) for at in times if latest is None or at <= latest]
    rows: list[Row] = [buttons[at : at + _MINUTES_IN_ROW] for at in range(0, len(buttons), _MINUTES_IN_ROW)]
    return [*rows, [(t("‹ Another hour"), step(replace(draft, hour=None, minute=None)))]]


def ask_kind(t: Translator, draft: Draft, known: KnownDay, at: datetime) -> tuple[str, list[Row]]:
    likely = suggest_kind(known, at)
    rest = [kind for kind in _CHOICES if kind is not likely]
    pairs: Sequence[Sequence[PunchState]] = ([likely], rest[:1], rest[1:3], rest[3:])
    rows: list[Row] = [[(t.gettext(KINDS[kind]), step(replace(draft, kind=kind))) for kind in row] for row in pairs]
    return t("What was it? The first one is the most likely."), rows


def ask_reason(t: Translator, draft: Draft) -> tuple[str, list[Row]]:
    rows: list[Row] = [[(t.gettext(said), step(replace(draft, reason=code)))] for code, said in REASONS.items()]
    return t("Why is it missing? Tap a reason, or type your own: whoever approves it reads it."), rows


def ask_sure(t: Translator, draft: Draft) -> tuple[str, list[Row]]:
    rows: list[Row] = [
        [(t.gettext(SEND), f"forgot-send:{draft}")],
        [
            (t("📅 Another day"), step(replace(draft, day=None))),
            (t("🕘 Another time"), step(replace(draft, hour=None, minute=None))),
        ],
        [
            (t("🔁 Another kind"), step(replace(draft, kind=None))),
            (t("💬 Another reason"), step(replace(draft, reason=""))),
        ],
    ]
    return t("Is this right? It goes to BioTime and waits for approval there."), rows


def build_card(
    t: Translator, head: Sequence[str], problem: str, asked: tuple[str, list[Row]]
) -> tuple[str, InlineKeyboardMarkup]:
    said, rows = asked
    middle = [f"⚠️ {problem}"] if problem else []
    return "\n".join([*head, "", *middle, said]), build_inline(t, [*rows, [(t("✖️ Cancel"), "forgot-cancel")]])


def step(draft: Draft) -> str:
    return f"forgot:{draft}"


def _timed(draft: Draft, at: time) -> Draft:
    return replace(draft, hour=at.hour, minute=at.minute)
