"""The net under the handlers: what went wrong becomes another try, or a sentence, and a log line."""

from datetime import timedelta

import structlog
from sqlalchemy.exc import DBAPIError
from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter
from telegram.ext import CallbackContext, ExtBot

from bot.chat.intake import Later
from bot.chat.transport import NotSent

log = structlog.get_logger(__name__)

# A bug is tried once more: half of them are a moment's.
TRIES_OF_A_BUG = 2
# An answer whose sending was unclear is not sent again and again: it may have arrived each time.
TRIES_OF_UNCLEAR = 2


def judge(problem: Exception, attempt: int) -> Later | None:
    """Another try of the whole update, or None: leave it at that. `attempt` is 0 at first."""
    match problem:
        case Later():
            return problem
        case RetryAfter():
            after = problem.retry_after
            return Later(after if isinstance(after, timedelta) else timedelta(seconds=after))
        case Forbidden():
            return None
        case NotSent() | DBAPIError() | OSError():
            return Later()
        case BadRequest():
            return None
        case NetworkError():
            return Later() if attempt + 1 < TRIES_OF_UNCLEAR else None
        case _:
            return Later() if attempt + 1 < TRIES_OF_A_BUG else None


def report(problem: Exception, update_id: int, attempt: int) -> None:
    if isinstance(problem, Forbidden):
        log.info("person cannot be reached", update=update_id)
    elif isinstance(problem, (NetworkError, RetryAfter, DBAPIError, OSError, Later)):
        log.warning("update put off", update=update_id, attempt=attempt, problem=type(problem).__name__)
    else:
        log.error("update failed", update=update_id, attempt=attempt, exc_info=problem)


class ErrorNet:
    """Catches what python-telegram-bot's handlers raise, by update."""

    def __init__(self) -> None:
        self._problems: dict[int, Exception] = {}

    async def on_error(self, update: object, context: CallbackContext[ExtBot[None], object, object, object]) -> None:
        if isinstance(update, Update) and isinstance(context.error, Exception):
            self._problems[update.update_id] = context.error

    def take(self, update_id: int) -> Exception | None:
        return self._problems.pop(update_id, None)
