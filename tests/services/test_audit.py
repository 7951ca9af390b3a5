"""Whatever the protocol believes: both lists are read, and what is there twice is flagged."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.gateway.records.tables import manual_logs, transactions
from bot.store import punches
from bot.store.punches import Punch
from tests.faults import Fate
from tests.services.rig import OMAR, Rig


async def audit(rig: Rig) -> list[int]:
    found = await rig.do(rig.process.audit.run())
    assert found is not None
    return [punch.id for punch in found]


async def double(rig: Rig, table: sa.Table) -> None:
    """The last row once more, as if a server had applied a request twice."""

    def copy(connection: Connection) -> None:
        row = connection.execute(sa.select(table).order_by(table.c.id.desc()).limit(1)).one()._asdict()
        connection.execute(table.insert().values(**{name: row[name] for name in row if name != "id"}))

    await rig.records.write(copy)


async def file(rig: Rig, punch: Punch) -> None:
    """A manual log with the punch's marker."""
    employee = (await rig.stamps())[-1]

    def add(connection: Connection) -> None:
        connection.execute(
            manual_logs.insert().values(
                company_id=employee.company_id,
                employee_id=employee.employee_id,
                punched_at=punch.punched_at,
                punch_state=0,
                apply_reason=f"Hadir [TG-{punch.ref}]",
                applied_at=rig.clock(),
                audit_status=1,
            )
        )

    await rig.records.write(add)


async def test_nothing_is_found_where_nothing_is_wrong(rig: Rig) -> None:
    await rig.share()
    await rig.share(OMAR, late=70)
    rig.far.expect(Fate.SLOW, delay=timedelta(seconds=80))
    await rig.wait(300)
    await rig.share()
    assert await audit(rig) == []
    assert rig.telegram.warnings == []


async def test_two_clock_ins_with_one_marker(rig: Rig) -> None:
    await rig.share()
    punch = await rig.share(OMAR)
    await double(rig, transactions)
    assert await audit(rig) == [punch.id]
    assert rig.telegram.warnings == [punch.id]


async def test_two_manual_logs_with_one_marker(rig: Rig) -> None:
    punch = await rig.share(late=70)
    await double(rig, manual_logs)
    assert await audit(rig) == [punch.id]
    assert (await rig.load(punch)).progress.flagged


async def test_a_clock_in_and_a_manual_log(rig: Rig) -> None:
    punch = await rig.share()
    await file(rig, punch)
    assert await audit(rig) == [punch.id]


async def test_a_correction_has_both_and_is_no_find(rig: Rig) -> None:
    rig.far.expect(Fate.SLOW, delay=timedelta(seconds=80))
    punch = await rig.share()
    assert (len(await rig.stamps()), len(await rig.filed())) == (1, 1)
    assert await audit(rig) == []
    await double(rig, manual_logs)
    assert await audit(rig) == [punch.id]


async def test_it_is_told_once(rig: Rig) -> None:
    punch = await rig.share()
    await double(rig, transactions)
    assert await audit(rig) == [punch.id]
    assert await audit(rig) == []
    assert rig.telegram.warnings == [punch.id]


async def test_with_biotime_away_the_next_night_finds_it(rig: Rig) -> None:
    punch = await rig.share()
    await double(rig, transactions)
    rig.far.blind = True
    assert await audit(rig) == []
    rig.far.blind = False
    await rig.far.pass_time(timedelta(days=1))
    assert await audit(rig) == [punch.id]


async def test_older_ones_are_not_looked_at(rig: Rig) -> None:
    await rig.share()
    await double(rig, transactions)
    await rig.far.pass_time(timedelta(days=2, seconds=1))
    assert await audit(rig) == []


async def test_a_punch_that_moved_on_meanwhile_is_left_to_the_next_night(rig: Rig) -> None:
    punch = await rig.share()
    await double(rig, transactions)
    current = await rig.load(punch)
    moved = replace(current.progress, attempt=current.progress.attempt + 1)
    rig.process.pause(after=1)
    running = rig.do(rig.process.audit.run())
    assert await running is None
    await rig.store.write(lambda c: punches.settle(c, current, moved))
    rig.process.resume()
    await rig.quiet()
    assert not (await rig.load(punch)).progress.flagged
    assert await audit(rig) == [punch.id]
