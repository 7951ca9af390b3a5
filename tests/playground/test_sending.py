"""Sending: parameters, limits, keyboards, files, and who can be written to."""

from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.playground.people import Person
from bot.playground.server import Playground
from tests.playground.pictures import png
from tests.playground.support import Api


async def test_a_wrong_token_is_unauthorized(http: httpx.AsyncClient, url: str) -> None:
    answer = await http.get("/bot1:wrong/getMe")
    assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized")
    stranger = Bot("1:wrong", base_url=f"{url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_an_unknown_method_is_not_found(api: Api) -> None:
    assert (await api("sendMesage"))["error_code"] == 404


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "hi", "parsemode": "HTML"}, 'unknown parameter "parsemode" of sendMessage'),
        (
            {"text": "hi", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback": "b"}]]}},
            "inline_keyboard.0.0.callback",
        ),
        ({"text": "  \n "}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": "hi", "reply_markup": {"keyboard": [[{"request_location": True}]]}}, "can't parse reply_markup"),
        ({"text": "hi", "reply_markup": {"buttons": []}}, "can't parse reply_markup"),
        ({"text": "hi", "reply_markup": "{"}, "can't parse"),
    ],
)
async def test_what_is_wrong_is_refused(api: Api, mona: Person, params: dict[str, object], description: str) -> None:
    mona.start()
    answer = await api("sendMessage", chat_id=mona.id, **params)
    assert answer["error_code"] == 400
    assert description in answer["description"]
    assert len(mona.history) == 1


async def test_all_encodings_of_parameters_are_read(
    http: httpx.AsyncClient, playground: Playground, mona: Person
) -> None:
    mona.start()
    path = f"/bot{playground.token}/sendMessage"
    params = {"chat_id": str(mona.id), "text": "hi", "reply_markup": '{"force_reply": true}'}
    parts = {name: (None, value) for name, value in params.items()}
    ways: list[dict[str, Any]] = [{"params": params}, {"data": params}, {"json": params}, {"files": parts}]
    for way in ways:
        answer = await http.post(path, **way)
        assert answer.json()["ok"], answer.text
    assert [message.text for message in mona.history] == ["/start", *["hi"] * 4]


@pytest.mark.parametrize("length", [4096, 4097])
async def test_text_is_limited_in_utf16_units_after_entities(bot: Bot, mona: Person, length: int) -> None:
    mona.start()
    text = "<b>" + "😀" * 2000 + "</b>" + "a" * (length - 4000)
    if length == 4096:
        assert await bot.send_message(mona.id, text, parse_mode="HTML")
    else:
        with pytest.raises(BadRequest, match=r"[Mm]essage is too long"):
            await bot.send_message(mona.id, text, parse_mode="HTML")


async def test_captions_are_limited_to_1024(bot: Bot, mona: Person) -> None:
    mona.start()
    assert await bot.send_photo(mona.id, png(2, 2), caption="a" * 1024)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(mona.id, png(2, 2), caption="a" * 1025)


@pytest.mark.parametrize(("data", "fits"), [("م" * 32, True), ("م" * 33, False)])
async def test_callback_data_is_limited_to_64_bytes(bot: Bot, mona: Person, data: str, fits: bool) -> None:
    mona.start()
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data=data)]])
    if fits:
        await bot.send_message(mona.id, "hi", reply_markup=markup)
    else:
        with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
            await bot.send_message(mona.id, "hi", reply_markup=markup)


@pytest.mark.parametrize(("rows", "columns"), [(1, 9), (13, 8)])
async def test_too_many_inline_buttons_are_refused(bot: Bot, mona: Person, rows: int, columns: int) -> None:
    mona.start()
    row = [InlineKeyboardButton("a", callback_data="a")] * columns
    with pytest.raises(BadRequest):
        await bot.send_message(mona.id, "hi", reply_markup=InlineKeyboardMarkup([row] * rows))


async def test_a_location_is_requested_in_private_chats_only(bot: Bot, playground: Playground) -> None:
    keyboard = ReplyKeyboardMarkup([[KeyboardButton("Clock in", request_location=True)]])
    with pytest.raises(BadRequest, match=r"(?i)location can be requested in private chats only"):
        await bot.send_message(playground.group.id, "hi", reply_markup=keyboard)


async def test_the_reply_keyboard_stays_until_replaced_or_its_message_is_deleted(bot: Bot, mona: Person) -> None:
    mona.start()
    keyboard = ReplyKeyboardMarkup([["Today", "More"]], resize_keyboard=True, input_field_placeholder="Press")
    message = await bot.send_message(mona.id, "hi", reply_markup=keyboard)
    await bot.send_message(mona.id, "still there")
    assert mona.keyboard is not None
    assert mona.keyboard.labels == (("Today", "More"),)
    assert (mona.keyboard.resize, mona.keyboard.placeholder) == (True, "Press")
    await bot.delete_message(mona.id, message.message_id)
    assert mona.keyboard is None
    await bot.send_message(mona.id, "hi", reply_markup=keyboard)
    await bot.send_message(mona.id, "bye", reply_markup=ReplyKeyboardRemove())
    assert mona.keyboard is None


async def test_who_never_wrote_does_not_exist_and_who_blocked_is_forbidden(bot: Bot, mona: Person) -> None:
    with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
        await bot.send_message(mona.id, "hi")
    mona.start()
    mona.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(mona.id, "hi")
    mona.unblock()
    mona.chat.deactivated = True
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(mona.id, "hi")


async def test_files_go_up_and_come_down(bot: Bot, mona: Person) -> None:
    mona.start()
    message = await bot.send_document(mona.id, b"a,b\n", filename="card.csv", caption="<i>Card</i>", parse_mode="HTML")
    assert message.document is not None
    assert (message.document.file_name, message.document.file_size) == ("card.csv", 4)
    assert mona.history[-1].text == "Card"
    file = await bot.get_file(message.document.file_id)
    assert await file.download_as_bytearray() == b"a,b\n"
    again = await bot.send_document(mona.id, message.document.file_id)
    assert again.document == message.document


async def test_a_photo_must_be_a_picture(bot: Bot, mona: Person) -> None:
    mona.start()
    message = await bot.send_photo(mona.id, png(30, 20))
    assert [(size.width, size.height) for size in message.photo] == [(30, 20)]
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(mona.id, b"no picture")


async def test_a_file_under_a_name_nobody_mentions_is_refused(
    http: httpx.AsyncClient, playground: Playground, mona: Person
) -> None:
    mona.start()
    answer = await http.post(
        f"/bot{playground.token}/sendMessage", data={"chat_id": mona.id, "text": "hi"}, files={"photo": b"abc"}
    )
    assert 'unknown parameter "photo"' in answer.json()["description"]


async def test_message_numbers_and_dates_are_the_servers(bot: Bot, mona: Person, playground: Playground) -> None:
    mona.start()
    playground.people["omar"].start()
    message = await bot.send_message(mona.id, "hi")
    assert message.message_id == 3
    assert message.date == playground.world.now()
