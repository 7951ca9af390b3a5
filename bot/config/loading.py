"""Reads the options from an environment, and says everything that is wrong with it at once."""

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, EnvSettingsSource

from bot.config.api_options import list_api_options
from bot.config.options import PREFIX, Settings, StorageSettings, list_options

TEST_PREFIX = "HADIR_TEST_"  # what the tests are told, and no option
_OPTIONS = (*list_options(), *list_api_options())
_MESSAGES = {
    "int_parsing": "not a whole number",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
}

Kind = TypeVar("Kind", bound=StorageSettings)


class BadSettings(Exception):
    """The environment is not usable; `problems` holds one sentence for each thing that is wrong, none with a secret."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Given(EnvSettingsSource):
    """The values of a given environment instead of the process's."""

    def __init__(self, kind: type[BaseSettings], values: Mapping[str, str]) -> None:
        super().__init__(kind)
        self.env_vars = {name.lower(): value for name, value in values.items()}


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """What the bot needs. Raises BadSettings."""
    return load_part(Settings, environ)


def load_part(kind: type[Kind], environ: Mapping[str, str] = os.environ) -> Kind:
    """What a smaller command needs: StorageSettings requires nothing, ServerSettings the key. Raises BadSettings."""
    problems = list(_find_unknown(environ))
    values = dict(_read_values(environ, problems))
    told = {variable for variable in _variables() if any(line.startswith(f"{variable}:") for line in problems)}
    try:
        loaded = kind(**_Given(kind, values)())
    except ValidationError as error:
        problems += [line for one in error.errors(include_input=False) for line in _tell(kind, one, told)]
    if problems:
        raise BadSettings(tuple(problems))
    return loaded


def _variables() -> list[str]:
    return [option.variable for option in _OPTIONS]


def _find_unknown(environ: Mapping[str, str]) -> Iterator[str]:
    known = [name for option in _OPTIONS for name in option.variables]
    for name in sorted(environ):
        if name.upper().startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name not in known:
            near = get_close_matches(name.upper(), known, 1, cutoff=0)
            yield f"{name} is no option; the nearest is {near[0]}"


def _read_values(environ: Mapping[str, str], problems: list[str]) -> Iterator[tuple[str, str]]:
    """Each option that is set, with secrets taken from their files. An empty variable counts as not set."""
    for option in _OPTIONS:
        value, *files = (environ.get(name, "").strip() for name in option.variables)
        file = "".join(files)
        if value and file:
            problems.append(f"{option.variable}: {option.variable}_FILE is set, too; keep one of them")
        elif file:
            value = _read_file(option.variable, file, problems)
        if value:
            yield option.variable, value


def _read_file(variable: str, file: str, problems: list[str]) -> str:
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is no text"
        problems.append(f"{variable}: cannot read {file}, which {variable}_FILE names: {reason}")
        return ""
    if not value:
        problems.append(f"{variable}: {file}, which {variable}_FILE names, is empty")
    return value


def _tell(kind: type[BaseSettings], error: ErrorDetails, told: set[str]) -> Iterator[str]:
    """Sentences for one of pydantic's errors, but for variables of which something was told already."""
    context = error.get("ctx", {})
    if not error["loc"]:
        yield from str(context["error"]).split("\n")
        return
    name = str(error["loc"][0])
    variable = PREFIX + name.upper()
    if variable in told:
        return
    if error["type"] == "missing":
        yield f"{variable} is missing: {kind.model_fields[name].description}"
    elif error["type"] == "value_error":
        yield f"{variable}: {context['error']}"
    else:
        yield f"{variable}: {_MESSAGES.get(error['type'], error['msg']).format_map(context)}"
