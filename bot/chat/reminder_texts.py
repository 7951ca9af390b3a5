"""What is said of reminders, and reminders themselves."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.attendance.reminders import ReminderKind
from bot.i18n import N_, Translator
from bot.services.reminders import FIELDS, Chosen, Reminded

NAMES = {
    ReminderKind.IN: N_("⏰ Clock in"),
    ReminderKind.OUT: N_("⏰ Clock out"),
    ReminderKind.BREAK: N_("⏰ Break is over"),
}
AT_ONCE = {ReminderKind.IN: (N_("at the start"),), ReminderKind.OUT: (N_("at the end"),)}
NO_NUDGE = N_("do not ask me")
_MINUTE = timedelta(minutes=1)


def describe_reminders(t: Translator, chosen: Chosen) -> str:
    lines = [t("⏰ Your reminders"), t("Only on days you are expected; never on leave or on a holiday.")]
    for kind, field in FIELDS.items():
        after = getattr(chosen.wishes, field)
        when = t("off") if after is None else say_when(t, kind, after)
        lines.append(t("{name}: {when}", name=t.gettext(NAMES[kind]), when=when))
    nudge = say_nudge(t, chosen.nudge // _MINUTE)
    nudge = nudge if chosen.own else t("{when}, as HR has set it", when=nudge)
    lines.append(t("👔 Before your manager is told: {when}", when=nudge))
    if not chosen.known:
        lines.append(t("⚠️ Your company has not given me a look at its timetables yet, so I cannot remind you."))
    return "\n".join(lines)


def describe_reminder(t: Translator, news: Reminded, zone: ZoneInfo) -> str:
    about, at = news.reminder, t.time(news.reminder.about_at, zone)
    timetable = about.timetable
    match about.kind, news.begun:
        case ReminderKind.BREAK, _:
            return t("⏰ Your break began at {time}. Share your location to end it.", time=at)
        case ReminderKind.OUT, False:
            return t("⏰ {timetable} ends at {time}. Share your location when you go.", timetable=timetable, time=at)
        case ReminderKind.OUT, True:
            return t("⏰ {timetable} ended at {time}, and you have not clocked out.", timetable=timetable, time=at)
        case _, False:
            return t("⏰ {timetable} starts at {time}. Share your location to clock in.", timetable=timetable, time=at)
        case _:
            return t("⏰ {timetable} began at {time}, and you have not clocked in.", timetable=timetable, time=at)


def say_nudge(t: Translator, minutes: int) -> str:
    """How long before it."""
    return t.duration(minutes * _MINUTE) if minutes else t.gettext(NO_NUDGE)


def say_when(t: Translator, kind: ReminderKind, after: timedelta) -> str:
    length, early = t.duration(abs(after)), after < timedelta(0)
    if kind is ReminderKind.BREAK:
        return t("after {duration}", duration=length)
    if kind is ReminderKind.IN:
        if not after:
            return t("at the start")
        before = t("{duration} before the start", duration=length)
        return before if early else t("{duration} after the start", duration=length)
    if not after:
        return t("at the end")
    return t("{duration} before the end", duration=length) if early else t("{duration} after the end", duration=length)
