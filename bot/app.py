"""The composition root: builds and connects the bot, starts and ends it. The only reader of the clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Update
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ExtBot

from bot import memory
from bot.chat import register
from bot.chat.alert_messenger import ChatAlertMessenger
from bot.chat.commands import publish
from bot.chat.errands import Errands
from bot.chat.errors import ErrorNet, judge, report
from bot.chat.herald import ChatHerald
from bot.chat.intake import Intake, Json, poll
from bot.chat.leave_messenger import ChatLeaveMessenger
from bot.chat.messenger import ChatMessenger
from bot.chat.muster_board import MusterBoard
from bot.chat.transport import AiohttpRequest, build_requests
from bot.companies import open_tenants
from bot.config.options import Settings
from bot.database import Database
from bot.gateway.mail import Mailbox
from bot.jobs.runner import Runner
from bot.jobs.schedule import build_schedule
from bot.office import Doing, Office, build_duties, build_services, build_team, open_office
from bot.opening import only_process, open_database
from bot.services.audit import Audit
from bot.services.decision_news import DecisionNews
from bot.services.filings import Kind
from bot.services.leaves import Leaves
from bot.services.linking import Linking
from bot.services.mustering import Mustering
from bot.services.overdue import Overdue
from bot.services.receipts import ReceiptBook
from bot.services.reminders import Reminders
from bot.services.requests import Requests
from bot.services.sending import Sending
from bot.services.telling import Telling
from bot.services.tenants import Tenants
from bot.services.watch import Watch
from bot.store import punches
from bot.store.cipher import Cipher
from bot.store.punches import Punch

log = structlog.get_logger(__name__)

POLL_SECONDS = 30
UPDATES = '["message","edited_message","callback_query"]'


def utc_now() -> datetime:
    return datetime.now(UTC)


class WrongToken(Exception):
    """Telegram does not know the token."""


@dataclass(frozen=True, slots=True)
class Hadir:
    """The parts of a running bot that its entrances need."""

    db: Database
    tenants: Tenants
    application: Application[Any, Any, Any, Any, Any, Any]
    polling: AiohttpRequest
    intake: Intake
    sending: Sending[Punch]
    leaves: Leaves
    errands: Errands
    board: MusterBoard
    overdue: Overdue
    reminders: Reminders
    watch: Watch
    settings: Settings

    async def is_healthy(self) -> bool:
        try:
            async with asyncio.timeout(5):
                await self.db.write(lambda c: c.exec_driver_sql("SELECT 1"))
        except Exception:  # whatever it is, the answer is no
            return False
        return True

    async def count(self) -> dict[str, int]:
        return await self.db.read(punches.count_states)

    async def fetch_updates(self, offset: int) -> list[Json]:
        """One long poll (getUpdates); asking for `offset` makes Telegram forget everything before it."""
        query = urlencode({"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": UPDATES})
        url = f"{self.application.bot.base_url}/getUpdates?{query}"
        updates = await self.polling.post(url, read_timeout=POLL_SECONDS + 5)
        return updates if isinstance(updates, list) else []

    async def poll(self) -> None:
        await poll(self.fetch_updates, self.intake, _pause)


def _pause(problem: Exception, failures: int) -> timedelta:
    if isinstance(problem, RetryAfter):
        after = problem.retry_after
        return after if isinstance(after, timedelta) else timedelta(seconds=after)
    return timedelta(seconds=min(0.5 * 2**failures, 30))


# -- opening -----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def open_hadir(
    settings: Settings, now: Callable[[], datetime] = utc_now, mailbox: Mailbox | None = None
) -> AsyncIterator[Hadir]:
    """The bot, its jobs running; updates come through `Hadir.poll` or `intake.accept`.

    The `mailbox` is for an embedded gateway, as in `open_tenants`.
    """
    async with AsyncExitStack() as stack:
        only = stack.enter_context(only_process(settings))
        db = await stack.enter_async_context(open_database(settings))
        tenants = await stack.enter_async_context(open_tenants(settings, now, mailbox))
        office = await open_office(db, Cipher(settings.secret_key.get_secret_value()), tenants, now)
        stack.push_async_callback(office.press.close)
        sending_request, polling = build_requests()
        bot = _build_bot(settings, sending_request, polling)
        messenger = ChatMessenger(
            bot=bot,
            db=db,
            tenants=tenants,
            timecards=office.timecards,
            offering=office.offering,
            addresses=office.addresses,
            language=settings.language,
        )
        telling = Telling(db, messenger, now, punches, Kind.LOG)
        sending = Sending(
            db, Requests(db, office.sessions, now), telling, now, rows=punches, book=ReceiptBook(office.cipher, now)
        )
        linking = Linking(db, tenants, office.sessions, sending, now, guessing=office.guessing)
        teller = ChatAlertMessenger(bot, tenants, office.press, settings.language)
        watch = Watch.build(db, tenants, office.service_account, teller, now)
        herald = ChatHerald(bot, db, tenants, settings.language)
        board = MusterBoard(bot, Mustering(db, build_team(office, watch.managing), now), herald, tenants)
        news = DecisionNews(db, herald, now)
        leaves = Leaves(db, tenants, office.service_account, ChatLeaveMessenger(bot, tenants), now)
        errands = Errands(db, bot, now)
        application, net = _build_application(
            bot, office, Doing(linking, sending, watch, news, herald, board, leaves, errands), settings
        )
        await insist(application.initialize)
        stack.push_async_callback(application.shutdown)
        intake = Intake(db, office.cipher, bot.id, _processor(application, net), now)
        if only:
            await sending.recover()
            await leaves.sending.recover()
            await errands.recover()
        overdue = Overdue(db, messenger, office.offering, linking, now)
        audit = Audit(db, office.sessions, telling, now)
        duties = build_duties(
            office,
            intake,
            sending,
            leaves=leaves,
            audit=audit,
            overdue=overdue,
            watch=watch,
            news=news,
            errands=errands,
            board=board,
            settings=settings,
        )
        runner = Runner(build_schedule(duties))
        runner.start()
        stack.push_async_callback(sending.close)
        stack.push_async_callback(leaves.sending.close)
        stack.push_async_callback(errands.close)
        stack.push_async_callback(intake.close)
        stack.callback(runner.close)
        await intake.resume()
        await publish(application.bot)
        memory.settle()
        yield Hadir(
            db=db,
            tenants=tenants,
            application=application,
            polling=polling,
            intake=intake,
            sending=sending,
            leaves=leaves,
            errands=errands,
            board=board,
            overdue=overdue,
            reminders=office.reminders,
            watch=watch,
            settings=settings,
        )


def _build_bot(settings: Settings, sending: AiohttpRequest, polling: AiohttpRequest) -> ExtBot[None]:
    api = settings.telegram_api_url.rstrip("/")
    return ExtBot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=sending,
        get_updates_request=polling,
    )


def _build_application(
    bot: ExtBot[None], office: Office, doing: Doing, settings: Settings
) -> tuple[Application[Any, Any, Any, Any, Any, Any], ErrorNet]:
    application = Application.builder().bot(bot).updater(None).job_queue(None).build()
    return application, register(application, build_services(office, doing, settings), settings.language, office.now)


async def insist(call: Callable[[], Awaitable[object]]) -> None:
    """Telegram may be away when we start: punches already kept can wait for it no worse than we. Raises WrongToken."""
    wait = 1.0
    while True:
        try:
            await call()
        except InvalidToken as problem:
            raise WrongToken from problem
        except TelegramError as problem:
            log.warning("Telegram does not answer", problem=type(problem).__name__, again_in=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60)
        else:
            return


def _processor(application: Application[Any, Any, Any, Any, Any, Any], net: ErrorNet) -> Any:
    async def process(raw: Json, attempt: int) -> None:
        try:
            update = Update.de_json(raw, application.bot)
            if update is None:
                return
            await application.process_update(update)
        except Exception as problem:  # what even python-telegram-bot cannot read
            report(problem, raw["update_id"], attempt)
            return
        raised = net.take(update.update_id)
        if raised is None:
            return
        report(raised, update.update_id, attempt)
        later = judge(raised, attempt)
        if later is not None:
            raise later

    return process
