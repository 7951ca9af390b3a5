"""The README says what is true: options, commands, the map, links."""

import re
import shlex
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import build_app
from bot.config import Option, list_options
from bot.config.api_options import list_api_options

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAP = README.split("## The map\n```\n")[1].split("```")[0]
COMMANDS = README.split("## Commands\n")[1].split("\n## ")[0]
OPTIONS = (*list_options(), *list_api_options())
NOT_IN_THE_MAP = {"bot/__init__.py", "bot/__pycache__"}


def table_row(option: Option) -> str:
    default = "**required**" if option.default is None else f"`{option.default}`" if option.default else "–"
    name = f"`{option.variable}`" + (" 🔑" if option.secret else "")
    return f"| {name} | {default} | {option.meaning[0].upper()}{option.meaning[1:]} |"


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.variable)
def test_option_is_in_readme(option: Option) -> None:
    assert table_row(option) in README.splitlines()


def test_no_other_option_is_in_readme() -> None:
    known = {name for option in OPTIONS for name in option.variables}
    assert set(re.findall(r"HADIR_[A-Z][A-Z_]+", README)) <= known


def commands(of: typer.Typer, prefix: str = "hadir") -> Iterator[str]:
    for command in of.registered_commands:
        assert command.callback
        yield f"{prefix} {command.name or command.callback.__name__}"
    for group in of.registered_groups:
        assert group.typer_instance
        yield from commands(group.typer_instance, f"{prefix} {group.name}")


def test_every_command_is_in_readme_and_no_other() -> None:
    """Those of `hadir api` in a table of their own: each thing of a row with each command of it."""
    told = set(re.findall(r"^\| `(hadir [a-z ]+)` \|", COMMANDS, re.MULTILINE))
    for things, verbs in re.findall(r"^\| ((?:`[a-z-]+` ?)+) \| ((?:`[a-z-]+` ?)+) \|", COMMANDS, re.MULTILINE):
        pairs = product(re.findall(r"[a-z-]+", things), re.findall(r"[a-z-]+", verbs))
        told |= {f"hadir api {thing} {verb}" for thing, verb in pairs}
    assert told == set(commands(build_app()))


@pytest.mark.parametrize("line", re.findall(r"\.venv/bin/(hadir [^#&)\n]+)", README), ids=str)
def test_every_command_that_is_shown_is_understood(line: str) -> None:
    command: Any = typer.main.get_command(build_app())
    name, *arguments = shlex.split(line)
    while hasattr(command, "commands"):
        name, *arguments = arguments
        command = command.commands[name]
    command.make_context(name, arguments)


def mapped() -> Iterator[str]:
    """Paths in the map; a folder ends with a slash."""
    for line in MAP.splitlines():
        name = line.removeprefix("├── ").removeprefix("└── ").split()[0]
        yield name if line.startswith(name) else f"bot/{name}"


def test_the_map_is_the_house() -> None:
    found = {f"{path.relative_to(ROOT)}{'/' if path.is_dir() else ''}" for path in (ROOT / "bot").iterdir()}
    assert {path for path in mapped() if path.startswith("bot/") and path != "bot/"} == {
        path for path in found if path.rstrip("/") not in NOT_IN_THE_MAP
    }


@pytest.mark.parametrize("path", list(mapped()))
def test_what_the_map_shows_exists(path: str) -> None:
    assert (ROOT / path).exists()
    assert (ROOT / path).is_dir() == path.endswith("/")


def test_every_folder_with_code_is_in_the_map() -> None:
    folders = {f"{file.parent.name}/" for file in ROOT.glob("*/__init__.py")}
    assert folders <= set(mapped())


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:bot|tests|locales|benchmarks|requirements)/[^`\s]*)`", README)))
)
def test_every_file_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)", README))))
def test_every_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
