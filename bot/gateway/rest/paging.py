"""The parameters of a list and the links to its neighbours (wire notes, "Lists")."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlencode

from sqlalchemy import ColumnElement
from starlette.requests import Request

from bot.gateway.records.pages import Page, PageRequest
from bot.gateway.rest.errors import NotFound
from bot.gateway.rest.origin import Origin

DEFAULT_SIZE = 10
_LONGEST_NUMBER = 9

Order = Sequence[ColumnElement[object]]


def invalid_page() -> NotFound:
    return NotFound("Invalid page.")


def read_page(request: Request, max_size: int) -> PageRequest:
    """`page_size` wins over `limit`; a silly size is the default, a huge one is clamped. Raises NotFound."""
    query = request.query_params
    sizes = (_positive(query.get("page_size", "")), _positive(query.get("limit", "")), DEFAULT_SIZE)
    size = min(next(size for size in sizes if size), max_size)
    wanted = query.get("page") or "1"
    if wanted == "last":
        return PageRequest(None, size)
    number = _positive(wanted)
    if number is None:
        raise invalid_page()
    return PageRequest(number, size)


def read_ordering(request: Request, known: Mapping[str, ColumnElement[object]], default: Order) -> Order:
    """`ordering=field` and `-field`, several with commas; unknown ones and repeats are ignored."""
    wanted: dict[str, ColumnElement[object]] = {}
    for term in request.query_params.get("ordering", "").split(","):
        name = term.removeprefix("-")
        if name in known and name not in wanted:
            wanted[name] = known[name].desc() if term.startswith("-") else known[name].asc()
    # The default at the end decides between equals, or pages would overlap.
    return [*wanted.values(), *default]


def page_links(request: Request, origin: Origin, page: Page) -> tuple[str | None, str | None]:
    """`next` and `previous`: absolute, other parameters kept and sorted, `page=1` dropped."""

    def link(number: int) -> str:
        # However many there are: the limit on heads bounds them, and a page that can be read has links.
        query = parse_qs(request.url.query, keep_blank_values=True)
        query.pop("page", None)
        if number > 1:
            query["page"] = [str(number)]
        encoded = urlencode(sorted(query.items()), doseq=True)
        return f"{origin.scheme}://{origin.host}{request.url.path}{'?' if encoded else ''}{encoded}"

    following = link(page.number + 1) if page.number < page.last else None
    previous = link(page.number - 1) if page.number > 1 else None
    return following, previous


def _positive(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal()):
        return None
    # Longer than any table: the number itself does not matter any more, and int() refuses thousands of digits.
    return int(text[-_LONGEST_NUMBER:]) or None if len(text) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER
