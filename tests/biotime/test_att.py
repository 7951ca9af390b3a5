"""Manual "5. Att API", 6.6, 6.7 and 6.9 read and written back to the letter; and the client before scripted answers."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import JsonValue

from bot.attendance.model import PunchState
from bot.biotime.att import Att
from bot.biotime.errors import Refused, Unclear
from bot.biotime.exchange import Exchange
from bot.biotime.mobile_reports import DayException, Summary, SummaryType
from bot.biotime.transport import open_http
from bot.biotime.values import AuditStatus
from bot.biotime.wire import mobile_time, passwords
from bot.biotime.wire.att import TimeCardRow
from bot.biotime.wire.envelope import WebList, Wire
from bot.biotime.wire.report_times import read_report_date, read_span, write_span
from tests.biotime.conftest import DUBAI, Talk
from tests.biotime.server import Script, Server, answer, running
from tests.golden import golden_text

JULY = date(2023, 7, 1), date(2023, 7, 27)
HOUR = timedelta(hours=1)
DONE = answer({"status_code": 200, "message": []})
LOG: dict[str, JsonValue] = {
    "id": 7,
    "employee": "7e01c4ac-459d-11ee-9ef1-0a58a9feac02",
    "emp_code": "13",
    "first_name": "Mona",
    "audit_status": 2,
    "approver": "admin@x.example",
    "audit_reason": "seen",
    "punch_time": "2023-09-01 09:00:00",
    "punch_state": 0,
}


@asynccontextmanager
async def office(*scripts: Script) -> AsyncIterator[tuple[Att, Server]]:
    server = Server(*scripts)
    async with running(server) as url, open_http(url) as http:
        yield Att(Exchange(http, timedelta(seconds=5)), DUBAI), server


def golden(name: str) -> Script:
    return answer(golden_text(name))


def asked(target: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(target)
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


def body_of(server: Server) -> JsonValue:
    body: JsonValue = json.loads(server.seen[-1].body)
    return body


# --- the manual's examples


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("5-total-time-cards", WebList[TimeCardRow]),
        ("6.6-summary", mobile_time.Summary),
        ("6.9-reset-password-request", passwords.WhoForgotBody),
        ("6.9-reset-password-search", passwords.SearchForgottenBody),
    ],
)
def test_example_is_read_and_written_to_the_letter(name: str, model: type[Wire]) -> None:
    text = golden_text(name)
    assert model.model_validate_json(text).model_dump_json() == text


def test_page_data_is_read_and_written_to_the_letter_as_far_as_it_is_printed() -> None:
    text = golden_text("6.7-time-cards")
    page = WebList[mobile_time.MobileTimeCard].model_validate_json(text)
    assert page.model_dump_json(exclude_unset=True) == text
    assert page.data[0].pay_codes == {"15": "0.0", "16": "0.0"}


async def test_time_cards_of_the_report() -> None:
    async with office(golden("5-total-time-cards")) as (client, server):
        cards = [card async for card in client.fetch_time_cards("t", *JULY, departments="1", employees=-1)]
    path, params = asked(server.seen[0].target)
    assert path == "/att/api/totalTimeCardReport/"
    assert params == {
        "start_date": "2023-07-01",
        "end_date": "2023-07-27",
        "departments": "1",
        "employees": "-1",
        "page": "1",
        "page_size": "100",
    }
    first = cards[0]
    assert (first.workdate, first.timetable, first.status) == (date(2023, 7, 1), "General Time Table", "Absence(A)")
    assert (first.check_in, first.check_out, first.clock_in) == (time(9), time(18), None)
    assert (first.absent, first.remaining, first.late, first.overtime) == (9 * HOUR, 9 * HOUR, None, timedelta(0))
    assert first.work_day == 1.0


async def test_time_cards_of_page_data(talk: Talk) -> None:
    async with talk(golden("6.7-time-cards")) as (client, server):
        cards = client.fetch_time_cards("t", date(2021, 10, 1), date(2021, 10, 15), employees="2")
        [card] = [card async for card in cards]
    path, params = asked(server.seen[0].target)
    assert path == "/mobile/api/v1.0/total_time_cards/page_data/"
    assert (params["start_date"], params["employees"]) == ("2021-10-01", "2")
    assert (card.workdate, card.timetable, card.check_in) == (date(2021, 10, 14), "", time(0))
    assert card.leave_hours == {"15": 0.0, "16": 0.0}


async def test_a_summary(talk: Talk) -> None:
    async with talk(golden("6.6-summary")) as (client, server):
        assert await client.fetch_summary("t", "1", SummaryType.WEEKLY) == Summary(2, 0, 1, 1, 0)
    assert server.seen[0].target == "/mobile/api/v1.0/employees/1/weekly_summary/"


# --- the mobile API


async def test_exceptions(talk: Talk) -> None:
    row = {
        "att_date": "2023-08-30",
        "weekday": "Wednesday",
        "time_table_alias": "General",
        "exception": "late",
        "minutes": 30,
    }
    page: JsonValue = {"count": 1, "next": None, "previous": None, "results": [row]}  # type: ignore[list-item]
    async with talk(answer(page)) as (client, server):
        found = await client.fetch_exceptions("t", "14", date(2023, 6, 25), date(2023, 9, 1))
    assert found == [DayException(date(2023, 8, 30), "General", "late", timedelta(minutes=30))]
    path, params = asked(server.seen[0].target)
    assert path == "/mobile/api/v1.0/employees/14/exception_summary/"
    assert params == {"start_date": "2023-06-25", "end_date": "2023-09-01"}


@pytest.mark.parametrize("changed", [{"att_date": "soon"}, {"minutes": 10**30}, {"exception": None}])
async def test_exceptions_of_another_kind_are_unclear(talk: Talk, changed: dict[str, JsonValue]) -> None:
    row: dict[str, JsonValue] = {
        "att_date": "2023-08-30",
        "weekday": "",
        "time_table_alias": "",
        "exception": "late",
        "minutes": 1,
        **changed,
    }
    async with talk(answer({"count": 1, "results": [row]})) as (client, _):
        with pytest.raises(Unclear):
            await client.fetch_exceptions("t", "14", *JULY)


async def test_a_forgotten_password(talk: Talk) -> None:
    async with talk(DONE, DONE, DONE) as (client, server):
        await client.reset_password("mona@x.example")
        assert body_of(server) == {"email": "mona@x.example"}
        await client.request_code("mona@x.example", "963D560D", "en")
        assert body_of(server) == {
            "search_item": "mona@x.example",
            "is_cloud": "true",
            "company_name": "demo",
            "client": "963D560D",
            "language": "en",
        }
        await client.create_password("mona@x.example", "123456", "a better one")
        assert body_of(server) == {
            "email": "mona@x.example",
            "otp": "123456",
            "new_password": "a better one",
            "company_name": "demo",
        }
    assert [seen.target.removeprefix("/mobile/api/v1.0") for seen in server.seen] == [
        "/reset_password/",
        "/forgot_password_create_otp/",
        "/create_password/",
    ]
    assert not any("authorization" in seen.headers for seen in server.seen)


async def test_a_wrong_code_is_refused_in_the_servers_words(talk: Talk) -> None:
    wrong = answer({"non_field_errors": ["The code is wrong or no longer valid."]}, 400)
    async with talk(wrong) as (client, _):
        with pytest.raises(Refused) as caught:
            await client.create_password("mona@x.example", "canary", "canary")
    assert caught.value.reasons == ("The code is wrong or no longer valid.",)
    assert "canary" not in repr(caught.value)


async def test_a_changed_password(talk: Talk) -> None:
    async with talk(DONE) as (client, server):
        await client.change_password("t", "14", "old one", "new one")
    assert server.seen[0].target == "/mobile/api/v1.0/employees/14/reset_password/"
    assert server.seen[0].headers["authorization"] == "JWT t"
    assert body_of(server) == {"old_password": "old one", "new_password": "new one"}


async def test_no_id_leads_elsewhere(talk: Talk) -> None:
    async with talk() as (client, _):
        for wrong in ("../1", "1/2", "", "a?b"):
            with pytest.raises(ValueError, match="id"):
                await client.fetch_summary("t", wrong, SummaryType.MONTHLY)


def test_secrets_are_in_no_repr() -> None:
    assert "canary" not in repr(passwords.ResetPasswordBody(old_password="canary", new_password="canary"))
    assert "canary" not in repr(passwords.CreatePasswordBody(email="m", otp="canary", new_password="canary"))


# --- the web API


async def test_a_manual_log_is_filed_and_decided() -> None:
    async with office(answer(LOG, 201), answer(LOG), answer(LOG)) as (client, server):
        at = datetime(2023, 9, 1, 5, tzinfo=UTC)
        filed = await client.file_manual_log("t", str(LOG["employee"]), at, PunchState.CHECK_IN, reason="forgot")
        assert body_of(server) == {
            "employee": LOG["employee"],
            "punch_time": "2023-09-01 09:00:00",
            "punch_state": 0,
            "work_code": "",
            "apply_reason": "forgot",
        }
        assert (filed.punched_at, filed.punch_state) == (at, PunchState.CHECK_IN)
        assert (filed.audit.status, filed.audit.approver, filed.audit.reason) == (
            AuditStatus.APPROVED,
            "admin@x.example",
            "seen",
        )
        await client.manual_logs.approve("t", 7, "seen")
        await client.manual_logs.reject("t", 7)
    assert [(seen.method, seen.target) for seen in server.seen] == [
        ("POST", "/att/api/manuallogs/"),
        ("POST", "/att/api/manuallogs/7/approve/"),
        ("POST", "/att/api/manuallogs/7/reject/"),
    ]
    assert json.loads(server.seen[1].body) == {"audit_reason": "seen"}


async def test_a_leave_is_filed() -> None:
    row: dict[str, JsonValue] = {
        **LOG,
        "pay_code": 1,
        "start_time": "2023-09-04 00:00:00",
        "end_time": "2023-09-05 00:00:00",
    }
    async with office(answer(row, 201)) as (client, server):
        start = datetime(2023, 9, 3, 20, tzinfo=UTC)
        leave = await client.file_leave("t", "7e01", 1, start_at=start, end_at=start + 24 * HOUR, reason=None)
    assert (leave.start_at, leave.end_at, leave.pay_code) == (start, start + 24 * HOUR, 1)
    body = body_of(server)
    assert isinstance(body, dict)
    assert body["start_time"] == "2023-09-04 00:00:00"


@pytest.mark.parametrize("changed", [{"punch_time": "soon"}, {"audit_status": 9}, {"id": None}])
async def test_a_row_that_cannot_be_read_is_unclear(changed: dict[str, JsonValue]) -> None:
    async with office(answer({**LOG, **changed})) as (client, _):
        with pytest.raises(Unclear):
            await client.manual_logs.fetch_one("t", 7)


def test_spans_and_dates_of_reports() -> None:
    for text in ("00:00", "09:05", "23:59", "100:00"):
        assert write_span(read_span(text)) == text
    assert (read_span(""), read_span(None), write_span(None)) == (None, None, "")
    assert read_report_date("01-07-2023") == read_report_date("2023-07-01") == date(2023, 7, 1)
    for wrong in ("9:5", "soon", "-1:00"):
        with pytest.raises(ValueError, match="duration"):
            read_span(wrong)
