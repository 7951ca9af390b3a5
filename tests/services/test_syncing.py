"""BioTime → store: incremental, resumable, and nothing in it when it stopped half-way."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time, timedelta

import httpx
import pytest

from bot.attendance.facts import ShiftKind
from bot.attendance.shifts import ReportedDay
from bot.gateway.sample import NAME
from bot.services.roster_reading import only_once
from bot.store import roster
from bot.store.roster_tables import (
    roster_leaves,
    roster_logs,
    roster_people,
    roster_punches,
    roster_terminals,
    shift_instances,
    syncs,
)
from bot.store.syncing import Part, load_syncs
from tests.services.town import MONA, MORNING, OMAR, Town, open_town


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with open_town() as opened:
        yield opened


async def test_one_look_and_all_is_known(town: Town) -> None:
    assert await town.syncing.run() == len(Part)
    known = await town.db.read(lambda c: roster.load_roster(c, NAME))
    assert len(known.people) == 40
    mona = known.people[MONA]
    assert (mona.name, known.departments[mona.department_id].name) == ("Mona", "Sales")
    assert [known.areas[area].name for area in mona.area_ids] == ["Dubai Office"]
    assert len(await town.rows(roster_terminals)) == 3
    (today,) = await town.rows(
        shift_instances, shift_instances.c.emp_code == MONA, shift_instances.c.workdate == MORNING.date()
    )
    assert (today.kind, today.timetable, today.area_id) == (ShiftKind.WORK, "Office", mona.area_ids[0])
    assert (today.starts_at, today.ends_at, today.opens_at) == (town.at(9), town.at(18), town.at(7))
    state = await town.db.read(lambda c: load_syncs(c, NAME))
    assert {part: sync.synced_until for part, sync in state.items()} == dict.fromkeys(Part, MORNING)


def test_punches_outside_a_shift_do_not_make_a_day_without_a_timetable() -> None:
    day = MORNING.date()
    work = ReportedDay(MONA, day, "Day shift", ShiftKind.WORK, time(9), time(18))
    outside, free = ReportedDay(MONA, day, "", ShiftKind.NONE), ReportedDay(OMAR, day, "", ShiftKind.NONE)
    assert only_once([outside, work, work, free, replace(outside, workdate=date(2026, 3, 3))]) == [
        work,
        free,
        replace(outside, workdate=date(2026, 3, 3)),
    ]


async def test_it_is_known_how_to_call_somebody(town: Town) -> None:
    await town.change(MONA, contact_tel="04 123 4567")
    await town.change(OMAR, contact_tel="04 123 4567", mobile="+971501234567")
    await town.syncing.run()
    people = (await town.db.read(lambda c: roster.load_roster(c, NAME))).people
    assert (people[MONA].phone, people[OMAR].phone) == ("04 123 4567", "+971501234567")


async def test_a_night_shift_is_of_the_day_it_began(town: Town) -> None:
    await town.syncing.run()
    nights = await town.rows(shift_instances, shift_instances.c.timetable == "Night guard")
    assert nights
    assert all(row.ends_at - row.starts_at == timedelta(hours=12) for row in nights)


async def test_nothing_is_asked_before_it_is_due_and_nothing_written_twice(town: Town) -> None:
    await town.syncing.run()
    assert await town.syncing.run() == 0
    before = [len(await town.rows(table)) for table in (roster_people, roster_punches, shift_instances)]
    await town.look()
    assert [len(await town.rows(table)) for table in (roster_people, roster_punches, shift_instances)] == before


async def test_a_punch_is_found_by_its_upload_however_old_it_is(town: Town) -> None:
    await town.syncing.run()
    town.clock.at += timedelta(hours=5)
    await town.punch(MONA, MORNING - timedelta(hours=30), uploaded_at=town.clock.at)
    town.line.asked.clear()
    await town.look()
    found = await town.rows(roster_punches, roster_punches.c.punched_at == MORNING - timedelta(hours=30))
    assert [row.emp_code for row in found] == [MONA]
    assert len([path for path in town.line.asked if "transactions" in path]) == 1, "only what is new is asked for"


async def test_a_server_that_knows_no_upload_filter_is_walked_backwards(town: Town) -> None:
    handle = town.far.handle

    async def forget_the_filter(request: httpx.Request) -> httpx.Response:
        left = [(name, value) for name, value in request.url.params.multi_items() if name != "upload_time__gte"]
        return await handle(httpx.Request(request.method, request.url.copy_with(params=left), headers=request.headers))

    town.far.handle = forget_the_filter  # type: ignore[method-assign]
    await town.syncing.run()
    many = len(await town.rows(roster_punches))
    assert 40 < many < 400, "two days, not sixty"
    await town.punch(MONA, town.clock.at)
    town.line.asked.clear()
    await town.look()
    assert len(await town.rows(roster_punches)) == many + 1
    assert len([path for path in town.line.asked if "transactions" in path]) == 1


async def test_a_look_that_stops_half_way_changes_nothing_and_comes_again(town: Town) -> None:
    town.line.break_after = 3
    await town.syncing.run()
    assert await town.rows(roster_people) == [], "half of a company is not a company"
    (people,) = await town.rows(syncs, syncs.c.part == "people")
    assert (people.synced_until, people.failed_since, people.failure) == (None, MORNING, "Unclear")
    town.line.break_after = None
    town.clock.at += timedelta(seconds=30)
    await town.syncing.run()
    assert len(await town.rows(roster_people)) == 40
    (people,) = await town.rows(syncs, syncs.c.part == "people")
    assert (people.synced_until, people.failed_since) == (town.clock.at, None)


async def test_punches_go_on_where_the_look_stopped(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.syncing.PIECE", 20)
    await town.syncing.run()
    await town.db.write(lambda c: c.execute(roster_punches.delete()))
    await town.db.write(lambda c: c.execute(syncs.update().values(cursor=None)))
    await town.db.write(
        lambda c: c.execute(syncs.update().where(syncs.c.part == "punches").values(next_at=town.clock.at))
    )
    town.line.break_after = 2
    await town.syncing.run()
    assert len(await town.rows(roster_punches)) == 40, "two pages are kept"
    town.line.break_after = None
    town.line.asked.clear()
    await town.look()
    first = next(path for path in town.line.asked if "transactions" in path)
    (sync,) = await town.rows(syncs, syncs.c.part == "punches")
    assert sync.failed_since is None
    assert "2026-02-28" not in first, "not from the beginning"


async def test_who_has_left_is_kept_by_name_and_counts_no_more(town: Town) -> None:
    await town.syncing.run()
    await town.change("1010", active=False)
    town.clock.at += timedelta(hours=1)
    await town.look()
    known = await town.db.read(lambda c: roster.load_roster(c, NAME))
    assert "1010" not in known.people
    (gone,) = await town.rows(roster_people, roster_people.c.emp_code == "1010")
    assert gone.left_at == town.clock.at


async def test_a_leave_and_a_log_are_seen_and_what_was_decided(town: Town) -> None:
    await town.syncing.run()
    before = len(await town.rows(roster_leaves))
    leave = await town.grant_leave(MONA, town.at(9), town.at(13), status=1)
    await town.file_log(MONA, town.at(9))
    town.clock.at += timedelta(minutes=5)
    await town.look()
    found = {row.id: row for row in await town.rows(roster_leaves)}
    assert len(found) == before + 1
    assert (found[leave].emp_code, found[leave].audit_status) == (MONA, 1)
    assert [row.audit_status for row in await town.rows(roster_logs, roster_logs.c.emp_code == MONA)] == [1]


async def test_biotime_is_down_and_comes_back(town: Town) -> None:
    await town.syncing.run()
    town.far.down = True
    for _ in range(3):
        town.clock.at += timedelta(minutes=10)
        await town.syncing.run()
    state = await town.db.read(lambda c: load_syncs(c, NAME))
    assert state[Part.PUNCHES].synced_until == MORNING
    assert state[Part.PUNCHES].failed_since == MORNING + timedelta(minutes=10)
    town.far.down = False
    town.clock.at += timedelta(minutes=1)
    await town.syncing.run()
    state = await town.db.read(lambda c: load_syncs(c, NAME))
    assert state[Part.PUNCHES].failed_since is None
    assert state[Part.PUNCHES].synced_until == town.clock.at
