"""Which days are days of rest: those that are past by their cards, those to come by the same weekdays before."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from bot.biotime.time_cards import TimeCard
from bot.services.rest_days import find_rest
from tests.services.cards_of_days import CARD

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = date(2026, 3, 4)  # a Wednesday
SATURDAY, SUNDAY, MONDAY = date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9)
FREE = replace(CARD, timetable="", clock_in=None, clock_out=None, total_worked=None, duty_duration=None,
               status="Rest Day(R)")  # fmt: skip


def weeks(*odd: TimeCard) -> Iterable[TimeCard]:
    """Five of them, from Monday to Friday; `odd` cards take the place of others."""
    told = {card.workdate: card for card in odd}
    for day in (TODAY - n * DAY for n in range(36)):
        usual = FREE if day.weekday() >= 5 else CARD
        yield told.get(day, replace(usual, workdate=day))


def test_a_weekday_that_was_always_one_of_rest_is_one() -> None:
    assert find_rest(weeks(), [SATURDAY, SUNDAY], TODAY) == [SATURDAY, SUNDAY]
    assert find_rest(weeks(), [SUNDAY, MONDAY], TODAY) == ()
    assert find_rest(weeks(), [TODAY], TODAY) == ()


def test_once_worked_it_is_none_and_holidays_and_leave_say_nothing() -> None:
    worked = replace(CARD, workdate=SATURDAY - 14 * DAY)
    assert find_rest(weeks(worked), [SATURDAY], TODAY) == ()
    holiday = replace(FREE, workdate=SATURDAY - 7 * DAY, status="Holiday(H)")
    leave = replace(FREE, workdate=SATURDAY - 14 * DAY, leave=HOUR)
    assert find_rest(weeks(holiday, leave), [SATURDAY], TODAY) == [SATURDAY]


def test_days_that_are_past_are_what_their_cards_say() -> None:
    worked = replace(CARD, workdate=SATURDAY - 7 * DAY)
    assert find_rest(weeks(worked), [SATURDAY - 7 * DAY], TODAY) == ()
    assert find_rest(weeks(worked), [SATURDAY - 14 * DAY], TODAY) == [SATURDAY - 14 * DAY]


def test_who_has_no_weeks_behind_them_reads_nothing() -> None:
    assert find_rest([], [SATURDAY], TODAY) == ()
    assert find_rest([replace(FREE, workdate=SATURDAY - 7 * DAY)], [SATURDAY], TODAY) == ()
