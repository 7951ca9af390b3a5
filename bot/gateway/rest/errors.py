"""Refusals in Django REST Framework's words (wire notes, "Errors"). Raised anywhere below a request, answered once."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import ceil

from starlette.responses import Response

FieldErrors = Mapping[str, list[str]]
CHALLENGE = {"WWW-Authenticate": 'JWT realm="api"'}


class ApiError(Exception):
    """A refusal: its status, its JSON body and the headers that go with it."""

    def __init__(
        self,
        status: int,
        body: Mapping[str, object] | Sequence[Mapping[str, object]],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers

    def response(self) -> Response:
        # ASCII: an error may quote what came in, and a lone surrogate cannot be encoded otherwise.
        return Response(json.dumps(self.body), self.status, self.headers, "application/json")


class Invalid(ApiError):
    def __init__(self, errors: FieldErrors) -> None:
        super().__init__(400, errors)
        self.errors = errors


class InvalidItems(ApiError):
    """Of a list of objects, each with what is wrong with it, nothing for the good ones."""

    def __init__(self, errors: Sequence[FieldErrors]) -> None:
        super().__init__(400, errors)


class Unauthorized(ApiError):
    def __init__(self, detail: str = "Invalid token.") -> None:
        super().__init__(401, {"detail": detail}, CHALLENGE)


class Forbidden(ApiError):
    def __init__(self) -> None:
        super().__init__(403, {"detail": "You do not have permission to perform this action."})


class NotFound(ApiError):
    def __init__(self, detail: str = "Not found.") -> None:
        super().__init__(404, {"detail": detail})


class MethodNotAllowed(ApiError):
    def __init__(self, method: str, allow: str) -> None:
        super().__init__(405, {"detail": f'Method "{method}" not allowed.'}, {"Allow": allow})


class Throttled(ApiError):
    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, ceil(wait.total_seconds()))
        unit = "second" if seconds == 1 else "seconds"
        detail = f"Request was throttled. Expected available in {seconds} {unit}."
        super().__init__(429, {"detail": detail}, {"Retry-After": str(seconds)})


def refused_body(status: int, detail: str) -> ApiError:
    return ApiError(status, {"detail": detail})


def not_authenticated() -> Unauthorized:
    return Unauthorized("Authentication credentials were not provided.")


def wrong_credentials() -> Invalid:
    # 400, not 401, and the same for an unknown company, an unknown user and a wrong password.
    return Invalid({"non_field_errors": ["Unable to log in with provided credentials."]})
