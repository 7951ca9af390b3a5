"""The chat page's HTTP side: what it shows, and whom it refuses."""

import httpx
import pytest

import bot.i18n
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


async def test_mail_is_on_the_phone_of_its_address_only(http: httpx.AsyncClient, playground: Playground) -> None:
    playground.people["mona"].email = "mona@x.example"
    assert playground.deliver_mail("Mona@x.example", "<i>Hello</i>", "a & b")
    assert not playground.deliver_mail("sara@x.example", "Hello", "c")
    assert not playground.deliver_mail("", "Hello", "c"), "whoever has no address gets no mail"
    shown = (await http.get("/?people=mona")).text
    assert "&lt;i&gt;Hello&lt;/i&gt;" in shown
    assert "a &amp; b" in shown
    assert 'class="mail"' not in (await http.get("/?people=sara,omar")).text


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


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (r'{"do":"say","text":"a\ud800b"}', "text: half a character cannot be sent"),
        ('{"do":"say","text":" "}', "an empty message cannot be sent"),
        ('{"do":"say","text":"' + "😀" * 2049 + '"}', "text: a message has at most 4096 characters"),
        ('{"do":"place","latitude":NaN,"longitude":55}', "latitude: "),
        ('{"do":"place","latitude":1e308,"longitude":55}', "latitude: "),
        ('{"do":"place","latitude":25,"longitude":-180.1}', "longitude: "),
        ('{"do":"place","latitude":25,"longitude":55,"accuracy":1e400}', "accuracy: "),
        ('{"do":"press","message_id":1,"text":"' + "é" * 33 + '"}', "a button has 1 to 64 bytes of data"),
        ('{"do":"press","message_id":77,"text":"menu"}', "there is no such message"),
        ('{"do":"share","text":"by pigeon"}', "a place is shared by one of pin, "),
        ("[" * 100_000, ""),
    ],
)
async def test_what_no_phone_sends_is_refused_with_a_sentence(
    http: httpx.AsyncClient, url: str, mona: Person, api: Api, body: str, said: str
) -> None:
    sent, stood = mona.say("hi"), mona.place
    answer = await http.post("/people/mona", content=body, headers={"Origin": url})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(said)
    assert (mona.history, mona.place) == ([sent], stood)
    assert len((await api("getUpdates"))["result"]) == 1
    assert (await http.get("/")).is_success


async def test_nobody_walks_off_the_map(http: httpx.AsyncClient, url: str, mona: Person) -> None:
    own = {"Origin": url}
    for body in ({"do": "place", "latitude": 90, "longitude": 55}, {"do": "share", "text": "live_start"}):
        assert (await http.post("/people/mona", json=body, headers=own)).is_success
    answer = await http.post("/people/mona", json={"do": "share", "text": "live_move"}, headers=own)
    assert (answer.status_code, mona.place.latitude) == (400, 90)


async def test_half_a_character_holds_up_no_other_update(api: Api, playground: Playground, mona: Person) -> None:
    playground.push_raw(message={"text": "\ud800"})
    mona.say("hi")
    first, second = (await api("getUpdates"))["result"]
    assert (first["message"]["text"], second["message"]["text"]) == ("\ud800", "hi")


@pytest.mark.parametrize("host", ["[::1", "[", "127.0.0.1]"])
async def test_a_host_that_cannot_be_read_is_400(http: httpx.AsyncClient, host: str) -> None:
    assert (await http.get("/", headers={"Host": host})).status_code == 400


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


async def test_a_phone_can_be_set_to_every_language_of_the_bot(http: httpx.AsyncClient, url: str, mona: Person) -> None:
    for language in bot.i18n.LANGUAGES:
        await http.post("/people/mona", json={"do": "language", "text": language}, headers={"Origin": url})
        assert mona.language == language
        assert f'value="{language}" selected>' in (await http.get("/?people=mona")).text
