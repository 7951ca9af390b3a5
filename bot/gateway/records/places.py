"""What a company files its people under: areas, departments, positions."""

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from bot.gateway.records.tables import areas, departments, positions


def add_area(conn: Connection, company_id: str, code: str, name: str) -> int:
    return _add(conn, areas, company_id, area_code=code, area_name=name)


def add_department(conn: Connection, company_id: str, code: str, name: str) -> int:
    return _add(conn, departments, company_id, dept_code=code, dept_name=name)


def add_position(conn: Connection, company_id: str, code: str, name: str) -> int:
    return _add(conn, positions, company_id, position_code=code, position_name=name)


def find_or_add_area(conn: Connection, company_id: str, name: str) -> int:
    """By name or code; a new one gets the next free number as its code. Likewise below."""
    return _find_or_add(conn, areas, "area", company_id, name)


def find_or_add_department(conn: Connection, company_id: str, name: str) -> int:
    return _find_or_add(conn, departments, "dept", company_id, name)


def find_or_add_position(conn: Connection, company_id: str, name: str) -> int:
    return _find_or_add(conn, positions, "position", company_id, name)


def _find_or_add(conn: Connection, table: Table, prefix: str, company_id: str, name: str) -> int:
    code_column, name_column = table.c[f"{prefix}_code"], table.c[f"{prefix}_name"]
    rows = conn.execute(
        sa.select(table.c.id, code_column, name_column).where(table.c.company_id == company_id).order_by(table.c.id)
    ).all()
    # A name wins over a code: a department called "2" is not the second one.
    for column in (2, 1):
        for row in rows:
            if row[column].casefold() == name.casefold():
                return int(row[0])
    code = max((int(row[1]) for row in rows if row[1].isdecimal()), default=0) + 1
    return _add(conn, table, company_id, **{code_column.name: str(code), name_column.name: name})


def _add(conn: Connection, table: Table, company_id: str, **values: str) -> int:
    added = conn.execute(table.insert().values(company_id=company_id, **values).returning(table.c.id))
    return int(added.scalar_one())
