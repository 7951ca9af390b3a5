"""What a phone's keyboard adds to a name, a password or a sentence without showing it."""

import re
import unicodedata

# The marks of direction that keyboards and copied text bring along.
_MARKS = "\u200e\u200f\u2066-\u2069"
# What turns the text around it, also that of others into which it is put; U+200C and U+200D shape words, and stay.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_EDGES = re.compile(f"\\A[{_MARKS}]+|[{_MARKS}\r\n]+\\Z")


def clean_username(typed: str) -> str:
    """Without what cannot be seen, in one width, with Western digits: ١٠٠١ is 1001."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", typed) if unicodedata.category(c) != "Cf")
    return "".join(_western(c) for c in visible).strip()


def clean_password(typed: str) -> str:
    """Only marks of direction at its ends and the line's end go: a password may have any other character."""
    return _EDGES.sub("", typed)


def clean_sentence(typed: str) -> str:
    """On one line, without what turns other text or controls a terminal; "" where nothing would be seen."""
    line = " ".join(typed.split())
    kept = "".join(c for c in line if c not in _TURNS and unicodedata.category(c) != "Cc").strip()
    return kept if any(unicodedata.category(c) not in ("Cf", "Zs") for c in kept) else ""


def _western(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
