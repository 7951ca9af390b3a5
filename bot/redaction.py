"""Logging without secrets: structlog and the standard library's loggers end in one handler, which redacts whole lines.

Redaction comes after formatting, so that it does not matter which way a secret took: message, argument, key, exception.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable
from typing import Literal, TextIO
from urllib.parse import quote

import structlog
from structlog.typing import Processor

REDACTED = "[redacted]"
_SHORTEST = 4  # a shorter literal would redact ordinary words

_WORDS = r"\w*(?:password|passwd|pwd|secret|secret_key|token|otp|authorization|api_key|cookie)"
_PLACES = r"latitude|longitude|lat|lon|lng|coordinates|gps_location"
# key=value, "key": value and 'key': value, also inside of another quoted text: there quotes have backslashes, and a
# value ends at a quote with as many, or where the outer text ends. "password: value", as people write it.
_KEYED = re.compile(
    rf"""
    \b(?P<key>
        (?:{_WORDS}|{_PLACES}) (?: (?P<around>\\*["']) \s*:\s* | \s*=\s* )
        | (?:password|authorization) \s*:\s*
    )
    b?(?: (?P<quote>(?P<inner>\\+)?["']) .*? (?: (?<!\\)(?P=quote) | (?(inner)(?<!\\)(?=")|(?!)) | $ )
        | \[[^\]]*\] | \([^)]*\)
        | (?:(?:Token|JWT|Bearer|Basic)\s+)? [^\s,;&"'\\)}}\]]+ )
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?<!\d)\d{3,}(?::|%3A)[A-Za-z0-9_-]{30,}",  # a bot's token
        r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*",  # a JWT
        r"(?<=\bToken )[^\s\"',]{8,}|(?<=\bJWT )[^\s\"',]{8,}|(?<=\bBearer )[^\s\"',]{8,}",
        r"\b[0-9a-fA-F]{40,}\b",  # BioTime's staff tokens, client ids
        r"(?<=://)[^\s/@]*:[^\s/@]+(?=@)",  # a URL's user and password
        r"(?<![\d.])-?\d{1,3}\.\d{3,}(?:\s*[,;/ ]\s*|%2C)-?\d{1,3}\.\d{3,}",  # two coordinates
        r"\b[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,3}\b",  # a Plus Code is a place, too
    )
)


class Redaction:
    """Takes out what looks like a secret or a place, and the given literal `secrets`."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        written = {form for secret in secrets if len(secret) >= _SHORTEST for form in _spellings(secret)}
        literals = "|".join(re.escape(form) for form in sorted(written, key=len, reverse=True))
        self._shapes = (re.compile(literals), *_SHAPES) if literals else _SHAPES

    def redact(self, text: str) -> str:
        for shape in self._shapes:
            text = shape.sub(REDACTED, text)
        return _KEYED.sub(_keep_key, text)


def _spellings(secret: str) -> set[str]:
    """As it stands in a text, in JSON, in a URL, in a repr."""
    quoted = json.dumps(secret, ensure_ascii=False)[1:-1]
    twice = json.dumps(quoted, ensure_ascii=False)[1:-1]
    return {secret, quoted, twice, json.dumps(secret)[1:-1], quote(secret, safe=""), repr(secret)[1:-1]}


def _keep_key(found: re.Match[str]) -> str:
    """The value goes; the quotes stay, or are the key's own, so that JSON stays JSON."""
    around = found["quote"] or found["around"] or ""
    return f"{found['key']}{around}{REDACTED}{around}"


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    def __init__(self, redaction: Redaction, processors: list[Processor], foreign: list[Processor]) -> None:
        super().__init__(processors=processors, foreign_pre_chain=foreign)
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        return self._redaction.redact(super().format(record))


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """The library would print the record's arguments as they are."""
        problem = type(sys.exception()).__name__
        sys.stderr.write(f"a log record of {record.name}, line {record.lineno}, could not be written: {problem}\n")


def configure_logging(format: Literal["console", "json"], level: str, secrets: Iterable[str] = ()) -> None:  # noqa: A002
    """Lines on stderr. `level` holds for our own loggers; libraries are heard from WARNING on, since below it they log
    addresses, headers and whole updates.
    """
    stamps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    ours: list[Processor] = [structlog.stdlib.filter_by_level, structlog.stdlib.PositionalArgumentsFormatter(), *stamps]
    structlog.configure(
        processors=[*ours, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = _Handler(sys.stderr)
    handler.setFormatter(_RedactingFormatter(Redaction(secrets), _renderers(format), stamps))
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if not isinstance(other, _Handler)] + [handler]
    own = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(max(own, logging.WARNING))
    logging.getLogger("bot").setLevel(own)


def _renderers(format: Literal["console", "json"]) -> list[Processor]:  # noqa: A002
    """Neither shows the variables of a stack frame, as structlog's own choice for the console would."""
    first: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if format == "json":
        return [*first, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    plain = structlog.dev.plain_traceback
    return [*first, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
