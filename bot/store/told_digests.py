"""What the digests before have told, by whose people they are."""

import json
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from bot.store.alert_tables import outbox
from bot.store.messages import Topic


def load_last_digests(
    connection: Connection, company: str, span: str, before: date, *, topics: Collection[Topic], since: datetime
) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """By manager: who got their last one of that length, and what it was made of, the first that was made first; of
    days `before` that one, among those `topics`.
    """
    c = outbox.c
    made = and_(c.company == company, c.kind.in_(topics), c.created_at > since, c.key.like(f"{span} %"))
    last: dict[str, tuple[date, list[tuple[str, int]]]] = {}
    for row in connection.execute(select(c.id, c.emp_code, c.key).where(made).order_by(c.id)):
        _, day, *whose = row.key.split(" ", 2)
        manager, told = whose[0] if whose else row.emp_code, date.fromisoformat(day)
        known = last.get(manager, (date.min, []))
        if told < before and told >= known[0]:
            last[manager] = (told, [*(known[1] if told == known[0] else ()), (row.emp_code, row.id)])
    payloads = _load_payloads(connection, [number for _, some in last.values() for _, number in some])
    return {manager: [(reader, payloads[number]) for reader, number in some] for manager, (_, some) in last.items()}


def _load_payloads(connection: Connection, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    wanted, found = sorted(numbers), dict[int, dict[str, Any]]()
    for at in range(0, len(wanted), 1000):
        query = select(outbox.c.id, outbox.c.payload).where(outbox.c.id.in_(wanted[at : at + 1000]))
        found |= {row.id: json.loads(row.payload) for row in connection.execute(query)}
    return found
