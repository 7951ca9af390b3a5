"""Tells people of their punches; the only place that knows which of Telegram's failures are final."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import cache

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter
from telegram.ext import ExtBot

from bot.attendance.model import PunchState
from bot.attendance.progress import LOGIN_NEEDED
from bot.chat import keyboards, texts
from bot.chat.request_texts import LISTED, describe_asked
from bot.chat.transport import NotSent, call
from bot.database import Database
from bot.i18n import Translator, choose_language, translator_for
from bot.services.addresses import Addresses
from bot.services.alerts import Undelivered
from bot.services.offering import Offer, Offering
from bot.services.receipts import outcome_of
from bot.services.telling import ASKED
from bot.services.tenants import Tenants
from bot.services.timecards import Timecards
from bot.store import links
from bot.store.links import Link, Person
from bot.store.punches import Punch


class ChatMessenger:
    """Fulfils `services.alerts.Messenger`."""

    def __init__(
        self,
        *,
        bot: ExtBot[None],
        db: Database,
        tenants: Tenants,
        timecards: Timecards,
        offering: Offering,
        addresses: Addresses,
        language: str,
    ) -> None:
        self._bot = bot
        self._db = db
        self._tenants = tenants
        self._timecards = timecards
        self._offering = offering
        self._addresses = addresses
        self._language = language

    async def send_card(self, row: Punch, about: str) -> int:
        t = translator_for(row.language)
        text, buttons = self._describe(t, row, about), _buttons(t, row, about)
        async with delivered():
            sent = await call(self._bot, "sendMessage", chat_id=row.chat_id, text=text, reply_markup=buttons)
        return int(sent["message_id"])

    async def edit_card(self, row: Punch, about: str) -> None:
        t = translator_for(row.language)
        text, buttons = self._describe(t, row, about), _buttons(t, row, about)
        async with delivered():
            message = {"chat_id": row.chat_id, "message_id": row.message_id}
            await call(self._bot, "editMessageText", **message, text=text, reply_markup=buttons)

    async def send_next(self, row: Punch) -> None:
        """Its own message: one with a reply keyboard cannot be edited, and an edit cannot change the keyboard."""
        zone = self._tenants.zone_of(row.company)
        for offer in await self._offering.offers_after(row):
            if offer.link.telegram_id == row.chat_id:
                t, worked = translator_for(row.language), await self._timecards.load_worked(row)
                await self._offer(offer, t, texts.describe_next(t, row, worked, zone))
            else:
                t = self._speak(offer.person)
                with suppress(Undelivered):  # theirs comes with their next message
                    await self._offer(offer, t, texts.describe_elsewhere(t, row, zone))

    async def send_overdue(self, link: Link, person: Person, following: PunchState, since: datetime | None) -> None:
        t = self._speak(person)
        said = texts.describe_overdue(t, since, self._tenants.zone_of(link.company))
        await self._offer(Offer(link, person, following), t, said)

    async def _offer(self, offer: Offer, t: Translator, text: str) -> None:
        chat_id = offer.link.telegram_id
        menu = {"reply_markup": _menu(t.language, offer.following), "disable_notification": "true"}
        async with delivered():
            await call(self._bot, "sendMessage", chat_id=chat_id, text=text, **menu)
        await self._offering.offered(chat_id, offer.following)

    async def tell_managers(self, row: Punch) -> None:
        """HR's people who are linked (`app_role` 2); a manager's own people come with the managers' table."""
        for link, person in await self._db.read(lambda c: links.find_hr(c, row.company)):
            t = self._speak(person)
            zone = self._tenants.zone_of(row.company)
            text = texts.describe_for_manager(t, row, await self._employee(row), zone)
            try:
                async with delivered():
                    await self._bot.send_message(link.telegram_id, text)
            except Undelivered as problem:
                if not problem.final:
                    raise
                # Somebody who has blocked the bot must not keep the news from the others.

    def _describe(self, t: Translator, punch: Punch, about: str) -> str:
        zone = self._tenants.zone_of(punch.company)
        address = self._addresses.build_short_address(punch.position) if punch.position else ""
        if about.startswith(ASKED):
            return describe_asked(t, punch, about, zone)
        return texts.describe_punch(t, punch, about, zone, address)

    def _speak(self, person: Person) -> Translator:
        return translator_for(choose_language(person.language, person.language_code, self._language))

    async def _employee(self, punch: Punch) -> Link | None:
        return await self._db.read(lambda c: links.find_link_by_id(c, punch.link_id))


def _buttons(t: Translator, punch: Punch, about: str) -> str | None:
    if about.removeprefix(ASKED) == LOGIN_NEEDED:
        return keyboards.build_inline(t, [[(t("🔑 Log in"), "login")]]).to_json()
    final = outcome_of(punch.progress) is not None
    receipt = [(t("🧾 Receipt"), f"receipt:{punch.ref}")] if final else []
    listed = [(t("📝 My requests"), "requests-below")] if about in LISTED else []
    return keyboards.build_inline(t, [receipt, listed]).to_json() if receipt or listed else None


@cache
def _menu(language: str, following: PunchState) -> str:
    """The same for everybody with that language and that next step."""
    return keyboards.build_menu(translator_for(language), following).to_json()


@asynccontextmanager
async def delivered() -> AsyncIterator[None]:
    """What Telegram says, in the words of `services.alerts`."""
    try:
        yield
    except RetryAfter as problem:
        raise Undelivered(unsent=True, retry_after=_wait(problem)) from problem
    except (Forbidden, BadRequest) as problem:
        if "not modified" not in problem.message:
            # Blocked, deactivated, chat not found; or a message that cannot be edited any more.
            raise Undelivered(unsent=True, final=True, gone=_is_gone(problem)) from problem
    except NotSent as problem:
        raise Undelivered(unsent=True) from problem
    except NetworkError as problem:
        raise Undelivered(unsent=False) from problem


def _is_gone(problem: Forbidden | BadRequest) -> bool:
    """Whether the person is not there any more, and not only the message."""
    return isinstance(problem, Forbidden) or "chat not found" in problem.message.lower()


def _wait(problem: RetryAfter) -> timedelta:
    after = problem.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)
