"""People and the employee each Telegram account is linked to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, select, update

from bot.attendance.model import PunchState
from bot.store.statements import insert_or_ignore
from bot.store.tables import links, people

# Statements that every message needs are built once: building one takes longer than running it.
_PERSON = select(people).where(people.c.telegram_id == bindparam("telegram_id"))
_LINK = select(links).where(links.c.telegram_id == bindparam("telegram_id"), links.c.unlinked_at.is_(None))
_VISITOR = (
    select(
        links,
        people.c.language,
        people.c.language_code,
        people.c.client_id,
        people.c.dark,
        people.c.location_told_at,
    )
    .select_from(
        people.outerjoin(links, and_(links.c.telegram_id == people.c.telegram_id, links.c.unlinked_at.is_(None)))
    )
    .where(people.c.telegram_id == bindparam("telegram_id"))
)
_PAIRS = (
    select(links, people.c.language, people.c.language_code, people.c.client_id, people.c.dark)
    .join(people, people.c.telegram_id == links.c.telegram_id)
    .where(links.c.unlinked_at.is_(None))
)
_ACCOUNTS = _PAIRS.where(links.c.company == bindparam("company"), links.c.emp_code == bindparam("emp_code"))
_OFFERED = (
    update(links)
    .where(links.c.telegram_id == bindparam("held_telegram_id"), links.c.unlinked_at.is_(None))
    .values(offered_at=bindparam("now"), offered_state=bindparam("said"))
)
_FIRST = links.alias()
_LINK_OF_EMPLOYEE = (
    select(links)
    .join(
        _FIRST,
        and_(
            _FIRST.c.id == bindparam("link_id"),
            links.c.telegram_id == _FIRST.c.telegram_id,
            links.c.company == _FIRST.c.company,
            links.c.emp_code == _FIRST.c.emp_code,
            links.c.id >= _FIRST.c.id,
        ),
    )
    .order_by(links.c.id.desc())
    .limit(1)
)
_KEPT = tuple(column.name for column in links.c if column.name not in ("id", "unlinked_at"))


@dataclass(frozen=True, slots=True)
class Person:
    """A Telegram account. `language` is the stored choice; `client_id` names it to BioTime as a device; `dark`: for
    pictures; `location_told_at`: when they read what becomes of their location.
    """

    telegram_id: int
    language: str | None
    language_code: str | None
    client_id: str
    dark: bool = False
    location_told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A Telegram account that has logged in as an employee. `token` is encrypted; None once BioTime refused it."""

    id: int
    telegram_id: int
    company: str
    emp_id: str
    emp_code: str
    name: str
    department: str
    position: str
    area: str
    app_role: int
    token: bytes | None
    linked_at: datetime
    token_at: datetime
    last_punch_at: datetime | None = None
    last_punch_state: PunchState | None = None
    offered_at: datetime | None = None
    offered_state: PunchState | None = None


def add_person(connection: Connection, telegram_id: int, client_id: str, language_code: str | None) -> Person:
    """The person, made on the first meeting; what Telegram says of the language is kept up to date."""
    found = find_person(connection, telegram_id)
    if found is None:
        values = {"telegram_id": telegram_id, "client_id": client_id, "language_code": language_code}
        insert_or_ignore(connection, people, key="telegram_id", **values)
        return find_person(connection, telegram_id) or Person(telegram_id, None, language_code, client_id)
    if language_code is not None and found.language_code != language_code:
        _change(connection, telegram_id, language_code=language_code)
    return found


def find_person(connection: Connection, telegram_id: int) -> Person | None:
    row = connection.execute(_PERSON, {"telegram_id": telegram_id}).one_or_none()
    return None if row is None else _read_person(row)


def find_visitor(connection: Connection, telegram_id: int) -> tuple[Person | None, Link | None]:
    """Who an account is and the employee it is linked to, in one read: every message asks."""
    row = connection.execute(_VISITOR, {"telegram_id": telegram_id}).first()
    if row is None:
        return None, None
    told_at = row.location_told_at
    person = Person(telegram_id, row.language, row.language_code, row.client_id, bool(row.dark), told_at)
    return person, None if row.id is None else _read(row)


def settle_language(connection: Connection, telegram_id: int, language: str) -> None:
    _change(connection, telegram_id, language=language)


def settle_dark(connection: Connection, telegram_id: int, dark: bool) -> None:
    _change(connection, telegram_id, dark=dark)


def settle_location_told(connection: Connection, telegram_id: int, now: datetime) -> None:
    _change(connection, telegram_id, location_told_at=now)


def _read_person(row: Row[Any]) -> Person:
    return Person(row.telegram_id, row.language, row.language_code, row.client_id, bool(row.dark))


def _change(connection: Connection, telegram_id: int, **values: Any) -> None:
    connection.execute(update(people).where(people.c.telegram_id == telegram_id).values(**values))


def add_link(connection: Connection, link: Link) -> Link:
    """Ends the account's earlier link, if any, and begins this one."""
    end_link(connection, link.telegram_id, link.linked_at)
    values = {name: getattr(link, name) for name in _KEPT}
    row_id = connection.execute(insert(links).values(**values).returning(links.c.id)).scalar_one()
    found = find_link_by_id(connection, row_id)
    assert found is not None
    return found


def end_link(connection: Connection, telegram_id: int, now: datetime) -> bool:
    """Logged out: the row stays, for its punches may still be on their way; no request is made for anything new."""
    c = links.c
    mine = and_(c.telegram_id == telegram_id, c.unlinked_at.is_(None))
    return connection.execute(update(links).where(mine).values(unlinked_at=now)).rowcount > 0


def find_link(connection: Connection, telegram_id: int) -> Link | None:
    row = connection.execute(_LINK, {"telegram_id": telegram_id}).first()
    return None if row is None else _read(row)


def find_link_by_id(connection: Connection, link_id: int) -> Link | None:
    row = connection.execute(select(links).where(links.c.id == link_id)).one_or_none()
    return None if row is None else _read(row)


def find_link_of_employee(connection: Connection, link_id: int) -> Link | None:
    """This link; where the same account has logged in as the same employee again since, that newer one."""
    row = connection.execute(_LINK_OF_EMPLOYEE, {"link_id": link_id}).one_or_none()
    return None if row is None else _read(row)


def find_hr(connection: Connection, company: str) -> list[tuple[Link, Person]]:
    """The linked people who run HR there (`app_role` 2)."""
    found = _PAIRS.where(links.c.company == company, links.c.app_role == 2)
    return [_read_pair(row) for row in connection.execute(found)]


def lock_employee(connection: Connection, company: str, emp_code: str) -> None:
    """Punches of one employee are decided one after the other, on PostgreSQL too, whichever account they come from.
    (SQLite has one writer.)"""
    if connection.dialect.name == "sqlite":
        return
    c = links.c
    first = select(func.min(c.id)).where(c.company == company, c.emp_code == emp_code).scalar_subquery()
    connection.execute(select(c.id).where(c.id == first).with_for_update())


def settle_token(connection: Connection, link: Link, token: bytes | None, now: datetime) -> None:
    """Only where the token still is the one that was used: a log-in in the meantime is newer than what we know."""
    c = links.c
    unchanged = and_(c.id == link.id, c.token == link.token)
    connection.execute(update(links).where(unchanged).values(token=token, token_at=now))


def find_old_tokens(connection: Connection, before: datetime, limit: int = 500) -> list[Link]:
    c = links.c
    old = and_(c.unlinked_at.is_(None), c.token.is_not(None), c.token_at < before)
    return [_read(row) for row in connection.execute(select(links).where(old).order_by(c.token_at).limit(limit))]


def settle_last_punch(connection: Connection, link_id: int, at: datetime, punch_state: PunchState) -> None:
    values = {"last_punch_at": at, "last_punch_state": int(punch_state)}
    connection.execute(update(links).where(links.c.id == link_id).values(**values))


def settle_offered(connection: Connection, telegram_id: int, said: PunchState, now: datetime) -> None:
    """The chat shows a keyboard with what is next from now on."""
    connection.execute(_OFFERED, {"held_telegram_id": telegram_id, "said": int(said), "now": now})


def find_links_of_employee(connection: Connection, company: str, emp_code: str) -> list[tuple[Link, Person]]:
    """Every account that is logged in as this employee."""
    rows = connection.execute(_ACCOUNTS, {"company": company, "emp_code": emp_code})
    return [_read_pair(row) for row in rows]


def find_offering(connection: Connection, said: Iterable[PunchState], before: datetime) -> list[tuple[Link, Person]]:
    """Accounts whose keyboard has said one of these since `before` or earlier."""
    c = links.c
    found = _PAIRS.where(c.offered_state.in_([int(state) for state in said]), c.offered_at <= before)
    return [_read_pair(row) for row in connection.execute(found.order_by(c.id))]


def count_links(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(links).where(links.c.unlinked_at.is_(None))).scalar_one()


def _read_pair(row: Row[Any]) -> tuple[Link, Person]:
    return _read(row), _read_person(row)


def _read(row: Row[Any]) -> Link:
    state = None if row.last_punch_state is None else PunchState(row.last_punch_state)
    return Link(
        id=row.id,
        telegram_id=row.telegram_id,
        company=row.company,
        emp_id=row.emp_id,
        emp_code=row.emp_code,
        name=row.name,
        department=row.department,
        position=row.position,
        area=row.area,
        app_role=row.app_role,
        token=row.token,
        linked_at=row.linked_at,
        token_at=row.token_at,
        last_punch_at=row.last_punch_at,
        last_punch_state=state,
        offered_at=row.offered_at,
        offered_state=None if row.offered_state is None else PunchState(row.offered_state),
    )
