"""What a browser must not be talked into: forms from elsewhere, scripts, frames; and nonsense that is no fault."""

import re

import pytest
from starlette.routing import Route

from bot.gateway.app import build_gateway
from bot.gateway.rest.bodies import MAX_BODY
from tests.gateway.hr.visitor import ORIGIN, Visitor
from tests.gateway.world import SETTINGS, World

NEW = {"dept_code": "9", "dept_name": "Nine"}
PATH = "/hr/departments/new/"


def hr_paths(world: World) -> list[str]:
    """Every path of the page, the ones with a record in it as its first."""
    routes = [route.path for route in build_gateway(world.db, SETTINGS, world.clock).routes if isinstance(route, Route)]
    found = [path.replace("{called}", "1") for path in routes if path.startswith("/hr/") and "{elsewhere" not in path]
    assert len(found) > 50
    return found


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://evil.example"},
        {"Origin": "http://demo-trading.biotime.test.evil"},
    ],
    ids=str,
)
async def test_a_form_from_elsewhere_does_nothing(small_hr: Visitor, headers: dict[str, str]) -> None:
    csrf = (await small_hr.open(PATH)).fields["csrf"]
    answer = await small_hr.client.post(PATH, data={**NEW, "csrf": csrf}, headers=headers)
    assert answer.status_code == 403
    assert "Nine" not in (await small_hr.open("/hr/departments/")).text


@pytest.mark.parametrize("csrf", ["", "x", "é"])
async def test_a_form_without_the_sessions_token_does_nothing(small_hr: Visitor, csrf: str) -> None:
    for path in (PATH, "/hr/logout/"):
        answer = await small_hr.client.post(path, data={**NEW, "csrf": csrf}, headers=ORIGIN)
        assert answer.status_code == 403
    assert "Nine" not in (await small_hr.open("/hr/departments/")).text


async def test_the_token_of_another_session_is_none_of_this(small_hr: Visitor, small_world: World) -> None:
    csrf = (await small_hr.open(PATH)).fields["csrf"]
    await small_hr.log_in("huda")
    assert (await small_hr.post(PATH, {**NEW, "csrf": csrf}, 403)).status == 403


async def test_every_path_is_for_who_has_logged_in(stranger: Visitor, small_world: World) -> None:
    for path in hr_paths(small_world):
        if path in ("/hr/", "/hr/login/", "/hr/style.css/"):
            continue
        for method in ("GET", "POST"):
            answer = await stranger.client.request(method, path, headers=ORIGIN)
            assert answer.status_code in (303, 405), path
            assert answer.headers.get("location", "/hr/login/") == "/hr/login/"


async def test_every_form_wants_the_token(small_hr: Visitor, small_world: World) -> None:
    for path in hr_paths(small_world):
        answer = await small_hr.client.post(path, data=NEW, headers=ORIGIN)
        assert answer.status_code in (403, 405), path


async def test_no_script_and_nothing_from_elsewhere(small_hr: Visitor, small_world: World) -> None:
    for path in hr_paths(small_world):
        answer = await small_hr.client.get(path, follow_redirects=True)
        assert answer.status_code in (200, 404, 405), path
        if answer.headers["content-type"].startswith("text/html"):
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'")
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["cache-control"] == "no-store"
            assert not re.search(r"<script|javascript:|\son\w+=|\sstyle=|(src|href)=\"?(https?:)?//", answer.text)


async def test_the_style_needs_no_login(stranger: Visitor) -> None:
    answer = await stranger.client.get("/hr/style.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "url(" not in answer.text


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99999999999", "page=2"])
async def test_a_page_that_is_not_there(small_hr: Visitor, query: str) -> None:
    await small_hr.open(f"/hr/people/?{query}", 404)


@pytest.mark.parametrize(
    "path",
    [
        "/hr/punches/?first=soon",
        "/hr/punches/?last=0001-01-01",
        "/hr/punches/?first=9999-12-31",
        "/hr/punches/?emp_code=%00",
        "/hr/time-cards/?month=2023-13",
        "/hr/time-cards/?month=0000-01",
        "/hr/time-cards/?month=9999-12",
        "/hr/time-cards/?department=x",
        "/hr/manual-logs/?audit_status=9",
        "/hr/people/?search=%00",
        f"/hr/people/?search={'x' * 2000}",
    ],
)
async def test_what_cannot_be_asked_is_refused_in_words(small_hr: Visitor, path: str) -> None:
    page = await small_hr.open(path, 400)
    assert "That did not work" in page.text


@pytest.mark.parametrize("called", ["0", "-1", "x", "999", "1" * 40, "%00", "1%2F2", "..%2F..%2Fhr", "٣"])
async def test_what_is_not_there_is_not_found(small_hr: Visitor, small_world: World, called: str) -> None:
    for path in hr_paths(small_world):
        if "/1/" in path:
            await small_hr.open(path.replace("/1/", f"/{called}/"), 404)


NONSENSE = ("\0", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "-1", "1e400", "x" * 3000, "<>\"'", "٣")


@pytest.mark.parametrize("value", NONSENSE, ids=ascii)
async def test_nonsense_in_every_field_is_no_fault(small_hr: Visitor, small_world: World, value: str) -> None:
    for path in hr_paths(small_world):
        if not path.endswith("/new/") and path != "/hr/rules/":
            continue
        form = (await small_hr.open(path)).fields
        for name in form.keys() - {"csrf"}:
            answer = await small_hr.client.post(path, data={**form, name: value}, headers=ORIGIN)
            assert answer.status_code in (200, 303, 400), (path, name)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"csrf=%ff&a", "application/x-www-form-urlencoded", 403),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % n for n in range(200)), "application/x-www-form-urlencoded", 400),
        (b"x" * (MAX_BODY + 1), "application/x-www-form-urlencoded", 413),
        (b"[1, 2]", "application/json", 400),
        (b'{"csrf": {"a": 1}}', "application/json", 403),
        (b'{"csrf": "\\ud800"}', "application/json", 400),
        (b'{"csrf": "x", "username": "\\ud800"}', "application/json", 400),
        (b"", "multipart/form-data", 403),
        (b"--y\r\n\r\n", "multipart/form-data; boundary=x", 400),
        (b"<a/>", "text/xml", 415),
    ],
)
async def test_bodies_that_are_no_forms(small_hr: Visitor, content: bytes, kind: str, status: int) -> None:
    for path in (PATH, "/hr/login/", "/hr/rules/"):
        answer = await small_hr.client.post(path, content=content, headers={**ORIGIN, "Content-Type": kind})
        assert answer.status_code == status, path
        assert answer.headers["content-type"].startswith("text/html")
