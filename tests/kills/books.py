"""What is in both databases when all is over, and whether it is what it must be."""

import sqlite3
from collections import defaultdict
from collections.abc import Set
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.attendance.progress import FINAL

Row = dict[str, Any]


def load(file: Path, query: str) -> list[Row]:
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def message_of(punch: Row) -> int:
    """The number of the share it was made from."""
    return int(punch["source"].rpartition(":")[2])


@dataclass
class Books:
    """`tolerance`: how far BioTime's stamp may lie from the true time."""

    punches: list[Row]
    stamps: list[Row]
    filed: list[Row]
    tolerance: timedelta

    @classmethod
    def read(cls, folder: Path, tolerance: timedelta) -> "Books":
        return cls(
            load(folder / "store.db", "SELECT * FROM punches ORDER BY id"),
            load(folder / "records.db", "SELECT * FROM transactions ORDER BY id"),
            load(folder / "records.db", "SELECT * FROM manual_logs ORDER BY id"),
            tolerance,
        )

    def of(self, punch: Row) -> tuple[list[Row], list[Row]]:
        mark = f"[TG-{punch['ref']}]"
        return (
            [row for row in self.stamps if mark in (row["gps_location"] or "")],
            [row for row in self.filed if mark in (row["apply_reason"] or "")],
        )

    def check(self, shares: Set[int]) -> None:
        """Each of the shares is one punch, and each punch is in BioTime once, at the right time."""
        made = [message_of(punch) for punch in self.punches]
        assert set(made) == shares, "lost, or from nowhere"
        assert len(set(made)) == len(made)
        for punch in self.punches:
            self._check(punch)
        # Nothing in BioTime is nobody's.
        assert len(self.stamps) + len(self.filed) == sum(len(rows) for p in self.punches for rows in self.of(p))

    def _check(self, punch: Row) -> None:
        stamps, filed = self.of(punch)
        punched_at = instant(punch["punched_at"])
        assert punch["state"] in FINAL, punch
        assert len(stamps) + len(filed) == 1 + bool(punch["correction"]), (punch, stamps, filed)
        for row in filed:
            assert instant(row["punched_at"]) == punched_at
        if not filed:
            assert abs(instant(stamps[0]["punched_at"]) - punched_at) <= self.tolerance

    def check_order(self) -> None:
        """What BioTime stamped, it stamped in the order in which the person shared."""
        by_mark = {f"[TG-{punch['ref']}]": punch for punch in self.punches}
        times = defaultdict(list)
        for row in self.stamps:
            punch = by_mark["[" + row["gps_location"].rpartition("[")[2]]
            times[punch["chat_id"]].append(punch["punched_at"])
        assert all(listed == sorted(listed) for listed in times.values())
