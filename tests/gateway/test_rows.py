"""Rows that are written without their wire models are what the models would write."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from bot.biotime.wire import iclock, personnel
from bot.biotime.wire.envelope import Wire
from bot.gateway.api.answers import write_json
from bot.gateway.api.iclock_rows import build_transaction
from bot.gateway.api.personnel_rows import build_listed, build_onprem
from bot.gateway.records.kinds import Dialect
from bot.gateway.records.offices import Office
from bot.gateway.records.personnel import Area, FullEmployee, ListedEmployee
from bot.gateway.records.punches import Transaction
from tests.gateway.world import DUBAI

AT = datetime(2023, 9, 1, 21, 30, 15, 999999, tzinfo=UTC)
FULL = Transaction(
    id=7, emp_code="13", punched_at=AT, punch_state=1, verify_type=15, work_code="w", terminal_sn="SN",
    terminal_alias="G", area_alias="Dubai Office", longitude=55.1586873, latitude=25.0,
    gps_location='Ω "quoted" \u2028', mobile="+971",
    source=3, uploaded_at=AT, temperature=36.6, mask_flag=1, company_id="c", employee_id="e", terminal_id=4,
    employee_number=9, first_name="Mona", last_name=None, department_name="Sales", position_name="Clerk",
)  # fmt: skip
BARE = replace(FULL, **{f.name: None for f in fields(Transaction) if "None" in str(f.type)})  # type: ignore[arg-type]
MONA: dict[str, object] = {f.name: f"<{f.name}>" for f in fields(FullEmployee)} | {
    "number": 5, "hire_date": date(2020, 2, 29), "birthday": None, "verify_mode": -1, "emp_type": None,
    "enable_att": True, "enable_overtime": False, "enable_holiday": True, "dev_privilege": 0, "app_status": 1,
    "app_role": 2, "department_id": 3, "position_id": 8,
}  # fmt: skip


def office(dialect: Dialect) -> Office:
    return Office("c", "Demo Trading", DUBAI, dialect, "admin")


def person(**others: object) -> FullEmployee:
    return FullEmployee(**{**MONA, **others})  # type: ignore[arg-type]


def same(row: Mapping[str, object], model: type[Wire]) -> bool:
    return write_json(row) == write_json(model.model_validate(row, strict=True))


@pytest.mark.parametrize("transaction", [FULL, BARE], ids=["full", "bare"])
@pytest.mark.parametrize(
    ("dialect", "model"), [(Dialect.CLOUD, iclock.Transaction), (Dialect.ONPREM, iclock.OnpremTransaction)]
)
def test_transactions(transaction: Transaction, dialect: Dialect, model: type[Wire]) -> None:
    assert same(build_transaction(transaction, office(dialect)), model)


@pytest.mark.parametrize("position", [8, None])
def test_employees(position: int | None) -> None:
    areas = [Area(1, "1", "Dubai Office"), Area(2, "2", "Gate")]
    assert same(build_onprem(person(position_id=position), areas), personnel.OnpremEmployee)
    names = [f.name for f in fields(ListedEmployee)]
    listed = ListedEmployee(**{name: getattr(person(position_id=position), name) for name in names})
    assert same(build_listed(listed), personnel.ListedEmployee)
    assert same(build_listed(replace(listed, hire_date=None, last_name=None)), personnel.ListedEmployee)
