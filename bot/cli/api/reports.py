"""`hadir api reports`: what the server makes of punches, from one day to another."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any

import typer

from bot.cli.api.access import Session, run
from bot.cli.api.commands import LIMIT, filter_options
from bot.cli.api.kinds import WHOM
from bot.cli.api.output import collect, show_all
from bot.cli.api.shapes import JSON, Command, option, shaped
from bot.cli.ending import fail

reports_app = typer.Typer(no_args_is_help=True, help="Reports, of a year at most.")

Fetch = Callable[..., AsyncIterator[Any]]

_FIRST = option("first", str, "--from", "The first day, YYYY-MM-DD.", default=...)
_LAST = option("last", str, "--to", "The last day.", default=...)


def _report(about: str, fetch_of: Callable[[Session], Fetch]) -> Command:
    @shaped([_FIRST, _LAST, *filter_options(WHOM), LIMIT, JSON], about)
    def command(
        ctx: typer.Context, *, first: str, last: str, limit: int | None, as_json: bool, **filters: str | None
    ) -> None:
        days = _read_day(first), _read_day(last)

        def fetch(session: Session) -> Awaitable[list[Any]]:
            return collect(fetch_of(session)(session.token, *days, **filters), limit)

        show_all(*run(ctx, fetch), as_json=as_json)

    return command


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no date; one looks like 2026-03-02.")


reports_app.command("time-cards")(_report("Time cards.", lambda session: session.att.fetch_time_cards))
reports_app.command("days")(_report("First and last punch of each day.", lambda session: session.att.fetch_days))
