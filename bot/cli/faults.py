"""What can go wrong where a command opens the program's own parts, each in a sentence."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError

from bot.app import WrongToken
from bot.cli import ending
from bot.companies import NoCompany, UnknownCompany
from bot.demo import DemoFailed
from bot.gateway.records.companies import CompanyDiffers
from bot.opening import AlreadyRunning, CannotOpen, describe_fault

Result = TypeVar("Result")


def finish(work: Coroutine[Any, Any, Result]) -> Result | None:
    """As `ending.finish`, which knows less and is imported in no time."""
    return ending.finish(work, _describe)


def _describe(problem: Exception) -> tuple[str, ...]:
    """Nothing for a bug."""
    match problem:
        case CannotOpen() | UnknownCompany() | CompanyDiffers():
            return (str(problem),)
        case DemoFailed():
            return (f"The demo failed at: {problem}",)
        case AlreadyRunning():
            return (f"Another process has {problem} open: end it first, or use PostgreSQL for several.",)
        case NoCompany():
            return ("There is no company yet: name one in HADIR_COMPANY, or fill one with `hadir company init`.",)
        case WrongToken():
            return ("Telegram does not know HADIR_TELEGRAM_TOKEN: copy it again from @BotFather.",)
        case OperationalError():
            return (f"A database failed ({describe_fault(problem)}): see that it runs, and that the disk has room.",)
    return ending.describe(problem)
