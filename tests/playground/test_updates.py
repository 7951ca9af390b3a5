"""getUpdates: offsets, long polling, one poller, retention."""

import asyncio
from typing import Any

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.playground.people import Person
from bot.playground.server import Playground, running
from tests.playground.support import Api, Clock


def texts(answer: dict[str, Any]) -> list[str]:
    return [update["message"]["text"] for update in answer["result"]]


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(api: Api, mona: Person) -> None:
    mona.say("one")
    mona.say("two")
    first = await api("getUpdates")
    assert texts(first) == texts(await api("getUpdates")) == ["one", "two"]
    second_id = first["result"][1]["update_id"]
    assert second_id == first["result"][0]["update_id"] + 1
    assert texts(await api("getUpdates", offset=second_id)) == ["two"]
    assert texts(await api("getUpdates")) == ["two"]
    assert texts(await api("getUpdates", offset=second_id + 1)) == []


async def test_a_negative_offset_forgets_all_but_the_last(api: Api, mona: Person) -> None:
    for text in ("one", "two", "three"):
        mona.say(text)
    assert texts(await api("getUpdates", offset=-1)) == ["three"]
    assert texts(await api("getUpdates")) == ["three"]


async def test_limit(api: Api, mona: Person) -> None:
    mona.say("one")
    mona.say("two")
    assert texts(await api("getUpdates", limit=1)) == ["one"]


async def test_a_long_poll_wakes_when_something_comes(bot: Bot, mona: Person) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    assert not poll.done()
    mona.say("hello")
    async with asyncio.timeout(2):
        (update,) = await poll
    assert update.message is not None
    assert update.message.text == "hello"
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "en"


async def test_the_second_poller_ends_the_first(bot: Bot, api: Api, mona: Person) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(_poll(api))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    mona.say("hello")
    assert texts(await second) == ["hello"]


async def _poll(api: Api) -> dict[str, Any]:
    return await api("getUpdates", timeout=30)


async def test_polling_is_refused_while_a_webhook_is_set(api: Api) -> None:
    await api("setWebhook", url="http://127.0.0.1:9/hook")
    answer = await api("getUpdates")
    assert answer["error_code"] == 409
    assert "while webhook is active" in answer["description"]
    await api("deleteWebhook")
    assert (await api("getUpdates"))["ok"]


async def test_updates_are_kept_24_hours_and_callback_queries_150_seconds(api: Api, mona: Person, clock: Clock) -> None:
    mona.say("hello")
    markup = {"inline_keyboard": [[{"text": "Log in", "callback_data": "login"}]]}
    await api("sendMessage", chat_id=mona.id, text="hi", reply_markup=markup)
    mona.press("Log in")
    assert len((await api("getUpdates"))["result"]) == 2
    clock.move(seconds=151)
    assert texts(await api("getUpdates")) == ["hello"]
    clock.move(hours=24)
    assert texts(await api("getUpdates")) == []


async def test_only_the_kinds_asked_for_are_queued(api: Api, mona: Person) -> None:
    await api("getUpdates", allowed_updates=["callback_query"])
    mona.say("not wanted")
    assert texts(await api("getUpdates")) == []
    await api("getUpdates", allowed_updates=[])
    mona.say("wanted")
    assert texts(await api("getUpdates")) == ["wanted"]


async def test_an_update_may_be_delivered_twice(api: Api, mona: Person, playground: Playground) -> None:
    mona.say("hello")
    (update,) = (await api("getUpdates"))["result"]
    offset = update["update_id"] + 1
    assert texts(await api("getUpdates", offset=offset)) == []
    playground.redeliver()
    assert (await api("getUpdates", offset=offset))["result"] == [update]
    assert texts(await api("getUpdates", offset=offset)) == []


async def test_anything_can_be_an_update(api: Api, playground: Playground) -> None:
    update_id = playground.push_raw(message={"nonsense": [1]})
    assert (await api("getUpdates"))["result"] == [{"update_id": update_id, "message": {"nonsense": [1]}}]


async def test_closing_ends_a_long_poll_and_the_playground_can_be_served_again(
    playground: Playground, mona: Person
) -> None:
    async with running(playground) as url, Bot(playground.token, base_url=f"{url}/bot") as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(1):
            await playground.close()
            assert await poll == ()
    async with running(playground) as url, Bot(playground.token, base_url=f"{url}/bot") as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await asyncio.sleep(0.05)
        mona.say("hello")
        assert len(await poll) == 1
