"""Digests as JSON in the outbox: made once, and kept, so that they say later what was so when they were due."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from bot.services.digests import Digest, Period, Span, Stripe, Tally, Unfinished
from bot.services.totals import Member, Totals
from bot.services.workdays import Mark

SECOND = timedelta(seconds=1)


def write_digest(digest: Digest) -> dict[str, Any]:
    return {
        "period": [digest.period.span, str(digest.period.first), str(digest.period.last)],
        "people": digest.people,
        "tallies": [asdict(one) for one in digest.tallies],
        "waiting": digest.waiting,
        "untimed": list(digest.untimed),
        "stripes": [[one.emp_code, one.name, [mark.value for mark in one.marks]] for one in digest.stripes],
        "totals": [_write_totals(one) for one in digest.totals],
        "whose": digest.whose,
        "unfinished": write_unfinished(digest),
        "earlier": [[str(day), [asdict(one) for one in some]] for day, some in digest.earlier],
        "counted": [[str(day), list(names)] for day, names in digest.counted],
    }


def read_digest(payload: Mapping[str, Any]) -> Digest:
    """Those that were kept before there were pictures and sheets have none."""
    span, first, last = payload["period"]
    return Digest(
        period=Period(Span(span), date.fromisoformat(first), date.fromisoformat(last)),
        people=payload["people"],
        tallies=tuple(map(_read_tally, payload["tallies"])),
        waiting=payload["waiting"],
        untimed=tuple(payload["untimed"]),
        stripes=tuple(Stripe(code, name, tuple(map(Mark, marks))) for code, name, marks in payload.get("stripes", ())),
        totals=tuple(map(_read_totals, payload.get("totals", ()))),
        whose=payload.get("whose", ""),
        unfinished=read_unfinished(payload),
        earlier=tuple(
            (date.fromisoformat(day), tuple(map(_read_tally, some))) for day, some in payload.get("earlier", ())
        ),
        counted=tuple((date.fromisoformat(day), tuple(names)) for day, names in payload.get("counted", ())),
    )


def write_unfinished(digest: Digest) -> list[list[str]]:
    return [[one.emp_code, one.name, str(one.workdate), one.timetable] for one in digest.unfinished]


def read_unfinished(payload: Mapping[str, Any]) -> tuple[Unfinished, ...]:
    return tuple(
        Unfinished(code, name, date.fromisoformat(day), timetable)
        for code, name, day, timetable in payload.get("unfinished", ())
    )


def _read_tally(written: Mapping[str, Any]) -> Tally:
    return Tally(**{**written, "missing": tuple(written["missing"])})


def _write_totals(one: Totals) -> list[Any]:
    member, spans = one.member, (one.due, one.worked, one.late_by, one.overtime, one.early_by)
    return [
        [member.emp_code, member.name, member.department],
        [one.days, one.late, one.absent, one.leave, one.early],
        [span // SECOND for span in spans],
        list(map(str, one.missing)),
    ]


def _read_totals(written: Sequence[Any]) -> Totals:
    member, counts, spans, missing = written
    # Those that were kept before early leaves were counted have none.
    days, late, absent, leave, early = (*counts, 0)[:5]
    due, worked, late_by, overtime, early_by = (number * SECOND for number in (*spans, 0)[:5])
    return Totals(
        Member(*member), days=days, due=due, worked=worked, late=late, late_by=late_by, absent=absent, leave=leave,
        overtime=overtime, missing=tuple(map(date.fromisoformat, missing)), early=early, early_by=early_by,
    )  # fmt: skip
