"""The one call that goes up: what happened is told to people through a Messenger, which `chat/messenger.py` is."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.attendance.model import PunchState
from bot.services.cards import News
from bot.store.audit_lines import AuditLine
from bot.store.links import Link, Person
from bot.store.messages import Sent
from bot.store.punches import Punch
from bot.store.under_way import UnderWay

Row_contra = TypeVar("Row_contra", bound=UnderWay, contravariant=True)


class Undelivered(Exception):
    """A message that did not get through.

    `unsent`: provably; it may be sent again after `retry_after`. `final`: this person cannot be reached (`gone`), or
    this message cannot be edited; trying again will not help.
    """

    def __init__(
        self, *, unsent: bool, final: bool = False, gone: bool = False, retry_after: timedelta | None = None
    ) -> None:
        super().__init__("final" if final else "unsent" if unsent else "unclear")
        self.gone = gone
        self.unsent = unsent
        self.final = final
        self.retry_after = retry_after


class CardMessenger(Protocol[Row_contra]):
    """Tells people of what they have sent: a punch, a leave."""

    async def send_card(self, row: Row_contra, about: str) -> int:
        """Tells the person where it stands; returns the message's id, by which it is edited from then on."""

    async def edit_card(self, row: Row_contra, about: str) -> None:
        """The same message, telling where it stands now."""

    async def send_next(self, row: Row_contra) -> None:
        """The keyboard with what there is to do after this punch, on every account of the employee."""

    async def tell_managers(self, row: Row_contra) -> None:
        """What needs a person's eyes: refused by BioTime, perhaps held twice, or given up."""


class Messenger(CardMessenger[Punch], Protocol):
    async def send_overdue(self, link: Link, person: Person, following: PunchState, since: datetime | None) -> None:
        """The keyboard offered for too long to end something: now it offers what is next. `since`: when that began,
        where nobody knows of its end."""


Keep = Callable[[Sequence[Sent]], Awaitable[None]]
"""Called with every page that is out, before the next."""


class AlertMessenger(Protocol):
    async def tell(
        self, link: Link, person: Person, news: News, before: Sequence[Sent], *, repeat: bool, anew: bool, keep: Keep
    ) -> Sequence[Sent]:
        """Makes the messages `before` in this chat say `news`, with as many more as that takes; what says it already is
        left alone. `repeat`: says that it may be there twice. `anew`: an edit makes no sound, and this wants one; what
        was there before goes. Raises Undelivered."""


class Herald(Protocol):
    """Tells people what somebody else has done."""

    async def tell_decision(self, line: AuditLine) -> bool:
        """On every account of the person it is about; False where they have none that takes it. Raises Undelivered
        where trying again may help."""
