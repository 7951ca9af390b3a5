"""The chat page's HTTP side: what it shows, and whom it refuses."""

import httpx
import pytest

from bot.playground.people import Person
from bot.playground.server import Playground
from tests.playground.support import Api


async def test_the_page_shows_chats_escaped(http: httpx.AsyncClient, mona: Person) -> None:
    mona.say("<script>alert(1)</script>")
    page = await http.get("/")
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy


async def test_people_are_chosen_in_the_address(http: httpx.AsyncClient) -> None:
    page = await http.get("/?people=huda,nobody,sara")
    assert 'data-people="huda,sara"' in page.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_other_sites_are_refused(http: httpx.AsyncClient, mona: Person, headers: dict[str, str]) -> None:
    for path in ("/", "/events?people=mona"):
        assert (await http.get(path, headers=headers)).status_code == 403
    answer = await http.post("/people/mona", json={"do": "say", "text": "x"}, headers=headers)
    assert answer.status_code == 403
    assert mona.history == []


async def test_a_post_without_an_origin_is_refused(http: httpx.AsyncClient) -> None:
    assert (await http.post("/people/mona", json={"do": "say", "text": "x"})).status_code == 403


async def test_acting_and_its_mistakes(http: httpx.AsyncClient, url: str, mona: Person) -> None:
    own = {"Origin": url}
    assert (await http.post("/people/mona", json={"do": "say", "text": "hi"}, headers=own)).is_success
    assert mona.history[-1].text == "hi"
    for body in ({"do": "key", "text": "none"}, {"do": "dance"}, {"do": "share", "text": "live_stop"}, {"do": "share"}):
        assert (await http.post("/people/mona", json=body, headers=own)).status_code == 400
    assert (await http.post("/people/nobody", json={"do": "say"}, headers=own)).status_code == 404


@pytest.mark.parametrize("how", ["pin", "forward", "venue", "via_bot", "live_start"])
async def test_every_way_to_share(http: httpx.AsyncClient, url: str, mona: Person, how: str) -> None:
    own = {"Origin": url}
    place = {"do": "place", "latitude": 25.1, "longitude": 55.2, "accuracy": 400}
    await http.post("/people/mona", json=place, headers=own)
    assert (await http.post("/people/mona", json={"do": "share", "text": how}, headers=own)).is_success
    assert mona.history[-1].content["location"]["latitude"] == 25.1


async def test_documents_are_downloaded_not_shown(
    http: httpx.AsyncClient, api: Api, mona: Person, playground: Playground
) -> None:
    sent = mona.send_document("page.html", b"<script>alert(1)</script>")
    file = await http.get(f"/media/{sent.content['document']['file_id']}")
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"] == "attachment"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert (await http.get("/media/none")).status_code == 404
