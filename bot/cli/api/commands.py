"""The commands of one kind of thing: list, get, create, update, delete; approve, reject, revoke."""

from collections.abc import Awaitable, Callable, Mapping
from inspect import Parameter
from typing import Any

import typer

from bot.biotime.att import Filings
from bot.cli.api.access import Session, run
from bot.cli.api.kinds import Filter, Kind
from bot.cli.api.output import collect, show, show_all
from bot.cli.api.shapes import IDENTIFIER, JSON, BodyOptions, Command, option, shaped
from bot.cli.ending import fail

_DECISIONS: Mapping[str, Callable[[Filings[Any, Any], str, str, str], Awaitable[Any]]] = {
    "approve": Filings.approve,
    "reject": Filings.reject,
    "revoke": Filings.revoke,
}
LIMIT = option("limit", int | None, "--limit", "So many rows at most.")
_REASON = option("reason", str, "--reason", "Why; the employee can read it.", default="")


def build_group(kind: Kind) -> typer.Typer:
    group = typer.Typer(no_args_is_help=True, help=kind.help)
    group.command("list")(_list(kind))
    group.command("get")(_get(kind))
    if kind.body is not None:
        body = BodyOptions(kind.body)
        group.command("create")(_create(kind, body))
        if not kind.decided:
            group.command("update")(_update(kind, body))
        group.command("delete")(_delete(kind))
    for verb in _DECISIONS if kind.decided else ():
        group.command(verb)(_decide(kind, verb))
    return group


def filter_options(filters: tuple[Filter, ...]) -> list[Parameter]:
    return [option(one.param, str | None, one.option, one.help) for one in filters]


def _list(kind: Kind) -> Command:
    @shaped([*filter_options(kind.filters), LIMIT, JSON], "List those that fit, all of them without a filter.")
    def command(ctx: typer.Context, *, limit: int | None, as_json: bool, **filters: str | None) -> None:
        def fetch(session: Session) -> Awaitable[list[Any]]:
            return collect(kind.resource(session).fetch(session.token, **filters), limit)

        show_all(*run(ctx, fetch), as_json=as_json)

    return command


def _get(kind: Kind) -> Command:
    @shaped([IDENTIFIER, JSON], "Show one.")
    def command(ctx: typer.Context, *, identifier: str, as_json: bool) -> None:
        show(*run(ctx, lambda session: kind.resource(session).fetch_one(session.token, identifier)), as_json=as_json)

    return command


def _create(kind: Kind, body: BodyOptions) -> Command:
    @shaped([*body.parameters(), JSON], "Make one, and show what the server made of it.")
    def command(ctx: typer.Context, *, as_json: bool, **members: Any) -> None:
        new = body.read(members)
        show(*run(ctx, lambda session: kind.resource(session).create(session.token, new)), as_json=as_json)

    return command


def _update(kind: Kind, body: BodyOptions) -> Command:
    @shaped([IDENTIFIER, *body.parameters(), JSON], "Change what is said, and leave the rest as it is.")
    def command(ctx: typer.Context, *, identifier: str, as_json: bool, **members: Any) -> None:
        changed = body.read(members)
        if not changed.model_fields_set:
            fail("Say what is to be changed; --help lists what can be.")
        show(
            *run(ctx, lambda session: kind.resource(session).update(session.token, identifier, changed)),
            as_json=as_json,
        )

    return command


def _delete(kind: Kind) -> Command:
    @shaped([IDENTIFIER], "Remove one.")
    def command(ctx: typer.Context, *, identifier: str) -> None:
        run(ctx, lambda session: kind.resource(session).delete(session.token, identifier))
        typer.echo(f"{identifier} is deleted.")

    return command


def _decide(kind: Kind, verb: str) -> Command:
    @shaped([IDENTIFIER, _REASON, JSON], f"{verb.capitalize()} one.")
    def command(ctx: typer.Context, *, identifier: str, reason: str, as_json: bool) -> None:
        def decide(session: Session) -> Awaitable[Any]:
            filings = kind.resource(session)
            assert isinstance(filings, Filings)
            return _DECISIONS[verb](filings, session.token, identifier, reason)

        show(*run(ctx, decide), as_json=as_json)

    return command
