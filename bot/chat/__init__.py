"""Telegram: what people see. `register` is the bot's table of contents."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram.ext import Application

from bot.attendance.model import PunchState
from bot.chat.alerts import AlertsChat
from bot.chat.clocking import ClockingChat
from bot.chat.conversations import Conversations
from bot.chat.devices import DevicesChat
from bot.chat.edits import EditsChat
from bot.chat.errands import Errands, ErrandsChat
from bot.chat.errors import ErrorNet
from bot.chat.exports import ExportsChat
from bot.chat.going_on import GoingOn
from bot.chat.groups import Groups
from bot.chat.in_between import InBetween
from bot.chat.linking import LinkingChat
from bot.chat.location_notice import LocationNotice
from bot.chat.manager_commands import ManagerCommands
from bot.chat.managing import ManagerServices, ManagingChat
from bot.chat.password_outcomes import Told
from bot.chat.passwords import PasswordsChat
from bot.chat.personal import PersonalChat
from bot.chat.phrases import Wish, Wished
from bot.chat.preferences import EverythingElse, Fulfil, PreferencesChat
from bot.chat.receipts import ReceiptsChat
from bot.chat.reminders import RemindersChat
from bot.chat.requests import RequestsChat, RequestServices
from bot.chat.secrecy import Secrecy
from bot.chat.summaries import SummariesChat
from bot.chat.timecards import TimecardsChat
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import Obeying
from bot.papers.press import Press
from bot.services.clocking import Clocking
from bot.services.devices import Devices
from bot.services.linking import Linking
from bot.services.offering import Offering
from bot.services.passwords import Passwords
from bot.services.personal import Personal
from bot.services.photos import Photos
from bot.services.reactions import Reactions
from bot.services.receipts import Receipts
from bot.services.reminders import Reminders
from bot.services.summaries import Summaries
from bot.services.tenants import Tenants
from bot.services.timecards import Timecards


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases the chat enters."""

    tenants: Tenants
    linking: Linking
    clocking: Clocking
    offering: Offering
    timecards: Timecards
    summaries: Summaries
    press: Press
    errands: Errands
    managers: ManagerServices
    reminders: Reminders
    conversations: Conversations
    passwords: Passwords
    receipts: Receipts
    devices: Devices
    photos: Photos
    personal: Personal
    coordinates_days: int
    reactions: Reactions
    requests: RequestServices


def register(
    application: Application[Any, Any, Any, Any, Any, Any],
    services: Services,
    language: str,
    now: Callable[[], datetime],
) -> ErrorNet:
    """Every handler, in the order they are asked; `language` is for people whose own we do not know."""
    reception = Reception(services.linking, services.offering, services.tenants, services.conversations, language)
    commands = ManagerCommands(application.bot, services.managers.managing)
    requests = RequestsChat(reception, services.requests, services.tenants, services.conversations, now)
    devices = DevicesChat(reception, services.devices, services.photos, services.conversations, language)
    location = LocationNotice(services.linking, services.coordinates_days)
    exports = ExportsChat(reception, services.summaries, services.press, services.conversations, services.errands)
    going_on = GoingOn(services.conversations, Obeying(application), requests.resumable)
    linking = LinkingChat(
        reception,
        services.linking,
        services.clocking,
        services.conversations,
        now,
        commands=commands,
        going_on=going_on,
        devices=devices,
        location=location,
    )
    timecards = TimecardsChat(reception, services.timecards)
    summaries = SummariesChat(reception, services.summaries, services.linking, services.press)
    passwords = PasswordsChat(
        reception,
        services.passwords,
        services.clocking,
        services.conversations,
        told=Told(devices, location, going_on),
        now=now,
    )
    personal = PersonalChat(reception, services.personal, services.conversations, services.coordinates_days, now=now)
    receipts = ReceiptsChat(reception, services.receipts, now)
    secrecy = Secrecy(reception, services.conversations, (linking, passwords))
    clocking = ClockingChat(
        reception, services.clocking, services.conversations, InBetween(secrecy), services.requests.notices
    )
    alerts = AlertsChat(reception, services.reactions, services.conversations)
    managing = ManagingChat(reception, services.managers, services.conversations)
    reminders = RemindersChat(reception, services.reminders, services.conversations)
    preferences = PreferencesChat(reception, services.linking, secrecy, commands)
    dialogs = (
        linking,
        passwords,
        reminders,
        exports,
        personal,
        alerts,
        *managing.dialogs,
        *requests.dialogs,
    )
    rest = EverythingElse(
        reception=reception,
        conversations=services.conversations,
        dialogs=dialogs,
        secrecy=secrecy,
        linking=linking,
        clocking=clocking,
        timecards=timecards,
        preferences=preferences,
        wishes=_wishes(clocking, timecards, summaries) | requests.wishes,
    )
    application.add_handlers(Groups(language).handlers(), group=-1)
    application.add_handlers(secrecy.handlers())
    for part in (
        EditsChat(reception, services.conversations, secrecy, dialogs),
        linking,
        passwords,
        receipts,
        devices,
        personal,
        clocking,
        timecards,
        summaries,
        exports,
        ErrandsChat(reception, services.errands),
        reminders,
        alerts,
        *managing.parts,
        *requests.parts,
        preferences,
        rest,
    ):
        application.add_handlers(part.handlers())
    net = ErrorNet()
    application.add_error_handler(net.on_error)
    return net


def _wishes(clocking: ClockingChat, timecards: TimecardsChat, summaries: SummariesChat) -> dict[Wish, Fulfil]:
    """What plain words lead to."""

    def clocks(kind: PunchState) -> Callable[[Visit, Wished], Awaitable[None]]:
        return lambda visit, wished: clocking.choose(visit, kind)

    return {
        Wish.IN: clocks(PunchState.CHECK_IN),
        Wish.OUT: clocks(PunchState.CHECK_OUT),
        Wish.BREAK: clocks(PunchState.BREAK_OUT),
        Wish.BACK: clocks(PunchState.BREAK_IN),
        Wish.TODAY: lambda visit, wished: timecards.on_today(visit),
        Wish.WEEK: lambda visit, wished: summaries.on_week(visit),
        Wish.MONTH: lambda visit, wished: summaries.on_month(visit),
    }
