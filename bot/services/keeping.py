"""Keeps a punch, or a leave, and what is to be done first, in the caller's transaction: after it nothing is lost."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.attendance.clocking import Step
from bot.services.sending import Sending
from bot.services.telling import TELL_AFTER
from bot.store.under_way import Row

# Crockford's base 32: nothing in it is mistaken for something else when read aloud.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_ref() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(6))


def keep(
    connection: Connection, sending: Sending[Row], row: Row, now: Callable[[], datetime]
) -> tuple[Row, Step | None]:
    """With a fresh reference until one is free; there are a billion. No step: its source was kept before, and this is
    that row."""
    step, progress = sending.plan(connection, row)
    row = replace(row, progress=progress)
    while (kept := sending.rows.add(connection, row, tell_at=now() + TELL_AFTER)) is None:
        known = sending.rows.find_by_source(connection, row.source)
        if known is not None:
            return known, None
        row = replace(row, ref=new_ref())
    return kept, step
