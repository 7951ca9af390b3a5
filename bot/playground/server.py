"""The playground as a whole: state and people in one object, its ASGI app, and serving it on loopback."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from bot.playground.api import BotApi
from bot.playground.call import Call
from bot.playground.chats import Chat, User
from bot.playground.connections import Connections
from bot.playground.faults import Faults
from bot.playground.mails import SeenMail
from bot.playground.page import Page
from bot.playground.people import Person
from bot.playground.places import DUBAI_OFFICE, Office
from bot.playground.serving import serving
from bot.playground.webhook import RETRY_SECONDS, Webhook
from bot.playground.world import World

CAST = (
    User(710_000_001, "Mona", "Saleh", username="mona_saleh", language_code="en"),
    User(710_000_002, "Omar", "Khalid", username="omar_khalid", language_code="ar"),
    User(710_000_003, "Huda", "Nasser", language_code="en"),
    User(710_000_004, "Sara", language_code="en"),
)
DUBAI = ZoneInfo("Asia/Dubai")
GROUP_ID = -4_000_000_001


class Playground:
    """A local Telegram with one bot and a few people.

    `now` stamps everything; the page shows times in `zone`. `people` is by first name in small letters; `calls` is
    what the bot did, in order; `reads_groups` turns the bot's privacy mode off.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        token: str | None = None,
        name: str = "Demo Bot",
        username: str = "demo_playground_bot",
        cast: Sequence[User] = CAST,
        office: Office = DUBAI_OFFICE,
        zone: tzinfo = DUBAI,
        reads_groups: bool = False,
        webhook_retry_seconds: Sequence[float] = RETRY_SECONDS,
    ) -> None:
        self.token = token or f"710000000:{secrets.token_urlsafe(26)}"
        bot = User(int(self.token.split(":")[0]), name, username=username, is_bot=True)
        self.world = World(now, bot, self.token, reads_groups=reads_groups)
        self.office = office
        self.zone = zone
        self.faults = Faults(now)
        self.webhook = Webhook(self.world.updates, self.world.signal, now, webhook_retry_seconds)
        self.api = BotApi(self.world, self.webhook, self.faults)
        self.people = {user.first_name.lower(): self._add_person(user) for user in cast}
        self.group = Chat(GROUP_ID, "group", tuple(cast), title="Office group", started=True)
        self.world.chats[GROUP_ID] = self.group

    def _add_person(self, user: User) -> Person:
        chat = Chat(user.id, "private", (user,))
        self.world.chats[chat.id] = chat
        return Person(self.world, user, chat, self.office.place)

    @property
    def calls(self) -> list[Call]:
        """Every call of the Bot API but getUpdates, also the refused ones."""
        return self.api.calls

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def deliver_mail(self, to: str, subject: str, text: str) -> bool:
        """Put a mail on the phone whose address it is, in any case. False: nobody here has this address."""
        mail = SeenMail(to, subject, text, self.world.now())
        found = [person for person in self.people.values() if to and person.email.casefold() == to.casefold()]
        for person in found:
            person.receive(mail)
        return bool(found)

    def redeliver(self, update_id: int | None = None) -> None:
        """Deliver an update (the newest by default) again under the same id."""
        self.world.updates.redeliver(update_id)

    def push_raw(self, **members: object) -> int:
        """Queue anything as an update, malformed too; its update_id."""
        return self.world.updates.push_raw(members)

    def settled(self, timeout: float = 5.0, quiet: float = 0.1) -> Coroutine[Any, Any, None]:
        """Until the bot has taken all updates and has called nothing for `quiet` seconds."""
        return self._settle(timeout, quiet)

    async def _settle(self, seconds: float, quiet: float) -> None:
        async with asyncio.timeout(seconds):
            while True:
                await self.world.signal.wait_for(self._idle, seconds)
                before = len(self.calls)
                if await self.world.signal.wait_for(lambda n=before: self._disturbed(n), quiet) is None:  # type: ignore[misc]
                    return

    def _idle(self) -> bool | None:
        return (self.api.busy == 0 and not self.world.updates.pending) or None

    def _disturbed(self, calls_before: int) -> bool | None:
        return len(self.calls) != calls_before or not self._idle() or None

    async def close(self) -> None:
        """End all waits and the webhook's delivery."""
        self.world.signal.close()
        await self.webhook.stop()


def build_playground(playground: Playground) -> Starlette:
    """The ASGI app: the Bot API under /bot<token>/, files under /file/bot<token>/, the chat page at /."""
    page = Page(playground.world, playground.people, playground.office, playground.zone)
    return Starlette(routes=[*playground.api.routes(), *page.routes()])


@contextlib.asynccontextmanager
async def running(playground: Playground, port: int = 0) -> AsyncIterator[str]:
    """Serve on 127.0.0.1 while the block runs; gives the address, as http://127.0.0.1:<port>."""
    app = build_playground(playground)
    app.state.connections = connections = Connections()
    playground.world.signal.open()
    async with serving(app, port, connections.protocol()) as address:
        try:
            yield address
        finally:
            await playground.close()
