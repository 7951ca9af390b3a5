"""What the far end saw, in order: the raw material of every figure."""

import time
from dataclasses import asdict, dataclass
from typing import Literal, NotRequired, TypedDict

Kind = Literal["send", "edit", "punch"]


class Entry(TypedDict):
    """One thing a contestant did.

    `seconds` run from the moment the updates were handed out to the moment the answer left; `place` is the order
    of arrival, `message_id` the bot's own message.
    """

    kind: Kind
    chat: int
    place: int
    seconds: float
    message_id: NotRequired[int]
    text: NotRequired[str]


@dataclass(slots=True)
class Tally:
    """How far the current batch of updates has come."""

    fetched: int = 0
    polls: int = 0
    sent: int = 0
    settled: int = 0
    telegram_calls: int = 0
    biotime_calls: int = 0


class Diary:
    """`outcome` is the word that makes a text a final reply."""

    def __init__(self, outcome: str) -> None:
        self._outcome = outcome
        self.polls = 0
        self.begin()

    def begin(self) -> None:
        self.entries: list[Entry] = []
        self.tally = Tally()
        self._settled: set[int] = set()
        self._began = time.perf_counter()

    def note(self, entry: Entry) -> None:
        """Called when the answer leaves: only then can the contestant know that it is done."""
        entry["seconds"] = time.perf_counter() - self._began
        self.entries.append(entry)
        self.tally.sent += entry["kind"] == "send"
        if entry["kind"] != "punch" and self._outcome in entry.get("text", ""):
            self._settled.add(entry["chat"])
            self.tally.settled = len(self._settled)

    def state(self) -> dict[str, int]:
        self.tally.polls = self.polls
        return asdict(self.tally)
