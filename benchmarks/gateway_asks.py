"""The requests that are compared, the same to both servers."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import httpx

from benchmarks.gateway_data import COMPANY, LAST_DAY, PASSWORD, SEED, Person, Size, Staff
from benchmarks.gateway_load import Ask

LOGIN = "/staff-jwt-api-token-auth/"
TRANSACTIONS = "/iclock/api/transactions/"
EMPLOYEES = "/personnel/api/employees/"
CLOCK_IN = "/mobile/api/v1.0/transactions/"
PAGE = 100
VARIETY = 512
"""Different requests of each kind, made in turn: too many for anybody's cache of answers."""
PUNCH = {
    "latitude": "25.0916434",
    "longitude": "55.1586873",
    "punch_state": "0",
    "gps_location": "35R5+JCW - Al Sufouh - Dubai Internet City - Dubai - United Arab Emirates",
}
_JSON = {"Content-Type": "application/json"}

Tokens = Sequence[str]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`build` makes the requests out of the tokens of the administrators."""

    name: str
    label: str
    build: Callable[[Staff, Size, Tokens], list[Ask]]


def log_in_all(base: str, people: Sequence[Person]) -> list[str]:
    with httpx.Client(base_url=base, timeout=30, trust_env=False) as client:
        return [client.post(LOGIN, json=_credentials(person)).raise_for_status().json()["token"] for person in people]


def _credentials(person: Person) -> dict[str, str]:
    return {"email": person.email, "password": PASSWORD, "company": COMPANY}


def _get(path: str, token: str, **asked: object) -> Ask:
    return Ask("GET", f"{path}?{urlencode(asked)}", {"Authorization": f"JWT {token}"})


def build_transactions(staff: Staff, size: Size, tokens: Tokens) -> list[Ask]:
    """A page out of an employee's punches of some months: about three pages match."""
    chance = random.Random(SEED)
    return [_ask_punches(chance, staff, size, tokens[n % len(tokens)]) for n in range(VARIETY)]


def _ask_punches(chance: random.Random, staff: Staff, size: Size, token: str) -> Ask:
    days = min(210, size.days)
    start = LAST_DAY - timedelta(days=days + chance.randrange(max(1, size.days - days)))
    end = start + timedelta(days=days)
    code = chance.choice(staff.people).emp_code
    period = {"start_time": f"{start} 00:00:00", "end_time": f"{end} 00:00:00"}
    return _get(TRANSACTIONS, token, emp_code=code, page_size=PAGE, **period)


def build_employees(staff: Staff, _size: Size, tokens: Tokens) -> list[Ask]:
    pages = max(1, len(staff.people) // PAGE)
    return [_get(EMPLOYEES, tokens[n % len(tokens)], page=n % pages + 1, page_size=PAGE) for n in range(VARIETY)]


def build_clock_ins(_staff: Staff, _size: Size, tokens: Tokens) -> list[Ask]:
    return [Ask("POST", CLOCK_IN, {"Authorization": f"JWT {token}", **_JSON}, json.dumps(PUNCH)) for token in tokens]


def build_logins(staff: Staff, _size: Size, _tokens: Tokens) -> list[Ask]:
    return [Ask("POST", LOGIN, _JSON, json.dumps(_credentials(person))) for person in staff.administrators]


SCENARIOS = (
    Scenario("transactions", "transactions: 100 of an employee's, in a period", build_transactions),
    Scenario("employees", "employees: a page of 100", build_employees),
    Scenario("clock-in", "clock-in, durable", build_clock_ins),
    Scenario("login", "login, argon2", build_logins),
)


def build_deep(size: Size, tokens: Tokens) -> dict[str, Ask]:
    """One request each, by what is hard about it."""
    last = size.punches // PAGE
    month = {"start_time": f"{LAST_DAY - timedelta(days=size.days * 7 // 10)} 00:00:00", "page_size": PAGE}
    return {
        "all, first page": _get(TRANSACTIONS, tokens[0], page_size=PAGE),
        "all, in the middle": _get(TRANSACTIONS, tokens[0], page=last // 2, page_size=PAGE),
        "all, last page": _get(TRANSACTIONS, tokens[0], page="last", page_size=PAGE),
        "newest first, in the middle": _get(
            TRANSACTIONS, tokens[0], page=last // 2, page_size=PAGE, ordering="-punch_time"
        ),
        "half of all by time, first page": _get(TRANSACTIONS, tokens[0], **month),
    }
