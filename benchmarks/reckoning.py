"""From what the far end saw to figures. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from benchmarks.far_end.diary import Entry
from benchmarks.harness import Run


@dataclass(frozen=True, slots=True)
class Faults:
    """Counted in updates: `missing` got no outcome or no punch, `doubled` two messages with one or two punches."""

    missing: int
    doubled: int

    def __add__(self, other: "Faults") -> "Faults":
        return Faults(self.missing + other.missing, self.doubled + other.doubled)


def find_faults(run: Run) -> Faults:
    if run.scenario.hold:
        return Faults(0, 0)
    punches = Counter(entry["chat"] for entry in run.entries if entry["kind"] == "punch")
    outcomes = _messages_with_outcome(run)
    doubled = {chat for chat, count in punches.items() if count > 1}
    doubled |= {chat for chat, messages in outcomes.items() if len(messages) > 1}
    return Faults(run.scenario.chats - len(punches.keys() & outcomes.keys()), len(doubled))


def _messages_with_outcome(run: Run) -> Mapping[int, set[int]]:
    """Edits of one message are one: an outcome written twice into the same place is seen once."""
    outcomes = defaultdict(set)
    for entry in _outcomes(run):
        outcomes[entry["chat"]].add(entry["message_id"])
    return outcomes


def _outcomes(run: Run) -> list[Entry]:
    return [
        entry for entry in run.entries if entry["kind"] != "punch" and run.contestant.outcome in entry.get("text", "")
    ]


def last_outcome(run: Run) -> timedelta:
    """Until the last person knew the outcome."""
    return _last_of_firsts(_outcomes(run))


def last_first_word(run: Run) -> timedelta:
    """Until the last person had heard anything at all."""
    return _last_of_firsts([entry for entry in run.entries if entry["kind"] == "send"])


def _last_of_firsts(entries: list[Entry]) -> timedelta:
    firsts: dict[int, float] = {}
    for entry in entries:
        firsts[entry["chat"]] = min(entry["seconds"], firsts.get(entry["chat"], entry["seconds"]))
    return timedelta(seconds=max(firsts.values(), default=0.0))


def rate(run: Run) -> float:
    """Updates per second that came to an outcome; 0.0 where none did."""
    seconds = last_outcome(run).total_seconds()
    return len(_messages_with_outcome(run)) / seconds if seconds else 0.0


def count_out_of_order(run: Run) -> int:
    """Chats where the answer to the second message stands above the answer to the first one.

    An edit does not move a message, so a place in the chat is decided by the sends.
    """
    sends: dict[int, list[Entry]] = defaultdict(list)
    for entry in run.entries:
        if entry["kind"] == "send":
            sends[entry["chat"]].append(entry)
    return sum(_is_out_of_order(told, run.contestant.first_words) for told in sends.values())


def _is_out_of_order(sends: list[Entry], first_words: str) -> bool:
    texts = [entry["text"] for entry in sorted(sends, key=lambda entry: entry["place"])]
    return len(texts) > 1 and first_words not in texts[0]


def cpu_per_update(run: Run) -> timedelta:
    return (run.after.cpu - run.before.cpu) / run.scenario.chats


def memory_per_waiting(run: Run) -> float:
    """Bytes by which the process grew, per update it has taken and not settled."""
    return (run.after.resident - run.before.resident) / run.scenario.chats


def calls_per_update(run: Run) -> tuple[float, float]:
    """To Telegram (polls not counted) and to BioTime."""
    chats = run.scenario.chats
    return run.tally["telegram_calls"] / chats, run.tally["biotime_calls"] / chats


def median_ratio(runs: list[Run], others: list[Run]) -> float:
    """Of rates, round by round, so that a slow minute of the machine falls on both."""
    ratios = [rate(run) / base for run, other in zip(runs, others, strict=True) if (base := rate(other))]
    return median(ratios) if ratios else 0.0
