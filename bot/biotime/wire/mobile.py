"""The mobile API: manual chapters 6.2 to 6.5 and 6.8 (6.6 and 6.7 are in `mobile_time`, 6.9 in `passwords`).

Four encodings of time meet here (wire notes); each member names the function of `times` that reads it.
"""

from pydantic import Field

from bot.biotime.wire.envelope import Identifier, Messages, Wire


class AppSettings(Wire):
    """Who is logged in (manual 6.2)."""

    server_name: str | None
    emp_id: Identifier
    emp_code: str
    name: str | None
    photo: str | None
    department: str | None
    position: str | None
    area: str | None
    app_role: int
    """1 employee, 2 administrator."""
    ts_email: str | None
    website: str | None
    copyright: str | None
    status_code: int = 200
    message: Messages = Field(default_factory=list)


class MobileEmployee(Wire):
    """One row of the employee list (manual 6.3)."""

    id: Identifier
    emp_code: str
    first_name: str | None
    email: str | None
    photo: str | None
    department_name: str | None
    position_name: str | None


class MobileEmployeeAnswer(MobileEmployee):
    """One employee alone (manual 6.3): the row with the mobile members merged in."""

    status_code: int = 200
    message: Messages = Field(default_factory=list)


class NewPunch(Wire):
    """Body of the clock-in POST (manual 6.4). It carries no time and no key; the server stamps it on arrival."""

    latitude: str | None = Field(default=None, repr=False)
    """Degrees as decimal text, seven decimals in the manual."""
    longitude: str | None = Field(default=None, repr=False)
    punch_state: str
    source: int = 3
    emp_code: str
    """Ignored by the server: who punches is known from the token."""
    terminal_sn: str = "App"
    gps_location: str | None = Field(default=None, repr=False)
    """Free text that the lists give back."""


class PunchReceipt(NewPunch):
    """Answer of the clock-in POST (manual 6.4), 201."""

    emp_id: Identifier
    punch_time: str
    """Company wall clock text: `times.read_wall_text`."""
    upload_time: str
    """Company wall clock, ISO with microseconds: `times.read_wall_text` and `times.write_wall_iso`."""
    status_code: int = 201
    message: Messages = Field(default_factory=list)


class ListedPunch(Wire):
    """One row of GET transactions (manual 6.4). Rows of other people are among them."""

    emp_code: str
    punch_date: int
    """Midnight of the wall clock's day: `times.write_wall_date_seconds`."""
    punch_time: int
    """Seconds of the wall clock as if it were UTC: `times.read_wall_seconds`."""
    punch_state: str
    source: int
    """1 terminal, 3 app."""
    description: str | None = Field(default=None, repr=False)
    gps_location: str | None = Field(default=None, repr=False)
    terminal_sn: str | None = None


class NewManualLog(Wire):
    """Body of a manual log (manual 6.5)."""

    punch_time: str
    """True Unix seconds, as text: `times.read_unix_text`."""
    punch_state: str
    work_code: str | None = None
    apply_reason: str | None = None


class ManualLogReceipt(Wire):
    """Answer of a manual log (manual 6.5), 201. `punch_state` is a number here, text in the body."""

    punch_time: str
    apply_reason: str | None
    punch_state: int
    work_code: str | None
    id: int
    status_code: int = 201
    message: Messages = Field(default_factory=list)


class ListedManualLog(Wire):
    """One row of GET manual_logs (manual 6.8). All its times are company wall clock text."""

    id: int
    audit_status: int
    """1 pending, 2 approved, 3 rejected, 4 revoked."""
    revoke_reason: str | None = None
    punch_time: str
    punch_state: int
    work_code: str | None = None
    apply_reason: str | None = None
    apply_time: str | None = None
    audit_reason: str | None = None
    audit_time: str | None = None
    approval_level: int | str | None = None
    audit_user_id: Identifier | None = None
    approver: str | None = None
    company: Identifier | None = None
    employee: Identifier
