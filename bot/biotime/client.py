"""Our client of the BioTimeCloud mobile API (manual 6).

Logins are inherited from `auth`, what is not about punches from `mobile_reports` and `mobile_passwords`.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import httpx

from bot.biotime import reading
from bot.biotime.auth import authorization
from bot.biotime.errors import BioTimeError
from bot.biotime.exchange import Answer
from bot.biotime.mobile_passwords import MobilePasswords
from bot.biotime.mobile_reports import MobileReports
from bot.biotime.pages import PAGE_SIZE, ListPage, walk
from bot.biotime.paths import BASE, employee_path, photo_path
from bot.biotime.values import (
    AppSettings,
    Employee,
    ListedPunch,
    ManualLog,
    ManualLogUpload,
    PunchStamp,
    PunchUpload,
)
from bot.biotime.wire import mobile
from bot.biotime.wire.envelope import MobileList, Wire

TOTAL = timedelta(seconds=15)
PICTURES = ("image/jpeg", "image/png")
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")

Row = TypeVar("Row", bound=Wire)


class BioTimeClient(MobileReports, MobilePasswords):
    """Everything raises BioTimeError (see `errors`). `total` bounds one request; a list makes one per page.

    `http` is given, with the tenant's address as its base (`transport` builds it); `zone` is the company's.
    `takes_keys`: the server is our own gateway, which answers a punch's key that it knows as it did the first time.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        company: str,
        zone: ZoneInfo,
        total: timedelta = TOTAL,
        *,
        takes_keys: bool = False,
    ) -> None:
        super().__init__(http, company, total)
        self._zone = zone
        self._takes_keys = takes_keys

    async def fetch_app_settings(self, token: str) -> AppSettings:
        """Who the token belongs to (6.2), from the second path the manual names where the first is not found."""
        try:
            answer = await self._get("/configurations/app_settings/", token)
        except BioTimeError as error:
            if error.status != 404:
                raise
            answer = await self._get("/app_settings/", token)
        return reading.read_app_settings(answer.read(mobile.AppSettings))

    async def fetch_employee(self, token: str, emp_id: str) -> Employee:
        """One employee (6.3). Others than the token's own are refused by the server."""
        answer = await self._exchange.get(employee_path(emp_id), authorization(token))
        return reading.read_employee(answer.read(mobile.MobileEmployeeAnswer))

    async def fetch_photo(self, token: str, emp_id: str) -> bytes | None:
        """An employee's photo (6.3), a JPEG or a PNG; None where there is none that is one, or that is on this server.
        Neither another host nor more than `BODY_LIMIT` is ever read.
        """
        path = photo_path((await self.fetch_employee(token, emp_id)).photo)
        if path is None:
            return None
        answer = await self._exchange.get(path, authorization(token))
        return answer.body if answer.content_type in PICTURES and answer.body.startswith(_BEGINNINGS) else None

    async def fetch_employees(self, token: str) -> AsyncIterator[Employee]:
        """All employees the token may see (6.3)."""
        async for page in self._pages("/employees/", token, MobileList[mobile.MobileEmployee]):
            for row in page:
                yield reading.read_employee(row)

    async def upload_punch(self, token: str, punch: PunchUpload) -> PunchStamp:
        """Clock in (6.4 POST). The server stamps its own time, and a tenant knows no key: after Unclear never call this
        again for the same punch, look for it with `fetch_punches`.
        """
        body, headers = reading.write_punch(punch), authorization(token)
        if self._takes_keys and punch.key:
            headers["Idempotency-Key"] = punch.key
        answer = await self._exchange.post(f"{BASE}/transactions/", headers, body)
        return reading.read_stamp(answer.read(mobile.PunchReceipt), self._zone, answer.dated_at)

    async def fetch_punches(self, token: str, since: datetime | None = None) -> AsyncIterator[ListedPunch]:
        """Punches not older than `since`, newest first, other people's too (6.4 GET). Complete when it ends without
        raising: a list that could not be read whole raises Unclear.
        """
        async for page in self._pages("/transactions/", token, MobileList[mobile.ListedPunch]):
            punches = [reading.read_punch(row, self._zone) for row in page]
            recent = [punch for punch in punches if since is None or punch.readings[-1] >= since]
            for punch in recent:
                yield punch
            if not recent and _runs_backwards(punches):
                return

    async def upload_manual_log(self, token: str, emp_id: str, log: ManualLogUpload) -> int:
        """File a punch after the fact (6.5). Returns its id. After Unclear, look with `fetch_manual_logs`."""
        path = employee_path(emp_id, "manual_logs/")
        answer = await self._exchange.post(path, authorization(token), reading.write_manual_log(log))
        return answer.read(mobile.ManualLogReceipt).id

    async def fetch_manual_logs(self, token: str) -> AsyncIterator[ManualLog]:
        """Manual logs the token may see, in the server's order (6.8). Completeness as in `fetch_punches`."""
        async for page in self._pages("/manual_logs/", token, MobileList[mobile.ListedManualLog]):
            for row in page:
                yield reading.read_manual_log(row, self._zone)

    async def _get(self, path: str, token: str, page: int = 0) -> Answer:
        params = {"page": page, "page_size": PAGE_SIZE} if page else None
        return await self._exchange.get(BASE + path, authorization(token), params)

    def _pages(self, path: str, token: str, listed: type[MobileList[Row]]) -> AsyncIterator[Sequence[Row]]:
        async def fetch(number: int) -> ListPage[Row]:
            page = (await self._get(path, token, number)).read(listed)
            return ListPage(page.count, page.next, page.results)

        return walk(fetch)


def _runs_backwards(punches: list[ListedPunch]) -> bool:
    """Whether older pages follow. Only then may a page of old rows end the walk: a single late row may stand among
    newer ones, and in a list with the oldest first, the newest are yet to come.
    """
    return len(punches) > 1 and punches[0].punched_at > punches[-1].punched_at
