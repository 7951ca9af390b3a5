"""A Telegram that keeps what it was told to show, and has the troubles of the real one."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.attendance.model import PunchState
from bot.services.alerts import Undelivered
from bot.store.links import Link, Person
from bot.store.punches import Punch

if TYPE_CHECKING:
    from tests.services.process import Process


@dataclass
class Said:
    """One message as it changed; `about` are the words of `services/telling`."""

    punch_id: int
    about: list[str]


@dataclass
class Telegram:
    """What people have in their chats. `troubles` meet the next sends and edits, one each."""

    troubles: deque[tuple[str, timedelta | None]] = field(default_factory=deque)
    messages: dict[int, Said] = field(default_factory=dict)
    menus: list[int] = field(default_factory=list)
    warnings: list[int] = field(default_factory=list)
    unreachable: set[int] = field(default_factory=set)
    answering: asyncio.Event = field(default_factory=asyncio.Event)

    def trouble(self) -> tuple[str, timedelta | None]:
        return self.troubles.popleft() if self.troubles else ("none", None)

    def sent(self, punch_id: int) -> list[Said]:
        return [said for said in self.messages.values() if said.punch_id == punch_id]


class RecordingMessenger:
    """Fulfils `services.alerts.Messenger` for one process."""

    def __init__(self, process: "Process") -> None:
        self._process = process
        self._telegram = process.rig.telegram

    async def send_card(self, row: Punch, about: str) -> int:
        return await self._process.step(lambda: self._send(row, about))

    async def edit_card(self, row: Punch, about: str) -> None:
        await self._process.step(lambda: self._edit(row, about))

    async def send_next(self, row: Punch) -> None:
        await self._process.step(lambda: self._append(self._telegram.menus, row))

    async def send_overdue(self, link: Link, person: Person, following: PunchState, since: datetime | None) -> None:
        raise NotImplementedError  # no shift of these tests lasts so long

    async def tell_managers(self, row: Punch) -> None:
        await self._process.step(lambda: self._append(self._telegram.warnings, row))

    async def _send(self, punch: Punch, about: str) -> int:
        trouble = self._meet(punch)
        if trouble == "hang":
            self._process.rig.far.busy -= 1
            await self._telegram.answering.wait()
            self._process.rig.far.busy += 1
        await self._process.rig.judge_news(punch, about)
        number = len(self._telegram.messages) + 1
        self._telegram.messages[number] = Said(punch.id, [about])
        if trouble == "unclear":
            raise Undelivered(unsent=False)
        return number

    async def _edit(self, punch: Punch, about: str) -> None:
        trouble = self._meet(punch)
        await self._process.rig.judge_news(punch, about)
        assert punch.message_id is not None
        self._telegram.messages[punch.message_id].about.append(about)
        if trouble == "unclear":
            raise Undelivered(unsent=False)

    async def _append(self, kept: list[int], punch: Punch) -> None:
        kept.append(punch.id)

    def _meet(self, punch: Punch) -> str:
        trouble, wait = self._telegram.trouble()
        match trouble:
            case "unsent":
                raise Undelivered(unsent=True, retry_after=wait)
            case "lost":
                raise Undelivered(unsent=False)
            case "final":
                self._telegram.unreachable.add(punch.id)
                raise Undelivered(unsent=True, final=True)
        return trouble
