"""Alerts on their way to people: as many messages as they take, edited in place."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import structlog
from telegram import InlineKeyboardMarkup
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.chat import alert_buttons, alert_texts
from bot.chat.digest_papers import DigestPapers, Paper
from bot.chat.messenger import delivered
from bot.chat.transport import call
from bot.i18n import Translator, choose_language, translator_for
from bot.papers.press import NoPaper, Press
from bot.services.alerts import Keep, Undelivered
from bot.services.cards import News
from bot.services.tenants import Tenants
from bot.store.links import Link, Person
from bot.store.messages import Sent

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """One message. A `paper` is sent with its text as the caption."""

    text: str
    buttons: InlineKeyboardMarkup | None
    paper: Paper | None = None

    @property
    def digest(self) -> str:
        return digest_of(self.text, self.buttons)


class ChatAlertMessenger:
    """Fulfils `services.alerts.AlertMessenger`."""

    def __init__(self, bot: ExtBot[None], tenants: Tenants, press: Press, language: str) -> None:
        self._bot = bot
        self._tenants = tenants
        self._papers = DigestPapers(press)
        self._language = language

    async def tell(
        self, link: Link, person: Person, news: News, before: Sequence[Sent], *, repeat: bool, anew: bool, keep: Keep
    ) -> Sequence[Sent]:
        t = translator_for(choose_language(person.language, person.language_code, self._language))
        zone, told = self._tenants.zone_of(link.company), list(before)
        show = self._show_anew if anew else self._show
        try:
            paper = await self._papers.make(t, link, person, news)
        except NoPaper as problem:
            log.warning("a digest goes without its paper", reason=str(problem))
        else:
            try:
                # In a thread: of thousands the loop would do nothing else for a good while.
                pages = await asyncio.to_thread(build_pages, t, news, zone, repeat=repeat, paper=paper)
                return await show(link.telegram_id, pages, told, keep)
            except Undelivered as problem:
                # Telegram does not take this file from anybody, but words.
                if paper is None or told or not problem.final or problem.gone:
                    raise
                log.warning("Telegram did not take the paper of a digest")
        return await show(link.telegram_id, build_pages(t, news, zone, repeat=repeat, bare=True), told, keep)

    async def _show(self, chat_id: int, pages: Sequence[Page], told: list[Sent], keep: Keep) -> list[Sent]:
        """Changes `told` page by page into what is in the chat."""
        for number, page in enumerate(pages):
            there = told[number] if number < len(told) else None
            if there is not None and there.digest == page.digest:
                continue
            message_id = await self._put(chat_id, there, page)
            told[number : number + 1] = [Sent(chat_id, message_id, page.digest)]
            await keep(told)
        for extra in told[len(pages) :]:
            await self._take_away(extra)
        return told[: len(pages)]

    async def _show_anew(self, chat_id: int, pages: Sequence[Page], old: list[Sent], keep: Keep) -> list[Sent]:
        """Below all else in the chat, and with a sound; then what was there before goes."""
        told: list[Sent] = []
        for page in pages:
            async with delivered():
                message_id = await self._send(chat_id, page)
            told.append(Sent(chat_id, message_id, page.digest))
            await keep([*told, *old])
        for extra in old:
            await self._take_away(extra)
        return told

    async def _put(self, chat_id: int, there: Sent | None, page: Page) -> int:
        if there is not None:
            try:
                await self._edit(there, page)
                return there.message_id
            except Undelivered as problem:
                # The message is gone, the person is not: it is sent anew.
                if not problem.final or problem.gone:
                    raise
        async with delivered():
            return await self._send(chat_id, page)

    async def _edit(self, there: Sent, page: Page) -> None:
        place = {"chat_id": there.chat_id, "message_id": there.message_id}
        markup = page.buttons.to_json() if page.buttons else None
        method, words = ("editMessageText", "text") if page.paper is None else ("editMessageCaption", "caption")
        async with delivered():
            await call(self._bot, method, **place, **{words: page.text}, reply_markup=markup)

    async def _send(self, chat_id: int, page: Page) -> int:
        """Returns its number."""
        paper, buttons = page.paper, page.buttons
        if paper is None:
            markup = buttons.to_json() if buttons else None
            sent = await call(self._bot, "sendMessage", chat_id=chat_id, text=page.text, reply_markup=markup)
            return int(sent["message_id"])
        send = self._bot.send_photo if paper.is_picture else self._bot.send_document
        message = await send(chat_id, paper.made, caption=page.text, reply_markup=buttons, filename=paper.name)
        return message.message_id

    async def _take_away(self, extra: Sent) -> None:
        """A page that is needed no more."""
        try:
            await call(self._bot, "deleteMessage", chat_id=extra.chat_id, message_id=extra.message_id)
        except TelegramError:
            return  # older than 48 hours, or gone already


def build_pages(
    t: Translator, news: News, zone: ZoneInfo, *, repeat: bool = False, paper: Paper | None = None, bare: bool = False
) -> list[Page]:
    """Buttons stand under the last one. The first one has the `paper`; `bare` says that there should be one."""
    parts = [alert_texts.describe(t, news, zone)]
    if bare:
        parts.append(t("The file that belongs here could not be made, or sent."))
    if repeat:
        parts.append(t("You may have this twice: Telegram did not say whether the first one arrived."))
    *first, last = _cut("\n\n".join(parts), captioned=paper is not None)
    pages = [
        *(Page(t.lay_out(text), None) for text in first),
        Page(t.lay_out(last), alert_buttons.build(t, news, zone)),
    ]
    return [replace(pages[0], paper=paper), *pages[1:]]


def _cut(text: str, *, captioned: bool) -> list[str]:
    """A caption holds less than a message."""
    if not captioned:
        return alert_texts.paginate(text, alert_texts.LIMIT - 1)
    first, *rest = alert_texts.paginate(text, alert_texts.CAPTION - 1)
    return [first, *(alert_texts.paginate("\n".join(rest), alert_texts.LIMIT - 1) if rest else [])]


def digest_of(text: str, buttons: InlineKeyboardMarkup | None) -> str:
    """What a message says, in sixteen characters."""
    said = text + (buttons.to_json() if buttons else "")
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()[:16]
