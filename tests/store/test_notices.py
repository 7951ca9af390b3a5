from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from bot.database import Database
from bot.store import notices
from bot.store.notices import Notice, NoticeKind
from tests.store.rows import NOW, migrate

TODAY = date(2024, 6, 3)
PEOPLE = ("1002", "1001", "1001")
LATE = Notice("Demo Trading", "1001", TODAY, NoticeKind.LATE, 20, None, NOW, "telegram:101:7")


async def keep(store: Database, *said: Notice) -> list[bool]:
    return [await store.write(lambda c, one=one: notices.add_notice(c, one)) for one in said]  # type: ignore[misc]


async def test_what_is_said_twice_is_kept_once(database: Database) -> None:
    store = await migrate(database)
    assert await keep(store, LATE, replace(LATE, minutes=60)) == [True, False]
    (kept,) = await store.read(lambda c: notices.load_notices(c, "Demo Trading", TODAY))
    assert replace(kept, id=0) == LATE


async def test_a_day_shows_its_own_company_in_the_order_of_saying(database: Database) -> None:
    store = await migrate(database)
    sick = replace(LATE, kind=NoticeKind.SICK, minutes=None, note="flu", source="telegram:101:9")
    earlier = replace(LATE, emp_code="1002", said_at=NOW - timedelta(minutes=5), source="telegram:201:1")
    tomorrow = replace(LATE, workdate=date(2024, 6, 4), source="telegram:101:10")
    elsewhere = replace(LATE, company="Elsewhere", source="telegram:301:1")
    await keep(store, LATE, sick, earlier, tomorrow, elsewhere)
    day = await store.read(lambda c: notices.load_notices(c, "Demo Trading", TODAY))
    assert [(one.emp_code, one.kind) for one in day] == [("1002", "late"), ("1001", "late"), ("1001", "sick")]
    own = await store.read(lambda c: notices.load_own_notices(c, "Demo Trading", "1001", TODAY))
    assert [(one.kind, one.note) for one in own] == [("late", None), ("sick", "flu")]


async def test_one_can_be_taken_back_once(database: Database) -> None:
    store = await migrate(database)
    await keep(store, LATE)
    drop: Callable[..., bool] = notices.drop_notice
    dropped = []
    for who in PEOPLE:
        dropped.append(await store.write(lambda c, who=who: drop(c, LATE.company, who, LATE.source)))  # type: ignore[misc]
    assert dropped == [False, True, False], "only her own, and once"
    assert await store.read(lambda c: notices.load_notices(c, "Demo Trading", TODAY)) == []
