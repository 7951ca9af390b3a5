"""Shows what came: a table for people, JSON for programs, with BioTime's numbers and with offsets of times."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, cast
from unicodedata import category
from zoneinfo import ZoneInfo

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.cli.ending import err, out

# Where nobody looks, nothing is folded into the width of a window.
_WIDTH = 10_000
# Times a wall clock shows, with the instants they can mean: the first is enough for who reads.
_READINGS = "readings"

Cells = dict[str, Any]


async def collect(rows: AsyncIterator[Any], limit: int | None) -> list[Any]:
    """All rows, or so many; how far it is shows on stderr."""
    columns = TextColumn("{task.completed} rows"), BarColumn(), TimeElapsedColumn()
    collected: list[Any] = []
    if limit is not None and limit <= 0:
        return collected
    # Its generator is closed here: where the limit ends it, the rest is not asked for.
    async with aclosing(cast("Any", rows)):
        with Progress(*columns, console=err, transient=True) if err.is_terminal else nullcontext() as progress:
            task = progress.add_task("", total=limit) if progress else None
            async for row in rows:
                collected.append(row)
                if progress and task is not None:
                    progress.update(task, completed=len(collected))
                if len(collected) == limit:
                    break
    return collected


def show_all(rows: Sequence[object], zone: ZoneInfo, *, as_json: bool) -> None:
    listed = [_cells(row, zone) for row in rows]
    if as_json:
        typer.echo(json.dumps(listed, indent=2, ensure_ascii=False, default=_plain))
    elif listed:
        _print(_tabulate(listed))
    else:
        err.print("Nothing fits.")


def show(row: object, zone: ZoneInfo, *, as_json: bool) -> None:
    cells = _cells(row, zone)
    if as_json:
        typer.echo(json.dumps(cells, indent=2, ensure_ascii=False, default=_plain))
        return
    table = Table(show_header=False)
    for name, value in cells.items():
        table.add_row(name, _text(value))
    _print(table)


def _print(table: Table) -> None:
    (out if out.is_terminal else Console(width=_WIDTH)).print(table)


def _tabulate(rows: Sequence[Mapping[str, object]]) -> Table:
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*map(_text, row.values()))
    return table


def _cells(row: object, zone: ZoneInfo) -> Cells:
    """By member; a value within a value by its own members."""
    if isinstance(row, BaseModel):
        return row.model_dump()
    cells: Cells = {}
    assert is_dataclass(row)
    for member in fields(row):
        value = getattr(row, member.name)
        if member.name == _READINGS:
            cells["punched_at"] = value[0].astimezone(zone)
        elif is_dataclass(value):
            cells |= _cells(value, zone)
        else:
            cells[member.name] = value.astimezone(zone) if isinstance(value, datetime) else value
    return cells


def _plain(value: object) -> object:
    """For JSON, what it does not know itself."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return _hours(value)
    raise TypeError(type(value).__name__)


def _text(value: object) -> Text:
    """A server's text must not speak to the terminal: control characters are shown as such."""
    match value:
        case None:
            said = ""
        case Enum():
            said = value.name
        case bool():
            said = "yes" if value else "no"
        case datetime():
            said = f"{value:%Y-%m-%d %H:%M:%S}"
        case timedelta():
            said = _hours(value)
        case list() | tuple():
            said = ", ".join(map(str, value))
        case _:
            said = str(value)
    return Text("".join("\ufffd" if category(character) == "Cc" else character for character in said))


def _hours(lasted: timedelta) -> str:
    """`HH:MM`, as the reports have it."""
    minutes = int(lasted.total_seconds() // 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
