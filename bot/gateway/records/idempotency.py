"""Answers kept under the key their request came with, so that asking again does nothing again.

A key is claimed before the work and in its transaction: of two requests at once the second waits for the first on
PostgreSQL (the row is locked) and comes after it on SQLite (there is one writer). A refused request keeps nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.gateway.records.schedule_tables import idempotent_answers

LIFETIME = timedelta(days=8)
# Each new key sweeps a few old ones: no job, and no request that pays for all of them.
SWEPT = 20


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """`digest` is SHA-256 over what was asked: the same key with another digest is another request."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    digest: str
    answer: str


def claim_key(conn: Connection, caller: str, request: KeyedRequest, now: datetime) -> KeptAnswer | None:
    """None: the key is the caller's from now on, and `keep_answer` must follow. Else what was answered under it."""
    _sweep(conn, now)
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    claimed = conn.execute(
        insert(idempotent_answers)
        .values(caller=caller, key=request.key, request=request.digest, status=201, answer="", created_at=now)
        .on_conflict_do_nothing()
        .returning(idempotent_answers.c.key)
    )
    return None if claimed.one_or_none() else _load_answer(conn, caller, request.key)


def keep_answer(conn: Connection, caller: str, key: str, answer: str) -> None:
    kept = idempotent_answers.c
    conn.execute(idempotent_answers.update().where(kept.caller == caller, kept.key == key).values(answer=answer))


def _load_answer(conn: Connection, caller: str, key: str) -> KeptAnswer:
    kept = idempotent_answers.c
    row = conn.execute(sa.select(kept.request, kept.answer).where(kept.caller == caller, kept.key == key)).one()
    return KeptAnswer(row.request, row.answer)


def _sweep(conn: Connection, now: datetime) -> None:
    kept = idempotent_answers.c
    # Another replica that sweeps right now has locked its own: those are passed over, so that no two wait in a circle.
    old = (
        sa.select(kept.caller, kept.key)
        .where(kept.created_at < now - LIFETIME)
        .order_by(kept.created_at)
        .limit(SWEPT)
        .with_for_update(skip_locked=True)
    )
    for caller, key in conn.execute(old).all():
        conn.execute(idempotent_answers.delete().where(kept.caller == caller, kept.key == key))
