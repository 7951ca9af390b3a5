"""What the bot says about itself, and the menu button."""

from bot.playground.call import Context
from bot.playground.chats import Chat
from bot.playground.errors import Json
from bot.playground.profile import DESCRIPTION, NAME, SHORT_DESCRIPTION, check_language, in_language, set_text
from bot.playground.requests import (
    CommandsOf,
    GetChatMenuButton,
    InLanguage,
    Scope,
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
)


async def set_my_commands(context: Context, params: SetMyCommands) -> bool:
    _check_scope(context, params.scope)
    context.world.profile.set_commands(params.scope, params.language_code, params.commands)
    return _changed(context)


async def get_my_commands(context: Context, params: CommandsOf) -> list[Json]:
    _check_scope(context, params.scope)
    return context.world.profile.commands(params.scope, check_language(params.language_code))


async def delete_my_commands(context: Context, params: CommandsOf) -> bool:
    _check_scope(context, params.scope)
    context.world.profile.delete_commands(params.scope, check_language(params.language_code))
    return _changed(context)


def _check_scope(context: Context, scope: Scope) -> None:
    if scope.type.startswith("chat"):
        context.world.known_chat(scope.chat_id or 0)


async def set_my_name(context: Context, params: SetMyName) -> bool:
    set_text(context.world.profile.names, params.language_code, params.name, NAME)
    return _changed(context)


async def get_my_name(context: Context, params: InLanguage) -> Json:
    return {"name": context.world.profile.name_for(check_language(params.language_code))}


async def set_my_description(context: Context, params: SetMyDescription) -> bool:
    set_text(context.world.profile.descriptions, params.language_code, params.description, DESCRIPTION)
    return _changed(context)


async def get_my_description(context: Context, params: InLanguage) -> Json:
    code = check_language(params.language_code)
    return {"description": in_language(context.world.profile.descriptions, code)}


async def set_my_short_description(context: Context, params: SetMyShortDescription) -> bool:
    texts = context.world.profile.short_descriptions
    set_text(texts, params.language_code, params.short_description, SHORT_DESCRIPTION)
    return _changed(context)


async def get_my_short_description(context: Context, params: InLanguage) -> Json:
    code = check_language(params.language_code)
    return {"short_description": in_language(context.world.profile.short_descriptions, code)}


async def set_chat_menu_button(context: Context, params: SetChatMenuButton) -> bool:
    button = params.menu_button.wire()
    if params.chat_id is None:
        context.world.profile.menu_button = button
    else:
        context.world.chat_for_bot(params.chat_id).menu_button = button
    return _changed(context)


async def get_chat_menu_button(context: Context, params: GetChatMenuButton) -> Json:
    if params.chat_id is None:
        return context.world.profile.menu_button
    return context.world.known_chat(params.chat_id).menu_button or context.world.profile.menu_button


def _changed(context: Context) -> bool:
    """The menus on everybody's phone may look different now."""
    for chat in _private(context):
        context.world.notice(chat, "menu")
    return True


def _private(context: Context) -> list[Chat]:
    return [chat for chat in context.world.chats.values() if chat.private]
