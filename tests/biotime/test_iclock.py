"""Manual chapters 3.1, 4 and 9.1, read and written back to the letter; and the client before scripted answers."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import JsonValue

from bot.attendance.model import Position, PunchState
from bot.biotime.client import BioTimeClient
from bot.biotime.errors import Refused, Unclear
from bot.biotime.exchange import Exchange
from bot.biotime.iclock import MOST_PUNCHES, Iclock, Terminal, TerminalPunch, Transaction
from bot.biotime.transport import open_http
from bot.biotime.values import PunchUpload
from bot.biotime.wire import iclock as wire
from bot.biotime.wire.envelope import EmptyWebList, WebList, Wire
from tests.biotime.server import Script, Server, answer, running
from tests.golden import golden_text

DUBAI, LONDON = ZoneInfo("Asia/Dubai"), ZoneInfo("Europe/London")
EMPTY = answer(golden_text("3.1-empty-web-list"))
AT = datetime(2023, 9, 1, 4, 59, 58, tzinfo=UTC)


@asynccontextmanager
async def talk(*scripts: Script, zone: ZoneInfo = DUBAI) -> AsyncIterator[tuple[Iclock, Server]]:
    server = Server(*scripts)
    async with running(server) as url, open_http(url) as http:
        yield Iclock(Exchange(http, timedelta(seconds=5)), zone), server


def golden(name: str) -> Script:
    return answer(golden_text(name))


def page(*rows: JsonValue) -> Script:
    return answer({"count": len(rows), "next": None, "previous": None, "msg": "", "code": 0, "data": list(rows)})


def row(**changed: JsonValue) -> dict[str, JsonValue]:
    example: dict[str, JsonValue] = json.loads(golden_text("9.1-transactions"))["data"][0]
    return {**example, **changed}


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("3.1-empty-web-list", EmptyWebList),
        ("4.1-terminals", WebList[wire.Terminal]),
        ("4.2-terminal", wire.Terminal),
        ("9.1-transactions", WebList[wire.Transaction]),
    ],
)
def test_example_is_read_and_written_to_the_letter(name: str, model: type[Wire]) -> None:
    text = golden_text(name)
    assert model.model_validate_json(text).model_dump_json() == text


async def test_terminals_are_read() -> None:
    async with talk(golden("4.1-terminals")) as (client, server):
        [terminal] = [one async for one in client.fetch_terminals("a.b.c", sn="7860223940009", alias=None)]
        (seen,) = server.seen
    assert terminal == Terminal(
        id=868,
        sn="7860223940009",
        alias="Auto add",
        area_id=1341,
        area_name="D3test",
        is_online=True,
        last_activity_at=datetime(2023, 8, 23, 10, 21, 53, tzinfo=UTC),
        transaction_count=0,
    )
    assert seen.target == "/iclock/api/terminals/?page_size=100&sn=7860223940009&page=1"
    assert seen.headers["authorization"] == "JWT a.b.c"


async def test_one_terminal_is_read() -> None:
    async with talk(golden("4.2-terminal")) as (client, server):
        terminal = await client.terminals.fetch_one("a.b.c", 566)
        assert server.seen[0].target == "/iclock/api/terminals/566/"
    assert (terminal.sn, terminal.area_name) == ("CJPM214960015", "ZKT-KSA")


async def test_an_onprem_terminal_is_read_too() -> None:
    bare: JsonValue = {"id": 5, "sn": "X", "alias": "Gate", "state": "3", "area_name": "HQ"}
    async with talk(page(bare, {"id": 6, "sn": "Y", "alias": "", "state": "1", "last_activity": None})) as (client, _):
        first, second = [one async for one in client.fetch_terminals("t")]
    assert first == Terminal(5, "X", "Gate", None, "HQ", is_online=False, last_activity_at=None, transaction_count=0)
    assert second.is_online


async def test_an_empty_list_is_empty() -> None:
    async with talk(EMPTY) as (client, _):
        assert [one async for one in client.fetch_terminals("t")] == []


async def test_transactions_are_read_with_their_true_times() -> None:
    async with talk(golden("9.1-transactions")) as (client, server):
        rows = [one async for one in client.fetch_transactions("0" * 40, emp_code="2")]
        (seen,) = server.seen
    assert rows[2] == Transaction(
        id=1130791,
        emp_code="2",
        emp_id="9bdab3dc-3b41-11ee-97de-0a58a9feac02",
        readings=(datetime(2022, 11, 24, 6, 36, 58, tzinfo=UTC),),
        punch_state=PunchState.UNKNOWN,
        source=1,
        gps_location=None,
        terminal_sn="8116220860031",
        terminal_alias="Auto add",
        uploaded_at=datetime(2023, 8, 15, 11, 59, 14, tzinfo=UTC),
    )
    assert rows[0].uploaded_at == datetime(2023, 7, 26, 7, 18, 49, tzinfo=UTC)
    assert rows[0].punched_at == datetime(2023, 7, 26, 7, 18, 50, tzinfo=UTC)
    assert seen.target == "/iclock/api/transactions/?page_size=100&emp_code=2&page=1"
    assert seen.headers["authorization"] == f"Token {'0' * 40}"


async def test_a_window_is_asked_for_in_wall_clock_and_kept_to_whatever_comes() -> None:
    start, end = AT, AT + timedelta(minutes=1)
    mine = row(emp_code="2", punch_time="2023-09-01 08:59:58", id=1)
    rows = [
        mine,
        {**mine, "id": 2, "emp_code": "3"},
        {**mine, "id": 3, "punch_time": "2023-09-01 08:59:57"},
        {**mine, "id": 4, "punch_time": "2023-09-01 09:00:58"},
        {**mine, "id": 5, "punch_time": "2023-09-01 09:00:59"},
    ]
    async with talk(page(*rows)) as (client, server):
        found = [one.id async for one in client.fetch_transactions("t", "2", start, end)]
        (seen,) = server.seen
    assert found == [1, 4]
    assert "start_time=2023-09-01+08:59:58&end_time=2023-09-01+09:00:58" in seen.target


async def test_a_window_in_the_hour_that_comes_twice_loses_nothing() -> None:
    start = datetime(2023, 10, 29, 1, 25, tzinfo=UTC)  # 01:25 in London for the second time
    twice = row(emp_code="2", punch_time="2023-10-29 01:30:00")
    async with talk(page(twice), zone=LONDON) as (client, server):
        [found] = [one async for one in client.fetch_transactions("t", None, start, start + timedelta(minutes=10))]
        target = server.seen[0].target
    assert found.readings == (datetime(2023, 10, 29, 0, 30, tzinfo=UTC), datetime(2023, 10, 29, 1, 30, tzinfo=UTC))
    assert "start_time=2023-10-29+01:25:00&end_time=2023-10-29+02:35:00" in target


async def test_an_onprem_row_is_read_too() -> None:
    bare: JsonValue = {"id": 9, "emp": 12, "emp_code": 7, "punch_time": "2025-08-26 09:14:58", "punch_state": 17}
    async with talk(page(bare)) as (client, _):
        [found] = [one async for one in client.fetch_transactions("t")]
    assert (found.emp_id, found.emp_code, found.punch_state, found.uploaded_at) == ("12", "7", PunchState.UNKNOWN, None)


@pytest.mark.parametrize("bad", [{"punch_time": "soon"}, {"upload_time": "x"}, {"id": None}, {"emp_code": None}])
async def test_a_row_that_cannot_be_read_makes_the_list_unclear(bad: dict[str, JsonValue]) -> None:
    async with talk(page(row(), row(**bad))) as (client, _):
        with pytest.raises(Unclear):
            [one async for one in client.fetch_transactions("t")]


async def test_punches_go_up_in_bodies_that_fit() -> None:
    punches = [TerminalPunch("T1", "2", AT + timedelta(seconds=number)) for number in range(MOST_PUNCHES + 1)]
    full = answer({"count": 0, "next": None, "data": [row(id=number) for number in range(MOST_PUNCHES)]}, 201)
    async with talk(full, page(row(id=7))) as (client, server):
        taken = await client.upload("t", punches)
        first, second = (json.loads(seen.body) for seen in server.seen)
    assert [one.id for one in taken] == [*range(MOST_PUNCHES), 7]
    assert (len(first), len(second)) == (MOST_PUNCHES, 1)
    assert first[0] == {
        "emp_code": "2",
        "punch_time": "2023-09-01 08:59:58",
        "punch_state": "255",
        "terminal_sn": "T1",
        "verify_type": None,
    }
    longest = wire.NewTransactions([wire.NewTransaction(**{**first[0], "emp_code": "9" * 50, "terminal_sn": "9" * 50})])
    assert len(longest.model_dump_json()) * MOST_PUNCHES < 64 * 1024


async def test_registering_sends_what_was_set() -> None:
    taken = answer({"sn": ["terminal with this sn already exists."]}, 400)
    async with talk(golden("4.2-terminal"), taken) as (client, server):
        new = wire.NewTerminal(sn="CJPM214960015", area=554)
        assert (await client.register("t", new)).id == 566
        assert json.loads(server.seen[0].body) == {"sn": "CJPM214960015", "area": 554}
        with pytest.raises(Refused) as caught:
            await client.register("t", new)
    assert caught.value.reasons == ("Sn: terminal with this sn already exists.",)


def test_places_are_in_no_repr() -> None:
    assert "35R5" not in repr(wire.Transaction.model_validate(row(gps_location="35R5+JCW", latitude=25.09)))


@pytest.mark.parametrize(
    ("takes_keys", "key", "sent"), [(True, "TG-7K3Q2H", True), (True, None, False), (False, "k", False)]
)
async def test_a_punch_carries_its_key_only_where_the_server_is_ours(
    takes_keys: bool, key: str | None, sent: bool
) -> None:
    server = Server(answer(golden_text("6.4-punch-receipt"), 201))
    punch = PunchUpload(Position(25.0916434, 55.1586873), PunchState.CHECK_IN, "14", "here", key)
    async with running(server) as url, open_http(url) as http:
        await BioTimeClient(http, "demo", DUBAI, takes_keys=takes_keys).upload_punch("t", punch)
    assert server.seen[0].headers.get("idempotency-key") == (key if sent else None)
