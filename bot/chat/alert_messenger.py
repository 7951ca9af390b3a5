"""Alerts on their way to people: as many messages as they take, edited in place."""

import hashlib
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.chat import alert_buttons, alert_texts
from bot.chat.messenger import delivered
from bot.chat.transport import call
from bot.i18n import Translator, choose_language, translator_for
from bot.services.alerts import Keep, Undelivered
from bot.services.cards import News
from bot.services.tenants import Tenants
from bot.store.links import Link, Person
from bot.store.outbox import Sent


class ChatAlertMessenger:
    """Fulfils `services.alerts.AlertMessenger`."""

    def __init__(self, bot: ExtBot[None], tenants: Tenants, language: str) -> None:
        self._bot = bot
        self._tenants = tenants
        self._language = language

    async def tell(
        self, link: Link, person: Person, news: News, before: Sequence[Sent], *, repeat: bool, keep: Keep
    ) -> Sequence[Sent]:
        t = translator_for(choose_language(person.language, person.language_code, self._language))
        pages = build_pages(t, news, self._tenants.zone_of(link.company), repeat=repeat)
        told = list(before)
        for number, (text, buttons) in enumerate(pages):
            digest = digest_of(text, buttons)
            if number < len(told) and told[number].digest == digest:
                continue
            message_id = await self._put(link.telegram_id, told[number] if number < len(told) else None, text, buttons)
            told[number : number + 1] = [Sent(link.telegram_id, message_id, digest)]
            await keep(told)
        for extra in told[len(pages) :]:
            await self._take_away(extra)
        return told[: len(pages)]

    async def _put(self, chat_id: int, there: Sent | None, text: str, buttons: InlineKeyboardMarkup | None) -> int:
        markup = buttons.to_json() if buttons else None
        if there is not None:
            try:
                async with delivered():
                    message = {"chat_id": chat_id, "message_id": there.message_id}
                    await call(self._bot, "editMessageText", **message, text=text, reply_markup=markup)
                return there.message_id
            except Undelivered as problem:
                # The message is gone, the person is not: it is sent anew.
                if not problem.final or problem.gone:
                    raise
        async with delivered():
            sent = await call(self._bot, "sendMessage", chat_id=chat_id, text=text, reply_markup=markup)
        return int(sent["message_id"])

    async def _take_away(self, extra: Sent) -> None:
        """A page that is needed no more."""
        try:
            await call(self._bot, "deleteMessage", chat_id=extra.chat_id, message_id=extra.message_id)
        except TelegramError:
            return  # older than 48 hours, or gone already


def build_pages(
    t: Translator, news: News, zone: ZoneInfo, *, repeat: bool = False
) -> list[tuple[str, InlineKeyboardMarkup | None]]:
    """Buttons stand under the last one."""
    text = alert_texts.describe(t, news, zone)
    if repeat:
        doubt = t("You may have this twice: Telegram did not say whether the first one arrived.")
        text = f"{text}\n\n{doubt}"
    *first, last = alert_texts.paginate(text, alert_texts.LIMIT - 1)
    return [*((t.lay_out(page), None) for page in first), (t.lay_out(last), alert_buttons.build(t, news))]


def digest_of(text: str, buttons: InlineKeyboardMarkup | None) -> str:
    """What a message says, in sixteen characters."""
    said = text + (buttons.to_json() if buttons else "")
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()[:16]
