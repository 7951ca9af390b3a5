"""The table of everything that happens on the clock."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Job:
    """`run` may come late, or not at all for a while, and is never lost: it looks for what is due."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Duties:
    """What the jobs call."""

    resume_updates: Callable[[], Awaitable[object]]
    sweep_punches: Callable[[], Awaitable[object]]
    sweep_leaves: Callable[[], Awaitable[object]]
    renew_keyboards: Callable[[], Awaitable[object]]
    end_errands: Callable[[], Awaitable[object]]
    renew_musters: Callable[[], Awaitable[object]]
    tell_decisions: Callable[[], Awaitable[object]]
    renew_sessions: Callable[[], Awaitable[object]]
    audit_punches: Callable[[], Awaitable[object]]
    forget_places: Callable[[], Awaitable[object]]
    forget_updates: Callable[[], Awaitable[object]]
    look_at_biotime: Callable[[], Awaitable[object]]
    find_missing: Callable[[], Awaitable[object]]
    remind_people: Callable[[], Awaitable[object]]
    tell_managers: Callable[[], Awaitable[object]]
    deliver_alerts: Callable[[], Awaitable[object]]


def build_schedule(duties: Duties) -> tuple[Job, ...]:
    return (
        Job("resume updates", timedelta(seconds=1), duties.resume_updates),
        Job("sweep punches", timedelta(seconds=1), duties.sweep_punches),
        Job("sweep leaves", timedelta(seconds=1), duties.sweep_leaves),
        Job("renew keyboards", timedelta(minutes=1), duties.renew_keyboards),
        Job("end errands", timedelta(minutes=1), duties.end_errands),
        Job("renew roll calls", timedelta(seconds=10), duties.renew_musters),
        Job("tell decisions", timedelta(minutes=1), duties.tell_decisions),
        Job("renew sessions", timedelta(hours=1), duties.renew_sessions),
        Job("audit punches", timedelta(hours=24), duties.audit_punches),
        Job("forget places", timedelta(hours=6), duties.forget_places),
        Job("forget updates", timedelta(hours=6), duties.forget_updates),
        Job("look at BioTime", timedelta(seconds=10), duties.look_at_biotime),
        Job("find who is missing", timedelta(seconds=10), duties.find_missing),
        Job("remind people", timedelta(seconds=20), duties.remind_people),
        Job("tell managers", timedelta(seconds=30), duties.tell_managers),
        Job("deliver alerts", timedelta(seconds=2), duties.deliver_alerts),
    )
