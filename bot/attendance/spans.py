"""Stretches of time, from a moment to a later one, both UTC: joined, cut out of one another, added up."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


def merge(spans: Iterable[Span]) -> list[Span]:
    """In order, those that touch as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def clip(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """What of them lies between two moments."""
    return [(max(a, start), min(b, end)) for a, b in spans if a < end and start < b]


def cut_out(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """What is left of them; the holes are merged, so in order."""
    left = list(spans)
    for start, end in holes:
        left = [piece for span in left for piece in _cut_one(span, start, end)]
    return left


def _cut_one(span: Span, start: datetime, end: datetime) -> list[Span]:
    pieces = [(span[0], min(span[1], start)), (max(span[0], end), span[1])]
    return [piece for piece in pieces if piece[0] < piece[1]]


def total(spans: Iterable[Span]) -> timedelta:
    return sum((end - start for start, end in spans), timedelta(0))


def total_within(spans: Iterable[Span], others: Iterable[Span]) -> timedelta:
    """How much of them lies inside the others; either is free of overlaps."""
    pieces = list(spans)
    return sum((total(clip(pieces, *other)) for other in others), timedelta(0))
