"""Passwords in the mobile API: manual 6.9 and three of the four URLs after it.

A forgotten one: a code by mail, then the code and a new password. Nobody learns whether an address exists: whatever
was asked, the answer is the same and comes at once; looking and mailing happen after it.
"""

import asyncio
import hmac
import logging
import secrets
from collections.abc import Coroutine
from datetime import datetime

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.biotime.wire.passwords import Done
from bot.gateway.access.gate import Credential, Gate, employee_of
from bot.gateway.access.limits import Buckets
from bot.gateway.access.logins import Attempt
from bot.gateway.access.passwords import Passwords
from bot.gateway.api.answers import answer
from bot.gateway.api.mobile import BASE, load_called
from bot.gateway.api.mobile_bodies import PasswordChange, UsedCode, WhoForgot, read_change, read_code, read_forgotten
from bot.gateway.api.resource import Handlers
from bot.gateway.mail import Mail, Mailbox, MailNotSentError
from bot.gateway.records.companies import find_tenant, load_company
from bot.gateway.records.kinds import UserKind
from bot.gateway.records.password_codes import Addressee, add_code, find_addressee, use_code
from bot.gateway.records.people import set_self_password
from bot.gateway.rest.bodies import read_body
from bot.gateway.rest.errors import Invalid, Throttled

MOST_WAITING = 100
"""Mails on their way at the same time; beyond that nobody is promised one."""

logger = logging.getLogger(__name__)


class MobilePasswordApi:
    def __init__(self, gate: Gate, mailbox: Mailbox) -> None:
        self._gate = gate
        self._mailbox = mailbox
        self._passwords = Passwords(gate.settings.password_cost)
        self._hashing = asyncio.Semaphore(gate.settings.password_threads)
        self._addresses = Buckets(gate.settings.codes_per_address)
        # One secret, many uses: this key tells nothing about the tokens'.
        self._key = hmac.digest(gate.settings.secret_key, b"hadir gateway password code", "sha256")
        self._mailing: set[asyncio.Task[None]] = set()

    def doors(self) -> dict[str, Handlers]:
        return {
            f"{BASE}/reset_password/": {"POST": self.send_code},
            f"{BASE}/forgot_password_create_otp/": {"POST": self.send_code},
            f"{BASE}/create_password/": {"POST": self.create_password},
        }

    def resources(self) -> dict[str, Handlers]:
        return {f"{BASE}/employees/{{called}}/reset_password/": {"POST": self.change_password}}

    async def send_code(self, request: Request) -> Response:
        """6.9 and `forgot_password_create_otp/` are one: both bodies, the same mail."""
        self._count(request)
        forgotten = read_forgotten(await read_body(request))
        if len(self._mailing) >= MOST_WAITING:
            raise Throttled(self._gate.settings.codes_per_address.every)
        self._start(self._mail_code(forgotten, self._gate.origin(request).host, self._gate.now()))
        return answer(Done())

    async def create_password(self, request: Request) -> Response:
        self._count(request)
        used = read_code(await read_body(request))
        refused_at = asyncio.get_running_loop().time() + self._gate.settings.refusal_delay.total_seconds()
        # Before anybody knows whether the code fits: hashing takes long enough to tell.
        password_hash = await self._hash(used.password)
        host, now = self._gate.origin(request).host, self._gate.now()
        if not await self._gate.db.write(lambda conn: self._take(conn, used, password_hash, host, now)):
            await asyncio.sleep(refused_at - asyncio.get_running_loop().time())
            raise Invalid({"non_field_errors": ["The code is wrong or no longer valid."]})
        return answer(Done())

    async def change_password(self, request: Request) -> Response:
        """The caller's own password opens it, also for an administrator who sets an employee's."""
        credential = await self._gate.identify(request)
        person_id, attempt, change = await self._read_change(request, credential)
        if await self._gate.logins.try_in(attempt, self._gate.origin(request), self._gate.now()) is None:
            raise Invalid({"old_password": ["Invalid password."]})
        password_hash = await self._hash(change.new)

        def store(conn: Connection) -> None:
            employee_of(conn, credential)  # who has been logged out meanwhile changes nothing any more
            set_self_password(conn, person_id, password_hash)

        await self._gate.db.write(store)
        return answer(Done())

    async def _read_change(self, request: Request, credential: Credential) -> tuple[str, Attempt, PasswordChange]:
        def load(conn: Connection) -> tuple[str, str, str]:
            caller = employee_of(conn, credential)
            person = load_called(conn, credential, request)
            return person.id, load_company(conn, caller.company_id).label, caller.emp_code

        person_id, company, emp_code = await self._gate.db.read(load)
        change = read_change(await read_body(request))
        return person_id, Attempt(UserKind.MOBILE, company, emp_code, change.old), change

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self._passwords.hash, password)

    def _count(self, request: Request) -> None:
        if wait := self._addresses.take(self._gate.origin(request).address, self._gate.now()):
            raise Throttled(wait)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._mailing.add(task)
        task.add_done_callback(self._mailing.discard)

    async def _mail_code(self, forgotten: WhoForgot, host: str, now: datetime) -> None:
        code = f"{secrets.randbelow(10**6):06d}"
        try:
            addressee = await self._gate.db.write(lambda conn: self._add(conn, forgotten, code, host, now))
            if addressee is not None:
                await self._mailbox.send(_write_mail(addressee, code))
        except MailNotSentError as problem:
            logger.error("a one-time code was not mailed: %s", problem)
        except Exception as problem:  # nobody waits for this task: without a line here the fault would be silent
            logger.error("a one-time code was not mailed: %s", type(problem).__name__)

    def _add(self, conn: Connection, forgotten: WhoForgot, code: str, host: str, now: datetime) -> Addressee | None:
        addressee = _find(conn, forgotten, host)
        if addressee is None or not add_code(conn, addressee, self._digest(addressee.id, code), now):
            return None
        return addressee

    def _take(self, conn: Connection, used: UsedCode, password_hash: str, host: str, now: datetime) -> bool:
        addressee = _find(conn, used.who, host)
        if addressee is None or not use_code(conn, addressee.id, self._digest(addressee.id, used.code), now):
            return False
        set_self_password(conn, addressee.id, password_hash)
        return True

    def _digest(self, employee_id: str, code: str) -> str:
        return hmac.new(self._key, f"{employee_id}:{code}".encode(), "sha256").hexdigest()


def _find(conn: Connection, forgotten: WhoForgot, host: str) -> Addressee | None:
    company = find_tenant(conn, forgotten.company, host)
    return find_addressee(conn, company.id, forgotten.email) if company else None


def _write_mail(addressee: Addressee, code: str) -> Mail:
    return Mail(
        to=addressee.email,
        subject=f"{code} is your code for {addressee.company_name}",
        text=(
            f"Hello {addressee.first_name},\n\n"
            f"somebody, probably you, has forgotten the password for {addressee.company_name}.\n"
            f"Your code: {code}\n"
            "It works once, for ten minutes. Nobody will ever ask you for it.\n\n"
            "If it was not you, do nothing: your password stays as it is.\n"
        ),
    )
