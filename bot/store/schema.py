"""Where the migrations lie, and every table there is."""

from pathlib import Path

from bot.store import alert_tables, leave_tables, roster_tables, tables, team_tables

MIGRATIONS = Path(__file__).parent / "migrations"
TABLES = (tables, leave_tables, roster_tables, alert_tables, team_tables)
