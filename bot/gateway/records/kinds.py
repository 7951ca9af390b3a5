"""The numbers and words of the records (manual and wire notes); the inferred ones are marked (I)."""

from enum import IntEnum, StrEnum


class Dialect(StrEnum):
    """Which BioTime a company's clients see."""

    CLOUD = "cloud"
    ONPREM = "onprem"


class UserKind(StrEnum):
    """Who a token belongs to: a system user (manual 1), or an employee by web (2) or by app (6.1)."""

    SYSTEM = "system"
    STAFF = "staff"
    MOBILE = "mobile"


class AppRole(IntEnum):
    EMPLOYEE = 1
    ADMINISTRATOR = 2


class Source(IntEnum):
    """Where a transaction came from."""

    DEVICE = 1
    MANUAL_LOG = 2  # (I)
    APP = 3


class AuditStatus(IntEnum):
    """How far a manual log got."""

    PENDING = 1
    APPROVED = 2
    REJECTED = 3  # (I)
    REVOKED = 4  # (I)


APP_TERMINAL = "App"
"""The serial number under which every punch from the mobile API is kept."""
