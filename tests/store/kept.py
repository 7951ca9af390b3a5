"""The bot's own database, migrated once: `from tests.store.kept import database_url, kept_store` beside `database`."""

from collections.abc import Iterator

import pytest

from bot.database import upgrade
from bot.store.schema import MIGRATIONS
from tests.databases import BOTH, Kept


@pytest.fixture(scope="session")
def kept_store() -> Iterator[Kept[None]]:
    with Kept.opened(upgrade(MIGRATIONS)) as kept:
        yield kept


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, kept_store: Kept[None]) -> Iterator[str]:
    """Migrated and without a row."""
    with kept_store.fresh(str(request.param)) as (url, _):
        yield url
