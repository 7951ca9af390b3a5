"""Canaries go into the log on every way there is; none comes out."""

import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Literal

import pytest
import structlog
from structlog.stdlib import ProcessorFormatter

from bot.redaction import REDACTED, Redaction, configure_logging

LITERAL = 'c4n4ry "quoted" ä'
CANARIES = {
    "bot token": "https://api.telegram.org/bot123456789:c4n4ry-c4n4ry-c4n4ry-c4n4ry-c4n4ry/getMe",
    "encoded bot token": "bot123456789%3Ac4n4ry-c4n4ry-c4n4ry-c4n4ry-c4n4ry/getMe",
    "JWT": "it was eyJc4n4ry.eyJc4n4ry.c4n4ry_-c4n4ry, expired",
    "authorization": "Authorization: JWT c4n4ry-c4n4ry",
    "staff token": f"Token {'ca9a7'}c4n4ry0123",
    "hex": "ca9a7c" * 8,
    "URL": "postgresql://hadir:c4n4ry@localhost/hadir",
    "keyed password": "login(username=mona, password=c4n4ry)",
    "query": "GET /login?user=mona&password=c4n4ry&x=1",
    "JSON": '{"email": "mona", "password": "c4n4ry \\" c4n4ry", "client": 1}',
    "dict": "{'password': 'c4n4ry c4n4ry', 'token': b'c4n4ry'}",
    "JSON in JSON": json.dumps(json.dumps({"a": json.dumps({"password": 'c4n4ry " c4n4ry'})})),
    "cut off": '{"password": "c4n4ry c4n4ry',
    "spoken": "the password: c4n4ry",
    "repr": "Position(latitude=25.0916434, longitude=55.1586873, accuracy=12.0)",
    "location": '{"location": {"latitude": 25.0916434, "longitude": 55.1586873}}',
    "GeoJSON": '{"coordinates": [55.1586873, 25.0916434]}',
    "pair": "shared 25.0916434, 55.1586873 today",
    "encoded pair": "?at=25.0916434%2C55.1586873",
    "Plus Code": "at 7HQQ35R5+MF Dubai",
    "literal": f"we said {LITERAL}",
}
# Long enough that no time of day looks like them.
LEAKS = ("c4n4ry", "ca9a7c", "25.0916", "55.1586", "7HQQ35R5")


@dataclass(frozen=True)
class Log:
    format: Literal["console", "json"]
    stderr: StringIO

    @property
    def text(self) -> str:
        return self.stderr.getvalue()

    def assert_clean(self) -> None:
        assert REDACTED in self.text
        assert [leak for leak in LEAKS if leak in self.text] == []
        if self.format == "json":
            for line in self.text.splitlines():
                json.loads(line)


@pytest.fixture(params=["console", "json"])
def log(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """Logging configured for a stderr of our own; everything is put back after the test."""
    root, own = logging.getLogger(), logging.getLogger("bot")
    handlers, level, own_level = root.handlers, root.level, own.level
    stderr = StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stderr)
        configure_logging(request.param, "debug", [LITERAL, "", "a"])
    yield Log(request.param, stderr)
    root.handlers = handlers
    root.setLevel(level)
    own.setLevel(own_level)
    structlog.reset_defaults()


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES)
def test_no_way_into_the_log_leaks(canary: str, log: Log) -> None:
    ours, library = structlog.get_logger("bot.chat"), logging.getLogger("library")
    ours.info(canary)
    ours.info("as a value", answer=canary, several=[canary, {"deep": canary}])
    ours.info("as %s", canary)
    library.warning(canary)
    library.warning("as %s and %r", canary, canary)
    try:
        raise ValueError(canary) from KeyError(canary)
    except ValueError as problem:
        ours.exception("inside")
        ours.error("outside", exc_info=problem)
        library.exception("inside")
    ours.info("with its stack", stack_info=True, answer=canary)
    assert len(log.text.splitlines()) >= 9
    log.assert_clean()


@pytest.mark.parametrize(
    "key", ["password", "new_password", "token", "secret_token", "authorization", "latitude", "longitude", "otp"]
)
@pytest.mark.parametrize("value", ["c4n4ry", "c4n4ry, c4n4ry", 25.0916434, b"c4n4ry", 'c4n4ry" c4n4ry', None])
def test_a_telling_key_hides_its_value(key: str, value: object, log: Log) -> None:
    structlog.get_logger("bot").info("done", **{key: value}, emp_code="0123")
    log.assert_clean()
    assert "0123" in log.text


def test_the_variables_of_a_stack_frame_are_not_shown(log: Log) -> None:
    def fail() -> None:
        held = "".join(["c4n", "4ry"])
        raise ValueError(len(held))

    try:
        fail()
    except ValueError:
        structlog.get_logger("bot").exception("failed")
        logging.getLogger("library").exception("failed")
    assert log.text.count("ValueError: 6") == 2
    assert "c4n4ry" not in log.text


def test_a_record_that_cannot_be_formatted_leaks_nothing(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("library")
    logger.propagate = False  # pytest's own handler would raise
    ours = (one for one in logging.getLogger().handlers if isinstance(one.formatter, ProcessorFormatter))
    logger.addHandler(next(ours))
    try:
        logger.warning("%d", "c4n4ry")
    finally:
        logger.propagate, logger.handlers = True, []
    assert log.text == ""
    told = capsys.readouterr().err
    assert told.startswith("a log record of library, line ")
    assert told.endswith("could not be written: TypeError\n")


def test_libraries_are_quiet_and_ours_are_heard(log: Log) -> None:
    for name in ("httpx", "httpcore", "aiohttp.access", "uvicorn.access", "telegram.ext", "sqlalchemy.engine"):
        logging.getLogger(name).info("GET /bot")
    structlog.get_logger("bot.chat").debug("heard")
    (line,) = log.text.splitlines()
    assert "heard" in line


def test_the_level_is_kept(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stderr)
        configure_logging("json", "ERROR")
    structlog.get_logger("bot").warning("not this")
    logging.getLogger("library").warning("nor this")
    structlog.get_logger("bot").error("this", who="Mona")
    line = json.loads(stderr.getvalue())
    assert (line["event"], line["level"], line["who"]) == ("this", "error", "Mona")
    assert log.text == "", "configuring again replaces the handler"


@pytest.mark.parametrize(
    "text",
    [
        "Clocked in at 09:00:01, ref 7K3Q2H",
        "cannot refresh the token: Unauthorized",
        "2026-11-24T01:44:32.123456Z took 0.123 s",
        "http://127.0.0.1:8080/health answered in 0.02, 0.03",
        '{"event": "punch settled", "punch": 12, "state": "confirmed"}',
    ],
)
def test_ordinary_lines_stay(text: str) -> None:
    assert Redaction(["secret"]).redact(text) == text
