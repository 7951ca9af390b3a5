"""Terminals and transactions as the web API's JSON (manual 4 and 9; for `onprem` the wire notes). Times on the way
out: the company's wall clock, but for `upload_time`, which is UTC.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.biotime.wire import iclock as wire
from bot.biotime.wire.envelope import Wire
from bot.biotime.wire.personnel import CompanyName
from bot.biotime.wire.times import write_utc_text, write_wall_text
from bot.gateway.api.answers import Members
from bot.gateway.records.kinds import Dialect
from bot.gateway.records.offices import Office
from bot.gateway.records.punches import Transaction
from bot.gateway.records.terminals import Terminal

# What the manual's rows all say, and nothing here makes use of.
PURPOSE, CRC = 9, "0"
_STATES = {0: "Check In", 1: "Check Out", 2: "Break Out", 3: "Break In", 4: "Overtime In", 5: "Overtime Out"}
_VERIFY_TYPES = {0: "Any", 1: "Fingerprint", 3: "Password", 4: "Card", 15: "Face", 25: "Palm"}
_MASKS = {None: "-", 0: "No"}


# The members that are columns as they stand.
_SAME = frozenset(wire.OnpremTerminal.model_fields) & frozenset(Terminal.__dataclass_fields__) - {"terminal_tz"}


def build_terminal(terminal: Terminal, office: Office, now: datetime) -> Wire:
    members = _terminal_members(terminal, office.zone, now)
    if office.dialect is Dialect.ONPREM:
        return wire.OnpremTerminal(**members, state=str(terminal.state(now).value))
    company = CompanyName(id=office.company_id, name=office.name)
    return wire.Terminal(**members, state=terminal.state(now).value, company=company)


def _terminal_members(terminal: Terminal, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    return {
        **{name: getattr(terminal, name) for name in _SAME},
        "terminal_tz": _offset(zone, now) if terminal.terminal_tz is None else terminal.terminal_tz,
        "area": _build_area(terminal),
        "last_activity": _write(terminal.last_activity_at, zone),
        "push_time": _write(terminal.push_at, zone) or wire.NEVER,
    }


def _build_area(terminal: Terminal) -> wire.TerminalArea | None:
    if terminal.area_id is None:
        return None
    return wire.TerminalArea(id=terminal.area_id, area_code=terminal.area_code, area_name=terminal.area_name)


def _offset(zone: ZoneInfo, now: datetime) -> int:
    """Minutes east of UTC, today."""
    offset = now.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) // 60 if offset is not None else 0


def build_transaction(transaction: Transaction, office: Office) -> Members:
    """Of `wire.Transaction`, or `wire.OnpremTransaction`."""
    members = _transaction_members(transaction, office.zone)
    if office.dialect is Dialect.CLOUD:
        members["company"] = transaction.company_id
        members["emp"] = transaction.employee_id
        members["terminal"] = transaction.terminal_id
        return members
    return {
        **members,
        "emp": transaction.employee_number,
        "terminal": transaction.terminal_id,
        "first_name": transaction.first_name,
        "last_name": transaction.last_name,
        "department": transaction.department_name,
        "position": transaction.position_name,
        "punch_state_display": _STATES.get(transaction.punch_state, "Unknown"),
        "verify_type_display": _VERIFY_TYPES.get(transaction.verify_type, "Unknown"),
        "is_mask": _MASKS.get(transaction.mask_flag, "Yes"),
    }


def _transaction_members(transaction: Transaction, zone: ZoneInfo) -> dict[str, object]:
    return {
        "id": transaction.id,
        "emp_code": transaction.emp_code,
        "punch_time": write_wall_text(transaction.punched_at, zone),
        "punch_state": str(transaction.punch_state),
        "verify_type": transaction.verify_type,
        "work_code": transaction.work_code,
        "terminal_sn": transaction.terminal_sn,
        "terminal_alias": transaction.terminal_alias,
        "area_alias": transaction.area_alias,
        "longitude": transaction.longitude,
        "latitude": transaction.latitude,
        "gps_location": transaction.gps_location,
        "mobile": transaction.mobile,
        "source": transaction.source,
        "purpose": PURPOSE,
        "crc": CRC,
        "is_attendance": None,
        "reserved": None,
        "upload_time": write_utc_text(transaction.uploaded_at),
        "sync_status": None,
        "sync_time": None,
        "temperature": transaction.temperature,
        "mask_flag": transaction.mask_flag,
    }


def _write(at: datetime | None, zone: ZoneInfo) -> str | None:
    return write_wall_text(at, zone) if at else None
