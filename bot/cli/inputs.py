"""What a command is given: options of the environment and files, each fault a sentence."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import SecretStr

from bot.cli.ending import fail
from bot.config.loading import BadSettings, load_part
from bot.config.options import ServerSettings, StorageSettings

Kind = TypeVar("Kind", bound=StorageSettings)


def load(
    kind: type[Kind],
    defaults: Mapping[str, str] = MappingProxyType({}),
    instead: Mapping[str, str] = MappingProxyType({}),
) -> Kind:
    """From the environment; `defaults` fill in what it does not say, `instead` goes before it."""
    given = {name.removesuffix("_FILE") for name in os.environ}
    missing = {name: value for name, value in defaults.items() if name not in given}
    try:
        return load_part(kind, {**missing, **os.environ, **instead})
    except BadSettings as problem:
        fail(*problem.problems)


def secrets_of(settings: ServerSettings) -> tuple[str, ...]:
    values = (getattr(settings, name) for name in type(settings).model_fields)
    return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        fail(f"{file} cannot be read: it is no UTF-8 text")
    except OSError as problem:
        fail(f"{file} cannot be read: {problem.strerror}")


def check_credentials(file: Path | None) -> None:
    """Before anything is done: passwords that cannot be written down afterwards are lost."""
    if file is None:
        return
    folder = file.absolute().parent
    if file.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        fail(f"--credentials: {file} cannot be written. Name a file in a folder that is there and yours.")


def write_secret(file: Path, text: str) -> None:
    """For its owner's eyes: it holds passwords."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text + "\n")
