"""Receipts: appended to the chain of their employee, never changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, insert, select

from bot.store.tables import receipt_ends, receipts

_C = receipts.c
_OF_EMPLOYEE = and_(_C.company == bindparam("company"), _C.emp_code == bindparam("emp_code"))
# Built once: every confirmed punch needs them.
_LAST = select(_C.seq, _C.signature).where(_OF_EMPLOYEE).order_by(_C.seq.desc()).limit(1)
_MADE = select(_C.id).where(_C.punch_id == bindparam("punch_id"), _C.outcome == bindparam("outcome"))
_ADD = insert(receipts)
_ROW = select(_C.company, _C.emp_code, _C.seq, _C.ref, _C.line, _C.signature)


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """`line` is whole, its signature at the end; `signature` is that once more, for the chain."""

    company: str
    emp_code: str
    seq: int
    ref: str
    line: str
    signature: str


def load_last(connection: Connection, company: str, emp_code: str) -> tuple[int, str] | None:
    """How many there are, and the signature of the last."""
    row = connection.execute(_LAST, {"company": company, "emp_code": emp_code}).first()
    return None if row is None else (int(row.seq), str(row.signature))


def load_end(connection: Connection, names: Sequence[str]) -> tuple[int, str] | None:
    """Of the employee of these keyed hashes, as `load_last`."""
    c = receipt_ends.c
    row = connection.execute(select(c.seq, c.signature).where(c.who.in_(names)).order_by(c.seq.desc())).first()
    return None if row is None else (int(row.seq), str(row.signature))


def settle_end(connection: Connection, names: Sequence[str], seq: int, signature: str) -> None:
    """Under the first of the names; what stood under any of them is of the past."""
    connection.execute(receipt_ends.delete().where(receipt_ends.c.who.in_(names)))
    connection.execute(insert(receipt_ends), {"who": names[0], "seq": seq, "signature": signature})


def has_receipt(connection: Connection, punch_id: int, outcome: str) -> bool:
    return connection.execute(_MADE, {"punch_id": punch_id, "outcome": outcome}).first() is not None


def add_receipt(connection: Connection, row: ReceiptRow, *, punch_id: int, outcome: str, now: datetime) -> None:
    values = {"company": row.company, "emp_code": row.emp_code, "seq": row.seq, "ref": row.ref, "line": row.line}
    about = {"punch_id": punch_id, "outcome": outcome, "made_at": now, "signature": row.signature}
    connection.execute(_ADD, values | about)


def load_of_ref(connection: Connection, company: str, ref: str) -> list[ReceiptRow]:
    """All of one punch, the oldest first; of this company only."""
    found = _ROW.where(_C.company == company, _C.ref == ref).order_by(_C.seq)
    return [ReceiptRow(*row) for row in connection.execute(found)]


def load_chain(connection: Connection, company: str, emp_code: str) -> list[ReceiptRow]:
    found = _ROW.where(_C.company == company, _C.emp_code == emp_code).order_by(_C.seq)
    return [ReceiptRow(*row) for row in connection.execute(found)]


def walk_receipts(connection: Connection) -> Iterator[ReceiptRow]:
    """Everybody's, chain by chain."""
    for row in connection.execute(_ROW.order_by(_C.company, _C.emp_code, _C.seq)):
        yield ReceiptRow(*row)
