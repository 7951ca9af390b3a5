"""Our client before our gateway: reports, manual logs, leaves, passwords; what one writes the other reads."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta

import httpx
import pytest

from bot.attendance.model import PunchState
from bot.biotime.att import Att
from bot.biotime.client import BioTimeClient
from bot.biotime.errors import Refused
from bot.biotime.exchange import Exchange
from bot.biotime.mobile_reports import SummaryType
from bot.biotime.values import AuditStatus
from bot.biotime.wire import working_time as wire
from bot.gateway.app import build_gateway
from bot.gateway.mail import Mail, MemoryMailbox
from tests.gateway.desk import Desk, open_desk, open_onprem_desk
from tests.gateway.world import DUBAI, HOST, SETTINGS, World

HOUR = timedelta(hours=1)
FIRST, LAST = date(2023, 8, 30), date(2023, 8, 31)


def client_of(world: World) -> Att:
    return Att(Exchange(world.client, timedelta(seconds=5)), DUBAI)


async def plan(client: Att, token: str, employee: str) -> None:
    """Every day from nine to six."""
    timetable = await client.timetables.create(
        token, wire.TimetableBody(alias="General", check_in="09:00", check_out="18:00")
    )
    days = [wire.ShiftDay(day=0, timetable=timetable.id)]
    shift = await client.shifts.create(token, wire.ShiftBody(alias="Daily", cycle_days=1, days=days))
    body = wire.ScheduleBody(employee=employee, shift=shift.id, start_date="2023-01-01")
    assert (await client.schedules.create(token, body)).shift == shift.id


@pytest.mark.parametrize("open_", [open_desk, open_onprem_desk])
async def test_from_a_manual_log_to_a_time_card(world: World, open_: Callable[[World], Awaitable[Desk]]) -> None:
    desk = await open_(world)
    token, client, mona = desk.headers["Authorization"].removeprefix("JWT "), client_of(world), world.ids["mona"]
    await plan(client, token, mona)
    for hour, state in ((9.5, PunchState.CHECK_IN), (18.0, PunchState.CHECK_OUT)):
        at = datetime(2023, 8, 30, tzinfo=DUBAI) + hour * HOUR
        filed = await client.file_manual_log(token, mona, at, state, reason="forgot")
        assert (filed.punched_at, filed.audit.status) == (at, AuditStatus.PENDING)
        approved = await client.manual_logs.approve(token, filed.id, "seen")
        assert (approved.audit.status, approved.audit.reason) == (AuditStatus.APPROVED, "seen")
        with pytest.raises(Refused):
            await client.manual_logs.reject(token, filed.id)
    assert len([log async for log in client.manual_logs.fetch(token, employee=mona)]) == 2
    late, absent = [card async for card in client.fetch_time_cards(token, FIRST, LAST, employees=mona)]
    assert (late.workdate, late.timetable, late.clock_in, late.late) == (FIRST, "General", time(9, 30), HOUR / 2)
    assert (absent.workdate, absent.absent, absent.status) == (LAST, 9 * HOUR, "Absence(A)")
    [day] = [day async for day in client.fetch_days(token, FIRST, LAST)]
    assert (day.workdate, day.first_punch, day.last_punch) == (FIRST, "09:30", "18:00")


async def test_a_leave_takes_the_absence_away(world: World) -> None:
    desk = await open_desk(world)
    token, client, mona = desk.headers["Authorization"].removeprefix("JWT "), client_of(world), world.ids["mona"]
    await plan(client, token, mona)
    code = await client.pay_codes.create(token, wire.PayCodeBody(symbol="AL", name="Annual leave"))
    start = datetime(2023, 8, 30, tzinfo=DUBAI)
    leave = await client.file_leave(token, mona, code.id, start_at=start, end_at=start + 24 * HOUR, reason=None)
    assert (leave.start_at, leave.pay_code_name) == (start.astimezone(UTC), "Annual leave")
    await client.leaves.approve(token, leave.id)
    own = BioTimeClient(world.client, "Demo Trading", DUBAI)
    mobile = await world.log_in("mona")
    cards = [card async for card in own.fetch_time_cards(mobile, FIRST, LAST)]
    assert [(card.absent, card.leave, card.leave_hours) for card in cards] == [
        (None, 9 * HOUR, {"1": 9.0}),
        (9 * HOUR, None, {"1": 0.0}),
    ]
    assert (await own.fetch_summary(mobile, mona, SummaryType.WEEKLY)).leave == 1
    [missed] = [e for e in await own.fetch_exceptions(mobile, mona, FIRST, LAST) if e.exception == "absent"]
    assert (missed.workdate, missed.lasted) == (LAST, 9 * HOUR)
    await client.leaves.revoke(token, leave.id, "back at work")
    assert (await own.fetch_summary(mobile, mona, SummaryType.WEEKLY)).leave == 0


async def test_a_holiday_made_changed_and_deleted(small_world: World) -> None:
    desk = await open_desk(small_world)
    token, client = desk.headers["Authorization"].removeprefix("JWT "), client_of(small_world)
    made = await client.holidays.create(token, wire.HolidayBody(alias="Feast", start_date="2023-08-30"))
    changed = await client.holidays.update(token, made.id, wire.HolidayBody(duration_day=3))
    assert (changed.alias, changed.duration_day) == ("Feast", 3)
    await client.holidays.delete(token, made.id)
    assert [holiday async for holiday in client.holidays.fetch(token)] == []


async def test_a_forgotten_and_a_changed_password(small_world: World) -> None:
    arrived: asyncio.Queue[Mail] = asyncio.Queue()
    app = build_gateway(small_world.db, SETTINGS, small_world.clock, MemoryMailbox(arrived.put_nowait))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{HOST}") as http:
        client = BioTimeClient(http, "Demo Trading", DUBAI)
        await client.request_code("mona@x.example")
        code = (await asyncio.wait_for(arrived.get(), 5)).subject[:6]
        await client.create_password("mona@x.example", code, "the second one")
        token = await client.fetch_token("mona@x.example", "the second one", "963D560D")
        with pytest.raises(Refused) as caught:
            await client.change_password(token, small_world.ids["mona"], "not it", "the third one")
        assert caught.value.reasons == ("Old password: Invalid password.",)
        await client.change_password(token, small_world.ids["mona"], "the second one", "the third one")
        assert await client.fetch_token("mona@x.example", "the third one", "963D560D")
