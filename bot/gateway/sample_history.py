"""What sixty days leave behind: punches as people make them. Pure, and the same for the same person and date.

Most come a little early and go a little late. Some are late, leave early, stay on, forget to check out, or do not come;
some punch for their break; a reader that nobody trusts is touched twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.attendance.instance import Instance
from bot.attendance.model import PunchState

DAYS = 60

_AWAY, _FORGETFUL = 0.02, 0.035
_LATE, _EARLY, _OVERTIME = 0.09, 0.05, 0.07
_BREAK, _TWICE = 0.3, 0.03


@dataclass(frozen=True, slots=True)
class Habits:
    """`reliable`: comes every day and never forgets to check out. `says_state`: the app, or a terminal with keys."""

    reliable: bool = False
    says_state: bool = True
    takes_breaks: bool = False


@dataclass(frozen=True, slots=True)
class SamplePunch:
    punched_at: datetime
    punch_state: PunchState


@dataclass(frozen=True, slots=True)
class WorkedShift:
    """What was punched on one shift instance; `forgotten_at` is when the check-out should have been."""

    punches: tuple[SamplePunch, ...]
    forgotten_at: datetime | None = None


def work(instance: Instance, habits: Habits, seed: str) -> WorkedShift:
    chance = Random(f"{seed} {instance.workdate}")  # noqa: S311 - a story, no secret
    if instance.is_on_leave or (not habits.reliable and chance.random() < _AWAY):
        return WorkedShift(())
    came, went = _come(instance, chance), _go(instance, chance)
    forgot = not habits.reliable and chance.random() < _FORGETFUL
    breaks = list(_take_break(instance, chance)) if habits.takes_breaks and chance.random() < _BREAK else []
    ending = [] if forgot else [SamplePunch(went, PunchState.CHECK_OUT)]
    punches = [SamplePunch(came, PunchState.CHECK_IN), *breaks, *ending]
    if not habits.says_state:
        punches = list(_at_a_reader([punch.punched_at for punch in punches], chance))
    return WorkedShift(tuple(punches), went if forgot else None)


def _come(instance: Instance, chance: Random) -> datetime:
    if chance.random() < _LATE:
        return instance.due_in + timedelta(seconds=chance.randint(12 * 60, 70 * 60))
    return instance.due_in - timedelta(seconds=chance.randint(-5 * 60, 20 * 60))


def _go(instance: Instance, chance: Random) -> datetime:
    kind = chance.random()
    if kind < _EARLY:
        return instance.due_out - timedelta(seconds=chance.randint(10 * 60, 80 * 60))
    if kind < _EARLY + _OVERTIME:
        return instance.due_out + timedelta(seconds=chance.randint(50 * 60, 150 * 60))
    return instance.due_out + timedelta(seconds=chance.randint(0, 18 * 60))


def _take_break(instance: Instance, chance: Random) -> Iterator[SamplePunch]:
    for planned in instance.breaks:
        out_at = planned.span[0] + timedelta(seconds=chance.randint(-5 * 60, 10 * 60))
        yield SamplePunch(out_at, PunchState.BREAK_OUT)
        yield SamplePunch(out_at + timedelta(seconds=chance.randint(35 * 60, 65 * 60)), PunchState.BREAK_IN)


def _at_a_reader(times: list[datetime], chance: Random) -> Iterator[SamplePunch]:
    """Without keys it does not know the direction."""
    for at in times:
        yield SamplePunch(at, PunchState.UNKNOWN)
        if chance.random() < _TWICE:
            yield SamplePunch(at + timedelta(seconds=chance.randint(3, 20)), PunchState.UNKNOWN)
