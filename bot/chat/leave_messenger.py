"""Tells people of the leaves they asked for."""

from typing import Any

from telegram.ext import ExtBot

from bot.chat import keyboards
from bot.chat.leave_draft import LeaveDraft
from bot.chat.messenger import delivered
from bot.chat.request_texts import LISTED, describe_leave
from bot.chat.transport import call
from bot.i18n import Translator, translator_for
from bot.services.telling import ASKED
from bot.services.tenants import Tenants
from bot.store.leaves import AskedLeave


class ChatLeaveMessenger:
    """Fulfils `services.alerts.CardMessenger`."""

    def __init__(self, bot: ExtBot[None], tenants: Tenants) -> None:
        self._bot = bot
        self._tenants = tenants

    async def send_card(self, row: AskedLeave, about: str) -> int:
        async with delivered():
            sent = await call(self._bot, "sendMessage", chat_id=row.chat_id, **self._describe(row, about))
        return int(sent["message_id"])

    async def edit_card(self, row: AskedLeave, about: str) -> None:
        message = {"chat_id": row.chat_id, "message_id": row.message_id}
        async with delivered():
            await call(self._bot, "editMessageText", **message, **self._describe(row, about))

    async def send_next(self, row: AskedLeave) -> None:
        """A leave changes nothing about what is next."""

    async def tell_managers(self, row: AskedLeave) -> None:
        """They see it where it is decided, and what came to nothing is the person's to ask for again."""

    def _describe(self, row: AskedLeave, about: str) -> dict[str, Any]:
        t = translator_for(row.language)
        text = describe_leave(t, row, about, self._tenants.zone_of(row.company))
        return {"text": text, "reply_markup": _buttons(t, row, about)}


def _buttons(t: Translator, row: AskedLeave, about: str) -> str | None:
    if about in LISTED:
        return keyboards.build_inline(t, [[(t("📝 My requests"), "requests-below")]]).to_json()
    if about == f"{ASKED}rejected":
        return keyboards.build_inline(t, [[(t("📅 Other days"), f"leave-below:{LeaveDraft(row.pay_code)}")]]).to_json()
    return None
