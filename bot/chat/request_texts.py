"""What people read about what they asked for: forgotten punches and leaves, on their way and decided."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.chat import forgotten_draft, leave_draft
from bot.chat.keyboards import says
from bot.chat.standings import STANDINGS
from bot.chat.texts import KINDS
from bot.i18n import N_, Translator
from bot.services.leave_filing import NOT_TAKEN
from bot.services.standings import Request, Standing
from bot.services.telling import ASKED
from bot.services.timecards import Reach
from bot.store.leaves import AskedLeave
from bot.store.punches import Punch

# By the news of `services/telling`.
_NEWS = {
    "saved": N_("⏳ Kept. Sending your request to BioTime…"),
    "waiting": N_("⏳ BioTime is not answering. Your request is kept and I go on trying: there is nothing to do."),
    "login": N_("⏳ Your request is kept. Your BioTime session has ended: log in again and I will send it."),
    "pending": N_("📨 Your request is in BioTime, waiting for approval."),
    "approved": N_("✅ Your request was approved."),
    "refused": N_("❌ Your request was refused: {reason}."),
    "revoked": N_("↩️ Your request is in BioTime no more: the office took it out."),
    "withdrawn": N_("↩️ You took your request back."),
    "rejected": N_("❌ BioTime does not take your request: {reason}."),
    "human": N_("❌ I could not reach BioTime for three days. Please give your request to your manager."),
}
LISTED = frozenset({f"{ASKED}pending", f"{ASKED}waiting"})
_MISSING = {
    Reach.NO_ANSWER: N_("BioTime is not answering right now, so this shows only what you sent through me."),
    Reach.SESSION_OVER: N_(
        "Your BioTime session has ended, so this shows only what you sent through me. Log in again to see everything."
    ),
}


def describe_news(t: Translator, word: str, reason: str | None) -> str:
    return t(_NEWS[word], reason=reason or t("no reason was given"))


def describe_asked(t: Translator, punch: Punch, about: str, zone: ZoneInfo) -> str:
    said = describe_news(t, about.removeprefix(ASKED), punch.progress.reason)
    when = t.isolate(t.day_and_time(punch.punched_at, zone))
    what = [t.gettext(KINDS[punch.punch_state]), when, t("ref {ref}", ref=punch.ref)]
    return "\n".join([said, " · ".join(what), *_describe_reason(t, punch.note, forgotten_draft.REASONS)])


def describe_leave(t: Translator, leave: AskedLeave, about: str, zone: ZoneInfo) -> str:
    said = describe_news(t, about.removeprefix(ASKED), leave.progress.reason)
    if leave.progress.reason == NOT_TAKEN:
        said = t("Your company takes no leave requests through me. Please ask your manager.")
    period = describe_period(t, leave.start_at, leave.end_at, zone)
    what = " · ".join([t.isolate(leave.title), period, t("ref {ref}", ref=leave.ref)])
    return "\n".join([said, what, *_describe_reason(t, leave.note, leave_draft.REASONS)])


def _describe_reason(t: Translator, note: str | None, reasons: Mapping[str, str]) -> list[str]:
    """A reason from a button is kept in the office's language, and read in one's own."""
    common = next((said for said in reasons.values() if note and says(note, said)), None)
    return [t("Reason: {reason}", reason=t.gettext(common) if common else note)] if note else []


def describe_requests(t: Translator, requests: Sequence[Request], zone: ZoneInfo, reach: Reach) -> str:
    lines = [t("📝 My requests")]
    for request in requests:
        lines += ["", *describe_listed(t, request, zone)]
    if not requests:
        lines += ["", t("You have not asked for anything yet.")]
    if reach is not Reach.REACHED:
        lines += ["", t.gettext(_MISSING[reach])]
    return "\n".join(lines)


def describe_listed(t: Translator, request: Request, zone: ZoneInfo) -> list[str]:
    """With what became of it."""
    return [describe_request(t, request, zone), _describe_standing(t, request)]


def describe_request(t: Translator, request: Request, zone: ZoneInfo) -> str:
    """In one line."""
    if request.punch_state is not None:
        return " · ".join([t.gettext(KINDS[request.punch_state]), t.isolate(t.day_and_time(request.at, zone))])
    return " · ".join([t.isolate(request.title), describe_span(t, request, zone)])


def describe_span(t: Translator, request: Request, zone: ZoneInfo) -> str:
    """From when to when a leave is: whole days, half of one, or times of one."""
    assert request.until is not None
    start, end = request.at.astimezone(zone), request.until.astimezone(zone)
    return describe_period(t, start, end, zone)


def describe_period(t: Translator, start: datetime, end: datetime, zone: ZoneInfo) -> str:
    start, end = start.astimezone(zone), end.astimezone(zone)
    if start.time() == end.time() == time():
        last = end.date() - timedelta(days=1)
        days = (last - start.date()).days + 1
        if days == 1:
            return t.isolate(t.day(start.date()))
        return t("{first} – {last} ({days})", first=t.day(start.date()), last=t.day(last),
                 days=t.plural("{n} day", "{n} days", days))  # fmt: skip
    if half := leave_draft.half_of(start, end):
        return describe_half(t, start.date(), half)
    if start.date() == end.date():
        return t("{day}, {start}–{end}", day=t.day(start.date()), start=t.time(start, zone), end=t.time(end, zone))
    return t("{first} – {last}", first=t.day_and_time(start, zone), last=t.day_and_time(end, zone))


def describe_half(t: Translator, day: date, half: str) -> str:
    said = t.day(day)
    return t("{day}, morning", day=said) if half == leave_draft.MORNING else t("{day}, afternoon", day=said)


def _describe_standing(t: Translator, request: Request) -> str:
    said = t.gettext(STANDINGS[request.standing])
    if request.reason and request.standing in (Standing.REFUSED, Standing.FAILED):
        return t("{standing}: {reason}", standing=said, reason=request.reason)
    return said
