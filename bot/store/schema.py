"""Where the migrations lie."""

from pathlib import Path

MIGRATIONS = Path(__file__).parent / "migrations"
