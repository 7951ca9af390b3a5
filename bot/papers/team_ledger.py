"""What a period came to for a team, as a table: a line for each person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.i18n import N_, Translator
from bot.papers.ledger import Value
from bot.services.digests import Digest
from bot.services.totals import Totals

COLUMNS: tuple[tuple[str, str], ...] = (
    ("name", N_("Name")),
    ("emp_code", N_("Employee code")),
    ("department", N_("Department")),
    ("days", N_("Days worked")),
    ("due", N_("Scheduled")),
    ("worked", N_("Worked")),
    ("late", N_("Days late")),
    ("late_by", N_("Late")),
    ("early", N_("Days left early")),
    ("early_by", N_("Left early")),
    ("absent", N_("Days absent")),
    ("leave", N_("Days of leave")),
    ("overtime", N_("Overtime")),
    ("missing", N_("Days with a punch missing")),
)
WORDS = ("name", "emp_code", "department")


@dataclass(frozen=True, slots=True)
class TeamLedger:
    """`totals` of some of the team's `people`; `made_on` is the company's date when it was asked for."""

    language: str
    company: str
    first: date
    last: date
    made_on: date
    people: int
    totals: tuple[Totals, ...]


def build_team_ledger(digest: Digest, company: str, language: str) -> TeamLedger:
    """It is made on the day after its period, whenever it is sent."""
    first, last = digest.period.first, digest.period.last
    return TeamLedger(language, company, first, last, last, digest.people, digest.totals)


def values_of(one: Totals) -> list[Value]:
    """A row's cells; nothing of nothing."""
    member = one.member
    counts: dict[str, Value] = {
        "name": member.name,
        "emp_code": member.emp_code,
        "department": member.department or None,
        "days": one.days,
        "due": one.due,
        "worked": one.worked,
        "late": one.late,
        "late_by": one.late_by,
        "early": one.early,
        "early_by": one.early_by,
        "absent": one.absent,
        "leave": one.leave,
        "overtime": one.overtime,
        "missing": len(one.missing),
    }
    return [counts[name] or None for name, _ in COLUMNS]


def sums_of(totals: Sequence[Totals]) -> dict[str, Value]:
    return {
        "days": sum(one.days for one in totals),
        "due": _add([one.due for one in totals]),
        "worked": _add([one.worked for one in totals]),
        "late": sum(one.late for one in totals),
        "late_by": _add([one.late_by for one in totals]),
        "early": sum(one.early for one in totals),
        "early_by": _add([one.early_by for one in totals]),
        "absent": sum(one.absent for one in totals),
        "leave": sum(one.leave for one in totals),
        "overtime": _add([one.overtime for one in totals]),
        "missing": sum(len(one.missing) for one in totals),
    }


def describe_team(t: Translator, ledger: TeamLedger) -> list[tuple[str, str]]:
    """What stands above the table."""
    return [
        (t("Company"), ledger.company),
        (t("Period"), t("{first} to {last}", first=t.date(ledger.first), last=t.date(ledger.last))),
        (t("People"), say_people(t, len(ledger.totals), ledger.people)),
    ]


def say_people(t: Translator, shown: int, people: int) -> str:
    if shown == people:
        return t.plural("{n} person", "{n} people", people)
    return t("{shown} of {all} people, the absent and the late first", shown=shown, all=people)


def _add(spans: Sequence[timedelta]) -> timedelta:
    return sum(spans, timedelta(0))
