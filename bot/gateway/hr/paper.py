"""HTML out of the templates, and the headers every page of them has."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import RedirectResponse, Response

TEMPLATES = Path(__file__).parent / "templates"
SAFE = {
    # Nothing from elsewhere, no script at all, in nobody's frame.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it a browser hides the Origin of a form, and the form is refused.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_pages = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, context: Mapping[str, object], status: int = 200) -> Response:
    return Response(_pages.get_template(template).render(context), status, SAFE, "text/html")


def go_to(path: str) -> Response:
    """After a form, so that reloading the page does not send it again."""
    return RedirectResponse(path, 303, SAFE)


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """`2026-11-24 09:02`, on the company's wall."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def clock(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}" if at else ""


def span(length: timedelta | None) -> str:
    """Hours and minutes, `8:05`; empty for none."""
    if not length:
        return ""
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    return f"{hours}:{minutes:02}"


def typed(value: object) -> str:
    """As a form's field takes it."""
    match value:
        case None | False:
            return ""
        case True:
            return "on"
        case time():
            return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
        case date():
            return value.isoformat()
        case float():
            return f"{value:g}"
        case _:
            return str(value)
