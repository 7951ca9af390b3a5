"""Builds a command's options from data: typer reads a function's signature, and this one is made to order."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin

import typer
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bot.biotime.wire.envelope import Wire
from bot.cli.ending import fail

Command = Callable[..., None]
Given = Mapping[str, Any]

CONTEXT = Parameter("ctx", Parameter.KEYWORD_ONLY, annotation=typer.Context)
JSON = Parameter(
    "as_json",
    Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[bool, typer.Option("--json", help="As JSON instead of a table.")],
)


def _check_id(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text):
        fail(f"{text!r} is no id: one is a number, or a UUID.")
    return text


IDENTIFIER = Parameter(
    "identifier",
    Parameter.KEYWORD_ONLY,
    annotation=Annotated[str, typer.Argument(metavar="ID", help="Its id.", callback=_check_id)],
)


def shaped(parameters: Iterable[Parameter], about: str) -> Callable[[Command], Command]:
    """Gives a function of keyword arguments these parameters, and its help."""

    def shape(command: Command) -> Command:
        command.__signature__ = Signature([CONTEXT, *parameters])  # type: ignore[attr-defined]
        command.__annotations__ = {}
        command.__doc__ = about
        return command

    return shape


def option(name: str, kind: Any, flag: str, about: str, default: object = None) -> Parameter:
    annotation = Annotated[kind, typer.Option(flag, help=about)]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


@dataclass(frozen=True, slots=True)
class BodyOptions:
    """The members of a body as options. Secrets are none of them: what is typed in a command is seen by others."""

    model: type[Wire]

    def parameters(self) -> list[Parameter]:
        listed = [_body_option(name, field) for name, field in self._open().items()]
        return [*listed, _ASK_PASSWORD] if self._has_password() else listed

    def read(self, given: Given) -> Wire:
        """What was given and nothing else. Ends the program where a value cannot be meant."""
        members = {n: _value(given[n], field) for n, field in self._open().items() if given[n] not in (None, [])}
        if given.get(_ASK_PASSWORD.name):
            members[_PASSWORD] = typer.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
        try:
            return self.model.model_validate(members)
        except ValidationError as problem:
            fail(*(f"{_flag(str(one['loc'][0]))}: {one['msg']}" for one in problem.errors(include_input=False)))

    def _open(self) -> dict[str, FieldInfo]:
        return {name: field for name, field in self.model.model_fields.items() if field.repr}

    def _has_password(self) -> bool:
        return _PASSWORD in self.model.model_fields


_PASSWORD = "self_password"  # noqa: S105 - the member's name
_ASK_PASSWORD = option("ask_password", bool, "--ask-password", "Ask for a password to set.", default=False)


def _body_option(name: str, field: FieldInfo) -> Parameter:
    about = field.description or ""
    if get_origin(field.annotation) is list:
        return option(name, list[str] | None, _flag(name), f"{about} More than once for several.".strip())
    if bool in (field.annotation, *get_args(field.annotation)):
        return option(name, bool | None, f"{_flag(name)}/--no-{_flag(name)[2:]}", about)
    return option(name, str | None, _flag(name), about)


def _flag(member: str) -> str:
    return f"--{member.replace('_', '-')}"


def _value(given: object, field: FieldInfo) -> object:
    """Empty is null, where a member may be null."""
    nullable = isinstance(field.annotation, UnionType) and NoneType in get_args(field.annotation)
    return None if given == "" and nullable else given
