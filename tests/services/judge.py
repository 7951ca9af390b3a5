"""PROTOCOL.md's invariants, held against the gateway's own tables and the bot's rows. A failure names its number."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.attendance.progress import DEFAULT_LIMITS, FINAL, State
from bot.services.telling import news_of
from bot.store.punches import Punch

if TYPE_CHECKING:
    from tests.services.rig import Rig

TOLERANCE = DEFAULT_LIMITS.tolerance


class Violation(AssertionError):
    """An invariant does not hold."""


def require(holds: bool, invariant: str, detail: object = "") -> None:
    if not holds:
        raise Violation(f"{invariant}: {detail}")


@dataclass(frozen=True)
class Books:
    """Our punches; BioTime's clock-ins, in the order they were applied, and its manual logs."""

    kept: list[Punch]
    stamps: list[Any]
    filed: list[Any]


class Judge:
    def __init__(self, rig: "Rig") -> None:
        self._rig = rig
        self._final: dict[int, State] = {}
        self._failures: list[Violation] = []

    def hear(self, punch: Punch, about: str, books: Books) -> None:
        """6: "clocked in" is said only when BioTime has it. Kept for `check`: here it would only end a task."""
        mark = f"[TG-{punch.ref}]"
        if about.startswith("confirmed") and not any(mark in row.gps_location for row in books.stamps):
            self._failures.append(Violation(f"6: said to be clocked in, BioTime does not have it: {punch.ref}"))
        if about.startswith("manual_confirmed") and not any(mark in row.apply_reason for row in books.filed):
            self._failures.append(Violation(f"6: said to be filed, BioTime does not have it: {punch.ref}"))

    def check(self, books: Books, *, at_rest: bool) -> None:
        for failure in self._failures:
            raise failure
        self._check_updates(books.kept)
        for punch in books.kept:
            mark = f"[TG-{punch.ref}]"
            stamps = [row for row in books.stamps if mark in row.gps_location]
            filed = [row for row in books.filed if mark in row.apply_reason]
            self._check_writes(punch, stamps, filed)
            if at_rest:
                self._check_rest(punch, stamps, filed)
                self._check_told(punch)
        self._check_posting(books.kept)
        if at_rest or not self._rig.slept:  # what a sleeper did too late is flagged at night
            self._check_order(books.kept, books.stamps)

    def _check_updates(self, kept: list[Punch]) -> None:
        ids = {punch.id for punch in kept}
        require(set(self._rig.acknowledged.values()) <= ids, "1: an acknowledged punch is lost")
        require(len({punch.source for punch in kept}) == len(kept), "1: one source, two punches")
        for punch in kept:
            state = punch.progress.state
            before = self._final.get(punch.id, state)
            require(before is state, "7: a final state changed", f"{before} -> {state}")
            if state in FINAL:
                self._final[punch.id] = state

    def _check_writes(self, punch: Punch, stamps: list[Any], filed: list[Any]) -> None:
        require(len(stamps) <= 1, "2: two clock-ins with one marker", punch.ref)
        for row in filed:
            require(row.punched_at == punch.punched_at, "5: a manual log with another time", punch.ref)

    def _check_posting(self, kept: list[Punch]) -> None:
        """3: a clock-in that starts out late cannot come in on time. (A process that slept may not know.)"""
        if self._rig.slept:
            return
        for at, body in self._rig.far.writes:
            for punch in kept:
                if f"[TG-{punch.ref}]".encode() in body and b"gps_location" in body:
                    require(at - punch.punched_at <= TOLERANCE, "3: sent late", punch.ref)

    def _check_order(self, kept: list[Punch], stamps: list[Any]) -> None:
        for emp_code in {punch.emp_code for punch in kept}:
            own = {f"[TG-{p.ref}]": p for p in kept if p.emp_code == emp_code and not p.progress.flagged}
            ours = [own[mark] for row in stamps for mark in own if mark in row.gps_location]
            times = [punch.punched_at for punch in ours]
            require(times == sorted(times), "9: clock-ins out of order", times)

    def _check_rest(self, punch: Punch, stamps: list[Any], filed: list[Any]) -> None:
        progress = punch.progress
        require(progress.state in FINAL, "8: not final", f"{punch.ref} {progress.state}")
        require(len(filed) <= 1 or progress.flagged, "4: two manual logs", punch.ref)
        both = bool(stamps and filed)
        require(not both or progress.correction or progress.flagged, "4: both, and nobody knows", punch.ref)
        require(self._rig.slept or not progress.flagged, "4: flagged for nothing", punch.ref)
        if progress.flagged:
            require(punch.id in self._rig.telegram.warnings, "4: flagged, and no manager was told", punch.ref)
        if progress.state is State.CONFIRMED:
            require(len(stamps) == 1, "3: confirmed, not in BioTime", punch.ref)
            off = abs(stamps[0].punched_at - punch.punched_at)
            require(off <= TOLERANCE, "3: confirmed at a wrong time", off)
        if progress.state is State.MANUAL_CONFIRMED:
            require(bool(filed), "3: filed, not in BioTime", punch.ref)
        if progress.state in (State.REJECTED, State.HUMAN):
            require(punch.id in self._rig.telegram.warnings, "no manager was told", punch.ref)

    def _check_told(self, punch: Punch) -> None:
        require(punch.told == news_of(punch.progress), "not told", f"{punch.ref} {punch.told}")
        said = self._rig.telegram.sent(punch.id)
        require(len(said) <= 2, "told in more than two messages", punch.ref)
        if punch.message_id is not None and punch.id not in self._rig.telegram.unreachable:
            last = self._rig.telegram.messages[punch.message_id].about[-1]
            require(last == punch.told, "the message says something else", f"{last}, not {punch.told}")
