"""The list of a roll call, in the one message where whoever began it looks at it last: it counts live."""

from datetime import datetime

import structlog
from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.chat.herald import ChatHerald
from bot.chat.muster_texts import build_list, describe_muster
from bot.i18n import Translator
from bot.services.mustering import Mustering
from bot.services.tenants import Tenants
from bot.store.musters import Muster

log = structlog.get_logger(__name__)

Shown = tuple[str, InlineKeyboardMarkup | None]
Marks = frozenset[tuple[str, bool, datetime | None]]


class MusterBoard:
    """`asking`: of these everybody is still being asked, and nobody is known to be out of reach yet."""

    def __init__(self, bot: ExtBot[None], mustering: Mustering, herald: ChatHerald, tenants: Tenants) -> None:
        self.mustering = mustering
        self.asking: set[int] = set()
        self._bot = bot
        self._herald = herald
        self._tenants = tenants
        # Which page of each is shown, and with whom as gone.
        self._shown: dict[int, tuple[int, Marks]] = {}

    def build(self, t: Translator, muster: Muster, page: int = 0) -> Shown:
        zone = self._tenants.zone_of(muster.company)
        pages = describe_muster(t, muster, zone, asking=muster.id in self.asking)
        page = min(page, len(pages) - 1)
        self._shown[muster.id] = page, _read_marks(muster)
        return pages[page], build_list(t, muster, page, len(pages))

    async def show(self, muster: Muster) -> None:
        """In the chat of whoever called."""
        t = await self._herald.speak_to(muster.company, muster.by_code)
        page, _ = self._shown.get(muster.id, (0, None))
        text, buttons = self.build(t, muster, page)
        try:
            await self._bot.edit_message_text(
                text, chat_id=muster.chat_id, message_id=muster.message_id, reply_markup=buttons
            )
        except BadRequest:
            return  # says so already, or is gone
        except TelegramError:
            self._shown.pop(muster.id, None)
            log.warning("a roll call could not be shown", muster=muster.id)

    async def renew(self) -> int:
        """Who leaves says nothing here: their clock-out does. Returns how many lists have changed."""
        running = [one for one in await self.mustering.load_running() if one.message_id is not None]
        changed = [one for one in running if self._shown.get(one.id, (0, None))[1] != _read_marks(one)]
        for one in changed:
            await self.show(one)
        known = {one.id for one in running}
        self._shown = {number: shown for number, shown in self._shown.items() if number in known}
        return len(changed)


def _read_marks(muster: Muster) -> Marks:
    return frozenset((p.emp_code, p.gone, p.break_since) for p in muster.people if p.gone or p.break_since)
