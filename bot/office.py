"""Everything between the store and the chat, built from what was opened: services, and what is done on the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.chat import Services
from bot.chat.conversations import Conversations
from bot.chat.errands import Errands
from bot.chat.herald import ChatHerald
from bot.chat.intake import Intake
from bot.chat.managing import ManagerServices
from bot.chat.muster_board import MusterBoard
from bot.chat.requests import RequestServices
from bot.config.options import Settings
from bot.database import Database
from bot.jobs.schedule import Duties
from bot.papers.press import Press
from bot.papers.worker import Worker
from bot.services.addresses import Addresses
from bot.services.appointing import Appointing
from bot.services.areas import Areas
from bot.services.asking import Asking
from bot.services.audit import Audit
from bot.services.clocking import Clocking
from bot.services.deciding import Deciding
from bot.services.decision_news import DecisionNews
from bot.services.devices import Devices
from bot.services.excluding import Excluding
from bot.services.exporting import Exporting
from bot.services.guessing import Guessing
from bot.services.leaves import Leaves
from bot.services.linking import Linking
from bot.services.managing import Managing
from bot.services.manual_logs import ManualLogs
from bot.services.my_requests import MyRequests
from bot.services.notices import Notices
from bot.services.offering import Offering
from bot.services.overdue import Overdue
from bot.services.passwords import ANY_CODE, OUR_CODE, Passwords, Rules
from bot.services.personal import Personal
from bot.services.photos import Photos
from bot.services.receipt_ends import ReceiptEnds
from bot.services.receipts import Receipts
from bot.services.rehearsing import Rehearsing
from bot.services.reminders import Reminders
from bot.services.sending import Sending
from bot.services.service_account import ServiceAccount
from bot.services.sessions import Sessions
from bot.services.settling import Settling
from bot.services.summaries import Summaries
from bot.services.team import Team
from bot.services.tenants import Tenants
from bot.services.timecards import Timecards
from bot.services.watch import Watch
from bot.store import punches
from bot.store.cipher import Cipher
from bot.store.punches import Punch

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Office:
    """Everything between the store and the chat."""

    db: Database
    cipher: Cipher
    tenants: Tenants
    sessions: Sessions
    guessing: Guessing
    service_account: ServiceAccount
    areas: Areas
    addresses: Addresses
    timecards: Timecards
    offering: Offering
    press: Press
    reminders: Reminders
    now: Callable[[], datetime]


async def open_office(db: Database, cipher: Cipher, tenants: Tenants, now: Callable[[], datetime]) -> Office:
    sessions = Sessions(db, tenants, cipher, now)
    addresses = Addresses()
    try:
        await addresses.load()
    except OSError:
        log.warning("no gazetteer: addresses are Plus Codes alone")
    account = ServiceAccount(tenants, now)
    return Office(
        db=db,
        cipher=cipher,
        tenants=tenants,
        sessions=sessions,
        guessing=Guessing(db, sessions, now),
        service_account=account,
        areas=Areas(db, now),
        addresses=addresses,
        timecards=Timecards(db, tenants, sessions, now),
        offering=Offering(db, now),
        press=Press(Worker()),
        reminders=Reminders(db, tenants, account, now),
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Doing:
    """What acts by itself and is asked by the chat, too."""

    linking: Linking
    sending: Sending[Punch]
    watch: Watch
    news: DecisionNews
    herald: ChatHerald
    board: MusterBoard
    leaves: Leaves
    errands: Errands


def build_services(office: Office, doing: Doing, settings: Settings) -> Services:
    now = office.now
    return Services(
        tenants=office.tenants,
        linking=doing.linking,
        clocking=Clocking(office.db, office.areas, office.addresses, doing.sending, now),
        offering=office.offering,
        timecards=office.timecards,
        summaries=Summaries(office.tenants, office.sessions, office.timecards, now),
        press=office.press,
        errands=doing.errands,
        managers=_manager_services(office, doing),
        reminders=office.reminders,
        conversations=Conversations(office.db, office.cipher, now),
        devices=Devices(office.db, now),
        photos=Photos(office.sessions),
        personal=Personal(office.db, ReceiptEnds(office.cipher), now),
        coordinates_days=settings.coordinates_days,
        receipts=Receipts(office.db, office.cipher),
        passwords=Passwords(office.tenants, office.sessions, office.guessing, doing.linking, _rules(settings)),
        reactions=doing.watch.reactions,
        requests=_request_services(office, doing, settings),
    )


def _request_services(office: Office, doing: Doing, settings: Settings) -> RequestServices:
    db, tenants, sessions, account, now = (
        office.db, office.tenants, office.sessions, office.service_account, office.now,
    )  # fmt: skip
    notices = Notices(db, tenants, now)
    leaves = doing.leaves
    back = settings.reported_back
    return RequestServices(
        ManualLogs(db=db, tenants=tenants, sessions=sessions, sending=doing.sending, days_back=back, now=now),
        MyRequests(db=db, sessions=sessions, service_account=account, leaves=leaves, sending=doing.sending, now=now),
        notices,
        leaves,
    )


def build_team(office: Office, managing: Managing) -> Team:
    return Team(office.db, managing, office.service_account, office.tenants, office.now)


def _manager_services(office: Office, doing: Doing) -> ManagerServices:
    db, account, managing, now = office.db, office.service_account, doing.watch.managing, office.now
    return ManagerServices(
        managing=managing,
        deciding=Deciding(db, managing, account, doing.news, now),
        decision_news=doing.news,
        team=build_team(office, managing),
        appointing=Appointing(db, managing, now),
        excluding=Excluding(db, now),
        asking=Asking(db, managing, now),
        settling=Settling(db, managing, now),
        board=doing.board,
        herald=doing.herald,
        exporting=Exporting(managing, account, office.tenants, now),
        rehearsing=Rehearsing(db, office.tenants, account, now),
        press=office.press,
        errands=doing.errands,
    )


def _rules(settings: Settings) -> Rules:
    code = OUR_CODE if settings.embedded else ANY_CODE
    return Rules(settings.password_shortest, settings.password_rules, code)


def build_duties(
    office: Office,
    intake: Intake,
    sending: Sending[Punch],
    *,
    leaves: Leaves,
    audit: Audit,
    overdue: Overdue,
    watch: Watch,
    news: DecisionNews,
    errands: Errands,
    board: MusterBoard,
    settings: Settings,
) -> Duties:
    now = office.now

    async def forget_places() -> int:
        before = now() - settings.coordinates_kept
        return await office.db.write(lambda c: punches.forget_places(c, before))

    return Duties(
        resume_updates=intake.resume,
        sweep_punches=sending.sweep,
        sweep_leaves=leaves.sending.sweep,
        renew_keyboards=overdue.renew,
        end_errands=errands.sweep,
        renew_musters=board.renew,
        tell_decisions=news.tell_untold,
        renew_sessions=office.sessions.renew_old,
        audit_punches=audit.run,
        forget_places=forget_places,
        forget_updates=intake.forget,
        look_at_biotime=watch.syncing.run,
        find_missing=watch.scanning.run,
        remind_people=office.reminders.run,
        tell_managers=watch.tell_managers,
        deliver_alerts=watch.delivering.run,
    )
