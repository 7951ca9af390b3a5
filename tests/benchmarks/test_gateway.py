"""A tiny run: what is compared does the same work on both sides."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copy

import httpx
import pytest

from benchmarks import gateway
from benchmarks import gateway_asks as asks
from benchmarks.gateway_data import PASSWORD, Size, Staff, fill
from benchmarks.gateway_load import Ask, Plan, WrongAnswerError, drive
from benchmarks.gateway_servers import CONTESTANTS, DRF, Server, serving

SMALL = Size(people=70, days=6)
Build = Callable[[Staff, Size, Sequence[str]], list[Ask]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Staff]:
    file = tmp_path_factory.mktemp("gateway") / "company.db"
    return file, fill(file, SMALL)


@pytest.fixture(scope="module")
def servers(filled: tuple[Path, Staff]) -> Iterator[dict[str, Server]]:
    if not DRF.installed:
        pytest.skip("Django REST framework is not installed")
    own = {c.name: Path(copy(filled[0], filled[0].with_name(f"{c.name}.db"))) for c in CONTESTANTS}
    hadir, drf = CONTESTANTS
    with serving(hadir, own["hadir"]) as one, serving(drf, own["drf"]) as other:
        yield {"hadir": one, "drf": other}


def _answer(server: Server, ask: Ask) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.request(ask.method, server.base + ask.path, headers=dict(ask.headers), content=ask.body)


@pytest.mark.parametrize("build", [asks.build_transactions, asks.build_employees])
def test_both_list_the_same_rows(servers: dict[str, Server], filled: tuple[Path, Staff], build: Build) -> None:
    answers = []
    for server in servers.values():
        tokens = asks.log_in_all(server.base, filled[1].administrators[:1])
        answer = _answer(server, build(filled[1], SMALL, tokens)[0])
        assert answer.status_code == 200, answer.text
        answers.append(answer.json())
    ours, theirs = answers
    assert len(ours["data"]) == len(theirs["data"]) > 0
    assert list(ours["data"][0]) == list(theirs["data"][0])
    assert (ours["count"], ours["data"]) == (theirs["count"], theirs["data"])


def test_a_clock_in_is_kept_and_answered_alike(servers: dict[str, Server], filled: tuple[Path, Staff]) -> None:
    receipts = []
    for server in servers.values():
        tokens = asks.log_in_all(server.base, filled[1].administrators[:1])
        answer = _answer(server, asks.build_clock_ins(filled[1], SMALL, tokens)[0])
        assert answer.status_code == 201, answer.text
        receipts.append({**answer.json(), "punch_time": "", "upload_time": ""})
        kept = _answer(server, asks.build_deep(SMALL, tokens)["all, last page"]).json()
        assert kept["count"] == SMALL.punches + 1
        assert kept["data"][-1]["gps_location"] == asks.PUNCH["gps_location"]
    assert receipts[0] == receipts[1]


def test_both_refuse_strangers(servers: dict[str, Server], filled: tuple[Path, Staff]) -> None:
    for server in servers.values():
        assert _answer(server, Ask("GET", asks.TRANSACTIONS)).status_code == 401
        wrong = asks.build_logins(filled[1], SMALL, [])[0]
        assert wrong.body is not None
        refused = replace(wrong, body=wrong.body.replace(PASSWORD, "another password"))
        assert _answer(server, refused).status_code == 400
        employee = asks.log_in_all(server.base, filled[1].people[-1:])
        assert _answer(server, asks.build_employees(filled[1], SMALL, employee)[0]).status_code == 403


def test_the_load_is_what_was_asked_for(servers: dict[str, Server], filled: tuple[Path, Staff]) -> None:
    base = servers["hadir"].base
    tokens = asks.log_in_all(base, filled[1].administrators[:2])
    outcome = drive(Plan(base, asks.build_employees(filled[1], SMALL, tokens), connections=3, seconds=0.3))
    assert outcome.rate > 0
    assert 0 < outcome.percentile(50) <= outcome.percentile(99) <= max(outcome.latencies)
    with pytest.raises(WrongAnswerError, match="401"):
        drive(Plan(base, [Ask("GET", asks.EMPLOYEES)], connections=1, seconds=0.1))


def test_a_quick_run_does_not_touch_the_results() -> None:
    assert gateway.read_options(["--quick"]).output is None
    assert gateway.read_options([]).output == gateway.RESULTS
