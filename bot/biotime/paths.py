"""Paths of the mobile API (manual 6)."""

import re

BASE = "/mobile/api/v1.0"


def employee_path(emp_id: str, what: str = "") -> str:
    """Below one employee. Raises ValueError for an id that would lead elsewhere."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", emp_id):
        raise ValueError("not a BioTime id")
    return f"{BASE}/employees/{emp_id}/{what}"
