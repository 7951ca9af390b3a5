"""The bodies of the mobile API's two uploads, checked (manual 6.4, 6.5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.model import PunchState
from bot.biotime.wire.times import read_unix_text
from bot.gateway.rest.bodies import Body
from bot.gateway.rest.fields import Fields

MAX_GPS_LOCATION = 1000
MAX_REASON = 1000
MAX_WORK_CODE = 20
# A phone's clock, or the bot's, may run ahead of ours.
CLOCK_SKEW = timedelta(minutes=15)
# 2000-01-01 UTC: what is older comes from a clock that was never set.
EARLIEST = 946_684_800

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
