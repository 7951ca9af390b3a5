"""Who may call the web API (manual 4 to 9, "5. Att API"), and the one transaction in which each call is done."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request

from bot.gateway.access.gate import Credential, Gate, claims_of, employee_of
from bot.gateway.records.kinds import Dialect, UserKind
from bot.gateway.records.offices import Office, find_system_office
from bot.gateway.rest.errors import Forbidden, Unauthorized

STAFF_ONLY = frozenset({UserKind.STAFF})

T = TypeVar("T")
OfficeWork = Callable[[Connection, Office], T]


def office_of(conn: Connection, credential: Credential) -> Office:
    """The caller's company: of a system user, or of an administrator (`app_role` 2) with a staff token.

    Raises Unauthorized for a token that has ended, Forbidden for everybody else.
    """
    claims = claims_of(conn, credential)
    if claims.kind is UserKind.SYSTEM:
        office = find_system_office(conn, claims)
        if office is None:
            raise Unauthorized
        return office
    caller = employee_of(conn, claims, STAFF_ONLY)
    if not caller.is_administrator:
        raise Forbidden
    return Office(caller.company_id, caller.company_name, caller.zone, Dialect(caller.dialect), caller.emp_code)


async def read_as_office(gate: Gate, request: Request, work: OfficeWork[T]) -> T:
    """Raises ApiError."""
    credential = await gate.identify(request)
    return await gate.db.read(lambda conn: work(conn, office_of(conn, credential)))


async def write_as_office(gate: Gate, request: Request, work: OfficeWork[T]) -> T:
    """Raises ApiError. `work` looks before it writes, and says what is wrong per field."""
    credential = await gate.identify(request)

    def run(conn: Connection) -> T:
        return work(conn, office_of(conn, credential))

    try:
        return await gate.db.write(run)
    except IntegrityError:
        # Somebody else was quicker, between our look and our write: at the second look it is seen and named.
        return await gate.db.write(run)
