"""Paths of the mobile API (manual 6)."""

import re

BASE = "/mobile/api/v1.0"


def employee_path(emp_id: str, what: str = "") -> str:
    """Below one employee. Raises ValueError for an id that would lead elsewhere."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", emp_id):
        raise ValueError("not a BioTime id")
    return f"{BASE}/employees/{emp_id}/{what}"


def photo_path(told: str) -> str | None:
    """Where an employee's photo is (manual 6.3: `/files/photo/…/106.jpg`), on the server itself: what names another
    host, or leads out of its folder, is none.
    """
    inside = re.fullmatch(r"/[\w. ()-]+(/[\w. ()-]+)*", told, re.ASCII)
    return told if inside and ".." not in told and len(told) <= 300 else None
