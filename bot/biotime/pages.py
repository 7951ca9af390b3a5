"""Walking through a list page by page, also while it changes. A `next` link is read, never dialled."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.biotime.errors import Refused, Unclear

PAGE_SIZE = 100
# No list is that long; a server that says so goes in circles.
MOST_PAGES = 10_000

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Row]):
    """One page as it came; `count` is of the whole list."""

    count: int
    next: str | None
    rows: Sequence[Row]


async def walk(fetch: Callable[[int], Awaitable[ListPage[Row]]]) -> AsyncIterator[Sequence[Row]]:
    """The rows of each page. New rows push seen ones to the next page while we walk: those are left out.

    Complete when it ends without raising: a list that could not be read whole raises Unclear.
    """
    number = 1
    seen: ListPage[Row] | None = None
    while number:
        page = await _fetch(fetch, number)
        yield _unseen(page, seen) if seen else page.rows
        number, seen = _next_number(page.next, number), page


async def _fetch(fetch: Callable[[int], Awaitable[ListPage[Row]]], number: int) -> ListPage[Row]:
    try:
        return await fetch(number)
    except Refused as error:
        if number == 1 or error.status != 404:
            raise
        raise Unclear("the list ended while it was read", status=404) from error


def _unseen(page: ListPage[Row], seen: ListPage[Row]) -> Sequence[Row]:
    moved = page.count - seen.count
    if moved < 0 or moved > len(seen.rows):
        # Rows that moved up, from a page not read yet to one already read, would be missed.
        raise Unclear("the list changed while it was read")
    # Only a list with the newest first is pushed down; in one that grows at its end nothing repeats.
    repeats = moved and seen.rows[-moved:][: len(page.rows)] == page.rows[:moved]
    return page.rows[moved:] if repeats else page.rows


def _next_number(link: str | None, number: int) -> int:
    """The number in a `next` link, 0 at the end: the link itself may name any host."""
    if link is None:
        return 0
    match = re.search(r"[?&]page=(\d{1,9})(?:[&#]|$)", link, re.ASCII)
    if match is None or not number < int(match[1]) <= MOST_PAGES:
        raise Unclear("the list goes in circles")
    return int(match[1])
