"""The bodies of terminals and of their uploads, checked. The manual shows none: these are the members of its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.attendance.model import PunchState
from bot.biotime.wire.times import read_wall_text_readings
from bot.gateway.records.tables import CODE_LENGTH, NAME_LENGTH
from bot.gateway.records.uploads import TerminalPunch
from bot.gateway.rest.bodies import Body
from bot.gateway.rest.errors import FieldErrors, Invalid, InvalidItems
from bot.gateway.rest.fields import Fields

# A terminal's clock may run ahead of ours.
CLOCK_SKEW = timedelta(minutes=15)
# What is older comes from a clock that was never set.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_TIME = 40
# A terminal that hands in a punch within this time of it is one that hands them in at once.
AT_ONCE = timedelta(minutes=20)
MOST_SMALL, MOST = 2**15 - 1, 2**31 - 1
WRONG_TIME = "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DD HH:MM:SS."
STATES = frozenset(state.value for state in PunchState)

_TEXTS = {"ip_address": CODE_LENGTH, "fw_ver": NAME_LENGTH, "push_ver": NAME_LENGTH}
_NEEDED_TEXTS = {"alias": NAME_LENGTH, "terminal_name": NAME_LENGTH, "transfer_time": CODE_LENGTH}
_NUMBERS = {
    "transfer_interval": MOST_SMALL,
    "is_attendance": 1,
    "user_count": MOST,
    "fp_count": MOST,
    "face_count": MOST,
    "palm_count": MOST,
    "transaction_count": MOST,
}
_FARTHEST = 14 * 60


@dataclass(frozen=True, slots=True)
class Clock:
    """The company's wall clock and the time now."""

    zone: ZoneInfo
    now: datetime


def read_terminal(fields: Fields, clock: Clock, *, new: bool) -> dict[str, object]:
    """The columns that the body sets, but for the area and the serial number's uniqueness, which the records know.
    What is wrong is noted in `fields`.
    """
    values: dict[str, object] = {}
    if new or fields.given("sn"):
        values["sn"] = fields.text("sn", CODE_LENGTH, trim=True)
    if new:
        values["alias"] = values["terminal_name"] = ""
    values |= {name: fields.text(name, limit) for name, limit in _NEEDED_TEXTS.items() if not fields.empty(name)}
    values |= {name: fields.optional_text(name, limit) for name, limit in _TEXTS.items() if fields.given(name)}
    values |= {name: _number(fields, name, 0, most) for name, most in _NUMBERS.items() if not fields.empty(name)}
    if fields.given("terminal_tz"):
        empty = fields.empty("terminal_tz")
        values["terminal_tz"] = None if empty else _number(fields, "terminal_tz", -_FARTHEST, _FARTHEST)
    if not fields.empty("last_activity"):
        values["last_activity_at"] = _moment(fields, "last_activity", clock)
    return values


def read_punches(bodies: Sequence[Body], clock: Clock, *, listed: bool) -> list[TerminalPunch]:
    """All of them, or none. Raises Invalid, for a list InvalidItems."""
    punches: list[TerminalPunch] = []
    errors: list[FieldErrors] = []
    for body in bodies:
        try:
            punches.append(_read_punch(body, clock))
            errors.append({})
        except Invalid as problem:
            errors.append(problem.errors)
    refuse_items(errors, listed=listed)
    return punches


def refuse_items(errors: Sequence[FieldErrors], *, listed: bool) -> None:
    """Raises where there is anything wrong with one of them."""
    if any(errors):
        raise InvalidItems(errors) if listed else Invalid(errors[0])


def unknown_terminals(punches: Sequence[TerminalPunch], known: Mapping[str, object]) -> list[FieldErrors]:
    return [
        {} if punch.terminal_sn in known else {"terminal_sn": [f"Object with sn={punch.terminal_sn} does not exist."]}
        for punch in punches
    ]


def _read_punch(body: Body, clock: Clock) -> TerminalPunch:
    fields = Fields(body)
    emp_code = fields.text("emp_code", CODE_LENGTH, trim=True)
    terminal_sn = fields.text("terminal_sn", CODE_LENGTH, trim=True)
    punched_at = _moment(fields, "punch_time", clock)
    state = fields.choice("punch_state", STATES)
    punch = TerminalPunch(
        terminal_sn=terminal_sn,
        emp_code=emp_code,
        punched_at=punched_at,
        punch_state=PunchState(state) if state in STATES else PunchState.UNKNOWN,
        verify_type=0 if fields.empty("verify_type") else _number(fields, "verify_type", 0, MOST_SMALL),
        # So the manual's terminals have it where nobody has entered one.
        work_code=fields.optional_text("work_code", CODE_LENGTH) or "0",
        temperature=None if fields.empty("temperature") else fields.number("temperature", 0, 100)[0],
        mask_flag=None if fields.empty("mask_flag") else _number(fields, "mask_flag", 0, MOST_SMALL),
    )
    fields.finish()
    return punch


def _number(fields: Fields, name: str, low: int, high: int) -> int:
    number = fields.whole(name, low)
    if number <= high:
        return number
    fields.refuse(name, f"Ensure this value is less than or equal to {high}.")
    return high


def _moment(fields: Fields, name: str, clock: Clock) -> datetime:
    """Company wall clock text, in whole seconds. In the hour that comes twice the terminal that tells at once is
    believed to tell of now; a late one is read as the first of the two.
    """
    text = fields.text(name, LONGEST_TIME)
    try:
        readings = read_wall_text_readings(text, clock.zone)
    except ValueError:
        if text:
            fields.refuse(name, WRONG_TIME)
        return clock.now
    at = next((one for one in readings if abs(clock.now - one) < AT_ONCE), readings[0])
    if at > clock.now + CLOCK_SKEW:
        fields.refuse(
            name, "Punch time cannot be in the future." if name == "punch_time" else "Cannot be later than now."
        )
    if at < EARLIEST:
        fields.refuse(name, "Ensure this value is greater than or equal to 2000-01-01 00:00:00.")
    return at.replace(microsecond=0)
