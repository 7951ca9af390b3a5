"""Every example of manual chapters 1, 2, 3, 6.1 to 6.5 and 6.8, read and written back to the letter."""

import pytest
from pydantic import ValidationError

from bot.biotime.wire.auth import LoginBody, MobileLoginAnswer, MobileLoginBody, TokenAnswer
from bot.biotime.wire.envelope import MobileList, WebList, Wire, read_reasons
from bot.biotime.wire.mobile import (
    AppSettings,
    ListedManualLog,
    ListedPunch,
    ManualLogReceipt,
    MobileEmployee,
    MobileEmployeeAnswer,
    NewManualLog,
    NewPunch,
    PunchReceipt,
)
from tests.golden import golden_text

EXAMPLES: list[tuple[str, type[Wire]]] = [
    ("1.1-login-request", LoginBody),
    ("6.1-login-request", MobileLoginBody),
    ("6.1-login-answer", MobileLoginAnswer),
    ("6.2-app-settings", AppSettings),
    ("6.3-employee", MobileEmployeeAnswer),
    ("6.3-employees", MobileList[MobileEmployee]),
    ("6.4-punch-request", NewPunch),
    ("6.4-punch-receipt", PunchReceipt),
    ("6.4-punches", MobileList[ListedPunch]),
    ("6.5-manual-log-request", NewManualLog),
    ("6.5-manual-log-receipt", ManualLogReceipt),
    ("6.8-manual-logs", MobileList[ListedManualLog]),
]


@pytest.mark.parametrize(("name", "model"), EXAMPLES)
def test_example_is_read_and_written_to_the_letter(name: str, model: type[Wire]) -> None:
    text = golden_text(name)
    assert model.model_validate_json(text).model_dump_json() == text


def test_token_answer_has_the_token_only() -> None:
    assert TokenAnswer(token="ae600ca0").model_dump_json() == '{"token":"ae600ca0"}'


def test_empty_web_list_is_read() -> None:
    page = WebList[MobileEmployee].model_validate_json(golden_text("3.1-empty-web-list"))
    assert (page.count, page.data, page.code) == (0, [], 0)


def test_results_stand_in_for_data() -> None:
    page = WebList[int].model_validate_json('{"count": 1, "results": [7]}')
    assert page.data == [7]


def test_reading_tolerates_more_members_and_numbers_for_text() -> None:
    row = ListedPunch.model_validate_json(
        '{"emp_code": 13, "punch_date": "1693526400", "punch_time": 1693582142, "punch_state": 0, "source": 3,'
        ' "is_mask": 255, "latitude": null}'
    )
    assert (row.emp_code, row.punch_date, row.punch_state) == ("13", 1693526400, "0")


def test_ids_keep_their_type() -> None:
    log = {"audit_status": 1, "punch_time": "2023-09-01 16:40:56", "punch_state": 0}
    assert ListedManualLog.model_validate({**log, "id": 2736, "employee": "14"}).id == 2736
    assert ListedManualLog.model_validate({**log, "id": 2736, "employee": "14"}).employee == "14"


def test_username_and_email_are_aliases() -> None:
    assert LoginBody.model_validate({"username": "mona", "password": "x"}).email == "mona"
    assert MobileLoginBody.model_validate({"email": "mona", "password": "x"}).username == "mona"


def test_secrets_and_places_are_in_no_repr_and_in_no_error() -> None:
    body = LoginBody(email="mona", password="canary")
    assert "canary" not in repr(body)
    with pytest.raises(ValidationError) as caught:
        LoginBody.model_validate({"password": {"canary": 1}})
    assert "canary" not in str(caught.value)
    punch = NewPunch.model_validate_json(golden_text("6.4-punch-request"))
    assert "25.09" not in repr(punch)
    assert "35R5" not in repr(punch)


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        ({"detail": "Not found."}, ("Not found.",)),
        ({"department": ["This field is required."]}, ("Department: This field is required.",)),
        ({"non_field_errors": ["Unable to log in."], "a": ["b", "c"]}, ("Unable to log in.", "A: b", "A: c")),
        ({"message": ["no"], "status_code": 400}, ("no",)),
        ({"punch_time": ["Punch time cannot be in the future."]}, ("Punch time cannot be in the future.",)),
        ({"apply_reason": ["Too long."]}, ("Apply reason: Too long.",)),
        (["one", "two"], ("one", "two")),
        (None, ()),
        (7, ()),
    ],
)
def test_reasons_of_every_shape(body: object, reasons: tuple[str, ...]) -> None:
    assert read_reasons(body) == reasons  # type: ignore[arg-type]
