"""A forgotten password: a code by mail, five tries, ten minutes, once; and nobody learns who has an account."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from pydantic import JsonValue

from bot.gateway.app import build_gateway
from bot.gateway.mail import Mail, MailNotSentError, MemoryMailbox
from bot.gateway.records.people import set_active
from bot.gateway.records.schedule_tables import password_codes
from bot.gateway.settings import GatewaySettings, Rate
from tests.gateway.world import CHEAP, HOST, MOBILE, PASSWORDS, World

ASK = f"{MOBILE}/forgot_password_create_otp/"
RESET = f"{MOBILE}/reset_password/"
CREATE = f"{MOBILE}/create_password/"
DONE = {"status_code": 200, "message": []}
WRONG = {"non_field_errors": ["The code is wrong or no longer valid."]}
NEW = "a better password"
NO_MORE = "Ensure this field has no more than"
SETTINGS = GatewaySettings(b"a key for tests only", password_cost=CHEAP, refusal_delay=timedelta())


@dataclass(frozen=True)
class Post:
    """The world with a mailbox."""

    world: World
    arrived: asyncio.Queue[Mail]

    async def send(self, path: str, **body: object) -> httpx.Response:
        return await self.world.client.post(path, json=body)

    async def mail(self) -> Mail:
        return await asyncio.wait_for(self.arrived.get(), 5)

    async def code(self, name: str = "mona") -> str:
        assert (await self.send(ASK, email=f"{name}@x.example")).json() == DONE
        return code_in(await self.mail())

    async def create(self, code: str, name: str = "mona", **changed: object) -> httpx.Response:
        return await self.send(CREATE, **{"email": f"{name}@x.example", "otp": code, "new_password": NEW, **changed})

    async def logs_in(self, name: str, password: str) -> bool:
        body = {"username": f"{name}@x.example", "password": password, "company": "Demo Trading"}
        return (await self.world.client.post(f"{MOBILE}/auth_token/", json=body)).status_code == 200


def code_in(mail: Mail) -> str:
    found = re.search(r"^Your code: (\d{6})$", mail.text, re.MULTILINE)
    assert found
    assert mail.subject.startswith(found[1])
    return found[1]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def connected(world: World, mailbox: MemoryMailbox, settings: GatewaySettings = SETTINGS) -> httpx.AsyncClient:
    app = build_gateway(world.db, settings, world.clock, mailbox)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{HOST}")


@asynccontextmanager
async def posting(world: World) -> AsyncIterator[Post]:
    arrived: asyncio.Queue[Mail] = asyncio.Queue()
    async with connected(world, MemoryMailbox(arrived.put_nowait)) as client:
        yield Post(replace(world, client=client), arrived)


@pytest.fixture
async def post(small_world: World) -> AsyncIterator[Post]:
    async with posting(small_world) as post:
        yield post


@pytest.fixture
async def post_on_both(world: World) -> AsyncIterator[Post]:
    """On both databases: for what the table of codes decides."""
    async with posting(world) as post:
        yield post


@pytest.mark.parametrize("path", [ASK, RESET])
@pytest.mark.parametrize(
    "body",
    [
        {"email": "mona@x.example"},
        {"email": " MONA@X.example "},
        {"search_item": "13"},  # people log in with their emp_code, too
        {
            "search_item": "mona@x.example",
            "is_cloud": "true",
            "company_name": "demo trading",
            "client": "963D560D",
            "language": "en",
        },
    ],
)
async def test_both_urls_take_both_bodies_and_mail_a_code(post: Post, path: str, body: dict[str, object]) -> None:
    answer = await post.send(path, **body)
    assert (answer.status_code, answer.json()) == (200, DONE)
    mail = await post.mail()
    assert (mail.to, len(code_in(mail))) == ("mona@x.example", 6)


async def test_the_code_opens_the_door_once_and_ends_every_token(post_on_both: Post) -> None:
    post = post_on_both
    before = await post.world.headers("mona")
    code = await post.code()
    assert (await post.create(code)).json() == DONE
    assert await post.logs_in("mona", NEW)
    assert not await post.logs_in("mona", PASSWORDS["mona"])
    seen = await post.world.client.get(f"{MOBILE}/employees/", headers=before)
    assert seen.status_code == 401
    again = await post.create(code, new_password="yet another one")
    assert (again.status_code, again.json()) == (400, WRONG)
    assert await post.logs_in("mona", NEW)


async def test_other_names_for_the_members(post: Post) -> None:
    code = await post.code()
    body = {"search_item": "mona@x.example", "code": code, "password": NEW, "confirm_password": NEW}
    assert (await post.send(CREATE, **body)).json() == DONE


async def test_ten_minutes_and_not_a_second_more(post_on_both: Post) -> None:
    post = post_on_both
    code = await post.code()
    post.world.clock.pass_(timedelta(minutes=10))
    assert (await post.create(code)).json() == WRONG
    code = await post.code()
    post.world.clock.pass_(timedelta(minutes=9, seconds=59))
    assert (await post.create(code)).json() == DONE


async def test_the_sixth_try_fails_even_with_the_right_code(post_on_both: Post) -> None:
    post = post_on_both
    code = await post.code()
    for _ in range(5):
        assert (await post.create(other(code))).json() == WRONG
    assert (await post.create(code)).json() == WRONG
    code = await post.code()
    for _ in range(4):
        await post.create(other(code))
    assert (await post.create(code)).json() == DONE


async def test_many_tries_at_once_are_five(post_on_both: Post) -> None:
    post = post_on_both
    code = await post.code()
    answers = await asyncio.gather(*(post.create(other(code)) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {400}
    row = await post.world.db.read(lambda conn: conn.execute(sa.select(password_codes)).one())
    assert (row.tries, row.used_at) == (5, None)


async def test_the_right_code_twice_at_once_works_once(post_on_both: Post) -> None:
    post = post_on_both
    code = await post.code()
    answers = await asyncio.gather(*(post.create(code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]


async def test_only_the_latest_code_counts(post_on_both: Post) -> None:
    post = post_on_both
    first, second = await post.code(), await post.code()
    if first != second:
        assert (await post.create(first)).json() == WRONG
    assert (await post.create(second)).json() == DONE


async def test_a_code_is_its_owners_alone(post: Post) -> None:
    code = await post.code("mona")
    await post.code("omar")
    assert (await post.create(code, "omar")).json() == WRONG
    assert (await post.create(code, "sara")).json() == WRONG
    assert (await post.create(code, "mona", company_name="Elsewhere")).json() == WRONG
    assert (await post.create(code, "mona")).json() == DONE


async def test_three_mails_an_hour(post_on_both: Post) -> None:
    post = post_on_both
    for _ in range(3):
        await post.code()
    answer = await post.send(ASK, email="mona@x.example")
    assert (answer.status_code, answer.json()) == (200, DONE)
    await post.code("omar")  # came after it, so Mona's would have been here by now
    assert post.arrived.empty()
    post.world.clock.pass_(timedelta(hours=1, seconds=1))
    await post.code()


@pytest.mark.parametrize(
    "body",
    [
        {"email": "nobody@x.example"},
        {"email": "sara@x.example"},  # of the other company
        {"email": "mona@x.example", "company_name": "Elsewhere"},
        {"email": "mona@x.example", "company_name": "No such company"},
        {"email": "99"},  # nobody's emp_code
        {"email": "admin@x.example"},  # a system user is no employee
    ],
)
async def test_whether_there_is_an_account_stays_unknown(post: Post, body: dict[str, JsonValue]) -> None:
    answer = await post.send(ASK, **body)
    assert (answer.status_code, answer.json()) == (200, DONE)
    tried = await post.send(CREATE, **body, otp="123456", new_password=NEW)
    assert (tried.status_code, tried.json()) == (400, WRONG)
    await post.code("omar")
    assert post.arrived.empty()


async def test_who_has_left_gets_no_code(post: Post) -> None:
    await post.world.db.write(lambda conn: set_active(conn, post.world.ids["mona"], active=False))
    assert (await post.send(ASK, email="mona@x.example")).json() == DONE
    await post.code("omar")
    assert post.arrived.empty()


async def test_the_answer_waits_for_no_mail(small_world: World) -> None:
    taken, go_on = asyncio.Event(), asyncio.Event()

    class Slow(MemoryMailbox):
        async def send(self, mail: Mail) -> None:
            taken.set()
            await go_on.wait()
            await super().send(mail)

    mailbox = Slow()
    async with connected(small_world, mailbox) as client:
        assert (await client.post(ASK, json={"email": "mona@x.example"})).json() == DONE
        await asyncio.wait_for(taken.wait(), 5)
        assert not mailbox.mails
        go_on.set()
        await asyncio.sleep(0)


async def test_a_refusal_takes_as_long_for_a_stranger_as_for_a_member(small_world: World) -> None:
    settings = replace(SETTINGS, refusal_delay=timedelta(milliseconds=200))
    async with connected(small_world, MemoryMailbox(), settings) as client:
        for email in ("mona@x.example", "nobody@x.example"):
            loop = asyncio.get_running_loop()
            began = loop.time()
            answer = await client.post(CREATE, json={"email": email, "otp": "000000", "new_password": NEW})
            assert answer.json() == WRONG
            assert loop.time() - began >= 0.2


async def test_an_address_is_slowed_whatever_it_asks(small_world: World) -> None:
    settings = replace(SETTINGS, codes_per_address=Rate(2, timedelta(minutes=1)))
    async with connected(small_world, MemoryMailbox(), settings) as client:
        statuses = [
            (await client.post(path, json={"email": email, "otp": "1", "new_password": NEW})).status_code
            for path, email in ((ASK, "nobody@x.example"), (CREATE, "mona@x.example"), (RESET, "mona@x.example"))
        ]
    assert statuses == [200, 400, 429]


async def test_a_mailbox_that_fails_is_logged_without_the_mail(
    small_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    done = asyncio.Event()

    class Broken(MemoryMailbox):
        async def send(self, mail: Mail) -> None:
            done.set()
            raise MailNotSentError("the SMTP server took no mail: SMTPConnectError")

    with caplog.at_level(logging.ERROR, logger="bot"):
        async with connected(small_world, Broken()) as client:
            await client.post(ASK, json={"email": "mona@x.example"})
            await asyncio.wait_for(done.wait(), 5)
            await asyncio.sleep(0)
    assert "took no mail" in caplog.text
    assert not re.search(r"\d{6}|mona", caplog.text.replace("test_passwords_mobile", ""))


async def test_the_table_holds_no_code(post: Post) -> None:
    code = await post.code()
    row = await post.world.db.read(lambda conn: conn.execute(sa.select(password_codes)).one())
    assert code not in row.digest


@pytest.mark.parametrize(
    ("path", "changed", "errors"),
    [
        (ASK, {"email": None}, {"email": ["This field may not be null."]}),
        (ASK, {"email": ""}, {"email": ["This field may not be blank."]}),
        (ASK, {"email": ["mona@x.example"]}, {"email": ["Not a valid string."]}),
        (ASK, {"email": "a\0b"}, {"email": ["Null characters are not allowed."]}),
        (CREATE, {"otp": None}, {"otp": ["This field may not be null."]}),
        (CREATE, {"otp": "1" * 21}, {"otp": [f"{NO_MORE} 20 characters."]}),
        (CREATE, {"new_password": "seven77"}, {"new_password": ["Ensure this field has at least 8 characters."]}),
        (
            CREATE,
            {"new_password": "x" * 1025},
            {"new_password": ["Ensure this field has no more than 1024 characters."]},
        ),
        (CREATE, {"confirm_password": "another one"}, {"confirm_password": ["The two passwords are not the same."]}),
    ],
)
async def test_bad_bodies(
    small_world: World, path: str, changed: dict[str, object], errors: dict[str, list[str]]
) -> None:
    body = {"email": "mona@x.example", "otp": "123456", "new_password": NEW, **changed}
    answer = await small_world.client.post(path, json=body)
    assert (answer.status_code, answer.json()) == (400, errors)


async def change(world: World, caller: str, named: str, **changed: object) -> httpx.Response:
    path = f"{MOBILE}/employees/{world.ids[named]}/reset_password/"
    body = {"old_password": PASSWORDS[caller], "new_password": NEW, **changed}
    return await world.client.post(path, json=body, headers=await world.headers(caller))


async def test_an_own_new_password_for_the_old_one(post: Post) -> None:
    token = await post.world.headers("mona")
    answer = await change(post.world, "mona", "mona")
    assert (answer.status_code, answer.json()) == (200, DONE)
    assert await post.logs_in("mona", NEW)
    assert (await post.world.client.get(f"{MOBILE}/employees/", headers=token)).status_code == 401


async def test_not_without_the_old_one(post: Post) -> None:
    answer = await change(post.world, "mona", "mona", old_password="a guess")
    assert (answer.status_code, answer.json()) == (400, {"old_password": ["Invalid password."]})
    assert await post.logs_in("mona", PASSWORDS["mona"])


async def test_guessing_the_old_one_is_slowed_like_logging_in(post: Post) -> None:
    headers = await post.world.headers("mona")
    path = f"{MOBILE}/employees/{post.world.ids['mona']}/reset_password/"
    body = {"old_password": "a guess", "new_password": NEW}
    statuses = [(await post.world.client.post(path, json=body, headers=headers)).status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]


@pytest.mark.parametrize(
    ("caller", "named", "status"),
    [("mona", "omar", 404), ("mona", "huda", 404), ("sara", "mona", 404), ("huda", "sara", 404), ("huda", "mona", 200)],
)
async def test_whose_password_may_be_set(post: Post, caller: str, named: str, status: int) -> None:
    answer = await change(post.world, caller, named)
    assert answer.status_code == status
    if status == 200:
        assert await post.logs_in(named, NEW)


async def test_a_system_user_has_no_mobile_password(post: Post) -> None:
    body = {"company": "Demo Trading", "email": "admin@x.example", "password": PASSWORDS["admin"]}
    token = (await post.send("/jwt-api-token-auth/", **body)).json()["token"]
    path = f"{MOBILE}/employees/{post.world.ids['mona']}/reset_password/"
    answer = await post.world.client.post(path, headers={"Authorization": f"JWT {token}"}, json={})
    assert answer.status_code == 403
