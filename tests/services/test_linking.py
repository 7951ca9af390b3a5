"""Logging in and out; how often one may guess, however many try at once."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest

from bot.attendance.progress import State
from bot.biotime.client import BioTimeClient
from bot.database import Database
from bot.gateway.sample import NAME, ZONE
from bot.services.filings import Kind
from bot.services.guessing import Guessing, SlowDown
from bot.services.linking import Credentials, Linked, Linking, Unreachable, WrongLogin
from bot.services.receipts import ReceiptBook
from bot.services.requests import Requests
from bot.services.sending import Sending
from bot.services.sessions import Sessions
from bot.services.telling import Telling
from bot.services.tenants import Tenant, Tenants
from bot.store import links, punches
from bot.store.cipher import Cipher
from bot.store.links import Person
from tests.faults import Clock
from tests.kills.worker import Silence
from tests.services.process import KEY
from tests.services.rig import MONA, OMAR, Rig
from tests.store.rows import migrate

RIGHT = "the right one"
SETTINGS = {
    "server_name": "",
    "emp_id": "7c6fdd0a-0000-4000-8000-000000000001",
    "emp_code": "1001",
    "name": "Mona",
    "photo": "",
    "department": "Sales",
    "position": "",
    "area": "Dubai Office",
    "app_role": 1,
    "ts_email": "",
    "website": "",
    "copyright": "",
}
EMPTY: dict[str, object] = {"count": 0, "next": None, "previous": None, "results": []}


class Door:
    """BioTime's log-in on the wire; `tried` are the passwords that came so far."""

    def __init__(self) -> None:
        self.tried: list[str] = []
        self.open = True

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.open:
            raise httpx.ConnectError("ClientConnectorError")
        if request.method == "GET":
            return _answer(200, SETTINGS if "app_settings" in request.url.path else EMPTY)
        await asyncio.sleep(0)
        self.tried.append(json.loads(request.content)["password"])
        if self.tried[-1] == RIGHT:
            return _answer(200, {"token": "a.b.c"})
        return _answer(400, {"non_field_errors": ["Unable to log in with provided credentials."]})


def _answer(status: int, body: object) -> httpx.Response:
    return httpx.Response(status, stream=httpx.ByteStream(json.dumps(body).encode()))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
async def linking(database: Database, door: Door, clock: Clock) -> Linking:
    """On both databases."""
    db = await migrate(database)
    http = httpx.AsyncClient(transport=httpx.MockTransport(door), base_url="http://biotime.test")
    tenants = Tenants([Tenant(NAME, ZONE, BioTimeClient(http, NAME, ZONE))])
    sessions = Sessions(db, tenants, Cipher(KEY), clock)
    sending = Sending(
        db,
        Requests(db, sessions, clock),
        Telling(db, Silence(), clock, punches, Kind.LOG),
        clock,
        rows=punches,
        book=ReceiptBook(Cipher(KEY), clock),
    )
    return Linking(db, tenants, sessions, sending, clock, guessing=Guessing(db, sessions, clock))


@pytest.fixture
async def mona(linking: Linking) -> Person:
    return (await linking.meet(MONA, "en"))[0]


def typed(password: str, username: str = "1001") -> Credentials:
    return Credentials(NAME, username, password)


async def test_of_a_hundred_guesses_at_once_five_go_upstream(linking: Linking, mona: Person, door: Door) -> None:
    answers = await asyncio.gather(*(linking.login(mona, typed(f"guess {n}")) for n in range(100)))
    assert len(door.tried) == 5
    assert sum(isinstance(answer, WrongLogin) for answer in answers) == 5
    assert sum(isinstance(answer, SlowDown) for answer in answers) == 95


async def test_of_a_hundred_guesses_at_all_colleagues_ten_go_upstream(
    linking: Linking, mona: Person, door: Door
) -> None:
    await asyncio.gather(*(linking.login(mona, typed("guess", f"{1000 + n}")) for n in range(100)))
    assert len(door.tried) == 10


@pytest.mark.parametrize("spelled", ["HUDA@demo.example", " huda@demo.example ", "huda@DEMO.example"])
async def test_another_spelling_is_the_same_name(linking: Linking, mona: Person, door: Door, spelled: str) -> None:
    for _ in range(5):
        await linking.login(mona, typed("guess", "huda@demo.example"))
    assert isinstance(await linking.login(mona, typed("guess", spelled)), SlowDown)
    assert len(door.tried) == 5


async def test_a_stranger_cannot_lock_a_colleague_out(linking: Linking, mona: Person, door: Door) -> None:
    stranger, _ = await linking.meet(OMAR, "en")
    for n in range(10):
        await linking.login(stranger, typed(f"guess {n}"))
    assert isinstance(await linking.login(mona, typed(RIGHT)), Linked)


async def test_after_a_quarter_of_an_hour_one_may_try_again(
    linking: Linking, mona: Person, door: Door, clock: Clock
) -> None:
    for n in range(5):
        await linking.login(mona, typed(f"guess {n}"))
    refused = await linking.login(mona, typed(RIGHT))
    assert isinstance(refused, SlowDown)
    assert refused.until == clock.at + timedelta(minutes=15)
    clock.at = refused.until
    assert isinstance(await linking.login(mona, typed(RIGHT)), Linked)


async def test_the_later_of_the_two_limits_counts(linking: Linking, mona: Person, clock: Clock) -> None:
    for username in ("1002", "1001"):
        for n in range(5):
            await linking.login(mona, typed(f"guess {n}", username))
    refused = await linking.login(mona, typed(RIGHT))
    assert isinstance(refused, SlowDown)
    assert refused.until == clock.at + timedelta(hours=1)


async def test_the_same_message_once_more_is_no_second_try(linking: Linking, mona: Person, door: Door) -> None:
    for n in range(5):
        for _ in range(3):
            assert isinstance(await linking.login(mona, typed("guess"), f"1:{n}"), WrongLogin)
    assert isinstance(await linking.login(mona, typed("guess"), "1:5"), SlowDown)


async def test_success_forgets_the_tries(linking: Linking, mona: Person, door: Door) -> None:
    for _ in range(4):
        await linking.login(mona, typed("guess"))
    assert isinstance(await linking.login(mona, typed(RIGHT)), Linked)
    for _ in range(4):
        assert isinstance(await linking.login(mona, typed("guess")), WrongLogin)


async def test_what_biotime_did_not_answer_is_no_guess(linking: Linking, mona: Person, door: Door) -> None:
    door.open = False
    for _ in range(20):
        assert isinstance(await linking.login(mona, typed(RIGHT)), Unreachable)
    door.open = True
    assert isinstance(await linking.login(mona, typed(RIGHT)), Linked)


async def test_the_token_is_kept_sealed(linking: Linking, mona: Person, database: Database) -> None:
    await linking.login(mona, typed(RIGHT))
    link = await database.read(lambda c: links.find_link(c, MONA))
    assert link is not None
    assert link.token is not None
    assert b"a.b.c" not in link.token
    assert Cipher(KEY).decrypt(link.token, "links.token", NAME, MONA) == b"a.b.c"


# -- with the real gateway ---------------------------------------------------------------------------------------------


async def test_neither_password_nor_token_is_in_the_file(rig: Rig) -> None:
    """Nor in the write-ahead log beside it."""
    await rig.login(MONA)
    await rig.share()
    link = await rig.store.read(lambda c: links.find_link(c, MONA))
    assert link is not None
    token = Cipher(KEY).decrypt(link.token or b"", "links.token", NAME, MONA)
    files = [file.read_bytes() for file in rig.folder.glob("store.db*")]
    assert any(b"Mona" in content for content in files)
    for secret in (rig.passwords["1001"].encode(), token):
        assert not any(secret in content for content in files)


async def test_logged_out_nobody_clocks_in(rig: Rig) -> None:
    assert await rig.do(rig.process.linking.logout(MONA))
    assert not await rig.do(rig.process.linking.logout(MONA))
    await rig.deliver(rig.new_share())
    assert rig.acknowledged == {}


async def test_logged_out_the_token_is_gone(rig: Rig) -> None:
    before = await rig.store.read(lambda c: links.find_link(c, MONA))
    await rig.do(rig.process.linking.logout(MONA))
    assert before is not None
    after = await rig.store.read(lambda c: links.find_link_by_id(c, before.id))
    assert after is not None
    assert after.token is None


async def test_logged_out_in_mid_air_the_punch_still_gets_through(rig: Rig) -> None:
    rig.far.down = True
    punch = await rig.share()
    await rig.do(rig.process.linking.logout(MONA))
    rig.far.down = False
    await rig.wait(2)
    assert (await rig.load(punch)).progress.state is State.CONFIRMED


async def test_logged_out_the_token_goes_once_the_last_punch_is_in(rig: Rig) -> None:
    link = await rig.store.read(lambda c: links.find_link(c, MONA))
    assert link is not None
    rig.far.down = True
    punch = await rig.share()
    await rig.do(rig.process.linking.logout(MONA))
    await rig.do(rig.process.sessions.renew_old())
    assert (await token_of(rig, link.id)) is not None, "the punch still needs it"
    rig.far.down = False
    await rig.wait(2)
    assert (await rig.load(punch)).progress.state is State.CONFIRMED
    await rig.do(rig.process.sessions.renew_old())
    assert (await token_of(rig, link.id)) is None


async def test_a_punch_from_before_the_last_log_in_still_gets_through(rig: Rig) -> None:
    """It goes out under the newest session: logging out of that one must not strand it."""
    rig.far.down = True
    punch = await rig.share()
    rig.far.down = False
    await rig.login(MONA)
    rig.far.down = True
    await rig.do(rig.process.linking.logout(MONA))
    rig.far.down = False
    await rig.wait(2)
    assert (await rig.load(punch)).progress.state is State.CONFIRMED


async def token_of(rig: Rig, link_id: int) -> bytes | None:
    link = await rig.store.read(lambda c: links.find_link_by_id(c, link_id))
    assert link is not None
    return link.token
