"""The rehearsal of alerts as people read it, in chat and in the terminal: what would have been, and what was."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from bot.attendance.past import Finding, Verdict
from bot.chat.alert_texts import paginate
from bot.chat.chain_texts import describe_stop
from bot.chat.periods import describe_too_old
from bot.i18n import Translator, unmark
from bot.papers.rehearsal_table import RehearsalTable, Row
from bot.services.rehearsing import LONGEST, BadPeriod, DayTally, Entry, Rehearsal, SiteTally, Tally

# With the head and the buttons, a page is read at a glance.
_PAGE = 2400
_MOST_SITES = 12


def build_pages(t: Translator, rehearsal: Rehearsal, zone: ZoneInfo) -> list[str]:
    """The sums, what cannot be known, then every alert; each page short enough for a message."""
    lines = [t.lay_out(line) for line in _list_days(t, rehearsal, zone)]
    return [describe_sums(t, rehearsal), *(paginate("\n".join(lines), _PAGE) if lines else [])]


def describe_sums(t: Translator, rehearsal: Rehearsal) -> str:
    parts = [
        "\n".join([describe_head(t, rehearsal), *describe_rules(t, rehearsal)]),
        "\n".join(t.lay_out(line) for line in describe_tally(t, rehearsal.tally)),
        "\n".join(t.lay_out(_describe_site(t, site)) for site in rehearsal.sites[:_MOST_SITES] if site.tally.told),
        "\n".join(describe_unknown(t, rehearsal)),
    ]
    return "\n\n".join(part for part in parts if part)


def describe_head(t: Translator, rehearsal: Rehearsal) -> str:
    first, last = t.date(rehearsal.first), t.date(rehearsal.last)
    return t.lay_out(t("🎭 Rehearsal of alerts, {first} to {last}", first=first, last=last))


def describe_rules(t: Translator, rehearsal: Rehearsal) -> Iterator[str]:
    rules = rehearsal.rules
    yield t("⏳ Grace: {value}", value=t.duration(rules.grace))
    yield t("🔔 Managers are told after: {value}", value=t.duration(rules.delay))
    yield t("🚨 One incident when missing: {value}", value=f"{t.number(rules.incident_percent)}%")


def describe_tally(t: Translator, tally: Tally) -> Iterator[str]:
    """A line for each sum."""
    yield t("👥 Shifts of people: {n}", n=tally.expected)
    yield t("🔔 Told as missing: {n}", n=tally.told)
    yield t("✅ Rightly: {n}. Absent: {absent}, came later: {late}", n=tally.absent + tally.late, absent=tally.absent,
            late=tally.late)  # fmt: skip
    yield t("❌ False alarms: {n}", n=tally.false)
    if tally.undecided:
        yield t("❔ Not decided yet: {n}", n=tally.undecided)
    yield t("⭕ Absent, and nobody told: {n}", n=tally.missed)
    if tally.incidents:
        yield t("🚨 Incidents, most of a site missing: {n}", n=tally.incidents)


def describe_unknown(t: Translator, rehearsal: Rehearsal) -> Iterator[str]:
    """What nobody can know about the past."""
    yield t(
        "💡 Not known: how fresh BioTime's data was then. I took it to have been up to date; where it is late, I say so"
        " and call nobody missing."
    )
    yield t("💡 Each manager's own delay and quiet hours come on top.")
    if rehearsal.undated:
        yield t.plural(
            "💡 {n} punch does not say when BioTime got it: I took it to have been known at once.",
            "💡 {n} punches do not say when BioTime got them: I took them to have been known at once.",
            rehearsal.undated,
        )
    if rehearsal.gone:
        yield t.plural(
            "💡 {n} person has left since, and is left out.",
            "💡 {n} people have left since, and are left out.",
            rehearsal.gone,
        )
    if not rehearsal.enabled:
        yield t("⚪ Alerts are off: nobody is told who is missing.")


def describe_verdict(t: Translator, finding: Finding, zone: ZoneInfo) -> str:
    at = t.time(finding.at, zone) if finding.at else ""
    known = t.day_and_time(finding.known_at, zone) if finding.known_at else "–"
    match finding.verdict:
        case Verdict.ABSENT:
            return t("✅ was absent")
        case Verdict.LATE:
            return t("✅ came at {time}, {late} late", time=at, late=t.duration(finding.late_by))
        case Verdict.UPLOAD:
            return t("❌ was there at {time}; BioTime learned of it: {when}", time=at, when=known)
        case Verdict.LOG:
            return t("❌ was there at {time}; manual log approved: {when}", time=at, when=known)
        case Verdict.LEAVE:
            return t("❌ on leave; approved: {when}", when=known)
        case Verdict.ELSEWHEN:
            counted = t.clock(finding.counted) if finding.counted else ""
            return t("❌ BioTime counts a punch at {time}, outside of this shift's hours", time=counted)
        case Verdict.UNDECIDED:
            return t("❔ a manual log for {time} still waits for approval", time=at)
    assert finding.step is not None
    why = describe_stop(t, finding.step, zone) if finding.step.stop is not None else ""
    return " ".join([t("⭕ was absent, and nobody told."), why]).rstrip()


def describe_shift(t: Translator, entry: Entry) -> str:
    shift = entry.finding.shift
    return " · ".join(t.isolate(name) for name in (shift.timetable, entry.place) if name)


def describe_period(t: Translator, fault: BadPeriod) -> str:
    if fault is BadPeriod.AHEAD:
        return t("These days are still to come. Which days?")
    if fault is BadPeriod.TOO_OLD:
        return describe_too_old(t)
    return t("That is more than {n} days: please choose fewer.", n=LONGEST.days)


def build_table(t: Translator, rehearsal: Rehearsal, zone: ZoneInfo, made_on: date) -> RehearsalTable:
    """What a sheet of it is made from."""
    said = [*describe_rules(t, rehearsal), *describe_tally(t, rehearsal.tally), *describe_unknown(t, rehearsal)]
    return RehearsalTable(
        language=t.language,
        company=rehearsal.company,
        first=rehearsal.first,
        last=rehearsal.last,
        made_on=made_on,
        sums=tuple(map(unmark, said)),
        rows=tuple(_build_row(t, entry, zone) for entry in rehearsal.entries),
    )


def _build_row(t: Translator, entry: Entry, zone: ZoneInfo) -> Row:
    finding = entry.finding
    told = finding.told_at.astimezone(zone) if finding.told_at else None
    return Row(
        workdate=finding.shift.workdate,
        told=told.time() if told else None,
        kind="" if told is None else t("Incident") if finding.incident else t("By name"),
        name=entry.name,
        emp_code=finding.shift.emp_code,
        timetable=finding.shift.timetable,
        place=entry.place,
        said=unmark(describe_verdict(t, finding, zone)),
    )


def _list_days(t: Translator, rehearsal: Rehearsal, zone: ZoneInfo) -> Iterator[str]:
    day = None
    sums = {one.workdate: one for one in rehearsal.days}
    for entry in rehearsal.entries:
        if entry.finding.shift.workdate != day:
            if day is not None:
                yield ""
            day = entry.finding.shift.workdate
            yield _describe_day(t, sums[day])
        yield _describe_entry(t, entry, zone)


def _describe_day(t: Translator, day: DayTally) -> str:
    return "📅 " + t.field(t.isolate(t.day(day.workdate)), _signs(t, day.tally))


def _describe_site(t: Translator, site: SiteTally) -> str:
    names = " · ".join(t.isolate(name) for name in (site.timetable, site.place) if name)
    return "• " + t.field(names, _signs(t, site.tally))


def _signs(t: Translator, tally: Tally) -> str:
    """The sums under their signs, which the first page explains. Not isolated, or Arabic had each number before its
    sign.
    """
    sums = {
        "🔔": tally.told,
        "✅": tally.absent + tally.late,
        "❌": tally.false,
        "❔": tally.undecided,
        "⭕": tally.missed,
    }
    always = ("🔔",)
    return " ".join(f"{sign} {t.number(n)}" for sign, n in sums.items() if n or sign in always)


def _describe_entry(t: Translator, entry: Entry, zone: ZoneInfo) -> str:
    finding = entry.finding
    said = describe_verdict(t, finding, zone)
    sign = "•" if finding.told_at is None else "🚨" if finding.incident else "🔔"
    parts = [t.isolate(entry.name), describe_shift(t, entry), said]
    told = t.isolate(t.time(finding.told_at, zone)) if finding.told_at else ""
    return " ".join(part for part in (sign, told, " · ".join(part for part in parts if part)) if part)
