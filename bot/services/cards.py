"""What there is to say, as values: the card of a site and shift for one manager, and the short messages beside it.

Made from the tables as they are at the moment of sending, so that what is sent late is never out of date.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.attendance.absence import is_crowd, is_most
from bot.attendance.chain import Step
from bot.attendance.facts import Kind, Site
from bot.attendance.window import first_punch, stayed_inside
from bot.services import charge_news, manager_news
from bot.services.attending import Attending
from bot.services.card_reading import (
    COUNTED,
    Arrived,
    Missing,
    NeverCame,
    Reading,
    Retracted,
    find_stale,
)
from bot.services.charge_news import ChargeNews
from bot.services.digests import Digest
from bot.services.forgotten import compose_forgotten
from bot.services.manager_news import ManagerNews
from bot.services.pushing import RequestNews, compose_requests
from bot.services.reminders import Reminded, compose_reminder
from bot.services.scanning import read_rules
from bot.services.sites import read_site
from bot.services.whose import load_whose
from bot.store import alerts, dispatch, facts, manager_settings, managers, notices, roster
from bot.store.alerts import Alert
from bot.store.attending import load_names
from bot.store.audit_lines import Act, find_recent
from bot.store.messages import Message, Topic

# Who is put off for later stays off the card of that manager for so long.
SNOOZE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Card:
    """`present` of `expected` are in. `stale`: what is not heard of, and since when. `over`: the shift has ended;
    `never_came` is known of those whose shift has. `incident`: too many to name them.
    """

    message_id: int
    site: Site
    place: str
    expected: int
    present: int
    missing: tuple[Missing, ...]
    late: tuple[Arrived, ...]
    retracted: tuple[Retracted, ...]
    incident: bool
    stale: Step | None
    snoozed: tuple[tuple[Missing, datetime], ...]
    """Whom this manager has put off, and until when."""
    over: bool
    never_came: tuple[NeverCame, ...] = ()
    waiting: int = 0
    """Missing, and this manager wants to be told later."""
    taken: bool = False
    """Nobody here is theirs any more."""
    few: tuple[Missing, ...] | None = None
    """Of an incident that most of this manager's people are no part of: who of them is missing, and has no alert."""
    unheard: frozenset[str] = frozenset()
    """Who of the missing has not been named in a message that rings."""
    seen: bool = False
    """This manager has looked at it, as it is."""

    @property
    def is_unnamed(self) -> bool:
        """Somebody may be missing whom it does not name."""
        return bool(self.incident or self.stale) and not self.over

    @property
    def is_nameless(self) -> bool:
        """Too many of theirs are missing to name them."""
        return self.incident and self.few is None

    @property
    def is_quiet(self) -> bool:
        """Nothing to do about it."""
        return not (self.missing or self.incident or self.stale or self.snoozed or self.never_came)

    @property
    def all_clear(self) -> bool:
        return self.is_quiet and not self.waiting and not self.taken


@dataclass(frozen=True, slots=True)
class Question:
    """To the employee: where are you? `asked_by` is None where nobody has asked yet but the bot."""

    alert: Alert
    asked_by: str | None


@dataclass(frozen=True, slots=True)
class NotLinked:
    """`acts_for`: whose people they were handed, where they have none of their own."""

    manager: str
    acts_for: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """BioTime does not answer; None: it does again."""

    since: datetime | None


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What quiet hours have held back, in one message. `told`: which rows of the outbox that is."""

    parts: tuple["News", ...]
    told: tuple[int, ...]

    @property
    def is_live(self) -> bool:
        """Whether it may change yet."""
        return any(isinstance(part, Card) and not part.over for part in self.parts)


def cards_of(news: "News") -> list[Card]:
    """Itself, or those in it."""
    parts = news.parts if isinstance(news, CatchUp) else (news,)
    return [part for part in parts if isinstance(part, Card)]


News = Card | Question | Reminded | NotLinked | Silence | CatchUp | RequestNews | ManagerNews | ChargeNews


def compose(connection: Connection, message: Message, now: datetime) -> News | None:
    """What this row of the outbox has to say now; None where nothing is left to be said."""
    make: dict[Topic, Callable[[Connection, Message, datetime], News | None]] = {
        Topic.CARD: compose_card,
        Topic.NUDGE: _compose_question,
        Topic.ASK: _compose_question,
        Topic.REMINDER: compose_reminder,
        Topic.UNLINKED: _compose_unlinked,
        Topic.DIGEST: manager_news.compose_digest,
        Topic.FORGOTTEN: compose_forgotten,
        Topic.CLOCK_OUT: manager_news.compose_ask,
        Topic.ESCALATED: manager_news.compose_ignored,
        Topic.REQUESTS: compose_requests,
        Topic.TERMINAL: manager_news.compose_terminal,
        Topic.STANDING_IN: charge_news.compose_standing_in,
        Topic.HANDED_BACK: charge_news.compose_handed_back,
        Topic.APPOINTED: charge_news.compose_appointed,
        Topic.CATCH_UP: _compose_catch_up,
        Topic.DOWN: lambda _c, m, _n: Silence(_read_moment(m.payload["since"])),
    }
    return make[message.topic](connection, message, now)


def compose_card(connection: Connection, message: Message, now: datetime) -> Card:
    company, site = message.company, read_site(message.payload)
    rules = read_rules(manager_settings.load_alert_settings(connection, company))
    whose = load_whose(connection, message, now)
    told = alerts.load_absences(connection, company, site)
    mine = Attending(connection, message, told, rules, now).load(whose.mine)
    lost = _find_lost(connection, company, site, whose.told.difference(one.emp_code for one in mine))
    said = {one.emp_code: one for one in notices.load_notices(connection, company, site.workdate)}
    asking = facts.load_asking_for_leave(connection, company, site)
    by = {alert.excused_by for alert in told.values() if alert.excused_by}
    excusers = {code: one.name for code, one in roster.load_people(connection, company, by).items()} if by else {}
    reading = Reading(rules, now, told, said, asking, excusers)
    expected = [one for one in mine if one.last.gate in COUNTED or one.is_in]
    waiting = [alert for alert in alerts.load_of_site(connection, company, site) if alert.ended_at is None]
    found, never_came = list(reading.missing(mine)), tuple(reading.never_came(mine))
    missing = [one for one in found if one.alert.emp_code not in whose.later]
    put_off = _find_put_off(connection, message, now)
    since = {code: at for (code, shift), at in put_off.items() if shift == describe_shift(site)}
    snoozed = [(m, since[m.alert.emp_code] + SNOOZE) for m in missing if m.alert.emp_code in since]
    ends_at = max((one.ends_at for one in mine if one.ends_at is not None), default=site.starts_at)
    places, over = roster.load_areas(connection, company), now > ends_at
    incident = any(alert.kind is Kind.INCIDENT for alert in waiting)
    most = is_most(reading.count_missing(mine), len(expected), rules)
    crowd = is_crowd(len(never_came), len(expected), rules) if over else most
    named = tuple(m for m in missing if m.alert.emp_code not in since)
    return Card(
        message_id=message.id,
        site=site,
        place=places[site.area_id].name if site.area_id in places else "",
        expected=len(expected),
        present=sum(one.is_in for one in expected),
        missing=named,
        late=tuple(reading.late(mine)),
        retracted=(*reading.retracted(mine), *(Retracted(name, None) for name in lost)),
        incident=incident or (over and crowd),
        few=tuple(reading.unlisted(mine)) if incident and not crowd else None,
        stale=find_stale(waiting, mine, over=over),
        snoozed=tuple(snoozed),
        over=over,
        never_came=never_came,
        waiting=len(found) - len(missing),
        taken=bool(lost) and not mine,
        unheard=whose.unheard.intersection(one.alert.emp_code for one in named),
        seen=message.is_seen and all(message.is_seen_since(one.found_at) for one in waiting),
    )


def _find_put_off(connection: Connection, message: Message, now: datetime) -> dict[tuple[str, str], datetime]:
    """(employee, shift) of whom this manager has put off and not taken back since, and when."""
    put_off, back = (
        find_recent(connection, message.company, act, message.emp_code, now - SNOOZE)
        for act in (Act.SNOOZED, Act.UNSNOOZED)
    )
    return {whom: at for whom, at in put_off.items() if whom not in back or at > back[whom]}


def _find_lost(connection: Connection, company: str, site: Site, codes: Collection[str]) -> list[str]:
    """The names of those who are not this manager's any more."""
    return list(load_names(connection, company, site, codes).values()) if codes else []


def describe_shift(site: Site) -> str:
    """For an audit line, in no language."""
    return f"{site.timetable} {site.workdate}"


def _compose_question(connection: Connection, message: Message, now: datetime) -> News | None:
    """Nothing, where the person has come in the meantime, or has said where they are since they were asked."""
    site = read_site(message.payload)
    about = alerts.load_of_site(connection, message.company, site, message.emp_code)
    alert = next((a for a in about if a.ended_at is None), None)
    if alert is None:
        return None
    asked_at = message.created_at if message.topic is Topic.ASK else None
    if alert.answered_at is not None and (asked_at is None or alert.answered_at >= asked_at):
        return None
    # The alert ends with the next scan; a punch of this very moment is known already.
    known = facts.load_facts_of(connection, message.company, message.emp_code, site.workdate, now)
    if any(one.shift.site == site and (first_punch(one) or stayed_inside(one)) for one in known):
        return None
    return Question(alert, message.payload.get("asked_by"))


def _compose_unlinked(connection: Connection, message: Message, now: datetime) -> News:
    company, code = message.company, str(message.payload["manager"])
    own = any(one.emp_code == code for one in managers.load_managers(connection, company))
    running = [] if own else managers.load_stand_ins(connection, company, now)
    acts_for = next((one.emp_code for one in running if one.stand_in == code), "")
    return NotLinked(_name(connection, company, code), _name(connection, company, acts_for) if acts_for else "")


def _name(connection: Connection, company: str, emp_code: str) -> str:
    person = roster.find_person(connection, company, emp_code)
    return person.name if person else emp_code


def _compose_catch_up(connection: Connection, message: Message, now: datetime) -> CatchUp | None:
    """One file goes with a message: what else has one comes by itself, and so does a card that is all there is."""
    parts: dict[int, News] = {}
    for one in dispatch.load_held(connection, message):
        news = compose(connection, one, now)
        papers = sum(_has_paper(part) for part in (*parts.values(), news))
        if news is not None and (papers <= 1 or not _has_paper(news)):
            parts[one.id] = news
    catch_up = CatchUp(tuple(parts.values()), tuple(parts))
    alone = len(parts) == 1 and catch_up.is_live and not message.sent
    return None if alone or not parts else catch_up


def _has_paper(news: News | None) -> bool:
    return isinstance(news, Digest) and bool(news.stripes or news.totals)


def _read_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
