"""Punches: kept once per source, taken and settled by compare-and-set."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, exists, func, or_, select, update

from bot.attendance.model import Position, PunchState
from bot.attendance.progress import FINAL, MANUAL, POSTED, UNSETTLED, Decision, Neighbours, Progress, State
from bot.store.statements import insert_or_ignore
from bot.store.tables import punches

# Behind every id there is: where a punch stands that is not kept yet.
NEWEST = 2**31 - 1
_PROGRESS = tuple(field.name for field in fields(Progress))

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
_NEWEST_FIRST = select(punches).where(_OF_EMPLOYEE, _COUNTS).order_by(_C.punched_at.desc(), _C.id.desc()).limit(1)
_LAST_BEFORE = _NEWEST_FIRST.where(_C.punched_at <= bindparam("before"))
_SINCE = select(punches).where(_OF_EMPLOYEE, _C.punched_at >= bindparam("since")).order_by(_C.punched_at, _C.id)
_TIMES = select(_C.punched_at, _C.punch_state).where(_OF_EMPLOYEE, _C.punched_at >= bindparam("since"), _COUNTS)
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
_HELD = update(punches).where(
    _C.id == bindparam("held_id"), _C.state == bindparam("held_state"), _C.attempt == bindparam("held_attempt")
)
_BY_ID = update(punches).where(_C.id == bindparam("held_id"))
_BY_SOURCE = select(punches).where(_C.source == bindparam("source"))
# Told, and nothing more is due, unless the row has moved on in the meantime: then what was said last is old.
_TOLD = (
    update(punches)
    .where(_C.id == bindparam("held_id"))
    .values(
        told=bindparam("told_now"),
        message_id=bindparam("message"),
        tell_at=case(
            (and_(_C.state == bindparam("held_state"), _C.attempt == bindparam("held_attempt")), None),
            else_=func.coalesce(_C.tell_at, bindparam("moved_tell_at", type_=_C.tell_at.type), type_=_C.tell_at.type),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Punch:
    """One row. `source` is what made it, `telegram:<chat>:<message>`; `ref` what the person and BioTime know it by;
    `language` what the person was spoken to in then; `note` why it was forgotten, where it was asked for afterwards.
    """

    id: int
    ref: str
    source: str
    link_id: int
    company: str
    emp_code: str
    chat_id: int
    language: str
    punch_state: PunchState
    recorded_at: datetime
    position: Position | None
    area: str | None
    distance: float | None
    inside: bool | None
    address: str | None
    evidence: tuple[str, ...]
    progress: Progress
    message_id: int | None = None
    sends: int = 0
    told: str | None = None
    note: str | None = None

    @property
    def punched_at(self) -> datetime:
        return self.progress.punched_at

    @property
    def counts(self) -> bool:
        """Whether it is a punch as far as anybody knows: not what was refused or taken back."""
        row = self.progress
        undone = row.asked_at is not None and row.decision in (Decision.REFUSED, Decision.REVOKED)
        refused = row.state is State.REJECTED and row.server_at is None
        return not undone and not refused and row.state is not State.WITHDRAWN


def add_punch(connection: Connection, punch: Punch, tell_at: datetime) -> Punch | None:
    """The row as kept, with its id; None where its source or its ref is taken."""
    values = _columns(punch) | asdict(punch.progress) | {"tell_at": tell_at}
    row_id = insert_or_ignore(connection, punches, **values)
    return None if row_id is None else replace(punch, id=row_id)


def find_punch(connection: Connection, punch_id: int) -> Punch | None:
    return _one(connection, punches.c.id == punch_id)


def find_punch_by_source(connection: Connection, source: str) -> Punch | None:
    row = connection.execute(_BY_SOURCE, {"source": source}).one_or_none()
    return None if row is None else _read(row)


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
    connection: Connection, company: str, emp_code: str, since: datetime
) -> list[tuple[datetime, PunchState]]:
    """When and what, of the punches that BioTime did not refuse."""
    rows = connection.execute(_TIMES, {"company": company, "emp_code": emp_code, "since": since})
    return [(at, PunchState(state)) for at, state in rows]


def load_neighbours(connection: Connection, punch: Punch) -> Neighbours:
    values: dict[str, Any] = {
        "company": punch.company,
        "emp_code": punch.emp_code,
        "at": punch.punched_at,
        "id": punch.id or NEWEST,
    }
    values |= {"unsettled": list(UNSETTLED), "posted": list(POSTED)}
    earlier, later = connection.execute(_NEIGHBOURS, values).one()
    return Neighbours(earlier_unsettled=bool(earlier), later_posted=bool(later))


def find_waiting(connection: Connection, company: str, emp_code: str) -> list[int]:
    """The employee's recorded punches, the oldest first: one of them may go next when another has settled."""
    return list(connection.execute(_WAITING, {"company": company, "emp_code": emp_code}).scalars())


def settle_punch(connection: Connection, before: Punch, after: Progress, **extra: Any) -> bool:
    """Writes `after` if the row still is what `before` was; False where somebody else got there first."""
    held = {"held_id": before.id, "held_state": before.progress.state, "held_attempt": before.progress.attempt}
    changed = {n: getattr(after, n) for n in _PROGRESS if getattr(after, n) != getattr(before.progress, n)}
    if not changed and not extra:
        return True
    return connection.execute(_HELD, held | changed | extra).rowcount == 1


def find_due(connection: Connection, now: datetime, limit: int = 200) -> list[int]:
    c = punches.c
    query = select(c.id).where(c.next_at <= now).order_by(c.punched_at, c.id).limit(limit)
    return list(connection.execute(query).scalars())


def hasten(connection: Connection, company: str, emp_code: str, now: datetime) -> None:
    """What waits for another try is due now; what waits for proof (ambiguous) keeps waiting."""
    c = punches.c
    waiting = and_(c.company == company, c.emp_code == emp_code, c.state.in_((State.RECORDED, State.MANUAL_DUE)))
    connection.execute(update(punches).where(waiting).values(next_at=now))


def hasten_decision(connection: Connection, company: str, manual_log_id: int, now: datetime) -> None:
    """Somebody has just decided about this manual log: what became of it is asked now."""
    c = punches.c
    filed = and_(c.company == company, c.manual_log_id == manual_log_id, c.next_at.is_not(None))
    connection.execute(update(punches).where(filed).values(next_at=now))


def find_claimed(connection: Connection) -> list[Punch]:
    """Punches that some process holds."""
    held = punches.c.state.in_((State.SENDING, State.MANUAL_SENDING))
    return [_read(row) for row in connection.execute(select(punches).where(held))]


def find_asked(connection: Connection, company: str, emp_code: str, limit: int) -> list[Punch]:
    """What the employee asked for, the newest first; corrections that the bot filed by itself, too."""
    c = punches.c
    filed = or_(c.asked_at.is_not(None), c.manual_log_id.is_not(None), c.state.in_(MANUAL))
    query = select(punches).where(c.company == company, c.emp_code == emp_code, filed)
    return [_read(row) for row in connection.execute(query.order_by(c.recorded_at.desc(), c.id.desc()).limit(limit))]


# -- telling -----------------------------------------------------------------------------------------------------------


def find_untold(connection: Connection, now: datetime, limit: int = 200) -> list[int]:
    c = punches.c
    return list(connection.execute(select(c.id).where(c.tell_at <= now).order_by(c.tell_at).limit(limit)).scalars())


def claim_send(connection: Connection, punch: Punch) -> bool:
    """sendMessage has no key: whoever may send says so first, so that a crash leaves at most one message."""
    c = punches.c
    mine = update(punches).where(c.id == punch.id, c.sends == punch.sends).values(sends=punch.sends + 1)
    return connection.execute(mine).rowcount == 1


def return_send(connection: Connection, punch_id: int, tell_at: datetime) -> int:
    """Provably not sent: it may be tried again. Returns the sends that count, as `postpone_telling` does."""
    c = punches.c
    changed = update(punches).where(c.id == punch_id).values(sends=c.sends - 1, tell_at=tell_at)
    return int(connection.execute(changed.returning(c.sends)).scalar_one())


def settle_message(connection: Connection, punch_id: int, message_id: int | None) -> None:
    connection.execute(_BY_ID, {"held_id": punch_id, "message_id": message_id})


def settle_told(connection: Connection, punch: Punch, told: str, *, moved_tell_at: datetime) -> None:
    """Told, in the punch's message. Where the row has moved on, the next telling is due at `moved_tell_at` at the
    latest."""
    held = {"held_id": punch.id, "held_state": punch.progress.state, "held_attempt": punch.progress.attempt}
    said = {"told_now": told, "message": punch.message_id, "moved_tell_at": moved_tell_at}
    connection.execute(_TOLD, held | said)


def postpone_telling(connection: Connection, punch_id: int, tell_at: datetime) -> int:
    changed = update(punches).where(punches.c.id == punch_id).values(tell_at=tell_at)
    return int(connection.execute(changed.returning(punches.c.sends)).scalar_one())


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


def _columns(punch: Punch) -> dict[str, Any]:
    place = punch.position
    return {
        "ref": punch.ref,
        "source": punch.source,
        "link_id": punch.link_id,
        "company": punch.company,
        "emp_code": punch.emp_code,
        "chat_id": punch.chat_id,
        "language": punch.language,
        "punch_state": int(punch.punch_state),
        "recorded_at": punch.recorded_at,
        "latitude": place and place.latitude,
        "longitude": place and place.longitude,
        "accuracy": place and place.accuracy,
        "area": punch.area,
        "distance": punch.distance,
        "inside": punch.inside,
        "address": punch.address,
        "evidence": " ".join(punch.evidence),
        "sends": punch.sends,
        "message_id": punch.message_id,
        "note": punch.note,
    }


def _read(row: Row[Any]) -> Punch:
    decision = row.decision and Decision(row.decision)
    known = {"state": State(row.state), "decision": decision}
    progress = Progress(**{name: getattr(row, name) for name in _PROGRESS} | known)
    here = None if row.latitude is None else Position(row.latitude, row.longitude, row.accuracy)
    return Punch(
        id=row.id,
        ref=row.ref,
        source=row.source,
        link_id=row.link_id,
        company=row.company,
        emp_code=row.emp_code,
        chat_id=row.chat_id,
        language=row.language,
        punch_state=PunchState(row.punch_state),
        recorded_at=row.recorded_at,
        position=here,
        area=row.area,
        distance=row.distance,
        inside=row.inside,
        address=row.address,
        evidence=tuple(row.evidence.split()),
        progress=progress,
        message_id=row.message_id,
        sends=row.sends,
        told=row.told,
        note=row.note,
    )
