"""What the client sends, to the letter, and what it makes of right answers."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import JsonValue

from bot.attendance.model import Position, PunchState
from bot.biotime.errors import BioTimeError, NotSent, Refused, Unauthorized, Unclear, WrongCredentials
from bot.biotime.exchange import BODY_LIMIT
from bot.biotime.values import AuditStatus, ListedPunch, ManualLogUpload, PunchUpload
from tests.biotime.conftest import Talk
from tests.biotime.server import Script, answer
from tests.golden import compact, golden_text

GPS = "35R5+JCW - Al Sufouh - Dubai Internet City - Dubai - United Arab Emirates"
NOT_FOUND = answer({"detail": "Not found."}, 404)
WRONG = answer({"non_field_errors": ["Unable to log in with provided credentials."]}, 400)


def golden(name: str, status: int = 200) -> Script:
    return answer(golden_text(name), status)


def row(minute: int, marker: str = "", hour: int = 11) -> dict[str, JsonValue]:
    """A listed punch at that minute (Dubai wall clock) of 2023-09-01."""
    seconds = 1693526400 + hour * 3600 + minute * 60
    return {
        "emp_code": "13",
        "punch_date": 1693526400,
        "punch_time": seconds,
        "punch_state": "0",
        "source": 3,
        "gps_location": marker,
    }


def page(rows: list[dict[str, JsonValue]], count: int, following: str | None = None) -> Script:
    return answer({"count": count, "next": following, "previous": None, "results": list(rows), "status_code": 200})


async def listed(talk: Talk, *scripts: Script, since: datetime | None = None) -> tuple[list[str | None], list[str]]:
    """The markers that `fetch_punches` gives, and the addresses that were asked."""
    async with talk(*scripts) as (client, server):
        punches = [punch async for punch in client.fetch_punches("t0ken", since)]
        return [punch.gps_location for punch in punches], [seen.target for seen in server.seen]


async def test_mobile_login_sends_the_manuals_body_and_the_client_header(talk: Talk) -> None:
    async with talk(golden("6.1-login-answer")) as (client, server):
        assert await client.fetch_token("username", "pwd", "963D560D") == "eyJ0eXAiOiJK.....dNPE5gxwAKr0"
        (seen,) = server.seen
    assert (seen.method, seen.target) == ("POST", "/mobile/api/v1.0/auth_token/")
    assert (seen.headers["client"], seen.headers["content-type"]) == ("963D560D", "application/json")
    assert compact(seen.body.decode()) == golden_text("6.1-login-request")
    assert "authorization" not in seen.headers


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("fetch_system_jwt", "/jwt-api-token-auth/"),
        ("fetch_system_token", "/api-token-auth/"),
        ("fetch_staff_jwt", "/staff-jwt-api-token-auth/"),
        ("fetch_staff_token", "/staff-api-token-auth/"),
    ],
)
async def test_web_logins_send_company_email_and_password(talk: Talk, name: str, path: str) -> None:
    async with talk(answer({"token": "abc"})) as (client, server):
        assert await getattr(client, name)("Email ID", "pwd") == "abc"
        (seen,) = server.seen
    assert seen.target == path
    assert compact(seen.body.decode()) == golden_text("1.1-login-request").replace("company name", "demo")


@pytest.mark.parametrize("script", [WRONG, answer({"detail": "No."}, 401)])
async def test_wrong_credentials_of_either_status(talk: Talk, script: Script) -> None:
    async with talk(script) as (client, _):
        with pytest.raises(WrongCredentials) as caught:
            await client.fetch_token("mona", "canary", "963D560D")
    assert "canary" not in repr(caught.value)


async def test_a_name_that_cannot_be_sent_is_wrong_credentials(talk: Talk) -> None:
    async with talk(WRONG) as (client, server):
        with pytest.raises(WrongCredentials):
            await client.fetch_token("mona\ud800", "pwd", "963D560D")
        assert server.seen == []


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (NOT_FOUND, Refused),
        (answer({}, 500), Unclear),
        (answer({}, 429), NotSent),
        (answer({"token": "a\r\nb"}), Unclear),
    ],
)
async def test_a_failing_login_is_not_wrong_credentials(
    talk: Talk, script: Script, expected: type[BioTimeError]
) -> None:
    async with talk(script) as (client, _):
        with pytest.raises(BioTimeError) as caught:
            await client.fetch_token("mona", "pwd", "963D560D")
    assert type(caught.value) is expected


async def test_refresh_gives_a_new_token_or_asks_for_a_login(talk: Talk) -> None:
    expired = answer({"non_field_errors": ["Signature has expired."]}, 400)
    async with talk(answer({"token": "new"}), expired) as (client, server):
        assert await client.refresh_token("old") == "new"
        assert json.loads(server.seen[0].body) == {"token": "old"}
        with pytest.raises(Unauthorized):
            await client.refresh_token("old")


async def test_app_settings_are_read_with_the_token(talk: Talk) -> None:
    async with talk(golden("6.2-app-settings")) as (client, server):
        settings = await client.fetch_app_settings("t0ken")
        (seen,) = server.seen
    assert seen.headers["authorization"] == "JWT t0ken"
    assert seen.target == "/mobile/api/v1.0/configurations/app_settings/"
    assert (settings.emp_id, settings.emp_code) == ("7e01c4ac-459d-11ee-9ef1-0a58a9feac02", "13")
    assert (settings.area, settings.is_administrator) == ("ZKT-UAE", False)


@pytest.mark.parametrize("missing", [NOT_FOUND, answer("<html>Not found</html>", 404)])
async def test_app_settings_are_found_on_the_other_path(talk: Talk, missing: Script) -> None:
    async with talk(missing, golden("6.2-app-settings")) as (client, server):
        assert (await client.fetch_app_settings("t0ken")).emp_code == "13"
        assert server.seen[1].target == "/mobile/api/v1.0/app_settings/"


async def test_app_settings_pass_other_failures_on(talk: Talk) -> None:
    async with talk(answer({}, 401), golden("6.2-app-settings")) as (client, _):
        with pytest.raises(Unauthorized):
            await client.fetch_app_settings("t0ken")


async def test_one_employee(talk: Talk) -> None:
    async with talk(golden("6.3-employee")) as (client, server):
        employee = await client.fetch_employee("t0ken", "9661d55c-3b41-11ee-babe-0a58a9feac02")
        assert server.seen[0].target == "/mobile/api/v1.0/employees/9661d55c-3b41-11ee-babe-0a58a9feac02/"
    assert (employee.emp_code, employee.department_name) == ("0123", "Department")


@pytest.mark.parametrize("emp_id", ["", "..", "1/../2", "1?x=2", "é", "1\n"])
async def test_an_id_cannot_leave_its_place_in_the_path(talk: Talk, emp_id: str) -> None:
    async with talk(golden("6.3-employee")) as (client, server):
        with pytest.raises(ValueError, match="id"):
            await client.fetch_employee("t0ken", emp_id)
        assert server.seen == []


JPEG = b"\xff\xd8\xff\xe0 a picture"
PHOTO = "/files/photo/30489a74d50911edb4260a58a9feac02/106.jpg"


def told_photo(path: str | None) -> Script:
    return answer(json.loads(golden_text("6.3-employee")) | {"photo": path})


async def test_a_photo_is_fetched_from_the_server_itself(talk: Talk) -> None:
    picture = answer(JPEG, headers={"Content-Type": "image/jpeg"})
    async with talk(told_photo(PHOTO), picture) as (client, server):
        assert await client.fetch_photo("t0ken", "9661") == JPEG
        assert [seen.target for seen in server.seen] == ["/mobile/api/v1.0/employees/9661/", PHOTO]
        assert server.seen[1].headers["authorization"] == "JWT t0ken"


@pytest.mark.parametrize(
    "path",
    [None, "", "//elsewhere.example/1.jpg", "https://elsewhere.example/1.jpg", "files/1.jpg", "/files/../x", "/a?b=c",
     "/files//elsewhere", "/files/1.jpg#", "/f\n", "/@elsewhere.example", "/\\elsewhere.example", "/" + "x" * 300],
)  # fmt: skip
async def test_no_photo_is_asked_for_elsewhere(talk: Talk, path: str | None) -> None:
    async with talk(told_photo(path), answer(JPEG, headers={"Content-Type": "image/jpeg"})) as (client, server):
        assert await client.fetch_photo("t0ken", "9661") is None
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("body", "content_type"), [(b"<html>", "image/jpeg"), (JPEG, "text/html"), (JPEG, "image/svg+xml"), (b"", "")]
)
async def test_what_is_no_picture_is_no_photo(talk: Talk, body: bytes, content_type: str) -> None:
    async with talk(told_photo(PHOTO), answer(body, headers={"Content-Type": content_type})) as (client, _):
        assert await client.fetch_photo("t0ken", "9661") is None


async def test_a_photo_that_is_too_large_or_moved_is_not_followed(talk: Talk) -> None:
    large = answer(JPEG + b"x" * BODY_LIMIT, headers={"Content-Type": "image/jpeg"})
    moved = answer("", 302, headers={"Location": "https://elsewhere.example/1.jpg"})
    for picture in (large, moved):
        async with talk(told_photo(PHOTO), picture) as (client, server):
            with pytest.raises(Unclear):
                await client.fetch_photo("t0ken", "9661")
            assert len(server.seen) == 2


async def test_all_employees_walk_the_pages(talk: Talk) -> None:
    more = json.loads(golden_text("6.3-employees")) | {"next": None}
    async with talk(golden("6.3-employees"), answer(more)) as (client, server):
        employees = [employee async for employee in client.fetch_employees("t0ken")]
        assert [seen.target for seen in server.seen] == [
            "/mobile/api/v1.0/employees/?page=1&page_size=100",
            "/mobile/api/v1.0/employees/?page=2&page_size=100",
        ]
        assert {seen.headers["host"] for seen in server.seen} != {"demozkdx.biotimecloud.com"}
    assert len(employees) == 10
    assert employees[1].emp_code == "10001"


async def test_upload_sends_the_manuals_body_and_reads_the_stamp(talk: Talk) -> None:
    punch = PunchUpload(Position(25.0916434, 55.1586873, 8.0), PunchState.CHECK_IN, "14", GPS)
    async with talk(golden("6.4-punch-receipt", 201)) as (client, server):
        stamp = await client.upload_punch("t0ken", punch)
        (seen,) = server.seen
    assert compact(seen.body.decode()) == golden_text("6.4-punch-request")
    assert (stamp.punched_at, stamp.gps_location) == (datetime(2023, 9, 1, 11, 34, 13, tzinfo=UTC), GPS)
    assert stamp.emp_code == "13"


async def test_a_stamp_in_the_hour_that_comes_twice_is_read_by_the_servers_clock(talk: Talk) -> None:
    receipt = {**json.loads(golden_text("6.4-punch-receipt")), "punch_time": "2026-10-25 01:30:00"}
    dated = answer(receipt, 201, {"Date": "Sun, 25 Oct 2026 01:30:01 GMT"})
    punch = PunchUpload(Position(51.5, 0.0), PunchState.CHECK_IN, "13", GPS)
    async with talk(dated, zone=ZoneInfo("Europe/London")) as (client, _):
        stamp = await client.upload_punch("t0ken", punch)
    assert stamp.punched_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


async def test_punches_are_listed_with_their_true_times(talk: Talk) -> None:
    last = json.loads(golden_text("6.4-punches")) | {"next": None}
    async with talk(answer(last)) as (client, _):
        first, _, device = [punch async for punch in client.fetch_punches("t0ken")]
    assert first == ListedPunch(
        emp_code="13",
        readings=(datetime(2023, 9, 1, 11, 29, 2, tzinfo=UTC),),
        punch_state=PunchState.CHECK_IN,
        source=3,
        gps_location=GPS,
        description=GPS,
        terminal_sn="App",
    )
    assert (device.emp_code, device.punch_state, device.gps_location) == ("1", PunchState.UNKNOWN, None)


async def test_next_is_never_dialled_only_its_number_is_taken(talk: Talk) -> None:
    far = "http://169.254.169.254/latest/?a=1&page=2"
    markers, targets = await listed(talk, page([row(9, "a")], 2, far), page([row(8, "b")], 2))
    assert markers == ["a", "b"]
    assert targets[1] == "/mobile/api/v1.0/transactions/?page=2&page_size=100"


@pytest.mark.parametrize("link", ["http://x/?page=1", "http://x/", "http://x/?page=last", "?page=10001", "?page=-2"])
async def test_a_next_that_leads_nowhere_new_is_unclear(talk: Talk, link: str) -> None:
    with pytest.raises(Unclear, match="circles"):
        await listed(talk, page([row(9)], 2, link))


async def test_rows_pushed_down_by_new_ones_are_given_once(talk: Talk) -> None:
    before = page([row(9, "d"), row(8, "c")], 4, "?page=2")
    # One punch arrived at the top meanwhile: "c" has moved to the second page.
    after = page([row(8, "c"), row(7, "b")], 5, "?page=3")
    markers, _ = await listed(talk, before, after, page([row(6, "a")], 5))
    assert markers == ["d", "c", "b", "a"]


async def test_rows_that_come_at_the_end_are_not_lost(talk: Talk) -> None:
    markers, _ = await listed(talk, page([row(1, "a"), row(2, "b")], 3, "?page=2"), page([row(3, "c"), row(4, "d")], 4))
    assert markers == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "second", [page([row(7)], 3), page([row(7)], 9), NOT_FOUND, answer({"detail": "Invalid page."}, 404)]
)
async def test_a_list_that_changed_too_much_is_unclear(talk: Talk, second: Script) -> None:
    with pytest.raises(Unclear, match="while it was read"):
        await listed(talk, page([row(9), row(8)], 4, "?page=2"), second)


async def test_since_ends_the_walk_at_a_page_of_older_rows(talk: Talk) -> None:
    since = datetime(2023, 9, 1, 7, 5, tzinfo=UTC)
    markers, targets = await listed(
        talk,
        page([row(9, "a"), row(4, "late upload"), row(5, "b")], 9, "?page=2"),
        page([row(3, "c"), row(2, "d")], 9, "?page=3"),
        since=since,
    )
    assert markers == ["a", "b"]
    assert len(targets) == 2


async def test_since_does_not_end_the_walk_of_a_list_with_the_oldest_first(talk: Talk) -> None:
    markers, _ = await listed(
        talk,
        page([row(1), row(2)], 4, "?page=2"),
        page([row(9, "ours")], 4),
        since=datetime(2023, 9, 1, 7, 5, tzinfo=UTC),
    )
    assert markers == ["ours"]


@pytest.mark.parametrize("bad", [{"punch_time": "soon"}, {"punch_time": 10**17}, {"emp_code": None}])
async def test_a_row_that_cannot_be_read_makes_the_list_unclear(talk: Talk, bad: dict[str, JsonValue]) -> None:
    with pytest.raises(Unclear):
        await listed(talk, page([row(9), {**row(8), **bad}], 2))


async def test_a_state_of_the_tenants_own_is_unknown(talk: Talk) -> None:
    async with talk(page([{**row(9), "punch_state": "17"}], 1)) as (client, _):
        assert [punch.punch_state async for punch in client.fetch_punches("t")] == [PunchState.UNKNOWN]


async def test_manual_log_is_filed_at_its_true_time(talk: Talk) -> None:
    log = ManualLogUpload(datetime(2023, 9, 1, 11, 38, 42, 999_999, tzinfo=UTC), PunchState.CHECK_IN, None)
    async with talk(golden("6.5-manual-log-receipt", 201)) as (client, server):
        assert await client.upload_manual_log("t0ken", "1", log) == 2733
        (seen,) = server.seen
    assert seen.target == "/mobile/api/v1.0/employees/1/manual_logs/"
    assert compact(seen.body.decode()) == golden_text("6.5-manual-log-request")


async def test_manual_logs_are_listed(talk: Talk) -> None:
    async with talk(golden("6.8-manual-logs")) as (client, _):
        approved, pending = [log async for log in client.fetch_manual_logs("t0ken")]
    assert (approved.id, approved.audit_status, pending.audit_status) == (
        2736,
        AuditStatus.APPROVED,
        AuditStatus.PENDING,
    )
    assert approved.punched_at == approved.apply_at == datetime(2023, 9, 1, 12, 40, 56, tzinfo=UTC)
    assert (pending.punch_state, pending.employee) == (PunchState.CHECK_OUT, "7e01c4ac-459d-11ee-9ef1-0a58a9feac02")
