"""Terminals and their punches: manual chapters 4 and 9.

The company's wall clock is in `last_activity` and `punch_time`, UTC in `upload_time`: each member names the function of
`times` that reads it. The `onprem` dialect (wire notes) has other members in the same places.
"""

from pydantic import Field, RootModel

from bot.biotime.wire.envelope import Identifier, Wire
from bot.biotime.wire.personnel import CompanyName

NEVER = "1901-01-01 00:00:00"
"""`push_time` of a terminal to which nothing was pushed yet (manual 4.1)."""


class TerminalArea(Wire):
    """The area a terminal stands in (manual 4.1)."""

    id: int
    area_code: str
    area_name: str


class OnpremTerminal(Wire):
    """One row of an on-prem server: no company, and `state` as text on 9.x."""

    id: int
    sn: str
    ip_address: str | None = None
    alias: str
    terminal_name: str | None = None
    fw_ver: str | None = None
    push_ver: str | None = None
    state: int | str
    """1 online."""
    terminal_tz: int | None = None
    """Minutes east of UTC."""
    area: TerminalArea | None = None
    last_activity: str | None = None
    """When the server last heard of it: `times.read_wall_text`."""
    user_count: int | None = None
    fp_count: int | None = None
    face_count: int | None = None
    palm_count: int | None = None
    transaction_count: int | None = None
    push_time: str | None = None
    """`times.read_wall_text`, `NEVER` included."""
    transfer_time: str | None = None
    transfer_interval: int | None = None
    is_attendance: int | None = None
    area_name: str | None = None


class Terminal(OnpremTerminal):
    """One row (manual 4.1, 4.2)."""

    company: CompanyName


class NewTerminal(Wire):
    """Body of create and update: an update sends what changes. The manual shows none; these are members of the row."""

    sn: str | None = None
    alias: str | None = None
    terminal_name: str | None = None
    area: int | None = None
    """The area's id."""
    ip_address: str | None = None
    fw_ver: str | None = None
    push_ver: str | None = None
    terminal_tz: int | None = None
    last_activity: str | None = None
    """For whoever speaks for the terminal: when it was heard of. `times.write_wall_text`."""
    user_count: int | None = None
    fp_count: int | None = None
    face_count: int | None = None
    palm_count: int | None = None


class _TransactionStart(Wire):
    id: int
    emp_code: str
    punch_time: str
    """Company wall clock: `times.read_wall_text`."""
    punch_state: str
    verify_type: int | str | None = None
    """1 fingerprint, 3 password, 4 card, 15 face, 25 palm."""
    work_code: str | None = None
    terminal_sn: str | None = None
    terminal_alias: str | None = None
    area_alias: str | None = None
    longitude: float | None = Field(default=None, repr=False)
    latitude: float | None = Field(default=None, repr=False)
    gps_location: str | None = Field(default=None, repr=False)
    mobile: str | None = None
    source: int | None = None
    """1 terminal, 3 app."""
    purpose: int | None = None
    crc: str | None = None
    is_attendance: int | None = None
    reserved: str | None = None
    upload_time: str | None = None
    """UTC, maybe months after `punch_time`: `times.read_utc_text`."""
    sync_status: int | None = None
    sync_time: str | None = None
    temperature: float | None = None
    mask_flag: int | None = None


class Transaction(_TransactionStart):
    """One row (manual 9.1)."""

    company: str
    emp: Identifier | None = None
    """The employee's id; null while nobody has that `emp_code`."""
    terminal: int | None = None
    """The terminal's id; null when the terminal is gone."""


class OnpremTransaction(_TransactionStart):
    """One row of an on-prem server: integer ids, no company, and who it was in words."""

    emp: int | None = None
    terminal: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    department: str | None = None
    position: str | None = None
    punch_state_display: str
    verify_type_display: str
    is_mask: str


class ReadTransaction(_TransactionStart):
    """What of a row is read, in either dialect."""

    emp: Identifier | None = None
    terminal: int | None = None


class NewTransaction(Wire):
    """Body of an upload, alone or in a list: one punch of one terminal. The manual shows none (ours)."""

    emp_code: str
    punch_time: str
    """Company wall clock: `times.write_wall_text`."""
    punch_state: str
    terminal_sn: str
    verify_type: int | None = None
    work_code: str | None = None
    temperature: float | None = None
    mask_flag: int | None = None


class NewTransactions(RootModel[list[NewTransaction]]):
    """Body of an upload of several: all are taken, or none."""
