"""The mobile API: manual chapters 6.1 to 6.5 and 6.8.

Who is calling comes from the token, never from the body or the URL. An employee sees and writes their own records; an
administrator (`app_role` 2) their company's. Anything else does not exist: 404, not 403.
"""

from datetime import datetime

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.biotime.wire.auth import MobileLoginAnswer
from bot.biotime.wire.envelope import MobileList
from bot.biotime.wire.mobile import ListedManualLog, ListedPunch, ManualLogReceipt, MobileEmployee, PunchReceipt
from bot.biotime.wire.times import write_wall_iso, write_wall_text
from bot.gateway.access.gate import Credential, Gate, employee_of
from bot.gateway.api.answers import answer, answer_json
from bot.gateway.api.auth import log_in
from bot.gateway.api.mobile_bodies import UploadedPunch, read_manual_log, read_punch
from bot.gateway.api.mobile_lists import MANUAL_LOGS, PEOPLE, PUNCHES, answer_list
from bot.gateway.api.mobile_rows import (
    build_app_settings,
    build_employee,
    build_employee_answer,
    build_manual_log,
    build_punch,
)
from bot.gateway.api.resource import Handlers
from bot.gateway.records.approvals import ManualLog, NewManualLog, add_manual_log
from bot.gateway.records.callers import Employee
from bot.gateway.records.kinds import APP_TERMINAL, Source, UserKind
from bot.gateway.records.people import Person, find_person, is_called, load_area_names
from bot.gateway.records.punches import NewPunch, Punch, add_punch
from bot.gateway.rest.bodies import Body, read_body
from bot.gateway.rest.errors import NotFound
from bot.gateway.rest.idempotency import answer_once, read_key

BASE = "/mobile/api/v1.0"


class MobileApi:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def doors(self) -> dict[str, Handlers]:
        return {f"{BASE}/auth_token/": {"POST": self.log_in}}

    def resources(self) -> dict[str, Handlers]:
        return {
            f"{BASE}/configurations/app_settings/": {"GET": self.show_app_settings},
            f"{BASE}/app_settings/": {"GET": self.show_app_settings},
            f"{BASE}/employees/": {"GET": self.list_employees},
            f"{BASE}/employees/{{called}}/": {"GET": self.show_employee},
            f"{BASE}/employees/{{called}}/manual_logs/": {"POST": self.upload_manual_log},
            f"{BASE}/transactions/": {"GET": self.list_punches, "POST": self.upload_punch},
            f"{BASE}/manual_logs/": {"GET": self.list_manual_logs},
        }

    async def log_in(self, request: Request) -> Response:
        login = await log_in(self._gate, request, UserKind.MOBILE, "username")
        token = self._gate.tokens.sign_login(UserKind.MOBILE, login, self._gate.now())
        return answer(MobileLoginAnswer(token=token))

    async def show_app_settings(self, request: Request) -> Response:
        credential = await self._gate.identify(request)

        def load(conn: Connection) -> tuple[Person, str]:
            caller = employee_of(conn, credential)
            person = load_seen(conn, caller, caller.id)
            return person, ", ".join(load_area_names(conn, person.id))

        person, areas = await self._gate.db.read(load)
        return answer(build_app_settings(person, areas, self._gate.settings.texts))

    async def list_employees(self, request: Request) -> Response:
        return await answer_list(
            self._gate, request, PEOPLE, MobileList[MobileEmployee], lambda row, _: build_employee(Person(*row))
        )

    async def show_employee(self, request: Request) -> Response:
        credential = await self._gate.identify(request)
        person = await self._gate.db.read(lambda conn: load_called(conn, credential, request))
        return answer(build_employee_answer(person))

    async def list_punches(self, request: Request) -> Response:
        return await answer_list(
            self._gate, request, PUNCHES, MobileList[ListedPunch], lambda row, zone: build_punch(Punch(*row), zone)
        )

    async def upload_punch(self, request: Request) -> Response:
        credential = await self._gate.identify(request)
        body = await read_body(request)
        keyed, now = read_key(request, body), self._gate.now()

        def store(conn: Connection) -> str:
            caller = employee_of(conn, credential)
            return answer_once(
                conn, caller.id, keyed, now, lambda: _store_punch(conn, caller, body, now).model_dump_json()
            )

        return answer_json(await self._gate.db.write(store), 201)

    async def list_manual_logs(self, request: Request) -> Response:
        return await answer_list(
            self._gate,
            request,
            MANUAL_LOGS,
            MobileList[ListedManualLog],
            lambda row, zone: build_manual_log(ManualLog(*row), zone),
        )

    async def upload_manual_log(self, request: Request) -> Response:
        credential = await self._gate.identify(request)
        body = await read_body(request)
        now = self._gate.now()
        receipt = await self._gate.db.write(
            lambda conn: _store_manual_log(conn, load_called(conn, credential, request), body, now)
        )
        return answer(receipt, 201)


def load_called(conn: Connection, credential: Credential, request: Request) -> Person:
    """The employee the URL names. Raises Unauthorized, NotFound."""
    return load_seen(conn, employee_of(conn, credential), request.path_params["called"])


def load_seen(conn: Connection, caller: Employee, called: str) -> Person:
    """The employee a URL names, if the caller may see them. Raises NotFound."""
    named = is_called(called)
    person = None if named is None else find_person(conn, named, PEOPLE.seen_by(caller))
    if person is None:
        raise NotFound
    return person


def _store_punch(conn: Connection, caller: Employee, body: Body, now: datetime) -> PunchReceipt:
    uploaded = read_punch(body)
    add_punch(
        conn,
        NewPunch(
            company_id=caller.company_id,
            employee_id=caller.id,
            emp_code=caller.emp_code,
            punched_at=now.replace(microsecond=0),
            uploaded_at=now,
            punch_state=uploaded.punch_state,
            source=Source.APP,
            terminal_sn=APP_TERMINAL,
            latitude=uploaded.latitude,
            longitude=uploaded.longitude,
            gps_location=uploaded.gps_location,
        ),
    )
    return _build_receipt(caller, uploaded, now)


def _build_receipt(caller: Employee, uploaded: UploadedPunch, now: datetime) -> PunchReceipt:
    return PunchReceipt(
        latitude=uploaded.latitude_text,
        longitude=uploaded.longitude_text,
        punch_state=str(uploaded.punch_state.value),
        source=Source.APP,
        emp_code=caller.emp_code,
        terminal_sn=APP_TERMINAL,
        gps_location=uploaded.gps_location,
        emp_id=caller.id,
        punch_time=write_wall_text(now, caller.zone),
        upload_time=write_wall_iso(now, caller.zone),
    )


def _store_manual_log(conn: Connection, person: Person, body: Body, now: datetime) -> ManualLogReceipt:
    uploaded = read_manual_log(body, now)
    new = NewManualLog(
        company_id=person.company_id,
        employee_id=person.id,
        punched_at=uploaded.punched_at,
        punch_state=uploaded.punch_state,
        work_code=uploaded.work_code,
        apply_reason=uploaded.apply_reason,
        applied_at=now,
    )
    return ManualLogReceipt(
        punch_time=uploaded.punch_time,
        apply_reason=uploaded.apply_reason,
        punch_state=uploaded.punch_state.value,
        work_code=uploaded.work_code,
        id=add_manual_log(conn, new),
    )
