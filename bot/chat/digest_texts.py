"""What managers and HR are told beside cards: digests, forgotten clock-outs, cards nobody looked at, terminals."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup

from bot.attendance.terminals import TroubleKind
from bot.chat.keyboards import Row, build_inline
from bot.chat.summary_texts import SIGNS
from bot.i18n import Translator
from bot.papers.names import NAMES
from bot.services.digests import Digest, Period, Span, Tally
from bot.services.forgotten import Forgotten, Standing
from bot.services.manager_news import AskClockOut, Ignored, ManagerNews, TerminalTrouble
from bot.services.workdays import DAY, Mark

# Names in one line, and people of a week: more are counted.
MOST = 30
BUTTONS = 20


def describe(t: Translator, news: ManagerNews, zone: ZoneInfo) -> str:
    match news:
        case Digest():
            return describe_digest(t, news)
        case Forgotten():
            return _describe_forgotten(t, news)
        case AskClockOut():
            return t("👋 {name} asks: a punch of yours is missing on {day}. When did you come or leave?",
                     name=news.asked_by, day=t.day(news.day))  # fmt: skip
        case Ignored():
            where = " · ".join(t.isolate(part) for part in (news.timetable, news.place, t.day(news.day)) if part)
            return t("⏫ {name} has not looked at who is missing: {shift}. I am telling you, too.",
                     name=news.manager, shift=where)  # fmt: skip
        case TerminalTrouble():
            return _describe_terminal(t, news, zone)


def build(t: Translator, news: ManagerNews) -> InlineKeyboardMarkup | None:
    match news:
        case Digest(waiting=waiting) if waiting:
            return build_inline(t, [[(t("🗳 To approve"), "approvals:0"), (t("👥 Team"), "team")]])
        case Digest():
            return build_inline(t, [[(t("👥 Team"), "team")]])
        case Forgotten():
            rows: list[Row] = [
                [(t("❔ Ask {name}", name=gap.name), f"left:{gap.day}:{gap.emp_code}")]
                for gap, standing in news.missing[:BUTTONS]
                if standing is Standing.MISSING
            ]
            return build_inline(t, rows) if rows else None
        case AskClockOut():
            return build_inline(t, [[(t("📝 Report a forgotten punch"), f"forgot-day:{news.day:%Y%m%d}")]])
        case _:
            return None


# -- digests -----------------------------------------------------------------------------------------------------------


def describe_digest(t: Translator, digest: Digest) -> str:
    daily = digest.period.span is Span.DAILY
    body = _describe_day(t, digest.tallies) if daily else _describe_people(t, digest)
    nights = list(_describe_nights(t, digest))
    if not (body or nights):
        body = [t("✅ Everybody was there, and on time.")]
    head = [*_say_whose(t, digest.whose), _describe_period(t, digest.period), *_describe_counted(t, digest)]
    return "\n\n".join("\n".join(part) for part in (head, body, *nights, _describe_today(t, digest)) if part)


def _say_whose(t: Translator, whose: str) -> list[str]:
    """To whoever stands in: these are not their own people."""
    return [t("🤝 You stand in for {name}, whose people these are:", name=whose)] if whose else []


def _describe_period(t: Translator, period: Period) -> str:
    if period.span is Span.MONTHLY:
        return t("📅 Your team in {month}", month=t.month(period.first))
    told_on = period.last + DAY
    if period.first == period.last:
        return t("☀️ Your team on {day}", day=t.day(period.first, told_on))
    first, last = t.day(period.first, told_on), t.day(period.last, told_on)
    if period.span is Span.DAILY:
        return t("☀️ Your team from {first} to {last}", first=first, last=last)
    return t("📊 Your team from {first} to {last}", first=first, last=last)


def _describe_counted(t: Translator, digest: Digest) -> Iterator[str]:
    """A week or a month has what was not over at the last one."""
    for day, names in digest.counted:
        told_on = digest.period.last + DAY
        head = t("🌙 Shifts of {day} counted too ({n})", day=t.day(day, told_on), n=len(names))
        yield _list(t, head, [t.isolate(name) for name in names])


def _describe_nights(t: Translator, digest: Digest) -> Iterator[list[str]]:
    """What was not over at the last digest, and what is not over now."""
    for day, tallies in digest.earlier:
        yield [f"🌙 {t.isolate(t.day(day, digest.period.last + DAY))}", *_describe_day(t, tallies)]
    running = list(dict.fromkeys(t.isolate(one.name) for one in digest.unfinished))
    if running:
        yield [_list(t, t("🌙 Not over yet, told next time ({n})", n=len(running)), running)]


def _describe_day(t: Translator, tallies: Sequence[Tally]) -> list[str]:
    late = [f"{t.isolate(one.name)} ({_minutes(t, one.late_minutes)})" for one in tallies if one.late]
    early = [f"{t.isolate(one.name)} ({_minutes(t, one.early_minutes)})" for one in tallies if one.early]
    absent, missing, leave = (_names(t, tallies, what) for what in ("absent", "missing", "leave"))
    lines = [
        _list(t, t("❌ Absent ({n})", n=len(absent)), absent),
        _list(t, t("⏰ Late ({n})", n=len(late)), late),
        _list(t, t("🚪 Left early ({n})", n=len(early)), early),
        _list(t, t("❔ Punch missing ({n})", n=len(missing)), missing),
        _list(t, t("🌴 On leave ({n})", n=len(leave)), leave),
    ]
    return [line for line in lines if line]


def _describe_people(t: Translator, digest: Digest) -> list[str]:
    """A line a person, the most absent first."""
    lines = ["• " + t.field(t.isolate(one.name), " · ".join(_describe_tally(t, one))) for one in digest.tallies[:MOST]]
    left = len(digest.tallies) - MOST
    return [*lines, t("… and {n} more", n=left)] if left > 0 else lines


def _describe_tally(t: Translator, one: Tally) -> Iterator[str]:
    """ "❌ Absent: 2", "⏰ Late: 3 (25 min)": days, each with its word."""
    for mark, number, minutes in (
        (Mark.ABSENT, one.absent, 0),
        (Mark.LATE, one.late, one.late_minutes),
        (Mark.EARLY, one.early, one.early_minutes),
        (Mark.MISSING, len(one.missing), 0),
        (Mark.LEAVE, one.leave, 0),
    ):
        if number:
            lasted = f" ({_minutes(t, minutes)})" if minutes else ""
            yield t.isolate(f"{SIGNS[mark]} {t.field(t.gettext(NAMES[mark]), t.number(number))}{lasted}")


def _describe_today(t: Translator, digest: Digest) -> list[str]:
    lines = []
    if digest.waiting:
        asks = t.plural(
            "🗳 {n} request waits for your decision.", "🗳 {n} requests wait for your decision.", digest.waiting
        )
        lines.append(asks)
    if digest.untimed:
        untimed = [t.isolate(name) for name in digest.untimed]
        lines.append(_list(t, t("📭 No timetable today ({n})", n=len(untimed)), untimed))
    return lines


def _names(t: Translator, tallies: Sequence[Tally], what: str) -> list[str]:
    return [t.isolate(one.name) for one in tallies if getattr(one, what)]


def _list(t: Translator, head: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    more = [t("… and {n} more", n=len(names) - MOST)] if len(names) > MOST else []
    return t.field(head, t.enumerate([*names[:MOST], *more]))


def _minutes(t: Translator, number: int) -> str:
    return t.duration(timedelta(minutes=number))


# -- the rest ----------------------------------------------------------------------------------------------------------


def _describe_forgotten(t: Translator, news: Forgotten) -> str:
    lines = _say_whose(t, news.whose)
    lines.append(t("🚪 Without a clock-in or clock-out:"))
    for gap, standing in news.missing:
        said = t("{name}, {day}", name=gap.name, day=t.day(gap.day))
        lines.append(_describe_standing(t, said, standing))
    return "\n".join(lines)


def _describe_standing(t: Translator, who: str, standing: Standing) -> str:
    match standing:
        case Standing.MISSING:
            return f"❔ {who}"
        case Standing.ASKED:
            return t("✓ {who}: asked", who=who)
        case Standing.WAITS:
            return t("⏳ {who}: reported, waits for a decision", who=who)
        case Standing.SETTLED:
            return t("✅ {who}: put right", who=who)


def _describe_terminal(t: Translator, news: TerminalTrouble, zone: ZoneInfo) -> str:
    trouble = news.trouble
    name = t("{name} ({code})", name=trouble.alias or trouble.sn, code=trouble.sn)
    offline = trouble.kind is TroubleKind.OFFLINE
    if news.ended_at is not None:
        if offline:
            return t("✅ Terminal {name} is heard of again.", name=name)
        return t("✅ The clock of terminal {name} is right again.", name=name)
    if offline:
        return t("📵 Terminal {name} was last heard of on {when}. Punches made there arrive when it is back.",
                 name=name, when=t.day_and_time(trouble.began_at, zone))  # fmt: skip
    by = t.duration(abs(trouble.off))
    if trouble.off.total_seconds() > 0:
        return t("⏱ The clock of terminal {name} is {by} ahead: its punches have wrong times.", name=name, by=by)
    return t("⏱ The clock of terminal {name} is {by} behind: its punches have wrong times.", name=name, by=by)
