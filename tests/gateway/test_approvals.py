"""What becomes of a manual log."""

from datetime import timedelta

import pytest

from bot.gateway.records.approvals import Decision, approve, reject, revoke
from tests.gateway.world import MANUAL_LOG, MOBILE, MOMENT, World


@pytest.fixture
async def filed(world: World) -> int:
    path = f"{MOBILE}/employees/{world.ids['mona']}/manual_logs/"
    body = {**MANUAL_LOG, "punch_state": "1", "apply_reason": "forgot [TG-7K3Q2H]"}
    answer = await world.client.post(path, json=body, headers=await world.headers("mona"))
    return int(answer.json()["id"])


def decision(world: World, reason: str = "") -> Decision:
    return Decision(world.demo.id, "huda@x.example", MOMENT + timedelta(minutes=5), reason)


async def listed(world: World) -> dict[str, object]:
    rows: list[dict[str, object]] = (await world.get("mona", "/manual_logs/")).json()["results"]
    (row,) = rows
    return row


async def punches(world: World) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = (await world.get("mona", "/transactions/")).json()["results"]
    return rows


async def test_filed_it_waits_and_is_no_punch(world: World, filed: int) -> None:
    row = await listed(world)
    assert (row["id"], row["audit_status"], row["apply_reason"]) == (filed, 1, "forgot [TG-7K3Q2H]")
    assert (row["apply_time"], row["audit_time"], row["approver"]) == ("2023-09-01 15:34:13", None, None)
    assert await punches(world) == []


async def test_approved_it_is_a_punch_at_its_own_time_once(world: World, filed: int) -> None:
    assert await world.db.write(lambda conn: approve(conn, filed, decision(world)))
    assert not await world.db.write(lambda conn: approve(conn, filed, decision(world)))
    assert not await world.db.write(lambda conn: reject(conn, filed, decision(world)))
    (punch,) = await punches(world)
    # 15:38:42 in Dubai, as if it were UTC.
    assert (punch["emp_code"], punch["punch_time"], punch["punch_state"]) == ("13", 1693582722, "1")
    row = await listed(world)
    assert (row["audit_status"], row["approver"], row["audit_time"]) == (2, "huda@x.example", "2023-09-01 15:39:13")


async def test_rejected_it_is_none(world: World, filed: int) -> None:
    assert await world.db.write(lambda conn: reject(conn, filed, decision(world, "not that day")))
    assert not await world.db.write(lambda conn: approve(conn, filed, decision(world)))
    assert await punches(world) == []
    row = await listed(world)
    assert (row["audit_status"], row["audit_reason"]) == (3, "not that day")


async def test_revoked_the_punch_goes_again(world: World, filed: int) -> None:
    assert not await world.db.write(lambda conn: revoke(conn, filed, decision(world)))
    await world.db.write(lambda conn: approve(conn, filed, decision(world)))
    assert await world.db.write(lambda conn: revoke(conn, filed, decision(world, "twice")))
    assert await punches(world) == []
    row = await listed(world)
    assert (row["audit_status"], row["revoke_reason"]) == (4, "twice")


async def test_another_company_decides_nothing(world: World, filed: int) -> None:
    stranger = Decision(world.elsewhere.id, "sara@x.example", MOMENT)
    assert not await world.db.write(lambda conn: approve(conn, filed, stranger))
    assert not await world.db.write(lambda conn: reject(conn, filed, stranger))
    await world.db.write(lambda conn: approve(conn, filed, decision(world)))
    assert not await world.db.write(lambda conn: revoke(conn, filed, stranger))
    assert len(await punches(world)) == 1
