"""Tells people what somebody else has done: a manager decided about what they asked for."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup
from telegram.ext import ExtBot

from bot.chat import approval_texts
from bot.chat.messenger import delivered
from bot.database import Database
from bot.i18n import Translator, choose_language, translator_for
from bot.services.alerts import Undelivered
from bot.services.tenants import Tenants
from bot.store import links
from bot.store.audit_lines import AuditLine

Build = Callable[[Translator, ZoneInfo], tuple[str, InlineKeyboardMarkup | None]]


class ChatHerald:
    """Fulfils `services.alerts.Herald`."""

    def __init__(self, bot: ExtBot[None], db: Database, tenants: Tenants, language: str) -> None:
        self._bot = bot
        self._db = db
        self._tenants = tenants
        self._language = language

    async def tell_decision(self, line: AuditLine) -> bool:
        return await self.tell(
            line.company, line.emp_code, lambda t, zone: (approval_texts.describe_decision(t, line, zone), None)
        )

    async def tell(self, company: str, emp_code: str, build: Build) -> bool:
        """Each account in its own language. Whoever has blocked the bot must not keep it from their other account."""
        zone = self._tenants.zone_of(company)
        reached = False
        for link, person in await self._db.read(lambda c: links.find_links_of_employee(c, company, emp_code)):
            t = translator_for(choose_language(person.language, person.language_code, self._language))
            text, buttons = build(t, zone)
            try:
                async with delivered():
                    await self._bot.send_message(link.telegram_id, text, reply_markup=buttons)
                reached = True
            except Undelivered as problem:
                if not problem.final:
                    raise
        return reached

    async def speak_to(self, company: str, emp_code: str) -> Translator:
        """The language of an employee's newest account; without one, that of the installation."""
        found = await self._db.read(lambda c: links.find_links_of_employee(c, company, emp_code))
        if not found:
            return translator_for(choose_language(None, None, self._language))
        person = found[-1][1]
        return translator_for(choose_language(person.language, person.language_code, self._language))
