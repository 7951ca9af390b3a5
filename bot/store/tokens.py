"""Which sessions are still needed: a punch goes to BioTime in its owner's name, after a log-out, too.

A punch uses the newest session of the same account as the same employee (`links.find_link_of_employee`), so the punches
that a link carries are its own and those of the links before it.
"""

from sqlalchemy import ColumnElement, Connection, Select, and_, select, update

from bot.attendance.progress import FINAL
from bot.store.links import Link
from bot.store.tables import links, punches

_OLDER = links.alias()


def has_open_punch(connection: Connection, link: Link, reason: str | None = None) -> bool:
    """Whether a punch that this link carries is still on its way; with a `reason`, one that waits for it."""
    o = _OLDER.c
    carries = and_(
        o.telegram_id == link.telegram_id, o.company == link.company, o.emp_code == link.emp_code, o.id <= link.id
    )
    found = _open_punches(carries)
    if reason is not None:
        found = found.where(punches.c.reason == reason)
    return connection.execute(found.limit(1)).first() is not None


def drop_ended_tokens(connection: Connection) -> int:
    """Of links that have ended and carry nothing open any more; returns how many there were."""
    c, o = links.c, _OLDER.c
    carries = and_(o.telegram_id == c.telegram_id, o.company == c.company, o.emp_code == c.emp_code, o.id <= c.id)
    needed = _open_punches(carries).correlate(links).exists()
    ended = and_(c.unlinked_at.is_not(None), c.token.is_not(None), ~needed)
    return connection.execute(update(links).where(ended).values(token=None)).rowcount


def _open_punches(carries: ColumnElement[bool]) -> Select[tuple[int]]:
    carried = punches.join(_OLDER, punches.c.link_id == _OLDER.c.id)
    return select(punches.c.id).select_from(carried).where(carries, punches.c.state.not_in(FINAL))
