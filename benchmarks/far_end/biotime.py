"""BioTime's side: the manual's chapter 6 as far as a punch needs it, with its answers; logins give a token.

The token says who one is, as in the real service: its claim `username` is the emp_code, which here is the chat id.
"""

import base64
import json
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta

from benchmarks.far_end.diary import Diary, Entry
from benchmarks.far_end.http import Exchange, Request

DUBAI = timedelta(hours=4)
MOBILE = "/mobile/api/v1.0/"
DONE: dict[str, object] = {"status_code": 200, "message": []}


def employee_id(emp_code: str) -> str:
    """The UUID under which the far end knows an employee."""
    return str(uuid.UUID(int=int(emp_code)))


def build_token(emp_code: str, expires_at: int) -> str:
    """A JWT with the claims of a cloud token; `expires_at` in Unix seconds; the signature is nobody's."""
    claims = {"user_id": int(emp_code), "username": emp_code, "email": "", "exp": expires_at, "orig_iat": 0}
    parts = ({"typ": "JWT", "alg": "HS256"}, claims)
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*coded, base64.urlsafe_b64encode(bytes(32)).rstrip(b"=").decode()])


class BioTime:
    """`hold`: punches are not answered, so that updates pile up in the contestant."""

    def __init__(self, diary: Diary, latency: timedelta) -> None:
        self._diary = diary
        self._latency = latency
        self.hold = False

    def on_call(self, exchange: Exchange) -> None:
        self._diary.tally.biotime_calls += 1
        request = exchange.request
        path = request.path.rstrip("/")
        if path == MOBILE + "transactions" and request.method == "POST":
            self._punch(exchange, json.loads(request.body))
        else:
            status, answer = _look_up(path, request)
            exchange.answer(status, _dump(answer), self._latency)

    def _punch(self, exchange: Exchange, punch: Mapping[str, object]) -> None:
        if self.hold:
            return
        emp_code = str(punch["emp_code"])
        entry: Entry = {"kind": "punch", "chat": int(emp_code), "place": 0, "seconds": 0.0}
        exchange.on_answered = lambda: self._diary.note(entry)
        wall_clock = time.gmtime(time.time() + DUBAI.total_seconds())  # noqa: TID251 - a server stamps by its own clock
        answer = {
            **punch,
            "emp_id": employee_id(emp_code),
            "punch_time": time.strftime("%Y-%m-%d %H:%M:%S", wall_clock),
            "upload_time": time.strftime("%Y-%m-%dT%H:%M:%S.000000", wall_clock),
            "status_code": 201,
            "message": [],
        }
        exchange.answer(201, _dump(answer), self._latency)


def _look_up(path: str, request: Request) -> tuple[int, Mapping[str, object]]:
    if path.endswith("app_settings"):
        return 200, _app_settings(_emp_code(request))
    if path.startswith(MOBILE + "employees/") and path.count("/") == 5:
        return 200, {**_employee(_emp_code(request)), **DONE}
    if path.endswith(("auth_token", "api-token-auth", "api-token-refresh")):
        return 200, {"token": build_token(_emp_code(request), 2_000_000_000), **DONE}
    if path.startswith(MOBILE) and request.method == "GET":
        return 200, {"count": 0, "next": None, "previous": None, "results": [], **DONE}
    return 404, {"detail": "Not found."}


def _emp_code(request: Request) -> str:
    token = request.authorization.partition(" ")[2]
    if token.count(".") != 2:
        return "0"
    claims = token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["username"])


def _app_settings(emp_code: str) -> dict[str, object]:
    return {
        "server_name": "",
        "emp_id": employee_id(emp_code),
        "emp_code": emp_code,
        "name": "Mona",
        "photo": "",
        "department": "Department",
        "position": "Position",
        "area": "Dubai Office",
        "app_role": 1,
        "ts_email": "",
        "website": "",
        "copyright": "",
        **DONE,
    }


def _employee(emp_code: str) -> dict[str, object]:
    return {
        "id": employee_id(emp_code),
        "emp_code": emp_code,
        "first_name": "Mona",
        "email": "",
        "photo": "",
        "department_name": "Department",
        "position_name": "Position",
    }


def _dump(answer: Mapping[str, object]) -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode()
