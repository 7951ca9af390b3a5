"""Who manages whom, on both databases."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.database import Database
from bot.store import manager_settings, managers
from bot.store.manager_settings import AlertSettings, ManagerSettings
from bot.store.managers import Manager, Scope, StandIn
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


async def test_a_manager_changes_two_things_at_once_on_two_phones(database_url: str) -> None:
    """The second begins before the first is done, and knows nothing of it: both changes stand, of one list too."""
    changes = (
        lambda s: replace(s, digest_at=time(6)),
        lambda s: replace(s, weekly_day=4),
        lambda s: replace(s, working_days=tuple({*s.working_days} - {0})),
        lambda s: replace(s, working_days=tuple({*s.working_days} - {4})),
    )
    phones = [await Database.open(database_url) for _ in changes]
    await migrate(phones[0])
    for code in map(str, range(8)):
        at_once = [
            phone.write(
                partial(manager_settings.change_manager_settings, company=COMPANY, emp_code=code, change=change)
            )
            for phone, change in zip(phones, changes, strict=True)
        ]
        await asyncio.gather(*at_once)
        kept = (await phones[0].read(lambda c: manager_settings.load_manager_settings(c, COMPANY)))[code]
        assert kept == ManagerSettings(digest_at=time(6), weekly_day=4, working_days=(1, 2, 3))
    for phone in phones:
        await phone.close()


async def test_only_what_changed_is_written(database: Database) -> None:
    """Something that wrote another column in between, past the lock, has not written in vain."""
    await migrate(database)

    def change(connection: Connection) -> None:
        def meanwhile(settings: ManagerSettings) -> ManagerSettings:
            connection.exec_driver_sql("UPDATE manager_settings SET weekly_day = 6")
            return replace(settings, digest_at=None)

        manager_settings.change_manager_settings(connection, COMPANY, "1002", meanwhile)

    await database.write(change)
    kept = (await database.read(lambda c: manager_settings.load_manager_settings(c, COMPANY)))["1002"]
    assert (kept.digest_at, kept.weekly_day) == (None, 6)


async def test_settings_are_kept_and_have_defaults(database: Database) -> None:
    await migrate(database)
    chosen = ManagerSettings(time(20), time(7), None, 6, (0, 1, 2, 3, 6), timedelta(minutes=5))
    rules = AlertSettings(
        excluded=frozenset({"1", "2"}),
        excluded_departments=frozenset({3, 10}),
        grace=timedelta(minutes=3),
        enabled=False,
    )
    assert await database.read(lambda c: manager_settings.load_manager_settings(c, COMPANY)) == {}
    assert await database.read(lambda c: manager_settings.load_alert_settings(c, COMPANY)) == AlertSettings()
    for _ in range(2):
        await database.write(lambda c: manager_settings.change_manager_settings(c, COMPANY, "1002", lambda _: chosen))
        await database.write(lambda c: manager_settings.settle_alert_settings(c, COMPANY, rules))
        await database.write(lambda c: manager_settings.settle_nudge(c, COMPANY, "1001", timedelta(minutes=5)))
    assert await database.read(lambda c: manager_settings.load_manager_settings(c, COMPANY)) == {"1002": chosen}
    assert await database.read(lambda c: manager_settings.load_alert_settings(c, COMPANY)) == rules
    assert await database.read(lambda c: manager_settings.load_nudges(c, COMPANY)) == {"1001": timedelta(minutes=5)}
