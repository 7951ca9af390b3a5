"""Where the chain of somebody who was forgotten ended: their next receipt goes on from there.

Kept under a keyed hash: it names nobody, and without the key nobody can try whose it is.
"""

from sqlalchemy import Connection

from bot.attendance.receipt import FIRST
from bot.store import receipts as store
from bot.store.cipher import Cipher

PURPOSE = "hadir receipt ends"
START = (0, FIRST)
"""What a chain that was never removed goes on from: how many there were, and the signature of the last."""


class ReceiptEnds:
    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def load(self, connection: Connection, company: str, emp_code: str) -> tuple[int, str] | None:
        """None where nothing was removed."""
        return store.load_end(connection, self._names(company, emp_code))

    def keep(self, connection: Connection, company: str, emp_code: str) -> None:
        """Before the receipts go. Twice is the later end; without a receipt since, the end stays."""
        last = store.load_last(connection, company, emp_code)
        if last is not None:
            store.settle_end(connection, self._names(company, emp_code), *last)

    def _names(self, company: str, emp_code: str) -> tuple[str, ...]:
        """By each key that is here, the first key's first."""
        return self._cipher.blind(PURPOSE, f"{company}\n{emp_code}")
