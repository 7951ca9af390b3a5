"""What BioTime stamped on our punches, beside the time they were really made."""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.store.tables import punches


def load_stamps(connection: Connection, company: str, most: int) -> list[tuple[datetime, datetime]]:
    """(made at, stamped at), the newest first. Not those that came back so late that a person has to look at them."""
    c = punches.c
    ours = select(c.punched_at, c.server_at).where(c.company == company, c.server_at.is_not(None), c.flagged.is_(False))
    return [(made, stamped) for made, stamped in connection.execute(ours.order_by(c.punched_at.desc()).limit(most))]
