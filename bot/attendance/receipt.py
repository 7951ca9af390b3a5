"""A punch's receipt: one line that says what BioTime took, and that is signed. Pure: whoever has the key signs.

    HADIR1|Demo Trading|1001|7|7K3Q2H|CHECK_IN|2026-03-02T05:00:00Z|Dubai Office|confirmed|<previous>|<key>|<signature>

The first nine fields are the statement; `previous` is the signature of the same person's receipt before, so that none
can be taken out; `key` names the key that signed. What could be taken for a separator is written as %XX.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from bot.attendance.model import PunchState

VERSION = "HADIR1"
FIRST = "0" * 32
"""What stands for the previous signature in a person's first receipt."""

_FIELDS = 12
# Anywhere in a text: a messenger adds words around it, and marks of direction. A whole one ends with its signature;
# what is not whole is taken to the line's end, to be told that it is none.
_FIELD = r"[^|\n\r\u2066-\u2069]{0,300}\|"
_WHOLE = rf"{VERSION}\|(?:{_FIELD}){{{_FIELDS - 2}}}[0-9a-f]{{{len(FIRST)}}}(?!\w)"
_LINE = re.compile(rf"{_WHOLE}|{VERSION}\|[^\n\r\u2066-\u2069]{{1,1000}}")
# No field begins or ends with a blank: those beside a bar came with the pasting.
_AROUND = re.compile(r"[^\S\n\r]{0,20}\|[^\S\n\r]{0,20}")
_RESERVED = re.compile(r"[%|\u2066-\u2069\u200e\u200f\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a receipt says. `place` is the area's name where the punch was made inside of it, else "". `outcome` is
    `confirmed` (BioTime stamped it) or `approved` (as a correction). `seq` counts a person's receipts from 1.
    """

    company: str
    emp_code: str
    seq: int
    ref: str
    punch_state: PunchState
    punched_at: datetime
    place: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Receipt:
    statement: Statement
    previous: str
    key: str
    signature: str


def build_signed_text(statement: Statement, previous: str, key: str) -> str:
    """The line without its signature: what is signed."""
    at = statement.punched_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    parts = [
        VERSION,
        statement.company,
        statement.emp_code,
        str(statement.seq),
        statement.ref,
        statement.punch_state.name,
        at,
        statement.place,
        statement.outcome,
        previous,
        key,
    ]
    return "|".join(_escape(part) for part in parts)


def write_line(receipt: Receipt) -> str:
    return f"{build_signed_text(receipt.statement, receipt.previous, receipt.key)}|{receipt.signature}"


def find_line(text: str) -> str | None:
    """The first thing in a text that looks like one of our lines, signed or not."""
    found = _LINE.search(_AROUND.sub("|", text))
    return found[0].strip() if found else None


def read_line(line: str) -> Receipt | None:
    """None for what no line of ours can be: it would be written otherwise."""
    parts = [unquote(part) for part in line.split("|")]
    if len(parts) != _FIELDS or parts[0] != VERSION:
        return None
    _, company, emp_code, seq, ref, state, at, place, outcome, previous, key, signature = parts
    try:
        punched_at = datetime.fromisoformat(at)
        statement = Statement(company, emp_code, int(seq), ref, PunchState[state], punched_at, place, outcome)
        receipt = Receipt(statement, previous, key, signature)
        return receipt if write_line(receipt) == line else None
    except (KeyError, ValueError):
        return None


def _escape(value: str) -> str:
    """Blanks as one: messengers and people do not keep how many there were."""
    return _RESERVED.sub(lambda found: quote(found[0], safe=""), " ".join(value.split()))
