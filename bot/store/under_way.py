"""What is kept first and sent to BioTime then, a punch or a leave: its row, taken and settled by compare-and-set.

The columns are those of `attendance/progress.py`, and those of what the person was told: the message that is edited,
how often one was sent, and the last thing it said.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Table, and_, bindparam, case, func, select, update
from sqlalchemy import Row as FetchedRow

from bot.attendance.progress import Decision, Neighbours, Progress, State
from bot.store.statements import insert_or_ignore

_PROGRESS = tuple(field.name for field in fields(Progress))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """One row. `source` is what made it, `telegram:<chat>:<message>`; `ref` what the person and BioTime know it by;
    `language` what the person was spoken to in then; `note` the person's words that go with it.
    """

    id: int
    ref: str
    source: str
    link_id: int
    company: str
    emp_code: str
    chat_id: int
    language: str
    recorded_at: datetime
    progress: Progress
    message_id: int | None = None
    sends: int = 0
    told: str | None = None
    note: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it holds as far as anybody knows: not what was refused or taken back."""
        row = self.progress
        undone = row.asked_at is not None and row.decision in (Decision.REFUSED, Decision.REVOKED)
        refused = row.state is State.REJECTED and row.server_at is None
        return not undone and not refused and row.state is not State.WITHDRAWN


Row = TypeVar("Row", bound=UnderWay)
_OWN = tuple(field.name for field in fields(UnderWay) if field.name not in ("id", "progress"))


class Rows(Protocol[Row]):
    """A module of such rows: `store/punches`, `store/leaves`."""

    def add(self, connection: Connection, row: Row, tell_at: datetime) -> Row | None: ...
    def find(self, connection: Connection, row_id: int) -> Row | None: ...
    def find_by_source(self, connection: Connection, source: str) -> Row | None: ...
    def settle(self, connection: Connection, before: Row, after: Progress, **extra: Any) -> bool: ...
    def find_due(self, connection: Connection, now: datetime, limit: int = 200) -> list[int]: ...
    def find_claimed(self, connection: Connection) -> list[Row]: ...
    def find_untold(self, connection: Connection, now: datetime, limit: int = 200) -> list[int]: ...
    def claim_send(self, connection: Connection, row: Row) -> bool: ...
    def return_send(self, connection: Connection, row_id: int, tell_at: datetime) -> int: ...
    def settle_message(self, connection: Connection, row_id: int, message_id: int | None) -> None: ...
    def settle_told(self, connection: Connection, row: Row, told: str, *, moved_tell_at: datetime) -> None: ...
    def postpone_telling(self, connection: Connection, row_id: int, tell_at: datetime) -> int: ...

    def load_neighbours(self, connection: Connection, row: Row) -> Neighbours:
        """The employee's other rows that this one must wait for."""

    def find_waiting(self, connection: Connection, company: str, emp_code: str) -> list[int]:
        """Rows that may have waited for another."""


class UnderWayRows(Generic[Row]):
    """The rows of one table. `columns` gives what is the table's alone, `read` makes a row of what was fetched.

    Statements that every row needs are built once: building one takes longer than running it.
    """

    def __init__(
        self, table: Table, columns: Callable[[Row], dict[str, Any]], read: Callable[[FetchedRow[Any]], Row]
    ) -> None:
        self._table = table
        self._columns = columns
        self._read = read
        c = table.c
        self._by_id = update(table).where(c.id == bindparam("held_id"))
        self._held = self._by_id.where(c.state == bindparam("held_state"), c.attempt == bindparam("held_attempt"))
        self._by_source = select(table).where(c.source == bindparam("source"))
        moved = bindparam("moved_tell_at", type_=c.tell_at.type)
        same = and_(c.state == bindparam("held_state"), c.attempt == bindparam("held_attempt"))
        # Told, and nothing more is due, unless the row has moved on in the meantime: then what was said last is old.
        self._told = self._by_id.values(
            told=bindparam("told_now"),
            message_id=bindparam("message"),
            tell_at=case((same, None), else_=func.coalesce(c.tell_at, moved, type_=c.tell_at.type)),
        )

    def add(self, connection: Connection, row: Row, tell_at: datetime) -> Row | None:
        """The row as kept, with its id; None where its source or its ref is taken."""
        own = {name: getattr(row, name) for name in _OWN}
        values = own | self._columns(row) | asdict(row.progress) | {"tell_at": tell_at}
        row_id = insert_or_ignore(connection, self._table, **values)
        return None if row_id is None else replace(row, id=row_id)

    def find(self, connection: Connection, row_id: int) -> Row | None:
        found = connection.execute(select(self._table).where(self._table.c.id == row_id)).one_or_none()
        return None if found is None else self._read(found)

    def find_by_source(self, connection: Connection, source: str) -> Row | None:
        found = connection.execute(self._by_source, {"source": source}).one_or_none()
        return None if found is None else self._read(found)

    def settle(self, connection: Connection, before: Row, after: Progress, **extra: Any) -> bool:
        """Writes `after` if the row still is what `before` was; False where somebody else got there first."""
        held = {"held_id": before.id, "held_state": before.progress.state, "held_attempt": before.progress.attempt}
        changed = {n: getattr(after, n) for n in _PROGRESS if getattr(after, n) != getattr(before.progress, n)}
        if not changed and not extra:
            return True
        return connection.execute(self._held, held | changed | extra).rowcount == 1

    def find_due(self, connection: Connection, now: datetime, limit: int = 200) -> list[int]:
        c = self._table.c
        query = select(c.id).where(c.next_at <= now).order_by(c.punched_at, c.id).limit(limit)
        return list(connection.execute(query).scalars())

    def find_claimed(self, connection: Connection) -> list[Row]:
        """Rows that some process holds."""
        held = self._table.c.state.in_((State.SENDING, State.MANUAL_SENDING))
        return [self._read(row) for row in connection.execute(select(self._table).where(held))]

    def hasten_decision(self, connection: Connection, company: str, filed_id: int, now: datetime) -> None:
        """Somebody has just decided about what BioTime knows by this id: what became of it is asked now."""
        c = self._table.c
        filed = and_(c.company == company, c.manual_log_id == filed_id, c.next_at.is_not(None))
        connection.execute(update(self._table).where(filed).values(next_at=now))

    def find_undecided(self, connection: Connection, company: str) -> dict[int, datetime]:
        """BioTime's ids of what was filed and is asked about still, each with when it is."""
        c = self._table.c
        open_ = and_(c.company == company, c.decision == Decision.PENDING, c.next_at.is_not(None))
        rows = connection.execute(select(c.manual_log_id, c.punched_at).where(open_, c.manual_log_id.is_not(None)))
        return {row.manual_log_id: row.punched_at for row in rows}

    # -- telling -------------------------------------------------------------------------------------------------------

    def find_untold(self, connection: Connection, now: datetime, limit: int = 200) -> list[int]:
        c = self._table.c
        return list(connection.execute(select(c.id).where(c.tell_at <= now).order_by(c.tell_at).limit(limit)).scalars())

    def claim_send(self, connection: Connection, row: Row) -> bool:
        """sendMessage has no key: whoever may send says so first, so that a crash leaves at most one message."""
        c = self._table.c
        mine = update(self._table).where(c.id == row.id, c.sends == row.sends).values(sends=row.sends + 1)
        return connection.execute(mine).rowcount == 1

    def return_send(self, connection: Connection, row_id: int, tell_at: datetime) -> int:
        """Provably not sent: it may be tried again. Returns the sends that count, as `postpone_telling` does."""
        c = self._table.c
        changed = update(self._table).where(c.id == row_id).values(sends=c.sends - 1, tell_at=tell_at)
        return int(connection.execute(changed.returning(c.sends)).scalar_one())

    def settle_message(self, connection: Connection, row_id: int, message_id: int | None) -> None:
        connection.execute(self._by_id, {"held_id": row_id, "message_id": message_id})

    def settle_told(self, connection: Connection, row: Row, told: str, *, moved_tell_at: datetime) -> None:
        """Told, in the row's message. Where the row has moved on, the next telling is due at `moved_tell_at` at the
        latest."""
        held = {"held_id": row.id, "held_state": row.progress.state, "held_attempt": row.progress.attempt}
        said = {"told_now": told, "message": row.message_id, "moved_tell_at": moved_tell_at}
        connection.execute(self._told, held | said)

    def postpone_telling(self, connection: Connection, row_id: int, tell_at: datetime) -> int:
        c = self._table.c
        changed = update(self._table).where(c.id == row_id).values(tell_at=tell_at)
        return int(connection.execute(changed.returning(c.sends)).scalar_one())


def read_under_way(row: FetchedRow[Any]) -> dict[str, Any]:
    """What the fetched row says for `UnderWay`'s own fields."""
    known = {"state": State(row.state), "decision": row.decision and Decision(row.decision)}
    progress = Progress(**{name: getattr(row, name) for name in _PROGRESS} | known)
    return {name: getattr(row, name) for name in _OWN} | {"id": row.id, "progress": progress}
