"""What was seen at BioTime, written on both databases: only what differs."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from bot.attendance.facts import Shift, ShiftKind
from bot.database import Database
from bot.store import roster, syncing
from bot.store.roster import Place, RosterPerson
from bot.store.roster_tables import roster_punches, roster_terminals, shift_instances
from bot.store.syncing import Part, Sync
from tests.store.rows import NOW, migrate

COMPANY = "Demo Trading"
MONA = RosterPerson("1001", "7c6f", "Mona", 1, "Sales Executive", date(2020, 1, 5), (10, 11), "+971501234567", True)
OMAR = RosterPerson("1002", "9aa1", "Omar", 2, "Sales Manager", None, (10,))
HOUR = timedelta(hours=1)
DAY = Shift("1001", NOW.date(), "Office", ShiftKind.WORK, 10, NOW, NOW + 9 * HOUR, NOW - 2 * HOUR)
REST = Shift("1002", NOW.date(), "", ShiftKind.REST)


async def test_people_come_change_and_go(database: Database) -> None:
    await migrate(database)
    places = [Place(1, "Sales", None), Place(2, "Export", 1)], [Place(10, "Office", None)]

    async def settle(*people: RosterPerson) -> dict[str, RosterPerson]:
        await database.write(lambda c: syncing.settle_places(c, COMPANY, *places))
        await database.write(lambda c: syncing.settle_people(c, COMPANY, people, NOW))
        return dict((await database.read(lambda c: roster.load_roster(c, COMPANY))).people)

    assert await settle(MONA, OMAR) == {"1001": MONA, "1002": OMAR}
    moved = replace(MONA, department_id=2, area_ids=(12,), phone=None)
    assert await settle(moved, OMAR) == {"1001": moved, "1002": OMAR}
    assert await settle(OMAR) == {"1002": OMAR}
    gone = await database.read(lambda c: roster.find_person(c, COMPANY, "1001"))
    assert gone is not None
    assert gone.name == "Mona"
    assert await settle(MONA, OMAR) == {"1001": MONA, "1002": OMAR}, "and back"
    found = await database.read(lambda c: roster.load_departments(c, COMPANY))
    assert roster.with_parents(found, 2) == [2, 1]


async def test_a_circle_of_departments_ends() -> None:
    places = {1: Place(1, "a", 2), 2: Place(2, "b", 1)}
    assert roster.with_parents(places, 1) == [1, 2]


async def test_days_are_written_where_they_differ(database: Database) -> None:
    await migrate(database)

    async def settle(*shifts: Shift) -> int:
        return await database.write(lambda c: syncing.settle_shifts(c, COMPANY, [NOW.date()], shifts))

    assert await settle(DAY, REST) == 2
    assert await settle(DAY, REST) == 0
    assert await settle(replace(DAY, ends_at=NOW + HOUR), REST) == 1
    assert await settle(REST) == 1
    rows = await database.read(lambda c: list(c.execute(select(shift_instances))))
    assert [row.emp_code for row in rows] == ["1002"]


async def test_a_punch_is_kept_once(database: Database) -> None:
    await migrate(database)
    row = {"id": 7, "emp_code": "1001", "punched_at": NOW, "punch_state": 0, "source": 1, "uploaded_at": NOW}
    row |= {"terminal_sn": "A", "terminal_alias": "Lobby"}
    for _ in range(2):
        await database.write(lambda c: syncing.add_punches(c, COMPANY, [row, {**row, "id": 8}]))
    assert len(await database.read(lambda c: list(c.execute(select(roster_punches))))) == 2
    await database.write(lambda c: syncing.forget_old(c, COMPANY, NOW + HOUR))
    assert await database.read(lambda c: list(c.execute(select(roster_punches)))) == []


async def test_what_is_gone_is_taken_out(database: Database) -> None:
    await migrate(database)
    rows = [{"sn": sn, "alias": sn, "area_id": 10, "last_activity_at": NOW} for sn in ("A", "B")]
    await database.write(lambda c: syncing.settle_terminals(c, COMPANY, rows))
    later = {**rows[0], "last_activity_at": NOW + HOUR}
    await database.write(lambda c: syncing.settle_terminals(c, COMPANY, [later]))
    (row,) = await database.read(lambda c: list(c.execute(select(roster_terminals))))
    assert (row.sn, row.last_activity_at) == ("A", NOW + HOUR)


async def test_how_far_a_look_is(database: Database) -> None:
    await migrate(database)
    sync = Sync(Part.PUNCHES, NOW + HOUR, NOW, "2024-06-03 05:00:00")
    await database.write(lambda c: syncing.settle_cursor(c, COMPANY, Part.PUNCHES, "first", NOW))
    await database.write(lambda c: syncing.settle_sync(c, COMPANY, sync))
    assert await database.read(lambda c: syncing.load_syncs(c, COMPANY)) == {Part.PUNCHES: sync}
    await database.write(lambda c: syncing.settle_cursor(c, COMPANY, Part.PUNCHES, "further", NOW))
    assert await database.read(lambda c: syncing.load_syncs(c, COMPANY)) == {
        Part.PUNCHES: replace(sync, cursor="further")
    }
