"""Faults that tests ask for."""

from datetime import timedelta

import httpx
import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter

from bot.playground.people import Person
from bot.playground.server import Playground
from tests.playground.support import Api, Clock


async def test_too_many_requests_for_the_next_calls_of_a_method(bot: Bot, mona: Person, playground: Playground) -> None:
    mona.start()
    playground.faults.too_many_requests("sendMessage", times=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(mona.id, "hi")
        assert refused.value.retry_after == timedelta(seconds=7)
    assert await bot.send_message(mona.id, "hi")
    assert [call.refused for call in playground.calls_of("sendMessage")] == [
        "Too Many Requests: retry after 7",
        "Too Many Requests: retry after 7",
        None,
    ]


async def test_a_fault_may_be_for_one_chat(bot: Bot, mona: Person, playground: Playground) -> None:
    mona.start()
    playground.faults.fail(chat_id=mona.id, code=502, description="Bad Gateway")
    await bot.get_me()
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(mona.id, "hi")


@pytest.mark.parametrize(("lost", "arrives"), [("request", False), ("answer", True)])
async def test_a_lost_connection(
    http: httpx.AsyncClient, mona: Person, playground: Playground, lost: str, arrives: bool
) -> None:
    mona.start()
    fault = playground.faults.lose_answer if lost == "answer" else playground.faults.lose_request
    fault("sendMessage")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await http.post(f"/bot{playground.token}/sendMessage", json={"chat_id": mona.id, "text": "hi"})
    assert ("hi" in [message.text for message in mona.history]) is arrives
    assert (await http.get(f"/bot{playground.token}/getMe")).is_success


async def test_real_limits(api: Api, mona: Person, playground: Playground, clock: Clock) -> None:
    mona.start()
    playground.faults.real_limits = True
    answers = [await api("sendMessage", chat_id=mona.id, text="hi") for _ in range(6)]
    assert [answer["ok"] for answer in answers] == [True] * 5 + [False]
    assert answers[-1]["parameters"] == {"retry_after": 1}
    clock.move(seconds=5)
    assert (await api("sendMessage", chat_id=mona.id, text="hi"))["ok"]
