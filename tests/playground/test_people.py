"""What people send: how each kind of place looks to the bot, late delivery, groups, waiting."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot, KeyboardButton, Message, ReplyKeyboardMarkup, Update

from bot.playground.people import Person
from bot.playground.places import Place
from bot.playground.server import Playground
from tests.playground.support import Clock

AT = (25.0916434, 55.1586873)
KEYBOARD = ReplyKeyboardMarkup([[KeyboardButton("📍 Clock in", request_location=True)], ["Today"]], is_persistent=True)


@pytest.fixture
async def shown(bot: Bot, mona: Person) -> Message:
    """The message that brought Mona's keyboard; her /start is confirmed."""
    mona.start()
    (update,) = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)
    return await bot.send_message(mona.id, "Hello", reply_markup=KEYBOARD)


async def only(bot: Bot) -> Update:
    update = (await bot.get_updates(offset=-1))[0]
    await bot.get_updates(offset=update.update_id + 1)
    return update


async def only_message(bot: Bot) -> Message:
    message = (await only(bot)).message
    assert message is not None
    return message


async def test_android_shares_with_accuracy_and_a_reply(bot: Bot, mona: Person, shown: Message) -> None:
    mona.press("Clock in", place=Place(*AT, accuracy=9.5))
    message = await only_message(bot)
    assert message.location is not None
    assert (message.location.latitude, message.location.longitude) == AT
    assert message.location.horizontal_accuracy == 9.5
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == shown.message_id


async def test_an_iphone_shares_with_neither(bot: Bot, mona: Person, shown: Message) -> None:
    mona.client = "ios"
    mona.press("Clock in")
    message = await only_message(bot)
    assert message.location is not None
    assert message.location.horizontal_accuracy is None
    assert message.reply_to_message is None


@pytest.mark.usefixtures("shown")
async def test_the_web_client_sends_the_label_and_desktop_nothing(bot: Bot, mona: Person) -> None:
    mona.client = "web"
    mona.press("Clock in")
    assert (await only_message(bot)).text == "📍 Clock in"
    mona.client = "desktop"
    assert mona.press("Clock in") is None
    assert "not supported" in (await mona.wait_for_answer()).text
    assert await bot.get_updates() == ()


@pytest.mark.usefixtures("shown")
async def test_a_pin_has_neither_accuracy_nor_reply(bot: Bot, mona: Person) -> None:
    mona.share_location(*AT, via="pin")
    message = await only_message(bot)
    assert message.location is not None
    assert message.location.horizontal_accuracy is None
    assert message.reply_to_message is None


async def test_forwarded_venue_and_via_bot(bot: Bot, mona: Person, playground: Playground) -> None:
    mona.forward_location(*AT, origin=playground.people["omar"].user)
    message = await only_message(bot)
    assert message.forward_origin is not None
    assert message.forward_origin.type == "user"
    mona.share_venue(*AT, title="Café")
    message = await only_message(bot)
    assert message.venue is not None
    assert message.location is not None
    mona.share_via_bot(*AT)
    message = await only_message(bot)
    assert message.via_bot is not None
    assert message.via_bot.is_bot


async def test_a_live_location_moves_and_stops_as_edits(bot: Bot, mona: Person) -> None:
    sent = mona.start_live(*AT, period=timedelta(minutes=15))
    started = await only_message(bot)
    assert started.location is not None
    assert started.location.live_period == timedelta(minutes=15)
    mona.move_live(25.1, 55.2)
    moved = (await only(bot)).edited_message
    assert moved is not None
    assert moved.location is not None
    assert (moved.message_id, moved.location.latitude) == (sent.message_id, 25.1)
    assert moved.location.live_period
    mona.stop_live()
    stopped = (await only(bot)).edited_message
    assert stopped is not None
    assert stopped.location is not None
    assert stopped.location.live_period is None


async def test_a_phone_that_was_offline_delivers_with_an_old_date(bot: Bot, mona: Person, clock: Clock) -> None:
    sent_at = clock() - timedelta(minutes=10)
    mona.share_location(*AT, sent_at=sent_at)
    assert (await only_message(bot)).date == sent_at


async def test_in_a_group_a_bot_hears_commands_and_replies(bot: Bot, mona: Person, playground: Playground) -> None:
    mona.say("lunch?", chat=playground.group)
    mona.say("/start@other_bot", chat=playground.group)
    assert await bot.get_updates() == ()
    mona.say("/start@demo_playground_bot", chat=playground.group)
    message = await only_message(bot)
    assert (message.chat.type, message.chat.title) == ("group", "Office group")
    answer = await bot.send_message(playground.group.id, "Write to me in private")
    mona.say("why?", chat=playground.group, reply_to=answer.message_id)
    assert (await only_message(bot)).text == "why?"
    assert playground.group.history()[-2].text == "Write to me in private"


async def test_blocking_is_told(bot: Bot, mona: Person) -> None:
    mona.start()
    mona.block()
    update = await only(bot)
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    with pytest.raises(RuntimeError):
        mona.say("hello?")


async def test_waiting_sees_a_text_that_was_edited_away(bot: Bot, mona: Person) -> None:
    mona.start()
    message = await bot.send_message(mona.id, "Saved \u206808:59\u2069")
    await message.edit_text("Clocked in")
    assert (await mona.wait_for("Saved 08:59")).message_id == message.message_id
    assert (await mona.next()).text.startswith("Saved")
    assert (await mona.next()).text == "Clocked in"


async def test_waiting_starts_at_the_last_act_and_ends_with_what_the_chat_shows(bot: Bot, mona: Person) -> None:
    mona.start()
    await bot.send_message(mona.id, "Hello")
    mona.say("again")
    with pytest.raises(TimeoutError, match=r"(?s)Mona waited 0\.05 s for 'Hello'.*Mona: 'again'"):
        await mona.wait_for("Hello", timeout=0.05)
    waiting = asyncio.create_task(mona.next())
    await asyncio.sleep(0)
    await bot.send_message(mona.id, "Hello again")
    assert (await waiting).text == "Hello again"


async def test_settled_when_all_updates_are_taken(bot: Bot, mona: Person, playground: Playground) -> None:
    mona.say("hello")
    with pytest.raises(TimeoutError):
        await playground.settled(timeout=0.05, quiet=0.01)
    await only(bot)
    await playground.settled(quiet=0.01)


def test_a_button_that_is_not_there_is_named(mona: Person) -> None:
    with pytest.raises(LookupError, match="Mona sees no button 'Log in'"):
        mona.press("Log in")
