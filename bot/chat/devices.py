"""The profile, the Telegram accounts that are logged in, and logging out everywhere."""

from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import keyboards
from bot.chat.album import clip
from bot.chat.conversations import Conversations
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.i18n import Translator, choose_language, translator_for
from bot.services.devices import Devices
from bot.services.photos import Photos
from bot.store.links import Link, Person


class DevicesChat:
    def __init__(
        self, reception: Reception, devices: Devices, photos: Photos, conversations: Conversations, language: str
    ) -> None:
        self._reception = reception
        self._devices = devices
        self._photos = photos
        self._conversations = conversations
        self._language = language

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("profile", receives(self.on_profile), new),
            CommandHandler("devices", receives(self.on_devices), new),
            CallbackQueryHandler(receives(self.on_profile), "^profile$"),
            CallbackQueryHandler(receives(self.on_devices), "^devices$"),
            CallbackQueryHandler(receives(self.on_everywhere), "^devices:all$"),
            CallbackQueryHandler(receives(self.on_sure), "^devices:sure$"),
            CallbackQueryHandler(receives(self.on_stranger), "^devices:stranger$"),
        ]

    async def on_profile(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        said, photo = describe_profile(visit, visit.link), await self._photos.fetch(visit.link)
        if photo is None or not await _send_photo(visit, photo, said):
            await visit.show(said, _back(visit.t))

    async def on_devices(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        t, others = visit.t, await self._devices.find_others(visit.link)
        lines = [
            t("Logged in as you:"),
            "",
            t("📱 This Telegram account, since {when}", when=_since(visit, visit.link)),
        ]
        lines += [t("📱 Another Telegram account, since {when}", when=_since(visit, other)) for other, _ in others]
        everywhere = [(t("🚪 Log out everywhere"), "devices:all")]
        await visit.show("\n".join(lines), keyboards.build_inline(t, [everywhere, [(t("‹ Back"), "settings")]]))

    async def on_everywhere(self, visit: Visit) -> None:
        t = visit.t
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        sure = [(t("🚪 Log out everywhere"), "devices:sure")]
        said = t("This logs you out of every Telegram account, this one too. Punches on their way still go through.")
        await visit.show(said, keyboards.build_inline(t, [sure, [(t("‹ Back"), "devices")]]))

    async def on_sure(self, visit: Visit) -> None:
        """Out first, then told so. Twice is once."""
        if visit.link is None:
            await visit.say(visit.t("You are not logged in."), keyboards.build_start(visit.t))
            return
        others = await self._devices.log_out(visit.link, here_too=True)
        await self._conversations.end(visit.chat_id)
        await self._tell_logged_out(visit, others)
        await visit.say(visit.t("You are logged out everywhere. Send /login to come back."), keyboards.remove_menu())

    async def on_stranger(self, visit: Visit) -> None:
        """ "That was not me": whoever it was is out; this account stays in, to change the password with."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        others = await self._devices.log_out(visit.link, here_too=False)
        await self._tell_logged_out(visit, others)
        t = visit.t
        said = t("Every other Telegram account is logged out. Somebody knows your password: please change it now, and "
                 "tell your HR department.")  # fmt: skip
        await visit.show(said, keyboards.build_inline(t, [[(t("🔑 Password"), "password")]]))

    async def tell_of_new(self, visit: Visit, link: Link) -> None:
        """To the accounts that were there before: somebody has logged in as them. The account itself is not named."""
        for other, person in await self._devices.find_others(link):
            t = self._speak(person)
            said = t("⚠️ Another Telegram account has just logged in as you, {name}. Was it you?", name=link.name)
            buttons = keyboards.build_inline(t, [[(t("That was not me"), "devices:stranger")]])
            await _send(visit, other.telegram_id, said, buttons)

    async def tell_of_password(self, visit: Visit, link: Link) -> None:
        """To the other accounts of the same employee, whose sessions ended with the old password."""
        for other, person in await self._devices.find_others(link):
            t = self._speak(person)
            said = t(
                "🔑 The BioTime password of {name} was changed from another Telegram account. To go on here, please "
                "log in with the new one. Was it you?",
                name=link.name,
            )
            rows = [[(t("🔑 Log in"), "login")], [(t("That was not me"), "devices:stranger")]]
            await _send(visit, other.telegram_id, said, keyboards.build_inline(t, rows))

    async def _tell_logged_out(self, visit: Visit, others: list[tuple[Link, Person]]) -> None:
        for other, person in others:
            t = self._speak(person)
            said = t("You were logged out from another Telegram account of yours. Send /login to come back.")
            await _send(visit, other.telegram_id, said, keyboards.build_start(t))

    def _speak(self, person: Person) -> Translator:
        return translator_for(choose_language(person.language, person.language_code, self._language))


async def _send_photo(visit: Visit, photo: bytes, said: str) -> bool:
    """False where Telegram cannot read it: it is BioTime's, and we have only looked at how it begins."""
    try:
        await visit.bot.send_photo(visit.chat_id, photo, clip(said), reply_markup=_back(visit.t))
    except BadRequest:
        return False
    return True


async def _send(visit: Visit, telegram_id: int, text: str, buttons: InlineKeyboardMarkup) -> None:
    try:
        await visit.bot.send_message(telegram_id, text, reply_markup=buttons)
    except TelegramError:
        return  # blocked, or away: what was done is done, and the device list says it, too


def describe_profile(visit: Visit, link: Link) -> str:
    t = visit.t
    known = (
        (t("Employee code"), link.emp_code),
        (t("Company"), link.company),
        (t("Position"), link.position),
        (t("Department"), link.department),
        (t("Area"), link.area),
        (t("Time zone"), str(visit.zone)),
        (t("Language"), t.own_name),
    )
    return "\n".join(
        [
            f"👤 {t.isolate(link.name or link.emp_code)}",
            *(t.field(label, t.isolate(value)) for label, value in known if value),
        ]
    )


def _since(visit: Visit, link: Link) -> str:
    return visit.t.day_and_time(link.linked_at, visit.zone)


def _back(t: Translator) -> InlineKeyboardMarkup:
    return keyboards.build_inline(t, [[(t("‹ Back"), "settings")]])
