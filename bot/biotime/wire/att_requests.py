"""What is filed and decided: manual logs and leaves of the web API (wire notes, "Resources").

Bodies are known from existing clients; the rows are the mobile API's (manual 6.8) with the employee's names. All times
are company wall clock text.
"""

from bot.biotime.wire.envelope import Identifier, Wire


class NewManualLog(Wire):
    """Body of POST manuallogs."""

    employee: Identifier
    punch_time: str
    punch_state: int | str
    work_code: str | None = None
    apply_reason: str | None = None


class NewLeave(Wire):
    """Body of POST leaves."""

    employee: Identifier
    pay_code: int
    start_time: str
    end_time: str
    apply_reason: str | None = None


class DecisionBody(Wire):
    """Body of `{id}/approve/`, `reject/` and `revoke/`; it may be empty."""

    audit_reason: str | None = None


class Filed(Wire):
    """What rows of both kinds have. `audit_status` 1 pending, 2 approved, 3 rejected, 4 revoked."""

    id: int
    employee: Identifier
    emp_code: str
    first_name: str | None = None
    last_name: str | None = None
    dept_name: str | None = None
    audit_status: int
    apply_reason: str | None = None
    apply_time: str | None = None
    audit_reason: str | None = None
    audit_time: str | None = None
    approver: str | None = None
    revoke_reason: str | None = None


class WebManualLog(Filed):
    punch_time: str
    punch_state: int
    work_code: str | None = None


class WebLeave(Filed):
    pay_code: int
    pay_code_name: str | None = None
    start_time: str
    end_time: str
