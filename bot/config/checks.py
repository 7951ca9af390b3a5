"""What a value of the environment must look like. A message never quotes a secret, and says what a good value is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from email.utils import getaddresses
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BeforeValidator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.biotime.addresses import check_url, is_loopback
from bot.i18n import LANGUAGES
from bot.store.cipher import BadKey, Cipher

EMBEDDED = "embedded"
COMPANY = "{company}"
MIN_WEBHOOK_SECRET = 16

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen. An IPv6 `host` stands without its brackets."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def check_telegram_token(value: str) -> str:
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value):
        raise ValueError("a bot's token looks like 123456789:AA…, as @BotFather gives it")
    return value


def check_web_url(value: str) -> str:
    """https, or http to this machine and its neighbours: a token must not cross the internet in clear."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("this is no URL") from None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        raise ValueError("this is no plain https:// address")
    if parts.scheme == "http" and not _is_near(host):
        raise ValueError("only https:// may leave this machine")
    return value.rstrip("/")


def _is_near(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return is_loopback(host) or "." not in host


def check_biotime_url(value: str) -> str:
    if value != EMBEDDED:
        check_url(value.replace(COMPANY, "company"))
    return value.rstrip("/")


def check_database_url(value: str) -> str:
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError("looks like sqlite:///FILE or postgresql://USER@HOST/NAME") from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError("must be sqlite:///FILE or postgresql://USER@HOST/NAME")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("a database in memory would forget every punch; use sqlite:///FILE")
    return value


def check_secret_key(value: str) -> str:
    try:
        Cipher(value)
    except BadKey as problem:
        raise ValueError(f"{problem}; `hadir key` makes one") from None
    return value


def check_webhook_secret(value: str) -> str:
    if not re.fullmatch(rf"[A-Za-z0-9_-]{{{MIN_WEBHOOK_SECRET},256}}", value):
        raise ValueError(f"{MIN_WEBHOOK_SECRET} to 256 letters, digits, _ and -; `hadir key` makes a good one")
    return value


def check_host(value: str) -> str:
    """A name or an address, nothing around it but an IPv6 address's brackets, which are taken off."""
    if not re.fullmatch(r"[A-Za-z0-9.-]+|\[?[0-9A-Fa-f:.]+\]?", value):
        raise ValueError("is a host's name or address; its port has an option of its own")
    return value.strip("[]")


def check_sender(value: str) -> str:
    """One address, with the sender's name before it if one likes; a line break would add headers of its own."""
    found = getaddresses([value])
    if len(found) != 1 or not re.fullmatch(r"[^@\s]+@[A-Za-z0-9.-]+", found[0][1]) or not value.isprintable():
        raise ValueError("looks like hadir@example.com or Hadir <hadir@example.com>")
    return value


def check_language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return value


def read_zone(value: object) -> object:
    if not isinstance(value, str) or value in _zones():
        return value
    near = get_close_matches(value, sorted(_zones()), 1)
    hint = f"did you mean {near[0]}?" if near else "a name looks like Asia/Dubai"
    raise ValueError(f"{value!r} is no time zone; {hint}")


@cache
def _zones() -> set[str]:
    """Looked for in a thousand files."""
    return available_timezones()


def read_list(value: object) -> object:
    return (
        tuple(" ".join(part.split()) for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


def read_networks(value: object) -> object:
    listed = read_list(value)
    return tuple(ip_network(part) for part in listed) if isinstance(listed, tuple) else value


def read_address(value: object) -> object:
    if not isinstance(value, str):
        return value
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError("looks like HOST:PORT, for instance 127.0.0.1:8080")
    return Address(host.removeprefix("[").removesuffix("]"), int(port))


def text(check: Callable[[str], str]) -> BeforeValidator:
    """Runs before the value becomes a SecretStr or whatever else it is."""
    return BeforeValidator(lambda value: check(value) if isinstance(value, str) else value)
