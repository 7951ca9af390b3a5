"""A command as it is typed, but in this process, which is a second faster. `tests/test_cli.py` starts real ones."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import build_app


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def call_hadir(folder: Path, *arguments: str, typed: str | None = None, **given: str) -> Done:
    """In `folder`, with no other HADIR_ variables than `given`. `typed` is what comes on stdin."""
    cleared = {name: None for name in os.environ if name.startswith("HADIR_")}
    with contextlib.chdir(folder):
        done = CliRunner().invoke(
            build_app(*arguments[:1]), arguments, input=typed, env={**cleared, "COLUMNS": "200", **given}
        )
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)
