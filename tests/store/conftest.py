from tests.databases import database
from tests.store.kept import database_url, kept_store

__all__ = ["database", "database_url", "kept_store"]
