"""The page's table of contents: every path below /hr/."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp

from bot.gateway.access.gate import Gate
from bot.gateway.api.resource import Handlers
from bot.gateway.hr.calendars import CALENDARS
from bot.gateway.hr.desk import Desk
from bot.gateway.hr.diary import Diary, DiaryPages
from bot.gateway.hr.door import HOME, Door
from bot.gateway.hr.paper import TEMPLATES, go_to
from bot.gateway.hr.people import PEOPLE
from bot.gateway.hr.punches import PunchPages
from bot.gateway.hr.requests import KINDS, RequestPages
from bot.gateway.hr.rules import RulePages
from bot.gateway.hr.sections import SectionPages
from bot.gateway.hr.sessions import Sessions
from bot.gateway.hr.structure import STRUCTURE
from bot.gateway.hr.timecards import TimeCardPages
from bot.gateway.hr.timetables import SHIFT, TIMETABLE
from bot.gateway.hr.visits import Pages, Visit, Visits
from bot.gateway.rest.errors import NotFound

SECTIONS = (PEOPLE, *STRUCTURE, TIMETABLE, SHIFT, *CALENDARS)


class HrPages:
    """Served like an API of the gateway; `app` is the gateway itself, which the page writes through."""

    def __init__(self, gate: Gate, app: ASGIApp, diary: Diary | None = None) -> None:
        self._diary = diary
        self._visits = Visits(gate, Desk(gate, app), Sessions(gate.settings))

    def resources(self) -> dict[str, Handlers]:
        return {}

    def doors(self) -> dict[str, Handlers]:
        visits = self._visits
        paths: dict[str, Handlers] = {"/hr/": {"GET": _to_home}, "/hr/style.css/": {"GET": _style}}
        parts: tuple[Pages, ...] = (
            Door(visits),
            *(SectionPages(visits, section) for section in SECTIONS),
            *(RequestPages(visits, kind) for kind in KINDS),
            PunchPages(visits),
            TimeCardPages(visits),
            RulePages(visits),
            DiaryPages(visits, self._diary),
        )
        for part in parts:
            paths |= part.pages()
        return {**paths, "/hr/{elsewhere:path}": visits.shown_by(_nowhere)}


async def _to_home(_request: Request) -> Response:
    return go_to(HOME)


async def _style(_request: Request) -> Response:
    return FileResponse(TEMPLATES / "style.css", headers={"Cache-Control": "max-age=3600"})


async def _nowhere(_visit: Visit) -> Response:
    raise NotFound
