"""Terminals and transactions through the web API (manual 4, 9): values, and the client for them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.attendance.model import PunchState
from bot.biotime.exchange import Exchange
from bot.biotime.reading import read_punch_state
from bot.biotime.resources import Filter, Resource, Shape, header_of
from bot.biotime.wire import iclock as wire
from bot.biotime.wire import times

TERMINALS, TRANSACTIONS = "/iclock/api/terminals/", "/iclock/api/transactions/"
# At its longest a punch is 300 bytes, and a body may have 64 KB.
MOST_PUNCHES = 200
_ONLINE = "1"


@dataclass(frozen=True, slots=True)
class Terminal:
    """A row of 4.1. `last_activity_at` is when the server last heard of it, None if never."""

    id: int
    sn: str
    alias: str
    area_id: int | None
    area_name: str
    is_online: bool
    last_activity_at: datetime | None
    transaction_count: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """A row of 9.1: a punch of anybody in the company. `emp_id` is None while nobody has that emp_code.

    `readings` are the instants its wall clock time can mean, earliest first: two in the hour that comes twice.
    """

    id: int
    emp_code: str
    emp_id: str | None
    readings: tuple[datetime, ...]
    punch_state: PunchState
    source: int | None
    gps_location: str | None = field(repr=False)
    terminal_sn: str | None
    terminal_alias: str | None
    uploaded_at: datetime | None

    @property
    def punched_at(self) -> datetime:
        """The first reading."""
        return self.readings[0]


@dataclass(frozen=True, slots=True)
class TerminalPunch:
    """A punch to hand in for a terminal. `punched_at` in whole seconds."""

    terminal_sn: str
    emp_code: str
    punched_at: datetime
    punch_state: PunchState = PunchState.UNKNOWN
    verify_type: int | None = None


class Iclock:
    """Everything raises BioTimeError (see `errors`). `zone` is the company's."""

    def __init__(self, exchange: Exchange, zone: ZoneInfo) -> None:
        self._exchange = exchange
        self._zone = zone
        terminal = Shape(wire.OnpremTerminal, self._read_terminal)
        self._transaction = Shape(wire.ReadTransaction, self._read_transaction)
        self.terminals = Resource(exchange, TERMINALS, terminal, terminal)
        self.transactions = Resource(exchange, TRANSACTIONS, self._transaction, self._transaction)

    def fetch_terminals(self, token: str, **filters: Filter) -> AsyncIterator[Terminal]:
        """By `sn`, `alias`, `state`, `area`."""
        return self.terminals.fetch(token, **filters)

    async def fetch_transactions(
        self,
        token: str,
        emp_code: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        page_size: int | None = None,
    ) -> AsyncIterator[Transaction]:
        """Those that may have been made from `start` to `end`, both included, as the server lists them. Complete when
        it ends without raising.
        """
        asked = self.transactions.fetch(
            token,
            emp_code=emp_code,
            start_time=times.write_wall_text(start, self._zone) if start else None,
            end_time=_write_end(end, self._zone) if end else None,
            page_size=page_size,
        )
        async for row in asked:
            # Not every server knows every filter, and none knows which of two hours was meant.
            if emp_code in (None, row.emp_code) and _is_within(row.readings, start, end):
                yield row

    async def register(self, token: str, terminal: wire.NewTerminal) -> Terminal:
        """Refused where the company has that serial number already. Our own gateway takes it; a tenant may not."""
        return await self.terminals.create(token, terminal)

    async def upload(self, token: str, punches: Sequence[TerminalPunch]) -> list[Transaction]:
        """What became of each, in their order. Our own gateway keeps each once, however often it is sent: after
        Unclear, send them again. A tenant may not take any.
        """
        taken: list[Transaction] = []
        for start in range(0, len(punches), MOST_PUNCHES):
            some = punches[start : start + MOST_PUNCHES]
            body = wire.NewTransactions([self._write_punch(punch) for punch in some])
            answer = await self._exchange.post(TRANSACTIONS, header_of(token), body, sparse=True)
            taken += self._transaction.read_page(answer).rows
        return taken

    def _write_punch(self, punch: TerminalPunch) -> wire.NewTransaction:
        return wire.NewTransaction(
            emp_code=punch.emp_code,
            punch_time=times.write_wall_text(punch.punched_at, self._zone),
            punch_state=str(int(punch.punch_state)),
            terminal_sn=punch.terminal_sn,
            verify_type=punch.verify_type,
        )

    def _read_terminal(self, row: wire.OnpremTerminal) -> Terminal:
        return Terminal(
            id=row.id,
            sn=row.sn,
            alias=row.alias,
            area_id=row.area.id if row.area else None,
            area_name=row.area_name or (row.area.area_name if row.area else ""),
            is_online=str(row.state) == _ONLINE,
            last_activity_at=times.read_wall_text(row.last_activity, self._zone) if row.last_activity else None,
            transaction_count=row.transaction_count or 0,
        )

    def _read_transaction(self, row: wire.ReadTransaction) -> Transaction:
        return Transaction(
            id=row.id,
            emp_code=row.emp_code,
            emp_id=None if row.emp is None else str(row.emp),
            readings=times.read_wall_text_readings(row.punch_time, self._zone),
            punch_state=read_punch_state(row.punch_state),
            source=row.source,
            gps_location=row.gps_location,
            terminal_sn=row.terminal_sn,
            terminal_alias=row.terminal_alias,
            uploaded_at=times.read_utc_text(row.upload_time) if row.upload_time else None,
        )


def _write_end(end: datetime, zone: ZoneInfo) -> str:
    """A wall clock time that no server reads as one before `end`: in the second of two like hours, one hour on."""
    text = times.write_wall_text(end, zone)
    missing = end.replace(microsecond=0) - times.read_wall_text(text, zone)
    return times.write_wall_text(end + missing, zone)


def _is_within(readings: tuple[datetime, ...], start: datetime | None, end: datetime | None) -> bool:
    return any((start is None or at >= start) and (end is None or at <= end) for at in readings)
