"""What managers read about who is missing, and what the missing are asked: plain text, nothing to escape."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.attendance.chain import Step, Stop
from bot.chat import charge_texts, digest_texts
from bot.chat.chain_texts import EXCUSES
from bot.chat.reminder_texts import describe_reminder
from bot.chat.request_news_texts import describe_requests
from bot.i18n import N_, Translator
from bot.services.card_reading import Arrived, Missing, Retracted
from bot.services.cards import Card, CatchUp, News, NotLinked, Question, Silence
from bot.services.charge_news import Appointed, HandedBack, StandingIn
from bot.services.digests import Digest
from bot.services.forgotten import Forgotten
from bot.services.manager_news import AskClockOut, Ignored, TerminalTrouble
from bot.services.pushing import RequestNews
from bot.services.reminders import Reminded
from bot.store.notices import Notice, NoticeKind

LIMIT, CAPTION = 4096, 1024
"""UTF-16 units of a message, and of the words under a file (telegram notes, "Limits")."""

ANSWERS: dict[NoticeKind, str] = {
    NoticeKind.ON_WAY: N_("🚗 On my way"),
    NoticeKind.SICK: N_("🤒 Sick"),
    NoticeKind.LEAVE: N_("🏖 On leave"),
    NoticeKind.FORGOT: N_("🙈 I forgot to punch"),
}
_SAID: dict[NoticeKind, str] = {
    NoticeKind.ON_WAY: N_("on the way"),
    NoticeKind.SICK: N_("sick"),
    NoticeKind.LEAVE: N_("asks for leave"),
    NoticeKind.FORGOT: N_("forgot to punch"),
    NoticeKind.LATE: N_("will be late"),
}
_RETRACTED: dict[Stop, str] = {
    Stop.LOG_PENDING: N_("a manual log is waiting for approval"),
    Stop.LEAVE: N_("on leave"),
    Stop.EXCUSED: N_("excused"),
    Stop.HOLIDAY: N_("holiday"),
    Stop.NOT_YET: N_("due later"),
    Stop.INSIDE: N_("has been in since the shift before"),
    Stop.EXCLUDED: N_("left out of alerts"),
    Stop.PUNCHED: N_("was there in time"),
    Stop.DOUBTED: N_("was there in time"),
    Stop.NO_TIMETABLE: N_("the timetable has changed"),
}
_NOT_EXPECTED = N_("not expected today")


def describe(t: Translator, news: News, zone: ZoneInfo) -> str:
    match news:
        case Card():
            return describe_card(t, news, zone)
        case CatchUp(parts):
            head = t("🌙 While you wanted quiet:")
            return "\n\n".join([head, *(describe(t, part, zone) for part in parts)])
        case Question():
            return describe_question(t, news, zone)
        case Reminded():
            return describe_reminder(t, news, zone)
        case NotLinked():
            return _describe_not_linked(t, news)
        case RequestNews():
            return describe_requests(t, news, zone)
        case Digest() | Forgotten() | AskClockOut() | Ignored() | TerminalTrouble():
            return digest_texts.describe(t, news, zone)
        case StandingIn() | HandedBack() | Appointed():
            return charge_texts.describe(t, news, zone)
        case Silence(since):
            return _describe_silence(t, since, zone)


def _describe_not_linked(t: Translator, news: NotLinked) -> str:
    if news.acts_for:
        return t("⚠️ {name} stands in for {manager} and cannot be told of absences: they have not logged in to me, or "
                 "have blocked me.", name=news.manager, manager=news.acts_for)  # fmt: skip
    return t("⚠️ {name} manages people and cannot be told of absences: they have not logged in to me, or have blocked "
             "me.", name=news.manager)  # fmt: skip


def _describe_silence(t: Translator, since: datetime | None, zone: ZoneInfo) -> str:
    if since is None:
        return t("✅ BioTime answers again.")
    at = t.day_and_time(since, zone)
    return t("⚠️ BioTime has not answered since {at}. Nobody is called missing until it does.", at=at)


def describe_card(t: Translator, card: Card, zone: ZoneInfo) -> str:
    parts = [describe_site(t, card), _count(t, card)]
    if card.stale is not None:
        parts.append(_describe_stale(t, card.stale, zone))
    if card.never_came:
        parts.append(_describe_never_came(t, card))
    elif card.is_nameless:
        parts.append(
            t("🚨 Most of this site is missing. That is rarely true: look at the terminal, the network, the way there.")
        )
    missing = () if card.is_nameless else (*card.missing, *(card.few or ()))
    if missing:
        parts.append("\n".join([t("❗ Missing"), *(f"• {_describe_missing(t, one)}" for one in missing)]))
    if card.late:
        parts.append("\n".join([t("⏰ Late"), *(f"• {_describe_late(t, one, zone)}" for one in card.late)]))
    if card.retracted:
        parts.append("\n".join([t("↩️ No longer missing"), *(f"• {_describe_retracted(t, r)}" for r in card.retracted)]))
    if card.snoozed:
        parts.append(
            "\n".join(
                t("💤 {name}: put off until {at}", name=one.name, at=t.time(at, zone)) for one, at in card.snoozed
            )
        )
    if card.is_unnamed and card.seen:
        parts.append(t("👀 Seen"))
    return "\n\n".join(parts)


def describe_site(t: Translator, card: Card) -> str:
    """A word of the language comes first: names, in whatever script, must not turn the whole card round."""
    site = card.site
    names = [t.isolate(" ".join(name.split())) for name in (site.timetable, card.place) if name]
    return t("🕘 Shift: {which}", which=" · ".join([*names, t.day(site.workdate)]))


def _count(t: Translator, card: Card) -> str:
    if card.taken:
        return t("↪️ Nobody on this shift is yours to look after now.")
    if card.over and card.expected:
        came = t.plural("{present} of {n} came.", "{present} of {n} came.", card.expected, present=card.present)
        return " ".join([t("🏁 The shift is over."), came])
    if not card.expected and card.all_clear:
        return t("✅ All clear.")
    said = t.plural("{present} of {n} is in.", "{present} of {n} are in.", card.expected, present=card.present)
    if not card.all_clear:
        return said
    return " ".join([t("✅ All clear."), said])


def _describe_missing(t: Translator, one: Missing) -> str:
    said = [f"{t.isolate(one.name)} ({_describe_lateness(t, one.late_by)})"]
    if one.notice:
        said.append(describe_notice(t, one.notice))
    if one.asks_leave and not (one.notice and one.notice.kind is NoticeKind.LEAVE):
        said.append(t.gettext(_SAID[NoticeKind.LEAVE]))
    return " · ".join(said)


@lru_cache(1_000)  # the thousands of one shift have it in common
def _describe_lateness(t: Translator, late_by: timedelta) -> str:
    return t.duration(late_by)


def _describe_never_came(t: Translator, card: Card) -> str:
    if card.is_nameless:
        return t.plural("❗ {n} person never came.", "❗ {n} people never came.", len(card.never_came))
    names = [
        " · ".join([t.isolate(one.name), *([describe_notice(t, one.notice)] if one.notice else [])])
        for one in card.never_came
    ]
    return "\n".join([t("❗ Never came"), *(f"• {said}" for said in names)])


def describe_notice(t: Translator, notice: Notice) -> str:
    said = t.gettext(_SAID[notice.kind])
    if notice.minutes:
        said = f"{said}, {t.duration(timedelta(minutes=notice.minutes))}"
    return t.field(said, t.isolate(notice.note)) if notice.note else said


def _describe_late(t: Translator, one: Arrived, zone: ZoneInfo) -> str:
    return t("{name} at {time} ({late})", name=one.name, time=t.time(one.at, zone), late=t.duration(one.late_by))


def _describe_retracted(t: Translator, one: Retracted) -> str:
    if one.step is None:
        return ": ".join([t.isolate(one.name), t("somebody else looks after them now")])
    why = t.gettext(_RETRACTED.get(one.step.stop or Stop.LEFT, _NOT_EXPECTED))
    if one.excused_by:
        why = t("excused by {name}", name=one.excused_by)
    said = t.field(t.isolate(one.name), why)
    if one.step.stop is not Stop.EXCUSED or not one.step.name:
        return said
    excuse = EXCUSES.get(one.step.name)
    return f"{said} ({t.gettext(excuse) if excuse else t.isolate(one.step.name)})"


def _describe_stale(t: Translator, step: Step, zone: ZoneInfo) -> str:
    if step.stop is Stop.TERMINAL_SILENT and step.at is not None:
        return t(
            "⏳ Data is late: {terminal} was last heard of on {at}. "
            "Nobody is called missing until it is heard of again.",
            terminal=step.name, at=t.day_and_time(step.at, zone),
        )  # fmt: skip
    return t("⏳ Data is late: BioTime has not answered. Nobody is called missing until it does.")


def describe_question(t: Translator, question: Question, zone: ZoneInfo) -> str:
    site = question.alert.site
    began = t("Your shift {timetable} began at {time}, and I have not seen a punch of yours.",
              timetable=site.timetable, time=t.time(site.starts_at, zone))  # fmt: skip
    asks = t("{name} asks: where are you?", name=question.asked_by) if question.asked_by else t("Where are you?")
    return f"👋 {began} {asks}"


def describe_person(t: Translator, card: Card, one: Missing) -> str:
    return "\n\n".join([describe_site(t, card), f"❗ {_describe_missing(t, one)}"])


# -- why? --------------------------------------------------------------------------------------------------------------


# -- pages -------------------------------------------------------------------------------------------------------------


def paginate(text: str, limit: int = LIMIT) -> list[str]:
    """In as many messages as it takes, cut between lines; a line that is too long for one, anywhere."""
    pages: list[str] = []
    page = ""
    for line in _short_lines(text.split("\n"), limit):
        longer = f"{page}\n{line}" if page else line
        if _units(longer) > limit:
            pages.append(page)
            page = line
        else:
            page = longer
    return [*(one for one in [*pages, page] if one.strip())] or [""]


def _short_lines(lines: Sequence[str], limit: int) -> Iterable[str]:
    for line in lines:
        left = line
        while _units(left) > limit:
            cut = left[: limit // 2]
            yield cut
            left = left[len(cut) :]
        yield left


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
