"""The bodies of the mobile API, checked (manual 6.4, 6.5, 6.9 and the URLs after it)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.attendance.model import PunchState
from bot.biotime.wire.times import read_unix_text
from bot.gateway.api.auth import MAX_PASSWORD
from bot.gateway.records.tables import EMAIL_LENGTH, NAME_LENGTH
from bot.gateway.rest.bodies import Body
from bot.gateway.rest.fields import Fields

MAX_GPS_LOCATION = 1000
MAX_REASON = 1000
MAX_WORK_CODE = 20
# A phone's clock, or the bot's, may run ahead of ours.
CLOCK_SKEW = timedelta(minutes=15)
# 2000-01-01 UTC: what is older comes from a clock that was never set.
EARLIEST = 946_684_800

MIN_PASSWORD = 8
MAX_CODE = 20

STATES = frozenset(state.value for state in PunchState)


@dataclass(frozen=True, slots=True)
class UploadedPunch:
    """The position in degrees and in the sender's own digits, which the answer repeats."""

    latitude: float
    longitude: float
    latitude_text: str
    longitude_text: str
    punch_state: PunchState
    gps_location: str | None


@dataclass(frozen=True, slots=True)
class UploadedManualLog:
    """`punch_time` is true Unix seconds as they came."""

    punched_at: datetime
    punch_time: str
    punch_state: PunchState
    work_code: str | None
    apply_reason: str | None


@dataclass(frozen=True, slots=True)
class WhoForgot:
    """`company` as a login names it; None: the host's."""

    email: str
    company: str | None


@dataclass(frozen=True, slots=True)
class UsedCode:
    who: WhoForgot
    code: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordChange:
    old: str = field(repr=False)
    new: str = field(repr=False)


def read_punch(body: Body) -> UploadedPunch:
    """`emp_code`, `source`, `terminal_sn` and any time are not looked at: the server knows better. Raises Invalid."""
    fields = Fields(body)
    latitude, latitude_text = fields.number("latitude", -90, 90)
    longitude, longitude_text = fields.number("longitude", -180, 180)
    state = fields.choice("punch_state", STATES)
    gps_location = fields.optional_text("gps_location", MAX_GPS_LOCATION)
    fields.finish()
    return UploadedPunch(latitude, longitude, latitude_text, longitude_text, PunchState(state), gps_location)


def read_manual_log(body: Body, now: datetime) -> UploadedManualLog:
    """Raises Invalid."""
    fields = Fields(body)
    seconds = fields.whole("punch_time", EARLIEST)
    state = fields.choice("punch_state", STATES)
    work_code = fields.optional_text("work_code", MAX_WORK_CODE)
    reason = fields.optional_text("apply_reason", MAX_REASON)
    latest = int((now + CLOCK_SKEW).timestamp())
    if seconds > latest:
        fields.refuse("punch_time", "Punch time cannot be in the future.")
    fields.finish()
    text = str(seconds)
    return UploadedManualLog(read_unix_text(text), text, PunchState(state), work_code, reason)


def read_forgotten(body: Body) -> WhoForgot:
    """`{email}`, or `{search_item, company_name, …}`: what else the second holds says nothing. Raises Invalid."""
    fields = Fields(body)
    who = _read_who(fields, body)
    fields.finish()
    return who


def read_code(body: Body) -> UsedCode:
    """The members are not in the manual: `otp` or `code`, `new_password` or `password`. Raises Invalid."""
    fields = Fields(body)
    who = _read_who(fields, body)
    code = fields.text(_present(body, "otp", "code"), MAX_CODE, trim=True)
    password = _read_new_password(fields, body)
    fields.finish()
    return UsedCode(who, code, password)


def read_change(body: Body) -> PasswordChange:
    """Not in the manual, either: `old_password`, and the new one as in `read_code`. Raises Invalid."""
    fields = Fields(body)
    old = fields.text("old_password", MAX_PASSWORD)
    new = _read_new_password(fields, body)
    fields.finish()
    return PasswordChange(old, new)


def _read_who(fields: Fields, body: Body) -> WhoForgot:
    email = fields.text(_present(body, "email", "search_item"), EMAIL_LENGTH, trim=True)
    company = fields.optional_text(_present(body, "company_name", "company"), NAME_LENGTH)
    return WhoForgot(email, company)


def _read_new_password(fields: Fields, body: Body) -> str:
    name = _present(body, "new_password", "password")
    password = fields.text(name, MAX_PASSWORD)
    if 0 < len(password) < MIN_PASSWORD:
        fields.refuse(name, f"Ensure this field has at least {MIN_PASSWORD} characters.")
    if "confirm_password" in body and body["confirm_password"] != body.get(name):
        fields.refuse("confirm_password", "The two passwords are not the same.")
    return password


def _present(body: Body, name: str, alias: str) -> str:
    return alias if name not in body and alias in body else name
