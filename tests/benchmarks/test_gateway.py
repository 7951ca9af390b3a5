"""A tiny run: what is compared does the same work on both sides."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import httpx
import pytest

from benchmarks import gateway_asks as asks
from benchmarks.gateway_data import Size, Staff, fill
from benchmarks.gateway_load import Ask
from benchmarks.gateway_servers import CONTESTANTS, DRF, Server, serving

SMALL = Size(people=70, days=6)


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
def test_both_list_the_same_rows(servers: dict[str, Server], filled: tuple[Path, Staff], build: object) -> None:
    answers = []
    for server in servers.values():
        tokens = asks.log_in_all(server.base, filled[1].administrators[:1])
        assert callable(build)
        answer = _answer(server, build(filled[1], SMALL, tokens)[0])
        assert answer.status_code == 200, answer.text
        answers.append(answer.json())
    ours, theirs = answers
    assert len(ours["data"]) == len(theirs["data"]) > 0
    assert list(ours["data"][0]) == list(theirs["data"][0])
    assert (ours["count"], ours["data"]) == (theirs["count"], theirs["data"])
