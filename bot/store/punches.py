"""Punches: kept once per source, taken and settled by compare-and-set."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, func, not_, or_, select, update

from bot.attendance.model import Position, PunchState
from bot.attendance.progress import FINAL, MANUAL, POSTED, UNSETTLED, Decision, Neighbours, State
from bot.store.tables import punches
from bot.store.under_way import UnderWay, UnderWayRows, read_under_way

# Behind every id there is: where a punch stands that is not kept yet.
NEWEST = 2**31 - 1

# Statements that every punch needs are built once: building one takes longer than running it.
_C = punches.c
_OF_EMPLOYEE = and_(_C.company == bindparam("company"), _C.emp_code == bindparam("emp_code"))
# What BioTime refused is no punch, unless it has stamped it before and refused only its correction.
# Nor is what a person asked for and took back, or was refused.
_COUNTS = and_(
    or_(_C.state != State.REJECTED, _C.server_at.is_not(None)),
    _C.state != State.WITHDRAWN,
    or_(_C.asked_at.is_(None), _C.decision.is_(None), _C.decision.not_in((Decision.REFUSED, Decision.REVOKED))),
)
# What a person asked for afterwards is a claim until somebody has approved it.
_CLAIMED = and_(_C.asked_at.is_not(None), or_(_C.decision.is_(None), _C.decision == Decision.PENDING))
MADE, CLAIMED = and_(_COUNTS, not_(_CLAIMED)), and_(_COUNTS, _CLAIMED)
_NEWEST_FIRST = select(punches).where(_OF_EMPLOYEE, _COUNTS).order_by(_C.punched_at.desc(), _C.id.desc()).limit(1)
_LAST_BEFORE = _NEWEST_FIRST.where(_C.punched_at <= bindparam("before"))
_SINCE = select(punches).where(_OF_EMPLOYEE, _C.punched_at >= bindparam("since")).order_by(_C.punched_at, _C.id)
_TIMES = select(_C.punched_at, _C.punch_state).where(_OF_EMPLOYEE, _C.punched_at >= bindparam("since"), _COUNTS)
# Not what is the person's word alone, as long as nobody has approved it.
_PROVEN_TIMES = _TIMES.where(or_(_C.asked_at.is_(None), _C.decision == Decision.APPROVED))
_WAITING = select(_C.id).where(_OF_EMPLOYEE, _C.state == State.RECORDED).order_by(_C.punched_at, _C.id)
_AT, _ID = bindparam("at", type_=_C.punched_at.type), bindparam("id", type_=_C.id.type)
_EARLIER = or_(_C.punched_at < _AT, and_(_C.punched_at == _AT, _C.id < _ID))
_LATER = or_(_C.punched_at > _AT, and_(_C.punched_at == _AT, _C.id > _ID))
_NEIGHBOURS = select(
    exists().where(_OF_EMPLOYEE, _EARLIER, _C.state.in_(bindparam("unsettled", expanding=True))),
    # Stamped too far off, a punch waits for its correction, but the stamp is there.
    exists().where(
        _OF_EMPLOYEE, _LATER, or_(_C.state.in_(bindparam("posted", expanding=True)), _C.server_at.is_not(None))
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Punch(UnderWay):
    """`note`: why it was forgotten, where it was asked for afterwards."""

    punch_state: PunchState
    position: Position | None
    area: str | None
    distance: float | None
    inside: bool | None
    address: str | None
    evidence: tuple[str, ...]

    @property
    def punched_at(self) -> datetime:
        return self.progress.punched_at

    @property
    def is_claim(self) -> bool:
        """The person's word alone: asked for afterwards, and approved by nobody yet."""
        return self.progress.asked_at is not None and self.progress.decision is not Decision.APPROVED


def _columns(punch: Punch) -> dict[str, Any]:
    place = punch.position
    return {
        "punch_state": int(punch.punch_state),
        "latitude": place and place.latitude,
        "longitude": place and place.longitude,
        "accuracy": place and place.accuracy,
        "area": punch.area,
        "distance": punch.distance,
        "inside": punch.inside,
        "address": punch.address,
        "evidence": " ".join(punch.evidence),
    }


def _read(row: Row[Any]) -> Punch:
    here = None if row.latitude is None else Position(row.latitude, row.longitude, row.accuracy)
    return Punch(
        **read_under_way(row),
        punch_state=PunchState(row.punch_state),
        position=here,
        area=row.area,
        distance=row.distance,
        inside=row.inside,
        address=row.address,
        evidence=tuple(row.evidence.split()),
    )


_ROWS = UnderWayRows(punches, _columns, _read)
add, find, find_by_source, settle = _ROWS.add, _ROWS.find, _ROWS.find_by_source, _ROWS.settle
find_due, find_claimed, find_untold = _ROWS.find_due, _ROWS.find_claimed, _ROWS.find_untold
claim_send, return_send, postpone_telling = _ROWS.claim_send, _ROWS.return_send, _ROWS.postpone_telling
settle_message, settle_told, hasten_decision = _ROWS.settle_message, _ROWS.settle_told, _ROWS.hasten_decision
find_undecided = _ROWS.find_undecided


def find_punch_by_ref(connection: Connection, company: str, emp_code: str, ref: str) -> Punch | None:
    c = punches.c
    return _one(connection, and_(c.company == company, c.emp_code == emp_code, c.ref == ref.upper()))


def load_last_punch(connection: Connection, company: str, emp_code: str) -> Punch | None:
    row = connection.execute(_NEWEST_FIRST, {"company": company, "emp_code": emp_code}).one_or_none()
    return None if row is None else _read(row)


def load_last_before(connection: Connection, company: str, emp_code: str, at: datetime) -> Punch | None:
    """The last one at `at` or earlier."""
    values = {"company": company, "emp_code": emp_code, "before": at}
    row = connection.execute(_LAST_BEFORE, values).one_or_none()
    return None if row is None else _read(row)


def load_last_confirmed(connection: Connection, company: str) -> Punch | None:
    c = punches.c
    query = select(punches).where(c.company == company, c.state == State.CONFIRMED)
    row = connection.execute(query.order_by(c.punched_at.desc()).limit(1)).one_or_none()
    return None if row is None else _read(row)


def load_punches(connection: Connection, company: str, emp_code: str, since: datetime) -> list[Punch]:
    values = {"company": company, "emp_code": emp_code, "since": since}
    return [_read(row) for row in connection.execute(_SINCE, values)]


def load_times(
    connection: Connection, company: str, emp_code: str, since: datetime, *, proven: bool = False
) -> list[tuple[datetime, PunchState]]:
    """When and what, of the punches that BioTime did not refuse; `proven`: without those that are a claim."""
    rows = connection.execute(
        _PROVEN_TIMES if proven else _TIMES, {"company": company, "emp_code": emp_code, "since": since}
    )
    return [(at, PunchState(state)) for at, state in rows]


def load_neighbours(connection: Connection, row: Punch) -> Neighbours:
    values: dict[str, Any] = {
        "company": row.company,
        "emp_code": row.emp_code,
        "at": row.punched_at,
        "id": row.id or NEWEST,
    }
    values |= {"unsettled": list(UNSETTLED), "posted": list(POSTED)}
    earlier, later = connection.execute(_NEIGHBOURS, values).one()
    return Neighbours(earlier_unsettled=bool(earlier), later_posted=bool(later))


def find_waiting(connection: Connection, company: str, emp_code: str) -> list[int]:
    """The employee's recorded punches, the oldest first: one of them may go next when another has settled."""
    return list(connection.execute(_WAITING, {"company": company, "emp_code": emp_code}).scalars())


def hasten(connection: Connection, company: str, emp_code: str, now: datetime) -> None:
    """What waits for another try is due now; what waits for proof (ambiguous) keeps waiting."""
    c = punches.c
    waiting = and_(c.company == company, c.emp_code == emp_code, c.state.in_((State.RECORDED, State.MANUAL_DUE)))
    connection.execute(update(punches).where(waiting).values(next_at=now))


def find_asked(connection: Connection, company: str, emp_code: str, limit: int) -> list[Punch]:
    """What the employee asked for, the newest first; corrections that the bot filed by itself, too."""
    c = punches.c
    filed = or_(c.asked_at.is_not(None), c.manual_log_id.is_not(None), c.state.in_(MANUAL))
    query = select(punches).where(c.company == company, c.emp_code == emp_code, filed)
    return [_read(row) for row in connection.execute(query.order_by(c.recorded_at.desc(), c.id.desc()).limit(limit))]


# -- telling -----------------------------------------------------------------------------------------------------------


def count_states(connection: Connection) -> dict[str, int]:
    query = select(punches.c.state, func.count()).group_by(punches.c.state)
    return {str(state): number for state, number in connection.execute(query)}


def forget_places(connection: Connection, before: datetime) -> int:
    """Coordinates of final punches go; the area and how far off it was stay."""
    c = punches.c
    old = and_(c.latitude.is_not(None), c.punched_at < before, c.state.in_(FINAL), c.next_at.is_(None))
    gone = update(punches).where(old).values(latitude=None, longitude=None, accuracy=None, address=None)
    return connection.execute(gone).rowcount


def find_twins(connection: Connection, since: datetime) -> list[Punch]:
    """Punches young enough for the nightly audit."""
    return [_read(row) for row in connection.execute(select(punches).where(punches.c.punched_at >= since))]


def _one(connection: Connection, condition: Any) -> Punch | None:
    row = connection.execute(select(punches).where(condition)).one_or_none()
    return None if row is None else _read(row)
