"""What can go wrong between us and BioTime, sorted by what the caller may do next.

BioTimeError
├── NotSent           provably nothing was applied: send again, after `retry_after` where given
│   └── Unauthorized  the token is no longer taken: log in again, then send again
├── Refused           final: sending the same again gives the same; tell the person `reasons`
│   └── WrongCredentials
└── Unclear           anything else: it may have been applied. Never send a write again, look for it instead
"""

from datetime import timedelta


class BioTimeError(Exception):
    """`status` is the HTTP status, None where no answer came.

    The message names what happened and never quotes a body: bodies hold tokens, passwords and places.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class NotSent(BioTimeError):
    """No connection was made, or the server turned us away before doing anything (403, 429)."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: timedelta | None = None) -> None:
        super().__init__(message, status=status)
        self.retry_after = retry_after


class Unauthorized(NotSent):
    """401: the token is missing, unknown or expired."""


class Refused(BioTimeError):
    """400, 404 or 422 in BioTime's own words (JSON). `reasons` are those words, for people, not for logs."""

    def __init__(self, message: str, *, status: int | None = None, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(message, status=status)
        self.reasons = reasons


class WrongCredentials(Refused):
    """A login with an unknown username or a wrong password; BioTime does not say which."""


class Unclear(BioTimeError):
    """The request may have arrived: lost or late answer, redirect, 5xx, HTML, half a body, success that is not one."""
