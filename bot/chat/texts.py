"""What people read about a punch: one sentence per outcome, plain text (nothing to escape)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.attendance.evidence import Evidence
from bot.attendance.model import PunchState
from bot.attendance.progress import State
from bot.attendance.worked import Worked
from bot.chat.standings import describe_claim
from bot.i18n import N_, Translator
from bot.services.clocking import Outside
from bot.services.timecards import Line, Page, Reach, Today
from bot.store.links import Link
from bot.store.punches import Punch

_DONE: dict[PunchState, str] = {
    PunchState.CHECK_IN: N_("✅ Clocked in at {time}"),
    PunchState.CHECK_OUT: N_("✅ Clocked out at {time}"),
    PunchState.BREAK_OUT: N_("✅ Break started at {time}"),
    PunchState.BREAK_IN: N_("✅ Break ended at {time}"),
    PunchState.OVERTIME_IN: N_("✅ Overtime started at {time}"),
    PunchState.OVERTIME_OUT: N_("✅ Overtime ended at {time}"),
}
# By the news of `services/telling`.
_NEWS: dict[str, str] = {
    "saved": N_("Saved {time}, ref {ref}. Sending to BioTime…"),
    "ambiguous": N_("Saved {time}, ref {ref}. BioTime did not answer, so I am checking. No need to clock again."),
    "manual_due": N_("I cannot reach BioTime. Your time {time} is kept (ref {ref}) and goes in as a correction."),
    "manual_due:late": N_(
        "Saved {time}, ref {ref}. Your message reached me late, so your time goes in as a correction."
    ),
    "manual_due:correction": N_("BioTime recorded {server}; a correction to {time} is on its way (ref {ref})."),
    "manual_confirmed:pending": N_("📝 Correction to {time} filed, waiting for approval (ref {ref})."),
    "manual_confirmed:approved": N_("✅ Correction to {time} approved (ref {ref})."),
    "manual_confirmed:refused": N_(
        "❌ Correction to {time} was refused: {reason}. Your time is kept (ref {ref}); please talk to your manager."
    ),
    "manual_confirmed:revoked": N_("Correction to {time} was withdrawn (ref {ref})."),
    "rejected": N_(
        "❌ BioTime refused {time}: {reason}. Your time is kept (ref {ref}); please show this to your manager."
    ),
    "login": N_("Saved {time}, ref {ref}. Your BioTime session has ended: log in again and I will send it."),
    "rejected:correction": N_(
        "❌ BioTime has {server} and refused to correct it to {time}: {reason}. "
        "Please show this to your manager (ref {ref})."
    ),
    "human:late": N_(
        "Your message reached me days late. Your time {time} is kept (ref {ref}); please ask your manager to enter it."
    ),
    "human": N_(
        "I could not reach BioTime for three days. Your time {time} is kept (ref {ref}); "
        "please ask your manager to enter it."
    ),
}
_DAYS_LATER = ("manual_", "rejected", "human")
KINDS: dict[PunchState, str] = {
    PunchState.CHECK_IN: N_("In"),
    PunchState.CHECK_OUT: N_("Out"),
    PunchState.BREAK_OUT: N_("Break starts"),
    PunchState.BREAK_IN: N_("Break ends"),
    PunchState.OVERTIME_IN: N_("Overtime starts"),
    PunchState.OVERTIME_OUT: N_("Overtime ends"),
    PunchState.UNKNOWN: N_("Terminal"),
}
_MISSING: dict[Reach, str] = {
    Reach.NO_ANSWER: N_("BioTime is not answering right now, so this shows only what you sent through me."),
    Reach.SESSION_OVER: N_(
        "Your BioTime session has ended, so this shows only what you sent through me. Log in again to see everything."
    ),
}


def greet(t: Translator, name: str) -> str:
    return "\n".join(
        [
            t("👋 Hello {name}! I am Hadir. With me you clock in and out of BioTime in this chat.", name=name),
            t("I see your location only when you share it, to show that you are at work. "
              "Your password goes to BioTime once; I delete it from this chat and never store it."),
        ]
    )  # fmt: skip


def describe_slow_down(t: Translator, until: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Rounded up to the minute, so that who comes back then gets in."""
    wait = t.duration_in_words(max(until - now, timedelta(0)) + timedelta(seconds=59))
    at = t.time(until + timedelta(seconds=59), zone)
    return t("Too many tries. Please try again in {wait}, at {time}.", wait=wait, time=at)


def describe_punch(t: Translator, punch: Punch, about: str, zone: ZoneInfo, address: str) -> str:
    """`about` is the news of `services/telling`; `address` the short form for people."""
    text = _describe_news(t, punch, about, zone, address)
    remarks = _describe_evidence(t, punch, zone) if about.startswith("confirmed") or about == "saved" else []
    return "\n".join([text, *remarks])


def _describe_news(t: Translator, punch: Punch, about: str, zone: ZoneInfo, address: str) -> str:
    time = t.time(punch.punched_at, zone, seconds=True)
    server = t.time(punch.progress.server_at, zone) if punch.progress.server_at else time
    if about == "confirmed":
        return " · ".join([t(_DONE[punch.punch_state], time=server), *describe_place(t, punch, address)])
    if about == "manual_due" and Evidence.LATE_DELIVERY in punch.evidence:
        about = "manual_due:late"
    if about == "human" and not punch.progress.attempt:
        about = "human:late"
    sentence = _NEWS.get(about) or _NEWS[about.removesuffix(":correction")]
    said = t(sentence, time=time, server=server, ref=punch.ref, reason=punch.progress.reason or "-")
    if about.startswith(_DAYS_LATER):
        said = "\n".join([said, _describe_what(t, punch, zone)])
    return said


def _describe_what(t: Translator, punch: Punch, zone: ZoneInfo) -> str:
    """Which punch of which day, for news that may come days later."""
    when = t.isolate(t.day_and_time(punch.punched_at, zone, seconds=True))
    return " · ".join([t.gettext(KINDS[punch.punch_state]), when])


def describe_place(t: Translator, punch: Punch, address: str) -> list[str]:
    """Area and distance, and the address: what of it is known."""
    parts = []
    if punch.area and punch.inside and punch.distance is not None:
        parts.append(t("{area}, {distance}", area=punch.area, distance=t.distance(punch.distance)))
    return [*parts, t.isolate(address)]


def _describe_evidence(t: Translator, punch: Punch, zone: ZoneInfo) -> list[str]:
    """What a manager will see too is said to the person first."""
    remarks = []
    if Evidence.OUTSIDE_AREA in punch.evidence and punch.area and punch.distance is not None:
        remarks.append(t("⚠️ Recorded and marked: you were {distance} from {area}.",
                         distance=t.distance(punch.distance), area=punch.area))  # fmt: skip
    if Evidence.LATE_DELIVERY in punch.evidence:
        remarks.append(t("🕒 Your message reached me late. It counts from {time}, when you sent it.",
                         time=t.time(punch.punched_at, zone)))  # fmt: skip
    if Evidence.POOR_ACCURACY in punch.evidence:
        remarks.append(t("📶 Marked: your phone was not sure where you are. It does better outdoors or near a window."))
    return remarks


def describe_outside(t: Translator, outside: Outside) -> str:
    return t(
        "You are {distance} from {area}. Nothing was recorded. Share your location again once you are there.",
        distance=t.distance(outside.distance),
        area=outside.area,
    )


def describe_repeat(t: Translator, punch: Punch, zone: ZoneInfo) -> str:
    return t(
        "You already have a punch at {time} (ref {ref}), so I did not make a second one.",
        time=t.time(punch.punched_at, zone, seconds=True),
        ref=punch.ref,
    )


def describe_for_manager(t: Translator, punch: Punch, employee: Link | None, zone: ZoneInfo) -> str:
    """A punch that needs a person's eyes."""
    values = {
        "name": employee.name if employee else punch.emp_code,
        "code": punch.emp_code,
        "when": t.day_and_time(punch.punched_at, zone, seconds=True),
        "ref": punch.ref,
    }
    if punch.progress.reason:
        return t("⚠️ BioTime refused a punch of {name} ({code}), {when}, ref {ref}: {reason}",
                 reason=punch.progress.reason, **values)  # fmt: skip
    return t("⚠️ Please check a punch of {name} ({code}), {when}, ref {ref}: it did not get into BioTime "
             "as it should.", **values)  # fmt: skip


def describe_next(t: Translator, punch: Punch, worked: Worked, zone: ZoneInfo) -> str:
    """Hours only once BioTime has the punch: until then they are not so."""
    if punch.progress.state is not State.CONFIRMED:
        return t("The button below is your next step.")
    said = t("Worked today: {duration}.", duration=t.duration(worked.total))
    if worked.since is not None:
        said = t("At work since {time}. The button below is your next step.", time=t.time(worked.since, zone))
    return "\n".join([said, *_say_missing_clock_outs(t, worked.missing[-1:], zone)])


def describe_elsewhere(t: Translator, punch: Punch, zone: ZoneInfo) -> str:
    """To another account of the same employee."""
    what = _describe_what(t, punch, zone)
    return t("From your other Telegram account: {punch}. The button below is your next step.", punch=what)


def describe_overdue(t: Translator, since: datetime | None, zone: ZoneInfo) -> str:
    """`since`: what began then has no end that we know of."""
    if since is None:
        return t("The button below is your next step.")
    return "\n".join(
        [
            t("⚠️ I know of no clock-out since {when}. The button below starts a new day.",
              when=t.day_and_time(since, zone)),
            t("Still at work? Choose ☰ More › Clock out. Otherwise report the clock-out with /forgot."),
        ]
    )  # fmt: skip


def _say_missing_clock_outs(t: Translator, missing: Sequence[datetime], zone: ZoneInfo) -> list[str]:
    return [
        t("⚠️ No clock-out after {when}: that time is not counted. You can report the clock-out with /forgot.",
          when=t.day_and_time(at, zone))
        for at in missing
    ]  # fmt: skip


def describe_link(t: Translator, link: Link) -> str:
    lines = [t("✅ Welcome, {name}!", name=link.name or link.emp_code)]
    for label, value in ((t("Position"), link.position), (t("Department"), link.department), (t("Area"), link.area)):
        if value:
            lines.append(t.field(label, t.isolate(value)))
    return "\n".join(lines)


def describe_today(t: Translator, today: Today, zone: ZoneInfo) -> str:
    head = t("Today")
    lines = [describe_line(t, line, t.time(line.at, zone)) for line in today.lines]
    if not lines:
        lines = [t("No punches yet.")]
    total = t("Hours so far: {duration}", duration=t.duration(today.worked.total))
    forgotten = _say_missing_clock_outs(t, today.worked.missing, zone)
    return "\n".join([f"📋 {head}", *lines, "", total, *forgotten, *_say_what_is_missing(t, today.reach)])


def describe_history(t: Translator, page: Page, zone: ZoneInfo) -> str:
    """Day by day, the newest first."""
    head = t("History, page {number}", number=page.number + 1)
    lines = [f"🗓 {head}"]
    for day, punches in groupby(page.lines, key=lambda line: line.at.astimezone(zone).date()):
        lines += ["", t.day(day), *(describe_line(t, line, t.time(line.at, zone)) for line in punches)]
    if not page.lines:
        lines.append(t("No punches yet."))
    return "\n".join([*lines, *_say_what_is_missing(t, page.reach)])


def describe_line(t: Translator, line: Line, when: str) -> str:
    waiting = "⏳" if line.pending else "•"
    parts = [t.isolate(when), t.gettext(KINDS[line.punch_state])]
    parts += [describe_claim(t, line.claim)] if line.claim else []
    return f"{waiting} " + " · ".join(parts + ([t.isolate(_shorten(line.place))] if line.place else []))


def _shorten(place: str) -> str:
    """What people need of BioTime's "7HQQ35R5+MF - Dubai Internet City - Dubai - United Arab Emirates"."""
    code, *names = place.split(" - ")
    return " ".join([code, *names[:1]]) if "+" in code else place


def _say_what_is_missing(t: Translator, reach: Reach) -> list[str]:
    if reach is Reach.REACHED:
        return []
    return ["", t.gettext(_MISSING[reach])]
