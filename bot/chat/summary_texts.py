"""What people read about their weeks, months and days, and why a day is marked as it is."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from bot.biotime.time_cards import TimeCard
from bot.chat.texts import describe_line
from bot.i18n import N_, Translator
from bot.papers.names import NAMES
from bot.services.summaries import DayDetail, Why
from bot.services.timecards import Reach
from bot.services.workdays import Mark, Overview, Workday

SIGNS: dict[Mark, str] = {
    Mark.ABSENT: "❌",
    Mark.MISSING: "❔",
    Mark.LATE: "⏰",
    Mark.EARLY: "🚪",
    Mark.LEAVE: "🌴",
    Mark.PRESENT: "✅",
    Mark.OPEN: "⏳",
    Mark.HOLIDAY: "🎉",
    Mark.REST: "💤",
    Mark.NONE: "➖",
    Mark.AHEAD: "▫️",
}
_NO_ANSWER: dict[Reach, str] = {
    Reach.NO_ANSWER: N_("BioTime is not answering right now. Please try again in a minute."),
    Reach.SESSION_OVER: N_("Your BioTime session has ended. Log in again to see your time cards."),
}
_INCOMPLETE: dict[Reach, str] = {
    Reach.NO_ANSWER: N_("BioTime is not answering right now, so punches may be missing here."),
    Reach.SESSION_OVER: N_("Your BioTime session has ended, so punches may be missing here."),
}
_NOTHING = timedelta(0)


def describe_no_answer(t: Translator, reach: Reach) -> str:
    return t.gettext(_NO_ANSWER[reach])


# -- a week, a month ---------------------------------------------------------------------------------------------------


def describe_week(t: Translator, week: Overview) -> str:
    """With its days as a list, for who does not see pictures."""
    head = t("Week from {first} to {last}", first=t.day(week.first, week.today), last=t.day(week.last, week.today))
    days = [_describe_in_week(t, day) for day in week.days if day.workdate <= week.today]
    return "\n".join([f"📊 {head}", "", *days, "", *_describe_counts(t, week)])


def describe_month(t: Translator, month: Overview) -> str:
    return "\n".join([f"📅 {t.month(month.first)}", "", *_describe_counts(t, month)])


def _describe_in_week(t: Translator, day: Workday) -> str:
    worked = [t.isolate(t.duration(day.worked))] if day.worked else []
    return f"{SIGNS[day.mark]} " + " · ".join([t.isolate(t.day(day.workdate)), t.gettext(NAMES[day.mark]), *worked])


def _describe_counts(t: Translator, of: Overview) -> Iterator[str]:
    days = of.days
    counts = of.counts
    for sign, label, number, lasted in (
        ("⏰", t("Late"), counts.late, sum((day.late for day in days), _NOTHING)),
        ("🚪", t("Left early"), counts.early_out, sum((day.early_leave for day in days), _NOTHING)),
        ("❌", t("Absent"), counts.absent, sum((day.absent for day in days), _NOTHING)),
        ("🌴", t("Leave"), counts.leave, sum((day.leave for day in days), _NOTHING)),
        ("➕", t("Overtime"), counts.overtime, sum((day.overtime for day in days), _NOTHING)),
    ):
        spans = [t.isolate(t.duration(lasted))] if lasted else []
        yield f"{sign} " + " · ".join([t.field(label, t.number(number)), *spans])
    yield "⏱ " + t("Worked {worked} of {due}", worked=t.duration(of.worked), due=t.duration(of.due))


# -- a day -------------------------------------------------------------------------------------------------------------


def describe_day(t: Translator, detail: DayDetail, zone: ZoneInfo, today: date) -> str:
    """Its time card: timetable, punches with their places, worked, and what is the matter."""
    day = detail.day
    lines = [f"{SIGNS[day.mark]} {t.isolate(t.day(day.workdate, today))} · {t.gettext(NAMES[day.mark])}", ""]
    lines += [f"🗓 {_say_timetable(t, card)}" for card in day.cards if card.timetable]
    lines += [describe_line(t, line, t.time(line.at, zone)) for line in detail.lines] or [t("No punches.")]
    if detail.reach is not Reach.REACHED:
        lines.append(t.gettext(_INCOMPLETE[detail.reach]))
    return "\n".join([*lines, "", *_describe_spans(t, day)])


def _describe_spans(t: Translator, day: Workday) -> Iterator[str]:
    if day.worked or day.due:
        yield "⏱ " + t("Worked {worked} of {due}", worked=t.duration(day.worked), due=t.duration(day.due))
    for sign, label, lasted in (
        ("⏰", t("Late"), day.late),
        ("🚪", t("Left early"), day.early_leave),
        ("❌", t("Absent"), day.absent),
        ("🌴", t("Leave"), day.leave),
        ("➕", t("Overtime"), day.overtime),
    ):
        if lasted:
            yield f"{sign} {t.field(label, t.isolate(t.duration(lasted)))}"


def _say_timetable(t: Translator, card: TimeCard) -> str:
    if card.check_in is None or card.check_out is None:
        return t.isolate(card.timetable)
    return f"{t.isolate(card.timetable)} · {t.isolate(f'{_wall(card.check_in)}–{_wall(card.check_out)}')}"


# -- why ---------------------------------------------------------------------------------------------------------------


def explain(t: Translator, why: Why, today: date) -> str:
    """The chain of reasons in BioTime's order: timetable, holiday, leave, punches, minutes, what is on its way."""
    day = why.detail.day
    head = f"❓ {t.isolate(t.day(day.workdate, today))} · {t.gettext(NAMES[day.mark])}"
    reasons = [reason for card in day.cards for reason in _explain_card(t, card)]
    if any(line.pending for line in why.detail.lines):
        reasons.append(t("A punch of yours is still on its way to BioTime: the day may look better soon."))
    if why.waiting:
        reasons.append(
            t.plural("{n} correction of this day is waiting for approval.",
                     "{n} corrections of this day are waiting for approval.", why.waiting)
        )  # fmt: skip
    fix = t("Were you there all the same? Report the punch that is missing, and your manager decides.")
    return "\n".join([head, "", *(f"• {reason}" for reason in reasons), "", fix])


def _explain_card(t: Translator, card: TimeCard) -> Iterator[str]:
    if not card.timetable:
        yield t("You had no timetable then.")
        return
    yield t("Your timetable: {timetable}", timetable=_say_timetable(t, card))
    yield t("BioTime knows of no holiday that day.")
    if card.leave:
        yield t("Approved leave covers {duration} of it.", duration=t.duration(card.leave))
    else:
        yield t("BioTime knows of no approved leave for it.")
    yield from _explain_punches(t, card)
    yield from _explain_minutes(t, card)


def _explain_punches(t: Translator, card: TimeCard) -> Iterator[str]:
    if card.clock_in is None and card.clock_out is None:
        yield t("BioTime has no punch of yours that counts for it.")
        return
    if card.clock_in:
        yield t("Your clock-in that counts: {time}.", time=_wall(card.clock_in))
    else:
        yield t("No clock-in of yours is there for it.")
    if card.clock_out:
        yield t("Your clock-out that counts: {time}.", time=_wall(card.clock_out))
    elif card.absent or card.att_exception:
        yield t("No clock-out of yours is there for it.")


def _explain_minutes(t: Translator, card: TimeCard) -> Iterator[str]:
    if card.late:
        yield t("Your company allows some minutes; you came after them, so lateness counts from the start: {duration}.",
                duration=t.duration(card.late))  # fmt: skip
    elif card.clock_in and card.check_in and (after := _after(card.check_in, card.clock_in)) and not card.absent:
        yield t("You came {duration} after the start, within the minutes your company allows: not late.",
                duration=t.duration(after))  # fmt: skip
    if card.early_leave:
        yield t("You left before the end, by more than your company allows: {duration}.",
                duration=t.duration(card.early_leave))  # fmt: skip
    if card.absent:
        yield t("So BioTime counts as absent: {duration}.", duration=t.duration(card.absent))


def _after(due: time, at: time) -> timedelta:
    """How long after, the same day; nothing where it was before."""
    return max(timedelta(hours=at.hour - due.hour, minutes=at.minute - due.minute), _NOTHING)


def _wall(at: time) -> str:
    return f"{at:%H:%M}"
