"""sendMessage, sendPhoto, sendDocument, sendLocation, and what of a message is checked before it is sent."""

from bot.playground.call import Context
from bot.playground.chats import Chat, Keyboard, Post
from bot.playground.entities import Formatted, read_formatted, utf16_length
from bot.playground.errors import Json, bad_request
from bot.playground.files import document_content, photo_content
from bot.playground.markup import (
    Entity,
    ForceReply,
    InlineKeyboard,
    Markup,
    RemoveKeyboard,
    ReplyKeyboard,
    ReplyParameters,
    check_markup,
    reply_rows,
)
from bot.playground.requests import Captioned, SendDocument, Sending, SendLocation, SendMessage, SendPhoto

TEXT_UNITS = 4096
CAPTION_UNITS = 1024


async def send_message(context: Context, params: SendMessage) -> Json:
    return _send(context, params, text_content(params.text, params.parse_mode, params.entities))


async def send_photo(context: Context, params: SendPhoto) -> Json:
    content = photo_content(context.file(params.photo, "photos")) | caption_content(params)
    if params.has_spoiler:
        content["has_media_spoiler"] = True
    return _send(context, params, content)


async def send_document(context: Context, params: SendDocument) -> Json:
    content = document_content(context.file(params.document, "documents"))
    return _send(context, params, content | caption_content(params))


async def send_location(context: Context, params: SendLocation) -> Json:
    members = ("latitude", "longitude", "horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
    given = {name: getattr(params, name) for name in members}
    if not (-90 <= params.latitude <= 90 and -180 <= params.longitude <= 180):
        raise bad_request("wrong location specified")
    return _send(context, params, {"location": {name: value for name, value in given.items() if value is not None}})


def text_content(text: str, parse_mode: str | None, entities: list[Entity] | None) -> Json:
    """The members of a text message; raises for an empty or too long one."""
    formatted = read_formatted(text, parse_mode, entities)
    if not formatted.text:
        raise bad_request("message text is empty")
    if utf16_length(formatted.text) > TEXT_UNITS:
        raise bad_request("message is too long")
    return _members(formatted, "text", "entities")


def caption_content(params: Captioned) -> Json:
    """The members of a caption, none where there is no caption."""
    formatted = read_formatted(params.caption or "", params.parse_mode, params.caption_entities)
    if utf16_length(formatted.text) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    return _members(formatted, "caption", "caption_entities") if formatted.text else {}


def _members(formatted: Formatted, text: str, entities: str) -> Json:
    members: Json = {text: formatted.text}
    return members | {entities: list(formatted.entities)} if formatted.entities else members


def _send(context: Context, params: Sending, content: Json) -> Json:
    chat = context.world.chat_for_bot(params.chat_id)
    if params.business_connection_id is not None:
        raise bad_request("business connection not found")
    check_markup(params.reply_markup, private=chat.private)
    reply_to = _replied(chat, params.reply_parameters)
    if params.protect_content:
        content = content | {"has_protected_content": True}
    post = context.world.add_post(
        chat,
        context.world.bot,
        content,
        markup=inline_wire(params.reply_markup),
        reply_to=reply_to,
        silent=params.disable_notification,
    )
    _change_keyboard(context, chat, params.reply_markup, post)
    return post.wire()


def inline_wire(markup: Markup | None) -> Json | None:
    """Only inline keyboards belong to the message itself; an empty one is none."""
    if not isinstance(markup, InlineKeyboard) or not any(markup.inline_keyboard):
        return None
    return markup.wire()


def _replied(chat: Chat, reply: ReplyParameters | None) -> Post | None:
    if reply is None:
        return None
    post = chat.posts.get(reply.message_id)
    if post is None or post.deleted:
        if reply.allow_sending_without_reply:
            return None
        raise bad_request("message to be replied not found")
    return post


def _change_keyboard(context: Context, chat: Chat, markup: Markup | None, post: Post) -> None:
    if markup is None or isinstance(markup, InlineKeyboard):
        return
    chat.keyboard = None if isinstance(markup, RemoveKeyboard) else _keyboard(markup, post.message_id)
    chat.keyboard_hidden = False
    context.world.notice(chat, "keyboard")


def _keyboard(markup: ReplyKeyboard | ForceReply, message_id: int) -> Keyboard:
    if isinstance(markup, ForceReply):
        return Keyboard((), message_id, placeholder=markup.input_field_placeholder, force_reply=True)
    return Keyboard(
        rows=reply_rows(markup),
        message_id=message_id,
        resize=markup.resize_keyboard,
        persistent=markup.is_persistent,
        one_time=markup.one_time_keyboard,
        placeholder=markup.input_field_placeholder,
    )
