"""The page's way into the API: the endpoints that integrations call, in process, as the administrator at the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx
from starlette.types import ASGIApp

from bot.gateway.access.gate import Gate
from bot.gateway.records.callers import Claims
from bot.gateway.records.companies import Login
from bot.gateway.rest.errors import ApiError

WHOLE = ""
"""The name under which stands what is wrong with no field of its own."""
Errors = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sent:
    """Done, unless there are `errors`, by member of the body."""

    errors: Errors = field(default_factory=dict)


class Desk:
    def __init__(self, gate: Gate, app: ASGIApp) -> None:
        self._gate = gate
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")

    async def send(self, claims: Claims, method: str, path: str, body: Mapping[str, object] | None = None) -> Sent:
        """Raises ApiError for every refusal but a 400."""
        answer = await self._http.request(method, path, json=body, headers=self._headers(claims))
        if answer.status_code == 400:
            return Sent(_read_errors(answer.json()))
        if answer.is_error:
            raise ApiError(answer.status_code, answer.json())
        return Sent()

    def _headers(self, claims: Claims) -> Mapping[str, str]:
        login = Login(claims.user_id, claims.company_id, "", "", "", claims.version, active=True)
        return {"Authorization": f"JWT {self._gate.tokens.sign_login(claims.kind, login, self._gate.now())}"}


def _read_errors(body: Mapping[str, object]) -> Errors:
    """`{"detail": "…"}` and `non_field_errors` are about the whole."""
    errors: dict[str, list[str]] = {}
    for name, said in body.items():
        reasons = [str(reason) for reason in said] if isinstance(said, list) else [str(said)]
        errors.setdefault(WHOLE if name in ("detail", "non_field_errors") else name, []).extend(reasons)
    return errors
