"""What a rehearsal of alerts reads of our own: punches made with the bot, whether BioTime has them or not."""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.attendance.facts import SeenPunch
from bot.attendance.model import PunchState
from bot.store.punches import MADE
from bot.store.tables import punches


def load_own_punches(
    connection: Connection, company: str, since: datetime, until: datetime
) -> list[tuple[str, SeenPunch]]:
    """(employee, punch), both ends included; without what BioTime refused."""
    c = punches.c
    query = select(c.emp_code, c.punched_at, c.punch_state).where(
        c.company == company,
        c.punched_at >= since,
        c.punched_at <= until,
        MADE,
        # What was asked for afterwards was known only then: BioTime lists it among the manual logs.
        c.asked_at.is_(None),
    )
    known = {int(state): state for state in PunchState}
    rows = connection.execute(query.order_by(c.punched_at))
    return [(code, SeenPunch(at, known.get(state, PunchState.UNKNOWN))) for code, at, state in rows]
