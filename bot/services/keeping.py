"""Keeps a punch with what is to be done first, in the caller's transaction: after its commit nothing is lost."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.attendance.clocking import Step
from bot.services.sending import Sending
from bot.services.telling import TELL_AFTER
from bot.store import punches
from bot.store.punches import Punch

# Crockford's base 32: nothing in it is mistaken for something else when read aloud.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_ref() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(6))


def keep(
    connection: Connection, sending: Sending, punch: Punch, now: Callable[[], datetime]
) -> tuple[Punch, Step | None]:
    """With a fresh reference until one is free; there are a billion. No step: its source was kept before, and this is
    that punch."""
    step, progress = sending.plan(connection, punch)
    punch = replace(punch, progress=progress)
    while (kept := punches.add_punch(connection, punch, tell_at=now() + TELL_AFTER)) is None:
        known = punches.find_punch_by_source(connection, punch.source)
        if known is not None:
            return known, None
        punch = replace(punch, ref=new_ref())
    return kept, step
