"""What a phone's keyboard adds to a name or a password without showing it."""

import re
import unicodedata

# The marks of direction that keyboards and copied text bring along.
_MARKS = "\u200e\u200f\u2066-\u2069"
_EDGES = re.compile(f"\\A[{_MARKS}]+|[{_MARKS}\r\n]+\\Z")


def clean_username(typed: str) -> str:
    """Without what cannot be seen, in one width, with Western digits: ١٠٠١ is 1001."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", typed) if unicodedata.category(c) != "Cf")
    return "".join(_western(c) for c in visible).strip()


def clean_password(typed: str) -> str:
    """Only marks of direction at its ends and the line's end go: a password may have any other character."""
    return _EDGES.sub("", typed)


def _western(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
