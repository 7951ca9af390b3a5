"""What a tenant does with our marker, and how a listed punch is known again (PROTOCOL.md, "What makes it possible").

The tenant is probed once, at set-up, and the finding is stored as `MarkerKeeping`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.attendance.model import PunchState
from bot.biotime.values import ListedPunch, ManualLog, PunchSource


class MarkerKeeping(StrEnum):
    """What comes back of `gps_location` in the lists."""

    MARKER = "marker"
    """The marker can be read in it: one look decides."""
    EXACT_TEXT = "exact_text"
    """The text comes back but a marker in it does not: the text, the person, the state and the time decide."""
    NONE = "none"
    """Nothing usable: the person, the state, the source and the time decide, one to one."""


@dataclass(frozen=True, slots=True)
class SoughtPunch:
    """A punch whose upload had no clear answer. `marker` as in the text, with or without its brackets.

    `text` is the `gps_location` that was sent. `earliest` and `latest` (aware UTC, both included) bound the time the
    server can have stamped: from the first byte sent to the settle time, widened by what its clock may be off.
    """

    marker: str
    text: str = field(repr=False)
    emp_code: str
    punch_state: PunchState
    earliest: datetime
    latest: datetime


def judge_probe(marker: str, text: str, listed: Iterable[str | None]) -> MarkerKeeping:
    """The finding of a probe: `text` (without the marker) and the marker were sent, `listed` came back."""
    texts = [found for found in listed if found]
    if any(holds_marker(found, marker) for found in texts):
        return MarkerKeeping.MARKER
    if any(_plain(found) == _plain(text) for found in texts):
        return MarkerKeeping.EXACT_TEXT
    return MarkerKeeping.NONE


def holds_marker(text: str | None, marker: str) -> bool:
    """Whether a text holds the marker as a word of its own: TG-7K3Q2H is not in TG-7K3Q2HX."""
    if not text:
        return False
    wanted = marker.strip("[] ").casefold()
    return any(word.casefold() == wanted for word in _WORD.findall(text))


def split_marker(text: str) -> tuple[str, str | None]:
    """A text without the first marker in it, and that marker's ref: `... [TG-7K3Q2H]`."""
    found = _ANY_MARKER.search(text)
    if found is None:
        return text.strip(), None
    return f"{text[: found.start()]}{text[found.end() :]}".strip(), found[0].strip("[]").upper().removeprefix("TG-")


def find_marked(marker: str, emp_code: str, listed: Iterable[ListedPunch]) -> list[ListedPunch]:
    """The employee's own punches that hold the marker. More than one is a punch that went in twice."""
    return [
        punch
        for punch in listed
        if punch.emp_code == emp_code
        and (holds_marker(punch.gps_location, marker) or holds_marker(punch.description, marker))
    ]


def match_punches(
    keeping: MarkerKeeping, sought: Sequence[SoughtPunch], listed: Iterable[ListedPunch]
) -> dict[str, ListedPunch]:
    """Which listed punch is which sought one, by marker (the sought one's). What is not found is not in it.

    Without markers a listed punch is given away once, and as many sought ones find theirs as can. So that nobody
    takes a neighbour's row, `sought` must hold every punch of the employee that may be listed in the same time,
    also those already confirmed.
    """
    rows = list(listed)
    if keeping is MarkerKeeping.MARKER:
        found = {one.marker: find_marked(one.marker, one.emp_code, rows) for one in sought}
        return {marker: punches[0] for marker, punches in found.items() if punches}
    return _match_one_to_one(keeping, sought, rows)


def _match_one_to_one(
    keeping: MarkerKeeping, sought: Sequence[SoughtPunch], rows: Sequence[ListedPunch]
) -> dict[str, ListedPunch]:
    matched: dict[str, ListedPunch] = {}
    for row in sorted(rows, key=lambda punch: punch.readings):
        fitting = [one for one in sought if one.marker not in matched and _fits(keeping, one, row)]
        if fitting:
            # The one whose window closes first: any other still has later rows to hope for (Glover's rule).
            matched[min(fitting, key=lambda one: (one.latest, one.earliest)).marker] = row
    return matched


def _fits(keeping: MarkerKeeping, sought: SoughtPunch, row: ListedPunch) -> bool:
    return (
        row.emp_code == sought.emp_code
        and row.punch_state == sought.punch_state
        and row.source == PunchSource.APP
        and any(sought.earliest <= reading <= sought.latest for reading in row.readings)
        and (keeping is MarkerKeeping.NONE or _plain(row.gps_location or "") == _plain(sought.text))
    )


def find_manual_log(
    marker: str, employee: str, punched_at: datetime, punch_state: PunchState, logs: Iterable[ManualLog]
) -> ManualLog | None:
    """Our manual log among the listed ones: by the marker in `apply_reason`, else by (employee, time, state), to the
    second. A log with the marker wins over one without; one that holds another marker is somebody else's.
    """
    own = [log for log in logs if log.employee == employee]
    marked = [log for log in own if holds_marker(log.apply_reason, marker)]
    second = punched_at.replace(microsecond=0)
    alike = [
        log
        for log in own
        if second in log.readings and log.punch_state == punch_state and not _ANY_MARKER.search(log.apply_reason or "")
    ]
    return next(iter([*marked, *alike]), None)


_WORD = re.compile(r"[\w-]+")
_ANY_MARKER = re.compile(r"\[TG-[0-9A-Z]+\]", re.IGNORECASE)


def _plain(text: str) -> str:
    return " ".join(text.split())
