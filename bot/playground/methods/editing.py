"""Changing and removing messages: text, caption, media, buttons, deletion, reactions, pins."""

from datetime import timedelta

from bot.playground.call import Context
from bot.playground.chats import Post
from bot.playground.errors import Json, bad_request
from bot.playground.files import document_content, photo_content
from bot.playground.markup import check_markup
from bot.playground.methods.sending import caption_content, inline_wire, text_content
from bot.playground.requests import (
    Captioned,
    ChatId,
    DeleteMessage,
    DeleteMessages,
    Editing,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    PinChatMessage,
    SetMessageReaction,
    UnpinChatMessage,
)

DELETABLE = timedelta(hours=48)
_REACTIONS = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 "
    "💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤️‍🔥 🌚 🌭 💯 🤣 ⚡ "
    "🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 "
    "👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 "
    "🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂️ 🤷 🤷‍♀️ 😡 "
)
REACTIONS = frozenset(_REACTIONS.split())
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


async def edit_message_text(context: Context, params: EditMessageText) -> Json:
    post = _editable(context, params)
    if "text" not in post.content:
        raise bad_request("there is no text in the message to edit")
    return _replace(context, post, params, text_content(params.text, params.parse_mode, params.entities))


async def edit_message_caption(context: Context, params: EditMessageCaption) -> Json:
    post = _editable(context, params)
    if not post.content.keys() & {"photo", "document"}:
        raise bad_request("there is no caption in the message to edit")
    kept = {name: post.content[name] for name in post.content if name not in {"caption", "caption_entities"}}
    return _replace(context, post, params, kept | caption_content(params))


async def edit_message_media(context: Context, params: EditMessageMedia) -> Json:
    post = _editable(context, params)
    media = params.media
    if media.type == "photo":
        content = photo_content(context.file(media.media, "photos"))
        if media.has_spoiler:
            content["has_media_spoiler"] = True
    elif media.has_spoiler is not None:
        raise bad_request('unknown member "has_spoiler" of InputMediaDocument')
    else:
        content = document_content(context.file(media.media, "documents"))
    captioned = Captioned(caption=media.caption, parse_mode=media.parse_mode, caption_entities=media.caption_entities)
    return _replace(context, post, params, content | caption_content(captioned))


async def edit_message_reply_markup(context: Context, params: EditMessageReplyMarkup) -> Json:
    post = _editable(context, params)
    return _replace(context, post, params, post.content)


def _editable(context: Context, params: Editing) -> Post:
    if params.inline_message_id is not None or params.chat_id is None or params.message_id is None:
        raise bad_request("message identifier is not specified")
    post = _found(context, params.chat_id, params.message_id, "message to edit not found")
    if post.sender != context.world.bot:
        raise bad_request("message can't be edited")
    return post


def _found(context: Context, chat_id: ChatId, message_id: int, otherwise: str) -> Post:
    post = context.world.chat_for_bot(chat_id).posts.get(message_id)
    if post is None or post.deleted:
        raise bad_request(otherwise)
    return post


def _replace(context: Context, post: Post, params: Editing, content: Json) -> Json:
    check_markup(params.reply_markup, private=post.chat.private)
    markup = inline_wire(params.reply_markup)
    if post.content.get("has_protected_content"):
        content = content | {"has_protected_content": True}
    if content == post.content and markup == post.markup:
        raise bad_request(NOT_MODIFIED)
    post.markup = markup
    context.world.edit_post(post, content, mark=content != post.content)
    return post.wire()


async def delete_message(context: Context, params: DeleteMessage) -> bool:
    post = _found(context, params.chat_id, params.message_id, "message to delete not found")
    _check_deletable(context, post)
    context.world.delete_post(post)
    return True


async def delete_messages(context: Context, params: DeleteMessages) -> bool:
    """Messages that are gone already are passed over."""
    if not 1 <= len(params.message_ids) <= 100:
        raise bad_request("message identifiers must be 1-100")
    posts = context.world.chat_for_bot(params.chat_id).posts
    for post in [posts[number] for number in params.message_ids if number in posts]:
        if not post.deleted:
            _check_deletable(context, post)
            context.world.delete_post(post)
    return True


def _check_deletable(context: Context, post: Post) -> None:
    if context.world.now() - post.sent_at > DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    if not post.chat.private and post.sender != context.world.bot:
        raise bad_request("message can't be deleted")


async def set_message_reaction(context: Context, params: SetMessageReaction) -> bool:
    post = _found(context, params.chat_id, params.message_id, "message to react not found")
    emojis = tuple(reaction.emoji for reaction in params.reaction or ())
    if len(emojis) > 1 or not REACTIONS.issuperset(emojis):
        raise bad_request("REACTION_INVALID")
    post.bot_reactions = emojis
    context.world.changed(post, "edit")
    return True


async def pin_chat_message(context: Context, params: PinChatMessage) -> bool:
    post = _found(context, params.chat_id, params.message_id, "message to pin not found")
    post.pinned = True
    context.world.changed(post, "edit")
    return True


async def unpin_chat_message(context: Context, params: UnpinChatMessage) -> bool:
    chat = context.world.chat_for_bot(params.chat_id)
    pinned = [post for post in chat.posts.values() if post.pinned and params.message_id in {None, post.message_id}]
    if not pinned:
        raise bad_request("message to unpin not found")
    pinned[-1].pinned = False
    context.world.changed(pinned[-1], "edit")
    return True
