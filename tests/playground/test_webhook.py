"""Delivery to a webhook: secret, order, retries, dropping."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.people import Person
from bot.playground.server import Playground
from bot.playground.serving import serving
from tests.playground.support import Api


class Receiver:
    """The bot's webhook: answers the statuses it was given, 200 when there are no more."""

    def __init__(self) -> None:
        self.statuses: list[tuple[int, dict[str, str]]] = []
        self.received: list[dict[str, Any]] = []
        self.headers: list[str | None] = []
        self.arrived = asyncio.Condition()
        self.hold = asyncio.Event()
        self.hold.set()
        self.url = ""

    async def receive(self, request: Request) -> Response:
        update = await request.json()
        async with self.arrived:
            self.received.append(update)
            self.headers.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
            self.arrived.notify_all()
        await self.hold.wait()
        status, headers = self.statuses.pop(0) if self.statuses else (200, {})
        return Response(status_code=status, headers=headers)

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(lambda: len(self.received) >= count)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.received if "message" in update]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    hook = Receiver()
    app = Starlette(routes=[Route("/hook", hook.receive, methods=["POST"])])
    async with serving(app) as address:
        hook.url = f"{address}/hook"
        yield hook
        hook.hold.set()


async def test_the_secret_is_sent(api: Api, mona: Person, receiver: Receiver) -> None:
    await api("setWebhook", url=receiver.url, secret_token="Secret_-1")
    mona.say("hello")
    await receiver.wait_for(1)
    assert receiver.headers == ["Secret_-1"]


async def test_a_bad_secret_is_refused(api: Api, receiver: Receiver) -> None:
    answer = await api("setWebhook", url=receiver.url, secret_token="not allowed")
    assert answer["description"] == "Bad Request: secret token contains unallowed characters"


async def test_a_chat_comes_in_order_and_the_next_only_after_2xx(
    api: Api, mona: Person, playground: Playground, receiver: Receiver
) -> None:
    await api("setWebhook", url=receiver.url)
    receiver.hold.clear()
    mona.say("one")
    mona.say("two")
    await receiver.wait_for(1)
    playground.people["omar"].say("from Omar")
    await receiver.wait_for(2)
    assert receiver.texts == ["one", "from Omar"]
    receiver.hold.set()
    await receiver.wait_for(3)
    assert receiver.texts == ["one", "from Omar", "two"]


async def test_presses_do_not_wait_for_messages(api: Api, mona: Person, receiver: Receiver) -> None:
    mona.start()
    markup = {"inline_keyboard": [[{"text": "Log in", "callback_data": "login"}]]}
    await api("sendMessage", chat_id=mona.id, text="hi", reply_markup=markup)
    await api("setWebhook", url=receiver.url, drop_pending_updates=True)
    receiver.hold.clear()
    mona.say("one")
    await receiver.wait_for(1)
    mona.press("Log in")
    await receiver.wait_for(2)
    assert receiver.received[1]["callback_query"]["data"] == "login"


async def test_a_refused_update_is_tried_again_before_the_next(api: Api, mona: Person, receiver: Receiver) -> None:
    receiver.statuses = [(500, {}), (503, {})]
    await api("setWebhook", url=receiver.url)
    mona.say("one")
    mona.say("two")
    await receiver.wait_for(4)
    assert receiver.texts == ["one", "one", "one", "two"]
    info = (await api("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"


async def test_retry_after_is_obeyed(api: Api, mona: Person, receiver: Receiver) -> None:
    receiver.statuses = [(429, {"Retry-After": "1"})]
    await api("setWebhook", url=receiver.url)
    started = asyncio.get_running_loop().time()
    mona.say("one")
    await receiver.wait_for(2)
    assert asyncio.get_running_loop().time() - started >= 1


async def test_pending_updates_can_be_dropped(api: Api, mona: Person, receiver: Receiver) -> None:
    mona.say("old")
    await api("setWebhook", url=receiver.url, drop_pending_updates=True)
    mona.say("new")
    await receiver.wait_for(1)
    assert receiver.texts == ["new"]
