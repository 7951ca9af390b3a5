"""Between wire models and values: the only place where the client meets wire times and numbers as text."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.attendance.model import PunchState
from bot.biotime.errors import Unclear
from bot.biotime.values import (
    AppSettings,
    AuditStatus,
    Employee,
    ListedPunch,
    ManualLog,
    ManualLogUpload,
    PunchSource,
    PunchStamp,
    PunchUpload,
)
from bot.biotime.wire import mobile, times

_ADMINISTRATOR = 2


def read_app_settings(wire: mobile.AppSettings) -> AppSettings:
    return AppSettings(
        emp_id=str(wire.emp_id),
        emp_code=wire.emp_code,
        name=wire.name or "",
        department=wire.department or "",
        position=wire.position or "",
        area=wire.area or "",
        is_administrator=wire.app_role == _ADMINISTRATOR,
    )


def read_employee(wire: mobile.MobileEmployee) -> Employee:
    return Employee(
        id=str(wire.id),
        emp_code=wire.emp_code,
        first_name=wire.first_name or "",
        email=wire.email or "",
        department_name=wire.department_name or "",
        position_name=wire.position_name or "",
        photo=wire.photo or "",
    )


def write_punch(punch: PunchUpload) -> mobile.NewPunch:
    """Degrees with seven decimals, the manual's, which is a centimetre."""
    return mobile.NewPunch(
        latitude=f"{punch.position.latitude:.7f}",
        longitude=f"{punch.position.longitude:.7f}",
        punch_state=str(int(punch.punch_state)),
        source=PunchSource.APP,
        emp_code=punch.emp_code,
        gps_location=punch.gps_location,
    )


def read_stamp(wire: mobile.PunchReceipt, zone: ZoneInfo, near: datetime | None) -> PunchStamp:
    """`near` is the server's Date header: in the hour that comes twice it tells which of the two."""
    try:
        punched_at = times.read_wall_text(wire.punch_time, zone, near)
    except ValueError as error:
        raise Unclear("the receipt has no time that can be read") from error
    return PunchStamp(punched_at=punched_at, gps_location=wire.gps_location, emp_code=wire.emp_code)


def read_punch(wire: mobile.ListedPunch, zone: ZoneInfo) -> ListedPunch:
    try:
        readings = times.wall_readings(times.wall_of_seconds(wire.punch_time), zone)
    except ValueError as error:
        raise Unclear("a listed punch has no time that can be read") from error
    return ListedPunch(
        emp_code=wire.emp_code,
        readings=readings,
        punch_state=read_punch_state(wire.punch_state),
        source=wire.source,
        gps_location=wire.gps_location,
        description=wire.description,
        terminal_sn=wire.terminal_sn,
    )


def write_manual_log(log: ManualLogUpload) -> mobile.NewManualLog:
    return mobile.NewManualLog(
        punch_time=times.write_unix_text(log.punched_at),
        punch_state=str(int(log.punch_state)),
        apply_reason=log.apply_reason,
    )


def read_manual_log(wire: mobile.ListedManualLog, zone: ZoneInfo) -> ManualLog:
    try:
        readings = times.read_wall_text_readings(wire.punch_time, zone)
        apply_at = times.read_wall_text(wire.apply_time, zone) if wire.apply_time else None
        audit_status = AuditStatus(wire.audit_status)
    except ValueError as error:
        raise Unclear("a listed manual log cannot be read") from error
    return ManualLog(
        id=wire.id,
        employee=str(wire.employee),
        readings=readings,
        punch_state=read_punch_state(str(wire.punch_state)),
        apply_reason=wire.apply_reason,
        audit_status=audit_status,
        audit_reason=wire.audit_reason,
        apply_at=apply_at,
    )


def read_punch_state(text: str) -> PunchState:
    # Terminals may be set up with function keys of their own; such a row must not make the list unreadable.
    return PunchState(int(text)) if text in _KNOWN_STATES else PunchState.UNKNOWN


_KNOWN_STATES = {str(int(state)) for state in PunchState}
