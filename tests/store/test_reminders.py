"""What people want to be reminded of, on both databases."""

from datetime import timedelta

from bot.attendance.reminders import ReminderWishes
from bot.database import Database
from bot.store import reminders
from tests.store.rows import migrate

COMPANY = "Demo Trading"


async def test_wishes_are_kept_per_employee(database: Database) -> None:
    await migrate(database)
    early = ReminderWishes(-timedelta(minutes=10), None, timedelta(minutes=45))
    assert await database.read(lambda c: reminders.find_wishes(c, COMPANY, "1001")) == ReminderWishes()
    await database.write(lambda c: reminders.settle_wishes(c, COMPANY, "1001", ReminderWishes()))
    await database.write(lambda c: reminders.settle_wishes(c, COMPANY, "1001", early))
    assert await database.read(lambda c: reminders.find_wishes(c, COMPANY, "1001")) == early
    assert await database.read(lambda c: reminders.load_wishes(c, COMPANY)) == {"1001": early}
    assert await database.read(lambda c: reminders.load_wishes(c, "Elsewhere")) == {}
