"""A path that leads nowhere: 404, but for a page to clients of an on-prem server, which know it so (wire notes)."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.gateway.access.gate import Gate
from bot.gateway.records.companies import find_company
from bot.gateway.records.kinds import Dialect
from bot.gateway.rest.errors import NotFound

PAGE = "<!DOCTYPE html>\n<html><head><title>BioTime</title></head><body>Page not found.</body></html>\n"


class Unrouted:
    """The company is the one whose name the host begins with: nobody has logged in here."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(self, request: Request, _problem: Exception) -> Response:
        label = self._gate.origin(request).host.partition(".")[0]
        company = await self._gate.db.read(lambda conn: find_company(conn, label))
        if company is not None and company.dialect == Dialect.ONPREM:
            return HTMLResponse(PAGE)
        return NotFound().response()
