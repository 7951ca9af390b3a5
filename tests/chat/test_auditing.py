"""Who did what, as HR reads it, a line each."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.chat.auditing import describe_audit_line
from bot.i18n import Translator, translator_for
from bot.playground.watching import plain
from bot.store.audit_lines import Act, AuditLine

DUBAI = ZoneInfo("Asia/Dubai")
LINE = AuditLine("Demo Trading", datetime(2026, 3, 2, 5, tzinfo=UTC), "1003", "Huda", Act.EXCLUDED, "once")
MONA = replace(LINE, emp_code="1001", name="Mona", detail={"text": ""})
SALES = replace(LINE, detail={"text": "Sales"})


def read(line: AuditLine, language: str = "en") -> str:
    return plain(describe_audit_line(translator_for(language), line, DUBAI)).partition(" · ")[2]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_who_is_left_out_and_taken_back(language: str) -> None:
    t = translator_for(language)
    for act, said in ((Act.EXCLUDED, t("left out of alerts:")), (Act.INCLUDED, t("took back into alerts:"))):
        assert read(replace(MONA, act=act), language) == f"Huda (1003) {said} Mona (1001)"
        sales = plain(t("department {name}", name="Sales"))
        assert read(replace(SALES, act=act), language) == f"Huda (1003) {said} {sales}"


def test_the_command_line_has_no_code() -> None:
    by = replace(MONA, by_code="", by_name="hadir alerts")
    assert read(by) == "hadir alerts left out of alerts: Mona (1001)"


def test_whom_somebody_manages() -> None:
    made = replace(MONA, act=Act.MANAGER_ADDED)
    for detail, said in (
        ({"text": "Sales", "scope": "department"}, "Sales, with all below it"),
        ({"text": "Store", "scope": "area"}, "everybody at Store"),
        ({"text": "", "scope": "all"}, "everybody"),
    ):
        assert read(replace(made, detail=detail)) == f"Huda (1003) made a manager · Mona (1001) · {said}"


def test_what_is_changed_is_said_as_it_is(t: Translator) -> None:
    line = replace(LINE, act=Act.RULES_CHANGED, detail={"text": "grace=10→15"})
    said = t("changed the rules of alerts")
    assert read(line, t.language) == f"Huda (1003) {said} · grace=10→15"
