from dataclasses import replace
from datetime import timedelta

from bot.database import Database
from bot.store import audit_lines as store
from bot.store.audit_lines import Act, AuditLine
from tests.store.rows import NOW, migrate

LINE = AuditLine("Demo Trading", NOW, "1002", "Omar", Act.APPROVED, "log:17", "1001", "Mona", {"state": 0}, "seen", NOW)


async def test_what_can_be_done_once_is_there_once(database: Database) -> None:
    db = await migrate(database)
    first = await db.write(lambda c: store.add_audit_line(c, LINE))
    assert await db.write(lambda c: store.add_audit_line(c, replace(LINE, by_name="Huda", act=Act.REFUSED))) is None
    assert await db.write(lambda c: store.add_audit_line(c, replace(LINE, company="Elsewhere"))) is not None
    found = await db.read(lambda c: store.find_audit_line(c, "Demo Trading", "log:17"))
    assert first is not None
    assert found == replace(LINE, id=first)


async def test_the_newest_come_first_and_no_other_company_s(database: Database) -> None:
    db = await migrate(database)
    for number in range(3):
        line = replace(LINE, once=f"log:{number}", at=NOW + timedelta(minutes=number))
        await db.write(lambda c, line=line: store.add_audit_line(c, line))  # type: ignore[misc]
    await db.write(lambda c: store.add_audit_line(c, replace(LINE, company="Elsewhere")))
    keys = [line.once for line in await db.read(lambda c: store.load_audit_lines(c, "Demo Trading", 0, 2))]
    assert keys == ["log:2", "log:1"]
    assert [line.once for line in await db.read(lambda c: store.load_audit_lines(c, "Demo Trading", 2, 2))] == ["log:0"]


async def test_telling_is_claimed_by_one(database: Database) -> None:
    db = await migrate(database)
    await db.write(lambda c: store.add_audit_line(c, LINE))
    assert await db.read(lambda c: store.find_untold(c, NOW - timedelta(seconds=1))) == []
    (line,) = await db.read(lambda c: store.find_untold(c, NOW))
    later = NOW + timedelta(minutes=1)
    assert [await db.write(lambda c: store.claim_telling(c, line, later)) for _ in range(2)] == [True, False]
    (line,) = await db.read(lambda c: store.find_untold(c, later))
    assert await db.write(lambda c: store.claim_telling(c, line, None))
    assert await db.read(lambda c: store.find_untold(c, later)) == []
