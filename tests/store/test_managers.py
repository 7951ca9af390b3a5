"""Who manages whom, on both databases."""

from dataclasses import replace
from datetime import time, timedelta

from bot.database import Database
from bot.store import managers
from bot.store.managers import AlertSettings, Manager, ManagerSettings, Scope, StandIn
from tests.store.rows import NOW, migrate

COMPANY = "Demo Trading"
OMAR = Manager(COMPANY, "1002", Scope.DEPARTMENT, 3, "Sales", NOW, timedelta(minutes=15))


async def test_a_manager_is_there_once_and_can_go(database: Database) -> None:
    await migrate(database)
    added = await database.write(lambda c: managers.add_manager(c, OMAR))
    assert added is not None
    assert await database.write(lambda c: managers.add_manager(c, OMAR)) is None
    assert await database.read(lambda c: managers.load_managers(c, COMPANY)) == [replace(OMAR, id=added.id)]
    assert await database.read(lambda c: managers.load_managers(c, "Elsewhere")) == []
    assert await database.write(lambda c: managers.settle_delay(c, COMPANY, "1002", timedelta(minutes=5))) == 1
    assert not await database.write(lambda c: managers.drop_manager(c, "Elsewhere", added.id))
    assert await database.write(lambda c: managers.drop_manager(c, COMPANY, added.id))


async def test_a_stand_in_comes_and_goes_by_itself(database: Database) -> None:
    await migrate(database)
    hour = timedelta(hours=1)
    period = StandIn(COMPANY, "1002", "1003", NOW, NOW + hour)
    await database.write(lambda c: managers.add_stand_in(c, period))
    for at, running in ((NOW - hour, 0), (NOW, 1), (NOW + hour, 0)):
        found = await database.read(lambda c, at=at: managers.load_stand_ins(c, COMPANY, at))  # type: ignore[misc]
        assert len(found) == running
    assert await database.write(lambda c: managers.end_stand_ins(c, COMPANY, "1002", NOW)) == 1
    assert await database.read(lambda c: managers.load_stand_ins(c, COMPANY, NOW)) == []


async def test_settings_are_kept_and_have_defaults(database: Database) -> None:
    await migrate(database)
    chosen = ManagerSettings(time(20), time(7), None, 6, (0, 1, 2, 3, 6), timedelta(minutes=5))
    rules = AlertSettings(
        excluded=frozenset({"1", "2"}),
        excluded_departments=frozenset({3, 10}),
        grace=timedelta(minutes=3),
        enabled=False,
    )
    assert await database.read(lambda c: managers.load_manager_settings(c, COMPANY)) == {}
    assert await database.read(lambda c: managers.load_alert_settings(c, COMPANY)) == AlertSettings()
    for _ in range(2):
        await database.write(lambda c: managers.settle_manager_settings(c, COMPANY, "1002", chosen))
        await database.write(lambda c: managers.settle_alert_settings(c, COMPANY, rules))
        await database.write(lambda c: managers.settle_nudge(c, COMPANY, "1001", timedelta(minutes=5)))
    assert await database.read(lambda c: managers.load_manager_settings(c, COMPANY)) == {"1002": chosen}
    assert await database.read(lambda c: managers.load_alert_settings(c, COMPANY)) == rules
    assert await database.read(lambda c: managers.load_nudges(c, COMPANY)) == {"1001": timedelta(minutes=5)}
