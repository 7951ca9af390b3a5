"""Alerts on both databases: each once, ended and begun again."""

from bot.attendance.absence import Found
from bot.attendance.chain import Chain, Gate, Step, Stop
from bot.attendance.facts import Kind, Site
from bot.database import Database
from bot.store import alerts
from tests.store.rows import NOW, migrate

COMPANY = "Demo Trading"
SITE = Site(1, "Office", NOW.date(), NOW)
CHAIN = Chain((Step(Gate.EMPLOYED, None), Step(Gate.OVERDUE, Stop.NOT_YET, NOW, "x")))
MONA = Found(Kind.ABSENT, "1001", "key", SITE, CHAIN)
OMAR = Found(Kind.ABSENT, "1002", "key", SITE, CHAIN)
WHOLE = Found(Kind.INCIDENT, "", SITE.key, SITE, CHAIN)


async def test_each_is_there_once_and_begins_again_after_its_end(database: Database) -> None:
    await migrate(database)
    assert await database.write(lambda c: alerts.add_alerts(c, COMPANY, [MONA, OMAR, WHOLE], NOW)) == 3
    assert await database.write(lambda c: alerts.add_alerts(c, COMPANY, [MONA, OMAR, WHOLE], NOW)) == 0
    step = Step(Gate.NO_PUNCH, Stop.PUNCHED)
    assert await database.write(lambda c: alerts.end_alerts(c, COMPANY, [("1001", "key", step)], NOW)) == 1
    assert await database.write(lambda c: alerts.clear_sites(c, COMPANY, [SITE], NOW)) == 1
    assert await database.read(lambda c: alerts.load_open_keys(c, COMPANY)) == [("1002", "key", Kind.ABSENT, SITE)]
    (mona,), (omar,), (whole,) = [
        await database.read(lambda c, code=code: alerts.load_of_site(c, COMPANY, SITE, code))  # type: ignore[misc]
        for code in ("1001", "1002", "")
    ]
    assert (mona.ending, omar.ending, mona.chain, whole.kind) == (Stop.PUNCHED, None, CHAIN, Kind.INCIDENT)
    briefs = await database.read(lambda c: alerts.load_absences(c, COMPANY, SITE))
    assert {code: one.is_open for code, one in briefs.items()} == {"1001": False, "1002": True}
    assert await database.read(lambda c: alerts.load_absent(c, COMPANY)) == {"1002"}
    assert await database.write(lambda c: alerts.add_alerts(c, COMPANY, [MONA], NOW)) == 1
    assert len(await database.read(lambda c: alerts.load_open_keys(c, COMPANY))) == 2


async def test_of_two_managers_the_first_excuses(database: Database) -> None:
    await migrate(database)
    await database.write(lambda c: alerts.add_alerts(c, COMPANY, [MONA], NOW))
    (alert,) = await database.read(lambda c: alerts.load_of_site(c, COMPANY, SITE, "1001"))
    assert await database.write(lambda c: alerts.settle_excuse(c, alert, "known", "1002"))
    assert not await database.write(lambda c: alerts.settle_excuse(c, alert, "sick", "1003"))
    assert await database.read(lambda c: alerts.load_excuses(c, COMPANY, NOW.date())) == {("1001", "key"): "known"}
