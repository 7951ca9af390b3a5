"""Punches: kept once per source, taken and settled by compare-and-set."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, or_, select, update

from bot.attendance.model import Position, PunchState
from bot.attendance.progress import FINAL, POSTED, UNSETTLED, Decision, Neighbours, Progress, State
from bot.store.statements import insert_or_ignore
from bot.store.tables import punches

_PROGRESS = tuple(field.name for field in fields(Progress))


@dataclass(frozen=True, slots=True)
class Punch:
    """One row. `source` is what made it, `telegram:<chat>:<message>`; `ref` what the person and BioTime know it by."""

    id: int
    ref: str
    source: str
    link_id: int
    company: str
    emp_code: str
    chat_id: int
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

    @property
    def punched_at(self) -> datetime:
        return self.progress.punched_at


def add_punch(connection: Connection, punch: Punch, tell_at: datetime) -> Punch | None:
    """The row as kept, with its id; None where its source or its ref is taken."""
    values = _columns(punch) | asdict(punch.progress) | {"tell_at": tell_at}
    row_id = insert_or_ignore(connection, punches, **values)
    return None if row_id is None else replace(punch, id=row_id)


def find_punch(connection: Connection, punch_id: int) -> Punch | None:
    return _one(connection, punches.c.id == punch_id)


def find_punch_by_source(connection: Connection, source: str) -> Punch | None:
    return _one(connection, punches.c.source == source)


def load_last_punch(connection: Connection, company: str, emp_code: str) -> Punch | None:
    c = punches.c
    query = (
        select(punches)
        .where(c.company == company, c.emp_code == emp_code, c.state != State.REJECTED)
        .order_by(c.punched_at.desc(), c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _read(row)


def load_last_confirmed(connection: Connection, company: str) -> Punch | None:
    c = punches.c
    query = select(punches).where(c.company == company, c.state == State.CONFIRMED)
    row = connection.execute(query.order_by(c.punched_at.desc()).limit(1)).one_or_none()
    return None if row is None else _read(row)


def load_punches(connection: Connection, company: str, emp_code: str, since: datetime) -> list[Punch]:
    c = punches.c
    query = select(punches).where(c.company == company, c.emp_code == emp_code, c.punched_at >= since)
    return [_read(row) for row in connection.execute(query.order_by(c.punched_at, c.id))]


def load_neighbours(connection: Connection, punch: Punch) -> Neighbours:
    c = punches.c
    same = and_(c.company == punch.company, c.emp_code == punch.emp_code)
    earlier = or_(c.punched_at < punch.punched_at, and_(c.punched_at == punch.punched_at, c.id < punch.id))
    later = or_(c.punched_at > punch.punched_at, and_(c.punched_at == punch.punched_at, c.id > punch.id))
    # Stamped too far off, it waits for its correction, but the stamp is there.
    posted = or_(c.state.in_(POSTED), c.server_at.is_not(None))
    row = connection.execute(
        select(exists().where(same, earlier, c.state.in_(UNSETTLED)), exists().where(same, later, posted))
    ).one()
    return Neighbours(earlier_unsettled=bool(row[0]), later_posted=bool(row[1]))


def find_waiting(connection: Connection, company: str, emp_code: str) -> list[int]:
    """The employee's recorded punches, the oldest first: one of them may go next when another has settled."""
    c = punches.c
    query = select(c.id).where(c.company == company, c.emp_code == emp_code, c.state == State.RECORDED)
    return list(connection.execute(query.order_by(c.punched_at, c.id)).scalars())


def settle_punch(connection: Connection, before: Punch, after: Progress, **extra: Any) -> bool:
    """Writes `after` if the row still is what `before` was; False where somebody else got there first."""
    c = punches.c
    held = and_(c.id == before.id, c.state == before.progress.state, c.attempt == before.progress.attempt)
    changed = {n: getattr(after, n) for n in _PROGRESS if getattr(after, n) != getattr(before.progress, n)}
    if not changed and not extra:
        return True
    return connection.execute(update(punches).where(held).values(**changed, **extra)).rowcount == 1


def find_due(connection: Connection, now: datetime, limit: int = 200) -> list[int]:
    c = punches.c
    query = select(c.id).where(c.next_at <= now).order_by(c.punched_at, c.id).limit(limit)
    return list(connection.execute(query).scalars())


def has_open(connection: Connection, link_id: int, final: Iterable[State]) -> bool:
    """Whether one of the link's punches is still on its way."""
    c = punches.c
    return bool(connection.execute(select(exists().where(c.link_id == link_id, c.state.not_in(final)))).scalar())


def hasten(connection: Connection, company: str, emp_code: str, now: datetime) -> None:
    """What waits for another try is due now; what waits for proof (ambiguous) keeps waiting."""
    c = punches.c
    waiting = and_(c.company == company, c.emp_code == emp_code, c.state.in_((State.RECORDED, State.MANUAL_DUE)))
    connection.execute(update(punches).where(waiting).values(next_at=now))


def find_claimed(connection: Connection) -> list[Punch]:
    """Punches that some process holds."""
    held = punches.c.state.in_((State.SENDING, State.MANUAL_SENDING))
    return [_read(row) for row in connection.execute(select(punches).where(held))]


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


def settle_message(connection: Connection, punch_id: int, message_id: int) -> None:
    connection.execute(update(punches).where(punches.c.id == punch_id).values(message_id=message_id))


def settle_told(
    connection: Connection, punch_id: int, told: str, state: State, attempt: int, *, moved_tell_at: datetime
) -> None:
    """Told; nothing more is due unless the row has moved on in the meantime: then what was said last is old."""
    c = punches.c
    unmoved = and_(c.id == punch_id, c.state == state, c.attempt == attempt)
    if connection.execute(update(punches).where(unmoved).values(told=told, tell_at=None)).rowcount == 0:
        again = func.coalesce(c.tell_at, moved_tell_at, type_=c.tell_at.type)
        connection.execute(update(punches).where(c.id == punch_id).values(told=told, tell_at=again))


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
    )
