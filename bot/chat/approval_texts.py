"""What managers read about requests that wait for them, and what people read about the decision."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.attendance.harmless import Doubt
from bot.attendance.model import PunchState
from bot.chat.leave_draft import half_of
from bot.chat.request_texts import describe_half
from bot.chat.texts import KINDS
from bot.i18n import N_, Translator
from bot.services.cases import Case, Near
from bot.services.deciding import Decided, Trouble
from bot.services.filings import Kind, Request
from bot.store.audit_lines import Act, AuditLine
from bot.store.punches import Punch

_DOUBTS: dict[Doubt, str] = {
    Doubt.ONLY_THEIR_WORD: N_("💬 I saw no such punch: this is their word."),
    Doubt.OTHER_TIME: N_("⚠️ I saw another time, or another kind of punch."),
    Doubt.NOT_THERE: N_("⚠️ It was not shared inside an area that I know."),
    Doubt.ODD_PLACE: N_("⚠️ Its place was marked: not accurate, the same as before to the last digit, or too far away."),
    Doubt.TWICE: N_("⚠️ BioTime has such a punch within ten minutes of it."),
    Doubt.OLD: N_("⚠️ It is more than a week old."),
}
_TROUBLES: dict[Trouble, str] = {
    Trouble.NOT_MANAGER: N_("You manage nobody in Hadir, so there is nothing for you to decide. HR can change that."),
    Trouble.GONE: N_("That request does not wait for you any more: it was withdrawn, or decided somewhere else."),
    Trouble.NO_ANSWER: N_("BioTime is not answering right now, so nothing was decided. Please try again in a minute."),
    Trouble.NO_ACCOUNT: N_(
        "I have no account of my own at BioTime, so I cannot see requests. Whoever runs me can set HADIR_SERVICE_USER."
    ),
}
# What a manager may say without typing; people read it.
REASONS = (
    N_("You were not at work then."),
    N_("The time is not right."),
    N_("Please talk to me about it first."),
    N_("Too many are away then."),
    N_("Not enough leave is left."),
)
_FITTING = {Kind.LOG: (0, 1, 2), Kind.LEAVE: (3, 4, 2)}
_MOST_NEAR, _MOST_AWAY = 6, 10


def find_reasons(kind: Kind) -> list[tuple[int, str]]:
    """Those that a refused request of that kind may have, each with its place in `REASONS`."""
    return [(number, REASONS[number]) for number in _FITTING[kind]]


def describe_trouble(t: Translator, trouble: Trouble) -> str:
    return t.gettext(_TROUBLES[trouble])


# -- what waits --------------------------------------------------------------------------------------------------------


def describe_waiting(t: Translator, waiting: Sequence[Request]) -> str:
    if not waiting:
        return t("🗳 Nothing waits for your decision.")
    return t.plural("🗳 {n} request waits for your decision.", "🗳 {n} requests wait for your decision.", len(waiting))


def describe_short(t: Translator, request: Request, zone: ZoneInfo) -> str:
    """On a button, and in a list."""
    return t.lay_out(" · ".join([t.isolate(request.name or request.emp_code), _describe_what(t, request, zone)]))


def describe_case(t: Translator, case: Case, zone: ZoneInfo) -> str:
    request = case.request
    sign = "📝" if request.kind is Kind.LOG else "🌴"
    lines = [
        f"{sign} {describe_person(t, request.name, request.emp_code)}",
        _describe_what(t, request, zone),
        *_describe_reason(t, case),
    ]
    if case.seen is not None:
        lines.append(_describe_seen(t, case.seen, zone))
    lines += [t.gettext(_DOUBTS[doubt]) for doubt in case.doubts]
    if request.kind is Kind.LOG and case.near is not None:
        lines += ["", *_describe_near(t, case.near, request.at, zone)]
    if case.away is not None:
        lines += ["", _describe_away(t, case.away)]
    return t.lay_out("\n".join(lines))


def describe_person(t: Translator, name: str, emp_code: str) -> str:
    return t("{name} ({code})", name=name or emp_code, code=emp_code)


def describe_harmless(t: Translator, cases: Sequence[Case], zone: ZoneInfo) -> str:
    """What harmless means is said before, and which they are."""
    listed = [f"• {describe_short(t, case.request, zone)}" for case in cases]
    return "\n".join(
        [
            t("Harmless are those that say what I saw myself: at that time the person shared a place inside an area, "
              "and nothing about it is odd, double or older than a week."),
            "",
            *listed,
        ]
    )  # fmt: skip


def _describe_what(t: Translator, request: Request, zone: ZoneInfo) -> str:
    return describe_request(t, request.punch_state, request.at, request.until_at, pay_code=request.pay_code, zone=zone)


def describe_request(
    t: Translator, state: PunchState | None, at: datetime, until: datetime | None, *, pay_code: str, zone: ZoneInfo
) -> str:
    """`Clock in · Mon, 2 Mar, 09:00`; of a leave its days, half of one, or its hours within one."""
    if state is not None:
        return " · ".join([t.gettext(KINDS[state]), t.isolate(t.day_and_time(at, zone))])
    named = t.isolate(pay_code) if pay_code else t("Leave")
    return " · ".join([named, t.isolate(_describe_period(t, at, until or at, zone))])


def _describe_period(t: Translator, at: datetime, until: datetime, zone: ZoneInfo) -> str:
    first, last = at.astimezone(zone), until.astimezone(zone)
    if half := half_of(first, last):
        return describe_half(t, first.date(), half)
    if (last - timedelta(microseconds=1)).date() == first.date():
        hours = t("{from_time} to {until_time}", from_time=t.time(at, zone), until_time=t.time(until, zone))
        whole = last.date() > first.date() and first.time() == last.time()
        return t.day(first.date()) if whole else t("{day}, {time}", day=t.day(first.date()), time=hours)
    ends = (last - timedelta(microseconds=1)).date()
    return t("{from_day} to {until_day}", from_day=t.day(first.date()), until_day=t.day(ends))


def _describe_reason(t: Translator, case: Case) -> list[str]:
    """Our own words for a punch that BioTime did not take are for BioTime: here they are in the reader's language."""
    if case.seen is not None and case.request.reason.startswith("Hadir:"):
        return [t("BioTime did not take this punch when it was made.")]
    if not case.request.reason:
        return [t("No reason given.")]
    return [t("Reason: {reason}", reason=case.request.reason)]


def _describe_seen(t: Translator, seen: Punch, zone: ZoneInfo) -> str:
    parts = [t("📍 I saw it at {time}", time=t.time(seen.punched_at, zone, seconds=True))]
    if seen.area and seen.distance is not None:
        parts.append(t("{area}, {distance}", area=seen.area, distance=t.distance(seen.distance)))
    if seen.position is not None and seen.position.accuracy is not None:
        parts.append(t("accurate to {distance}", distance=t.distance(seen.position.accuracy)))
    return " · ".join(parts)


def _describe_away(t: Translator, names: Sequence[str]) -> str:
    """Colleagues in the same department."""
    if not names:
        return t("🌴 Nobody else of that department is on leave then.")
    more = [t("… and {n} more", n=len(names) - _MOST_AWAY)] if len(names) > _MOST_AWAY else []
    return t("🌴 Of the same department on leave then: {names}", names=t.enumerate([*names[:_MOST_AWAY], *more]))


def _describe_near(t: Translator, near: Sequence[Near], at: datetime, zone: ZoneInfo) -> list[str]:
    if not near:
        return [t("BioTime has no other punch that day.")]
    closest = sorted(near, key=lambda row: abs(row.punched_at - at))[:_MOST_NEAR]
    rows = sorted(closest, key=lambda row: row.punched_at)
    return [t("Around it in BioTime:"), *(_describe_row(t, row, zone) for row in rows)]


def _describe_row(t: Translator, row: Near, zone: ZoneInfo) -> str:
    parts = [t.isolate(t.day_and_time(row.punched_at, zone)), t.gettext(KINDS[row.punch_state])]
    if row.terminal_alias:
        parts.append(t.isolate(row.terminal_alias))
    return "• " + " · ".join(parts)


# -- what was decided --------------------------------------------------------------------------------------------------


def describe_decided(t: Translator, decided: Decided, zone: ZoneInfo) -> str:
    if not decided.first:
        return _describe_quicker(t, decided)
    assert decided.request is not None
    assert decided.line is not None
    what = describe_short(t, decided.request, zone)
    said = t("✅ Approved: {what}", what=what)
    if decided.line.act is Act.REFUSED:
        said = t("❌ Refused: {what}", what=what)
    name = decided.request.name or decided.request.emp_code
    told = t("{name} has been told.", name=name)
    if not decided.told:
        told = t("{name} cannot be reached in Telegram: please tell them yourself.", name=name)
    return "\n".join([said, told])


def _describe_quicker(t: Translator, decided: Decided) -> str:
    line = decided.line
    if line is None:
        assert decided.request is not None
        return t("Somebody was quicker. BioTime says: {reason}", reason=decided.request.decided or "-")
    who = describe_person(t, line.by_name, line.by_code)
    if line.act is Act.APPROVED:
        return t("Decided already: {name} approved it.", name=who)
    return t("Decided already: {name} refused it.", name=who)


def describe_all(t: Translator, done: Sequence[Decided]) -> str:
    mine = [one for one in done if one.first]
    others = [one for one in done if not one.first]
    lines = [t.plural("✅ {n} request approved.", "✅ {n} requests approved.", len(mine))] if mine or not others else []
    if others:
        by = {describe_person(t, one.line.by_name, one.line.by_code) if one.line else "BioTime" for one in others}
        lines.append(
            t.plural(
                "{n} was decided meanwhile: {names}", "{n} were decided meanwhile: {names}", len(others),
                names=t.enumerate(sorted(by)),
            )
        )  # fmt: skip
    unreached = [one.request.name for one in mine if one.request and not one.told]
    if unreached:
        lines.append(t("Not in Telegram, so please tell them yourself: {names}", names=t.enumerate(unreached)))
    return "\n".join(lines)


def describe_decision(t: Translator, line: AuditLine, zone: ZoneInfo) -> str:
    """To the person who asked."""
    what, by = describe_asked(t, line, zone), line.by_name or line.by_code
    if line.act is Act.APPROVED:
        return t("✅ {name} approved what you asked for: {what}", name=by, what=what)
    said = t("❌ {name} refused what you asked for: {what}", name=by, what=what)
    return "\n".join([said, t("Reason: {reason}", reason=read_reason(t, line.reason))]) if line.reason else said


def read_reason(t: Translator, reason: str) -> str:
    """A reason that was chosen, in the reader's language; one that was typed, as it is."""
    return t.gettext(reason) if reason in REASONS else reason


def describe_asked(t: Translator, line: AuditLine, zone: ZoneInfo) -> str:
    detail = line.detail
    state = None if detail["state"] is None else PunchState(detail["state"])
    until = datetime.fromisoformat(detail["until"]) if detail["until"] else None
    return describe_request(
        t, state, datetime.fromisoformat(detail["at"]), until, pay_code=detail["pay_code"], zone=zone
    )
