"""`python -m tests.kills.later run` is `hadir run` with a clock that is ahead: what waits for proof has waited."""

from functools import partial
from unittest.mock import patch

from bot import cli
from bot.app import open_hadir, utc_now
from bot.attendance.progress import DEFAULT_LIMITS

AHEAD = DEFAULT_LIMITS.settle + DEFAULT_LIMITS.timeout

if __name__ == "__main__":
    with patch("bot.cli.bot.open_hadir", partial(open_hadir, now=lambda: utc_now() + AHEAD)):
        cli.main()
