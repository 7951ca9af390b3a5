"""Editing, deleting, answering, reacting, and what the bot says about itself."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MenuButtonCommands,
    ReactionTypeEmoji,
)
from telegram.error import BadRequest

from bot.playground.people import Person
from bot.playground.server import Playground
from tests.playground.pictures import png
from tests.playground.support import Clock

LOGIN = InlineKeyboardMarkup([[InlineKeyboardButton("Log in", callback_data="login")]])


async def test_the_same_again_is_not_modified(bot: Bot, mona: Person) -> None:
    mona.start()
    message = await bot.send_message(mona.id, "<b>hi</b>", parse_mode="HTML", reply_markup=LOGIN)
    with pytest.raises(BadRequest, match=r"[Mm]essage is not modified"):
        await message.edit_text("<b>hi</b>", parse_mode="HTML", reply_markup=LOGIN)
    await message.edit_text("hi", reply_markup=LOGIN)
    assert mona.history[-1].entities == ()
    assert mona.history[-1].edited


async def test_editing_without_buttons_removes_them(bot: Bot, mona: Person) -> None:
    mona.start()
    message = await bot.send_message(mona.id, "hi", reply_markup=LOGIN)
    await message.edit_reply_markup(None)
    assert mona.history[-1].buttons == ()
    assert not mona.history[-1].edited
    with pytest.raises(BadRequest, match="not modified"):
        await message.edit_reply_markup(None)


async def test_only_own_and_present_messages_are_edited(bot: Bot, mona: Person) -> None:
    hers = mona.start()
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("x", mona.id, hers.message_id)
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("x", mona.id, 99)


async def test_media_and_caption(bot: Bot, mona: Person) -> None:
    mona.start()
    message = await bot.send_photo(mona.id, png(4, 4), caption="one")
    await message.edit_caption("two")
    assert mona.history[-1].text == "two"
    edited = await message.edit_media(InputMediaDocument(b"a,b", filename="b.csv", caption="three"))
    assert not isinstance(edited, bool)
    assert edited.document is not None
    assert mona.history[-1].text == "three"
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await message.edit_text("four")


async def test_a_picture_put_in_place_of_another(bot: Bot, mona: Person) -> None:
    """What is protected stays so; a spoiler is the new picture's own."""
    mona.start()
    message = await bot.send_photo(mona.id, png(4, 4), "one", has_spoiler=True, protect_content=True)
    await message.edit_caption("two")
    assert mona.history[-1].content["has_media_spoiler"]
    await message.edit_media(InputMediaPhoto(png(5, 5), "three"))
    shown = mona.history[-1].content
    assert "has_media_spoiler" not in shown
    await message.edit_media(InputMediaPhoto(png(6, 6), "four", has_spoiler=True))
    shown = mona.history[-1].content
    assert shown["has_media_spoiler"]
    assert shown["has_protected_content"]
    assert shown["photo"][0]["width"] == 6


async def test_a_picture_added_to_a_text(bot: Bot, mona: Person) -> None:
    mona.start()
    message = await bot.send_message(mona.id, "one")
    await bot.edit_message_media(InputMediaPhoto(png(4, 4), "two"), mona.id, message.message_id)
    assert mona.history[-1].text == "two"
    assert "photo" in mona.history[-1].content


async def test_a_bot_deletes_a_persons_message_in_a_private_chat(
    bot: Bot, mona: Person, playground: Playground, clock: Clock
) -> None:
    secret = mona.say("password")
    old = mona.say("old")
    await bot.delete_message(mona.id, secret.message_id)
    await mona.wait_until_gone(secret.message_id)
    assert [message.text for message in mona.history] == ["old"]
    with pytest.raises(BadRequest, match="to delete not found"):
        await bot.delete_message(mona.id, secret.message_id)
    spoken = mona.say("/start", chat=playground.group)
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(playground.group.id, spoken.message_id)
    clock.move(hours=49)
    with pytest.raises(BadRequest, match="can't be deleted for everyone"):
        await bot.delete_messages(mona.id, [secret.message_id, old.message_id])


async def test_a_press_is_answered_once_and_in_time(bot: Bot, mona: Person, clock: Clock) -> None:
    mona.start()
    await bot.send_message(mona.id, "hi", reply_markup=LOGIN)
    mona.press("login")
    *_, update = await bot.get_updates()
    assert update.callback_query is not None
    query = update.callback_query
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await query.answer("a" * 201)
    await query.answer("a" * 200, show_alert=True)
    answer = await mona.wait_for_answer()
    assert (answer.text, answer.show_alert) == ("a" * 200, True)
    with pytest.raises(BadRequest, match=r"[Qq]uery is too old"):
        await query.answer()
    message = mona.history[-1]
    late = mona.press_data("login", message.message_id)
    clock.move(seconds=151)
    with pytest.raises(BadRequest, match=r"[Qq]uery is too old"):
        await bot.answer_callback_query(late)


async def test_reactions(bot: Bot, mona: Person) -> None:
    message = mona.start()
    await bot.set_message_reaction(mona.id, message.message_id, "👍")
    assert mona.history[-1].reactions == ("👍",)
    with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
        await bot.set_message_reaction(mona.id, message.message_id, ReactionTypeEmoji("🧾"))


async def test_commands_follow_scope_and_language(bot: Bot, mona: Person, playground: Playground) -> None:
    mona.start()
    await bot.set_my_commands([BotCommand("start", "Begin")])
    await bot.set_my_commands([BotCommand("start", "ابدأ")], language_code="ar")
    assert mona.commands == {"start": "Begin"}
    assert playground.people["omar"].commands == {"start": "ابدأ"}
    await bot.set_my_commands([BotCommand("team", "Team")], scope=BotCommandScopeChat(mona.id))
    assert mona.commands == {"team": "Team"}
    await bot.delete_my_commands(scope=BotCommandScopeChat(mona.id))
    assert mona.commands == {"start": "Begin"}
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Start", "Begin")])


async def test_names_and_descriptions_follow_the_language(bot: Bot, mona: Person) -> None:
    await bot.set_my_description("What I do")
    await bot.set_my_description("ماذا أفعل", language_code="ar")
    await bot.set_my_name("Demo", language_code="ar")
    assert mona.description == "What I do"
    mona.language = "ar"
    assert mona.description == "ماذا أفعل"
    assert (await bot.get_my_name("ar")).name == "Demo"
    assert (await bot.get_my_short_description()).short_description == ""
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(), MenuButtonCommands)
    assert (await bot.get_chat(_started(mona))).first_name == "Mona"


def _started(person: Person) -> int:
    person.start()
    return person.id
