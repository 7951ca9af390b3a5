"""What `sending` needs of a punch, or a leave: its requests to BioTime, and what is written where it comes to rest."""

from typing import Protocol, TypeVar

from sqlalchemy import Connection

from bot.attendance.progress import (
    Decision,
    FileOutcome,
    Limits,
    LookOutcome,
    ManualLookOutcome,
    PostOutcome,
    Progress,
)
from bot.store.links import Link
from bot.store.under_way import UnderWay

Row_contra = TypeVar("Row_contra", bound=UnderWay, contravariant=True)


class Carrier(Protocol[Row_contra]):
    """The protocol's requests to BioTime."""

    async def post(self, row: Row_contra, link: Link | None = None) -> PostOutcome: ...
    async def file(self, row: Row_contra) -> FileOutcome: ...
    async def look_up(self, row: Row_contra, limits: Limits) -> LookOutcome: ...
    async def look_up_manual(self, row: Row_contra) -> ManualLookOutcome: ...
    async def ask_decision(self, row: Row_contra) -> tuple[Decision, str | None]: ...


class Book(Protocol[Row_contra]):
    """What else is written where a row has come to an end, in the same transaction."""

    def is_due(self, progress: Progress) -> bool: ...
    def write(self, connection: Connection, row: Row_contra) -> None: ...
