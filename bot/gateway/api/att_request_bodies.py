"""The bodies of manual logs and leaves, checked and kept (wire notes, "Resources")."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.attendance.model import PunchState
from bot.biotime.wire.times import read_wall_text
from bot.gateway.api.att_filters import read_employee
from bot.gateway.api.mobile_bodies import CLOCK_SKEW, EARLIEST, MAX_REASON, MAX_WORK_CODE, STATES
from bot.gateway.records.approvals import NewManualLog, add_manual_log
from bot.gateway.records.leaves import NewLeave, add_leave, has_leave_between, has_pay_code
from bot.gateway.records.offices import Office
from bot.gateway.rest.bodies import Body
from bot.gateway.rest.errors import Invalid
from bot.gateway.rest.fields import REQUIRED, Fields, no_such_pk

MAX_TIME = 40
LONGEST_LEAVE = timedelta(days=366)
FIRST = datetime.fromtimestamp(EARLIEST, UTC)
LAST = datetime(2100, 1, 1, tzinfo=UTC)


def add_filed_manual_log(conn: Connection, office: Office, body: Body, now: datetime) -> int:
    """Raises Invalid."""
    fields = Fields(body)
    employee_id = read_employee(conn, office, body, fields)
    punched_at = _moment(fields, "punch_time", office)
    state = fields.choice("punch_state", STATES)
    work_code = fields.optional_text("work_code", MAX_WORK_CODE)
    reason = fields.optional_text("apply_reason", MAX_REASON)
    if punched_at > now + CLOCK_SKEW:
        fields.refuse("punch_time", "Punch time cannot be in the future.")
    fields.finish()
    new = NewManualLog(office.company_id, employee_id, punched_at, PunchState(state), work_code, reason, now)
    return add_manual_log(conn, new)


def add_filed_leave(conn: Connection, office: Office, body: Body, now: datetime) -> int:
    """Raises Invalid."""
    fields = Fields(body)
    employee_id = read_employee(conn, office, body, fields)
    pay_code_id = _pay_code(conn, office, fields)
    start_at, end_at = _moment(fields, "start_time", office), _moment(fields, "end_time", office)
    reason = fields.optional_text("apply_reason", MAX_REASON)
    if not fields.wrong and not start_at < end_at <= start_at + LONGEST_LEAVE:
        fields.refuse("end_time", f"A leave ends after it starts, and lasts {LONGEST_LEAVE.days} days at most.")
    fields.finish()
    if has_leave_between(conn, employee_id, start_at, end_at):
        raise Invalid({"non_field_errors": ["There is another leave in this time."]})
    return add_leave(conn, NewLeave(office.company_id, employee_id, pay_code_id, start_at, end_at, reason, now))


def _pay_code(conn: Connection, office: Office, fields: Fields) -> int:
    pay_code_id = fields.pk("pay_code")
    if pay_code_id is None:
        fields.refuse("pay_code", REQUIRED)
    elif pay_code_id and not has_pay_code(conn, office.company_id, pay_code_id):
        fields.refuse("pay_code", no_such_pk(pay_code_id))
    return pay_code_id or 0


def _moment(fields: Fields, name: str, office: Office) -> datetime:
    """Company wall clock text."""
    text = fields.text(name, MAX_TIME, trim=True)
    try:
        at = read_wall_text(text, office.zone)
    except ValueError:
        if text:
            fields.refuse(name, "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DD hh:mm:ss.")
        return FIRST
    if not FIRST <= at < LAST:
        fields.refuse(name, f"Ensure this value is between {FIRST:%Y-%m-%d} and {LAST:%Y-%m-%d}.")
        return FIRST
    return at
