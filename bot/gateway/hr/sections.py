"""A section of the page: a list of records, a form to add and to change one, and a question before one is deleted.

What a section is about stands in a `Section`; how it behaves stands here, once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row
from starlette.responses import Response

from bot.gateway.api.resource import Handlers
from bot.gateway.api.web_lists import WebListing
from bot.gateway.hr import forms
from bot.gateway.hr.desk import Errors
from bot.gateway.hr.forms import Group
from bot.gateway.hr.paper import go_to
from bot.gateway.hr.visits import Form, Visit, Visits
from bot.gateway.records.offices import Office
from bot.gateway.records.pages import Page, fetch_lean_page
from bot.gateway.rest.errors import NotFound
from bot.gateway.rest.fields import read_pk
from bot.gateway.rest.filters import read_filters
from bot.gateway.rest.paging import invalid_page, read_page

PAGE_SIZE = 50
AnyRow = Row[*tuple[Any, ...]]
Cell = Callable[[AnyRow], object]
Step = Callable[[Visit, Form], "Form | None"]


@dataclass(frozen=True, slots=True)
class Section:
    """`groups` are the form's, for what is typed so far; `more` says what stands in those that are not plain columns,
    and `body` makes of the whole what the API takes. `path` is the API's.
    """

    key: str
    title: str
    one: str
    path: str
    listing: WebListing
    columns: Mapping[str, Cell]
    groups: Callable[[Connection, Office, Form], Sequence[Group]]
    search: str = ""
    more: Callable[[Connection, AnyRow], Form] = lambda _conn, _row: {}
    body: Callable[[Connection, Office, Sequence[Group], Form], Mapping[str, object]] = (
        lambda _conn, _office, groups, form: forms.body_of(groups, form)
    )
    called: Callable[[WebListing, str], ColumnElement[bool] | None] = lambda listing, text: (
        None if (pk := read_pk(text)) is None else listing.key == pk
    )
    key_of: Callable[[AnyRow], object] = lambda row: row.id
    name_of: Callable[[AnyRow], str] = lambda row: str(row.alias)
    new: Callable[[date], Form] = lambda _today: {}
    """What a form for a new one starts with."""
    remove: str = "Delete"
    warning: str = ""
    links: Mapping[str, Callable[[AnyRow], str]] | None = None

    @property
    def home(self) -> str:
        return f"/hr/{self.key}/"


class SectionPages:
    def __init__(self, visits: Visits, section: Section) -> None:
        self._visits = visits
        self._section = section

    def pages(self) -> dict[str, Handlers]:
        home, by = self._section.home, self._visits.shown_by
        return {
            home: by(self.list),
            f"{home}new/": by(self.ask_new, self.add),
            f"{home}{{called}}/": by(self.ask_changes, self.change),
            f"{home}{{called}}/delete/": by(self.ask_removal, self.remove),
        }

    async def list(self, visit: Visit) -> Response:
        found = await self._visits.gate.db.read(lambda conn: fetch_rows(conn, visit, self._section.listing))
        return visit.show("list.html", self._section.title, section=self._section, found=found)

    async def ask_new(self, visit: Visit) -> Response:
        asked = {name: value for name, value in visit.request.query_params.items() if name != "done"}
        started = self._section.new(visit.office.day(visit.now))
        return await self._show_form(visit, {**started, **asked}, None)

    async def ask_changes(self, visit: Visit) -> Response:
        row = await self._load(visit)
        return await self._show_form(visit, await self._read(partial(self._start, row=row, visit=visit)), row)

    async def add(self, visit: Visit) -> Response:
        return await self._send(visit, "POST", self._section.path, None)

    async def change(self, visit: Visit) -> Response:
        row = await self._load(visit)
        return await self._send(visit, "PATCH", f"{self._section.path}{self._section.key_of(row)}/", row)

    async def ask_removal(self, visit: Visit) -> Response:
        return self._show_removal(visit, await self._load(visit), ())

    async def remove(self, visit: Visit) -> Response:
        row, section = await self._load(visit), self._section
        sent = await self._visits.send(visit, "DELETE", f"{section.path}{section.key_of(row)}/")
        if sent.errors:
            return self._show_removal(visit, row, [reason for said in sent.errors.values() for reason in said])
        return go_to(f"{section.home}?done={'deleted' if section.remove == 'Delete' else 'gone'}")

    async def _send(self, visit: Visit, method: str, path: str, row: AnyRow | None) -> Response:
        if "again" in visit.form:  # the form asks for more of itself
            return await self._show_form(visit, visit.form, row)
        body = await self._read(partial(self._build, visit=visit))
        sent = await self._visits.send(visit, method, path, body)
        if sent.errors:
            return await self._show_form(visit, visit.form, row, sent.errors)
        return go_to(f"{self._section.home}?done={'saved' if row is not None else 'added'}")

    async def _show_form(self, visit: Visit, form: Form, row: AnyRow | None, errors: Errors | None = None) -> Response:
        section = self._section
        groups = await self._read(lambda conn: section.groups(conn, visit.office, form))
        title = f"New {section.one}" if row is None else section.name_of(row)
        wrong = forms.sort_errors(errors, groups) if errors else forms.NOTHING_WRONG
        shown = {"section": section, "groups": groups, "form": form, "wrong": wrong, "row": row}
        return visit.show("form.html", title, status=400 if errors else 200, **shown)

    def _show_removal(self, visit: Visit, row: AnyRow, reasons: Sequence[str]) -> Response:
        name = self._section.name_of(row)
        title = f"{self._section.remove} {name}?"
        shown = {"section": self._section, "name": name, "reasons": reasons, "key": self._section.key_of(row)}
        return visit.show("remove.html", title, status=400 if reasons else 200, **shown)

    def _start(self, conn: Connection, row: AnyRow, visit: Visit) -> Form:
        more = self._section.more(conn, row)
        groups = self._section.groups(conn, visit.office, more)
        return {**forms.start(groups, row), **more}

    def _build(self, conn: Connection, visit: Visit) -> Mapping[str, object]:
        groups = self._section.groups(conn, visit.office, visit.form)
        return self._section.body(conn, visit.office, groups, visit.form)

    async def _read(self, work: "Callable[[Connection], Any]") -> Any:
        return await self._visits.gate.db.read(work)

    async def _load(self, visit: Visit) -> AnyRow:
        return await self._visits.gate.db.read(lambda conn: find_row(conn, visit, self._section))


def find_row(conn: Connection, visit: Visit, section: Section) -> AnyRow:
    """The one the address names, of this company. Raises NotFound."""
    called = section.called(section.listing, visit.called)
    query = section.listing.query.where(section.listing.company_id == visit.office.company_id)
    row = None if called is None else conn.execute(query.where(called)).one_or_none()
    if row is None:
        raise NotFound
    return row


def fetch_rows(conn: Connection, visit: Visit, listing: WebListing, *conditions: ColumnElement[bool]) -> Page:
    """A page of the company's, narrowed down by the API's own filters. Raises NotFound, Invalid."""
    wanted = replace(read_page(visit.request, PAGE_SIZE), size=PAGE_SIZE)
    asked = read_filters(visit.request, listing.filters, visit.office.zone)
    query = listing.query.where(listing.company_id == visit.office.company_id, *asked, *conditions)
    found = fetch_lean_page(conn, query, listing.key, listing.default, wanted)
    if found is None:
        raise invalid_page()
    return found
