"""Receipts of punches: written in the transaction that settles the punch, shown, and looked at again later.

A receipt that somebody holds is proved by its signature alone. What the database knows besides is for the employee and
for HR: a stranger learns of the text in their hands whether it is genuine, and nothing else.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import groupby

from sqlalchemy import Connection

from bot.attendance.progress import Decision, Progress, State
from bot.attendance.receipt import Receipt, Statement, build_signed_text, find_line, read_line, write_line
from bot.database import Database
from bot.services.managing import HR
from bot.services.receipt_ends import START, ReceiptEnds
from bot.services.spelling import clean_username
from bot.store import receipts as store
from bot.store.cipher import Cipher
from bot.store.links import Link
from bot.store.punches import Punch
from bot.store.receipts import ReceiptRow

PURPOSE = "hadir receipts"
CONFIRMED, APPROVED = "confirmed", "approved"
# What people mistake when they copy a reference by hand (Crockford).
_GROUPED = re.compile(r"[\s.-]+")
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


class Verdict(Enum):
    GENUINE = "signed by us, as it stands"
    NOT_GENUINE = "altered, or not ours"
    UNKNOWN = "no receipt of that reference for who asks"
    NO_RECEIPT = "no reference and no receipt"


@dataclass(frozen=True, slots=True)
class Judged:
    """`receipts` is what may be shown: of a text, what the text itself says; of a reference, all of that punch.

    `chain_is_whole`: whether the employee's whole chain stands; None where that is not for who asks. `is_gone`: it
    cannot be said, for this receipt is none of those that are kept, as after the employee had theirs removed;
    `is_removed`: it is one of those for certain. `since_removal`: the chain is that of the receipts made after that.
    """

    verdict: Verdict
    receipts: tuple[Receipt, ...] = ()
    chain_is_whole: bool | None = None
    is_gone: bool = False
    is_removed: bool = False
    since_removal: bool = False


def outcome_of(progress: Progress) -> str | None:
    """What a receipt would say; None as long as BioTime has not taken the punch for good."""
    if progress.state is State.CONFIRMED:
        return CONFIRMED
    approved = progress.state is State.MANUAL_CONFIRMED and progress.decision is Decision.APPROVED
    return APPROVED if approved else None


class ReceiptBook:
    """Writes receipts, over a connection: in the transaction of whoever settles the punch."""

    def __init__(self, cipher: Cipher, now: Callable[[], datetime]) -> None:
        self._cipher = cipher
        self._ends = ReceiptEnds(cipher)
        self._now = now

    def is_due(self, progress: Progress) -> bool:
        return outcome_of(progress) is not None

    def write(self, connection: Connection, row: Punch) -> None:
        """Once for each outcome: what was said is never said otherwise, a new outcome is a new receipt.

        The employee is locked: the chain has one end, and on PostgreSQL two punches may settle at the same time.
        """
        outcome = outcome_of(row.progress)
        if outcome is None:
            return
        if store.has_receipt(connection, row.id, outcome):
            return
        last = store.load_last(connection, row.company, row.emp_code)
        seq, previous = last or self._ends.load(connection, row.company, row.emp_code) or START
        statement = Statement(
            company=row.company,
            emp_code=row.emp_code,
            seq=seq + 1,
            ref=row.ref,
            punch_state=row.punch_state,
            punched_at=row.punched_at.replace(microsecond=0),
            place=row.area if row.area and row.inside else "",
            outcome=outcome,
        )
        key, signature = self._cipher.sign(PURPOSE, lambda key: build_signed_text(statement, previous, key))
        line = write_line(Receipt(statement, previous, key, signature))
        kept = ReceiptRow(row.company, row.emp_code, seq + 1, row.ref, line, signature)
        store.add_receipt(connection, kept, punch_id=row.id, outcome=outcome, now=self._now())


class Receipts:
    def __init__(self, db: Database, cipher: Cipher) -> None:
        self._db = db
        self._cipher = cipher
        self._ends = ReceiptEnds(cipher)

    async def find(self, link: Link, ref: str) -> tuple[Receipt, ...]:
        """The person's own receipts of a punch, the oldest first."""
        rows = await self._db.read(lambda c: store.load_of_ref(c, link.company, read_ref(ref)))
        own = [row for row in rows if row.emp_code == link.emp_code]
        return tuple(receipt for row in own if (receipt := read_line(row.line)))

    async def judge_text(self, text: str, link: Link | None) -> Judged:
        line = find_line(text)
        if line is None:
            return Judged(Verdict.NO_RECEIPT)
        receipt = read_line(line)
        if receipt is None or not is_genuine(self._cipher, receipt):
            return Judged(Verdict.NOT_GENUINE)
        said = receipt.statement
        if link is None or not _may_look(link, said.company, said.emp_code):
            return Judged(Verdict.GENUINE, (receipt,))
        chain, end = await self._load_chain(said.company, said.emp_code)
        whole = find_break(self._cipher, chain, end or START) is None
        if receipt.signature in {row.signature for row in chain}:
            return Judged(Verdict.GENUINE, (receipt,), whole, since_removal=end is not None)
        if end is not None and said.seq <= end[0]:
            return Judged(Verdict.GENUINE, (receipt,), is_removed=True)
        if whole and end is None:
            return Judged(Verdict.GENUINE, (receipt,), is_gone=True)
        return Judged(Verdict.GENUINE, (receipt,), chain_is_whole=False)

    async def judge_ref(self, ref: str, link: Link | None) -> Judged:
        """For the employee and for HR; for everybody else there is none, whether or not there is."""
        if link is None:
            return Judged(Verdict.UNKNOWN)
        rows = await self._db.read(lambda c: store.load_of_ref(c, link.company, read_ref(ref)))
        seen = [row for row in rows if _may_look(link, row.company, row.emp_code)]
        if not seen:
            return Judged(Verdict.UNKNOWN)
        found = tuple(receipt for row in seen if (receipt := read_line(row.line)))
        genuine = len(found) == len(seen) and all(is_genuine(self._cipher, receipt) for receipt in found)
        verdict = Verdict.GENUINE if genuine else Verdict.NOT_GENUINE
        chain, end = await self._load_chain(seen[0].company, seen[0].emp_code)
        whole = find_break(self._cipher, chain, end or START) is None
        return Judged(verdict, found, whole, since_removal=end is not None)

    async def _load_chain(self, company: str, emp_code: str) -> tuple[list[ReceiptRow], tuple[int, str] | None]:
        """What there is, and the end of what was removed before it."""

        def load(connection: Connection) -> tuple[list[ReceiptRow], tuple[int, str] | None]:
            end = self._ends.load(connection, company, emp_code)
            return store.load_chain(connection, company, emp_code), end

        return await self._db.read(load)

    async def find_breaks(self) -> tuple[int, list[tuple[str, str, int]]]:
        """How many receipts there are, and where a chain is broken: (company, emp_code, number)."""

        def walk(connection: Connection) -> tuple[int, list[tuple[str, str, int]]]:
            count, breaks = 0, []
            for (company, emp_code), rows in groupby(store.walk_receipts(connection), _whose):
                chain = list(rows)
                count += len(chain)
                broken = find_break(self._cipher, chain, self._ends.load(connection, company, emp_code) or START)
                if broken is not None:
                    breaks.append((company, emp_code, broken))
            return count, breaks

        return await self._db.read(walk)


def read_ref(typed: str) -> str:
    """In any script's digits, in small letters, in groups."""
    return "".join(_GROUPED.split(clean_username(typed))).upper().translate(_ALIKE)


def is_genuine(cipher: Cipher, receipt: Receipt) -> bool:
    signed = build_signed_text(receipt.statement, receipt.previous, receipt.key)
    return cipher.verify(PURPOSE, receipt.key, signed, receipt.signature)


def find_break(cipher: Cipher, chain: Iterable[ReceiptRow], end: tuple[int, str] = START) -> int | None:
    """The first number at which something was changed, put in or taken out; the end cannot be seen to be missing.

    `end`: that of the receipts which were removed before these.
    """
    before, previous = end
    for number, row in enumerate(chain, before + 1):
        receipt = read_line(row.line)
        if receipt is None or receipt.previous != previous or not is_genuine(cipher, receipt):
            return number
        said = receipt.statement
        if (said.company, said.emp_code, said.seq, said.ref) != (row.company, row.emp_code, number, row.ref):
            return number
        previous = receipt.signature
    return None


def _whose(row: ReceiptRow) -> tuple[str, str]:
    return row.company, row.emp_code


def _may_look(link: Link, company: str, emp_code: str) -> bool:
    own = link.company == company and link.emp_code == emp_code
    return own or (link.company == company and link.app_role == HR)
