"""Records as the mobile API's JSON (manual 6.2 to 6.5, 6.8). Times are converted here, on the way out."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.biotime.wire.mobile import AppSettings, ListedManualLog, ListedPunch, MobileEmployee, MobileEmployeeAnswer
from bot.biotime.wire.times import write_wall_date_seconds, write_wall_seconds, write_wall_text
from bot.gateway.records.approvals import ManualLog
from bot.gateway.records.people import Person
from bot.gateway.records.punches import Punch
from bot.gateway.settings import AppSettingsTexts


def build_app_settings(person: Person, areas: str, texts: AppSettingsTexts) -> AppSettings:
    return AppSettings(
        server_name=texts.server_name,
        emp_id=person.id,
        emp_code=person.emp_code,
        name=" ".join(name for name in (person.first_name, person.last_name) if name),
        photo=person.photo,
        department=person.department_name,
        position=person.position_name or "",
        area=areas,
        app_role=person.app_role,
        ts_email=texts.ts_email,
        website=texts.website,
        copyright=texts.copyright,
    )


def build_employee(person: Person) -> MobileEmployee:
    return MobileEmployee(
        id=person.id,
        emp_code=person.emp_code,
        first_name=person.first_name,
        email=person.email or "",
        photo=person.photo,
        department_name=person.department_name,
        position_name=person.position_name or "",
    )


def build_employee_answer(person: Person) -> MobileEmployeeAnswer:
    return MobileEmployeeAnswer.model_validate(build_employee(person).model_dump())


def build_punch(punch: Punch, zone: ZoneInfo) -> ListedPunch:
    return ListedPunch(
        emp_code=punch.emp_code,
        punch_date=write_wall_date_seconds(punch.punched_at, zone),
        punch_time=write_wall_seconds(punch.punched_at, zone),
        punch_state=str(punch.punch_state),
        source=punch.source,
        # The place for a punch from the app, the terminal's name for one from a terminal (both are in the manual).
        description=punch.gps_location if punch.terminal_alias is None else punch.terminal_alias,
        gps_location=punch.gps_location,
        terminal_sn=punch.terminal_sn,
    )


def build_manual_log(log: ManualLog, zone: ZoneInfo) -> ListedManualLog:
    return ListedManualLog(
        id=log.id,
        audit_status=log.audit_status,
        revoke_reason=log.revoke_reason,
        punch_time=write_wall_text(log.punched_at, zone),
        punch_state=log.punch_state,
        # Filed as null, listed as "": so the manual has it.
        work_code=log.work_code or "",
        apply_reason=log.apply_reason or "",
        apply_time=write_wall_text(log.applied_at, zone),
        audit_reason=log.audit_reason,
        audit_time=_write(log.audited_at, zone),
        approval_level=None,
        audit_user_id=None,
        approver=log.approver,
        company=log.company_id,
        employee=log.employee_id,
    )


def _write(at: datetime | None, zone: ZoneInfo) -> str | None:
    return write_wall_text(at, zone) if at else None
