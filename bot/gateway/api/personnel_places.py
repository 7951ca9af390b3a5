"""Departments, areas and positions: manual chapters 6, 7 and 8. Three trees, one way to ask for and to change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.biotime.wire import personnel as wire
from bot.biotime.wire.envelope import Wire
from bot.gateway.access.gate import Gate
from bot.gateway.api.answers import answer
from bot.gateway.api.resource import Handlers
from bot.gateway.api.web import read_as_office, write_as_office
from bot.gateway.api.web_lists import WebListing, answer_web_list
from bot.gateway.records.kinds import Dialect
from bot.gateway.records.offices import Office
from bot.gateway.records.places import (
    AREAS,
    DEPARTMENTS,
    POSITIONS,
    Dependants,
    Kind,
    Place,
    add_place,
    change_place,
    count_dependants,
    find_place,
    is_code_taken,
    known_ids,
    lies_below,
    remove_place,
    select_places,
)
from bot.gateway.records.tables import CODE_LENGTH, NAME_LENGTH
from bot.gateway.rest.bodies import Body, read_body
from bot.gateway.rest.errors import NotFound, refused_body
from bot.gateway.rest.fields import Fields, no_such_pk, read_pk
from bot.gateway.rest.filters import number, search, texts


@dataclass(frozen=True, slots=True)
class Chapter:
    """One of the trees as the manual shows it; the `onprem` rows know no company."""

    kind: Kind
    path: str
    row: type[Wire]
    onprem_row: type[Wire]
    receipt: type[Wire]

    @property
    def listing(self) -> WebListing:
        table, prefix, default = self.kind.table.c, self.kind.prefix, (self.kind.table.c.id.asc(),)
        code, name, parent = f"{prefix}_code", f"{prefix}_name", f"parent_{prefix}"
        filters = {
            **texts(**{code: self.kind.code, name: self.kind.label}),
            parent: number(table.parent_id),
            "id": number(table.id),
            "search": search(self.kind.code, self.kind.label),
        }
        orders = {"id": table.id, code: self.kind.code, name: self.kind.label, parent: table.parent_id}
        return WebListing(select_places(self.kind), table.id, table.company_id, filters, orders, default)


CHAPTERS = (
    Chapter(
        DEPARTMENTS,
        "/personnel/api/departments/",
        wire.Department,
        wire.OnpremDepartment,
        wire.DepartmentReceipt,
    ),
    Chapter(AREAS, "/personnel/api/areas/", wire.Area, wire.AreaReceipt, wire.AreaReceipt),
    Chapter(
        POSITIONS,
        "/personnel/api/positions/",
        wire.Position,
        wire.OnpremPosition,
        wire.PositionReceipt,
    ),
)


class PlacesApi:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def doors(self) -> dict[str, Handlers]:
        return {}

    def resources(self) -> dict[str, Handlers]:
        return {path: handlers for chapter in CHAPTERS for path, handlers in self._of(chapter).items()}

    def _of(self, chapter: Chapter) -> dict[str, Handlers]:
        change = partial(self.change, chapter)
        return {
            chapter.path: {"GET": partial(self.list, chapter, chapter.listing), "POST": partial(self.add, chapter)},
            f"{chapter.path}{{called}}/": {
                "GET": partial(self.show, chapter),
                "PUT": change,
                "PATCH": change,
                "DELETE": partial(self.remove, chapter),
            },
        }

    async def list(self, chapter: Chapter, listing: WebListing, request: Request) -> Response:
        return await answer_web_list(
            self._gate, request, listing, lambda row, office: build_row(chapter, Place(*row), office)
        )

    async def show(self, chapter: Chapter, request: Request) -> Response:
        def load(conn: Connection, office: Office) -> Wire:
            return build_row(chapter, _load_called(conn, chapter.kind, office, request), office)

        return answer(await read_as_office(self._gate, request, load))

    async def add(self, chapter: Chapter, request: Request) -> Response:
        body = await read_body(request)

        def store(conn: Connection, office: Office) -> Wire:
            values = _read_values(conn, chapter.kind, office, body, None)
            place_id = add_place(conn, chapter.kind, office.company_id, values)
            return _build_receipt(conn, chapter, office, place_id)

        return answer(await write_as_office(self._gate, request, store), 201)

    async def change(self, chapter: Chapter, request: Request) -> Response:
        body = await read_body(request)

        def store(conn: Connection, office: Office) -> Wire:
            place = _load_called(conn, chapter.kind, office, request)
            change_place(conn, chapter.kind, place.id, _read_values(conn, chapter.kind, office, body, place))
            return _build_receipt(conn, chapter, office, place.id)

        return answer(await write_as_office(self._gate, request, store))

    async def remove(self, chapter: Chapter, request: Request) -> Response:
        def erase(conn: Connection, office: Office) -> Dialect:
            place = _load_called(conn, chapter.kind, office, request)
            if reason := _say_why_kept(chapter.kind, count_dependants(conn, chapter.kind, place.id)):
                raise refused_body(400, reason)
            remove_place(conn, chapter.kind, place.id)
            return office.dialect

        dialect = await write_as_office(self._gate, request, erase)
        told = chapter.kind is DEPARTMENTS and dialect is Dialect.CLOUD
        return answer(wire.Deleted()) if told else Response(status_code=204)


def build_row(chapter: Chapter, place: Place, office: Office) -> Wire:
    members = _members(chapter.kind, place)
    if office.dialect is Dialect.ONPREM:
        return chapter.onprem_row.model_validate(members)
    company = wire.CompanyName(id=office.company_id, name=office.name)
    return chapter.row.model_validate({**members, "company": company})


def _build_receipt(conn: Connection, chapter: Chapter, office: Office, place_id: int) -> Wire:
    place = find_place(conn, chapter.kind, office.company_id, place_id)
    assert place is not None, "written in this transaction"
    return chapter.receipt.model_validate(_members(chapter.kind, place))


def _members(kind: Kind, place: Place) -> Mapping[str, object]:
    return {
        "id": place.id,
        f"{kind.prefix}_code": place.code,
        f"{kind.prefix}_name": place.name,
        f"parent_{kind.prefix}": place.parent_id,
        f"parent_{kind.prefix}_name": place.parent_name,
    }


def _load_called(conn: Connection, kind: Kind, office: Office, request: Request) -> Place:
    """The one the URL names, of this company. Raises NotFound."""
    called = read_pk(request.path_params["called"])
    place = None if called is None else find_place(conn, kind, office.company_id, called)
    if place is None:
        raise NotFound
    return place


def _read_values(conn: Connection, kind: Kind, office: Office, body: Body, place: Place | None) -> Mapping[str, object]:
    """The columns that the body sets: of a new place all it needs, of `place` what changes. Raises Invalid."""
    fields = Fields(body)
    code, name, parent = kind.code.name, kind.label.name, f"parent_{kind.prefix}"
    values: dict[str, object] = {}
    for member, limit in ((code, CODE_LENGTH), (name, NAME_LENGTH)):
        if place is None or fields.given(member):
            values[member] = fields.text(member, limit, trim=True)
    if fields.given(parent):
        values["parent_id"] = parent_id = fields.pk(parent)
        if parent_id and (problem := _parent_problem(conn, kind, office, parent_id, place)):
            fields.refuse(parent, problem)
    if is_code_taken(conn, kind, office.company_id, str(values.get(code, "")), but=place.id if place else None):
        fields.refuse(code, f"{kind.name} with this {code} already exists.")
    fields.finish()
    return values


def _parent_problem(conn: Connection, kind: Kind, office: Office, parent_id: int, place: Place | None) -> str | None:
    if not known_ids(conn, kind, office.company_id, [parent_id]):
        return no_such_pk(parent_id)
    if place and lies_below(conn, kind, office.company_id, parent_id, place.id):
        return f"The {kind.name} would stand below itself."
    return None


def _say_why_kept(kind: Kind, dependants: Dependants) -> str | None:
    counts = {
        "employee": dependants.employees,
        # Their time cards name the places they had.
        "former employee": dependants.former_employees,
        f"sub-{kind.name}": dependants.children,
        "terminal": dependants.terminals,
        "holiday": dependants.holidays,
    }
    held = [f"{count} {noun}{'' if count == 1 else 's'}" for noun, count in counts.items() if count]
    return f"This {kind.name} cannot be deleted, it still has {', '.join(held)}." if held else None
