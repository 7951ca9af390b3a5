"""Yesterday's forgotten punches as a manager's list: who was asked, who has reported it by now, whose day is put right.
The list edits itself, whoever it was that did something about it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.roster import to_utc
from bot.store import outbox
from bot.store.facts import load_logs
from bot.store.messages import Message, Topic
from bot.store.shifts import load_days, load_known_times

# What BioTime holds is kept for some days more (`syncing.KEPT`); what was told longer ago stays as it is.
RECENT = timedelta(days=2)
_DAY = timedelta(days=1)


class Standing(StrEnum):
    MISSING = "missing"
    ASKED = "asked"
    WAITS = "waits"
    """They have reported it, and somebody has to decide."""
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Gap:
    """A punch that is missing on somebody's day, which is from `since` to `until`: there BioTime had `known` punches
    and approved manual logs. Lists of before that was kept have neither.
    """

    emp_code: str
    name: str
    day: date
    since: datetime | None = None
    until: datetime | None = None
    known: int = 0

    def count(self, times: Iterable[datetime]) -> int:
        return sum(self.since <= at < self.until for at in times) if self.since and self.until else 0


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`whose` people they are is said to who stands in for that manager."""

    missing: tuple[tuple[Gap, Standing], ...]
    whose: str = ""


def compose_forgotten(connection: Connection, message: Message, now: datetime) -> Forgotten | None:
    gaps = read_gaps(message.payload)
    standings = judge_gaps(connection, message.company, gaps, now)
    return Forgotten(tuple(zip(gaps, standings, strict=True)), message.payload.get("whose", "")) if gaps else None


# -- what becomes of it ------------------------------------------------------------------------------------------------


def find_changed(connection: Connection, company: str, now: datetime) -> list[tuple[Message, list[Standing]]]:
    """The lists that say what is no longer so, with what they are to say."""
    lists = [(one, read_gaps(one.payload)) for one in _load_lists(connection, company, now)]
    gaps = [gap for _, some in lists for gap in some]
    standing = dict(zip(gaps, judge_gaps(connection, company, gaps, now), strict=True))
    found = [(one, [standing[gap] for gap in some]) for one, some in lists]
    return [(one, standings) for one, standings in found if standings != one.payload.get("standings")]


def hasten_changed(
    connection: Connection, company: str, changed: Iterable[tuple[Message, Sequence[Standing]]], now: datetime
) -> None:
    for message, standings in changed:
        outbox.settle_payload(connection, message.id, {**message.payload, "standings": standings})
        outbox.hasten_row(connection, company, (message.emp_code, Topic.FORGOTTEN, message.key), now)
        outbox.hasten_of(connection, company, message.emp_code, Topic.CATCH_UP, now)


def is_listed(connection: Connection, company: str, reader: str, emp_code: str, day: date) -> bool:
    """Whether a list of that manager's, however old, has this gap: another button is none of ours."""
    lists = outbox.load_all(connection, company, reader, Topic.FORGOTTEN)
    return any((gap.emp_code, gap.day) == (emp_code, day) for one in lists for gap in read_gaps(one.payload))


def find_standing(connection: Connection, company: str, emp_code: str, day: date, now: datetime) -> Standing:
    lists = (read_gaps(one.payload) for one in _load_lists(connection, company, now))
    gap = next((one for some in lists for one in some if (one.emp_code, one.day) == (emp_code, day)), None)
    return judge_gaps(connection, company, [gap], now)[0] if gap else Standing.MISSING


def _load_lists(connection: Connection, company: str, now: datetime) -> list[Message]:
    return outbox.load_sent(connection, company, Topic.FORGOTTEN, now - RECENT)


def judge_gaps(connection: Connection, company: str, gaps: Sequence[Gap], now: datetime) -> list[Standing]:
    since = min((gap.since for gap in gaps if gap.since), default=None)
    if not gaps:
        return []
    asked = outbox.find_keys(connection, company, Topic.CLOCK_OUT, now - 2 * RECENT)
    logs = load_logs(connection, company, since) if since else {}
    times = load_known_times(connection, company, {gap.emp_code for gap in gaps}, since) if since else {}
    return [_judge(gap, times.get(gap.emp_code, ()), logs.get(gap.emp_code, ()), asked) for gap in gaps]


def _judge(gap: Gap, times: Sequence[datetime], logs: Sequence[datetime], asked: set[tuple[str, str]]) -> Standing:
    if gap.count(times) > gap.known:
        return Standing.SETTLED
    if gap.count(logs):
        return Standing.WAITS
    return Standing.ASKED if (gap.emp_code, str(gap.day)) in asked else Standing.MISSING


# -- found, and kept ---------------------------------------------------------------------------------------------------


def find_gaps(
    connection: Connection, company: str, missing: Iterable[tuple[str, str, date]], zone: ZoneInfo
) -> list[Gap]:
    """`missing`: code, name and day of each."""
    wanted = list(missing)
    if not wanted:
        return []
    days, codes = [day for _, _, day in wanted], {code for code, _, _ in wanted}
    shifts = load_days(connection, company, codes, min(days), max(days) + 2 * _DAY)
    spans = [_find_span(shifts.get(code, ()), day, zone) for code, _, day in wanted]
    times = load_known_times(connection, company, codes, min(since for since, _ in spans))
    found = [Gap(*one, *span) for one, span in zip(wanted, spans, strict=True)]
    return [
        Gap(gap.emp_code, gap.name, gap.day, gap.since, gap.until, gap.count(times.get(gap.emp_code, ())))
        for gap in found
    ]


def _find_span(
    shifts: Sequence[tuple[date, datetime, datetime]], day: date, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """What is punched then is of that day. `shifts`: workdate, from when a punch counts for it, and its end."""
    begins = [opens for workdate, opens, _ in shifts if workdate == day]
    if not begins:
        return to_utc(day, time(0), zone), to_utc(day + _DAY, time(0), zone)
    ends = max(ends for workdate, _, ends in shifts if workdate == day)
    following = min((opens for workdate, opens, _ in shifts if workdate > day and opens > ends), default=None)
    latest = ends + LONGEST_SHIFT
    return min(begins), min(following, latest) if following else latest


def write_gaps(gaps: Iterable[Gap]) -> list[list[Any]]:
    return [
        [
            gap.emp_code, gap.name, str(gap.day), gap.since and gap.since.isoformat(),
            gap.until and gap.until.isoformat(), gap.known,
        ]
        for gap in gaps
    ]  # fmt: skip


def read_gaps(payload: Mapping[str, Any]) -> list[Gap]:
    return list(map(_read_gap, payload["missing"]))


def _read_gap(written: Sequence[Any]) -> Gap:
    emp_code, name, day, since, until, known = (*written, None, None, 0)[:6]
    began, ended = (datetime.fromisoformat(text) if text else None for text in (since, until))
    return Gap(emp_code, name, date.fromisoformat(day), began, ended, known)
