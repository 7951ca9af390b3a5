"""The bot itself, chats, files, callback answers and chat actions."""

from datetime import timedelta

from bot.playground.call import Context
from bot.playground.chats import Chat
from bot.playground.entities import utf16_length
from bot.playground.errors import Json, bad_request
from bot.playground.files import DOWNLOAD_BYTES
from bot.playground.requests import (
    AnswerCallbackQuery,
    GetChat,
    GetChatMember,
    GetFile,
    NoParameters,
    SendChatAction,
)

QUERY_AGE = timedelta(seconds=150)
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


async def get_me(context: Context, _params: NoParameters) -> Json:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": context.world.reads_groups,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return context.world.bot.wire() | abilities


async def accept(_context: Context, _params: NoParameters) -> bool:
    """logOut and close mean nothing to a server that lives as long as the bot's test."""
    return True


async def answer_callback_query(context: Context, params: AnswerCallbackQuery) -> bool:
    """Each query is answered once, within 150 seconds."""
    text = params.text or ""
    if utf16_length(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    chat, asked_at = context.world.queries.pop(params.callback_query_id, (None, context.world.now()))
    if chat is None or context.world.now() - asked_at > QUERY_AGE:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    detail = {"text": text, "show_alert": params.show_alert, "query_id": params.callback_query_id}
    context.world.notice(chat, "answer", detail)
    return True


async def send_chat_action(context: Context, params: SendChatAction) -> bool:
    chat = context.world.chat_for_bot(params.chat_id)
    if params.action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    context.world.notice(chat, "action", {"action": params.action})
    return True


async def get_file(context: Context, params: GetFile) -> Json:
    stored = context.world.files.get(params.file_id)
    if len(stored.data) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return stored.wire() | {"file_path": stored.path}


async def get_chat(context: Context, params: GetChat) -> Json:
    chat = context.world.known_chat(params.chat_id)
    return chat.wire() | {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }


async def get_chat_member(context: Context, params: GetChatMember) -> Json:
    chat: Chat = context.world.known_chat(params.chat_id)
    found = [user for user in (*chat.members, context.world.bot) if user.id == params.user_id]
    if not found:
        raise bad_request("member not found")
    return {"status": "member", "user": found[0].wire()}
