"""Time and attendance of the mobile API: summaries, time cards, exceptions (manual 6.6, 6.7, after 6.9)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.biotime.auth import BioTimeLogins, authorization
from bot.biotime.errors import Unclear
from bot.biotime.pages import PAGE_SIZE, ListPage, walk
from bot.biotime.paths import BASE, employee_path
from bot.biotime.time_cards import TimeCard, read_time_card
from bot.biotime.wire import mobile_time as wire
from bot.biotime.wire.envelope import MobileList, WebList
from bot.biotime.wire.report_times import read_report_date


class SummaryType(StrEnum):
    """`summary_type` of 6.6: the running week or month, until today."""

    WEEKLY = "weekly_summary"
    MONTHLY = "monthly_summary"


@dataclass(frozen=True, slots=True)
class Summary:
    """How often (6.6)."""

    late: int
    early_out: int
    absent: int
    leave: int
    overtime: int


@dataclass(frozen=True, slots=True)
class DayException:
    """One thing that was not as scheduled. `lasted` is zero for a missing punch."""

    workdate: date
    timetable: str
    exception: str
    lasted: timedelta


class MobileReports(BioTimeLogins):
    """Others than the token's own are refused by the server, unless an administrator asks."""

    async def fetch_summary(self, token: str, emp_id: str, summary_type: SummaryType) -> Summary:
        answer = await self._exchange.get(employee_path(emp_id, f"{summary_type}/"), authorization(token))
        found = answer.read(wire.Summary)
        return Summary(found.late, found.early_out, found.absent, found.leave, found.overtime)

    async def fetch_time_cards(
        self, token: str, first: date, last: date, employees: str = "", departments: str = ""
    ) -> AsyncIterator[TimeCard]:
        """From `first` to `last`, both included, a year at most. Ids with commas between them; none are all."""
        asked = {"start_date": first.isoformat(), "end_date": last.isoformat()}
        asked |= {name: ids for name, ids in (("employees", employees), ("departments", departments)) if ids}

        async def fetch(number: int) -> ListPage[TimeCard]:
            params: dict[str, str | int] = {**asked, "page": number, "page_size": PAGE_SIZE}
            answer = await self._exchange.get(f"{BASE}/total_time_cards/page_data/", authorization(token), params)
            page = answer.read(WebList[wire.MobileTimeCard])
            return ListPage(page.count, page.next, [_read_card(row) for row in page.data])

        async for cards in walk(fetch):
            for card in cards:
                yield card

    async def fetch_exceptions(self, token: str, emp_id: str, first: date, last: date) -> list[DayException]:
        """What was late, short or missing from `first` to `last`. The manual names the URL only: a tenant's rows may
        look otherwise, which is Unclear.
        """
        params = {"start_date": first.isoformat(), "end_date": last.isoformat()}
        path = employee_path(emp_id, "exception_summary/")
        answer = await self._exchange.get(path, authorization(token), params)
        return [_read_exception(row) for row in answer.read(MobileList[wire.DayException]).results]


def _read_card(row: wire.MobileTimeCard) -> TimeCard:
    try:
        return read_time_card(row)
    except ValueError as error:
        raise Unclear("a time card cannot be read") from error


def _read_exception(row: wire.DayException) -> DayException:
    try:
        workdate = read_report_date(row.att_date)
        return DayException(workdate, row.time_table_alias, row.exception, timedelta(minutes=row.minutes))
    except (ValueError, OverflowError) as error:
        raise Unclear("an exception cannot be read") from error
