"""The parameters of every method served, as the Bot API documents them; anything else is refused."""

from typing import Literal

from bot.playground.errors import Json
from bot.playground.markup import (
    Entity,
    InlineKeyboard,
    InputMedia,
    LinkPreview,
    Markup,
    Nested,
    ReplyParameters,
    Strict,
    WebApp,
)

ChatId = int | str


class NoParameters(Strict):
    """getMe, getWebhookInfo, logOut, close."""


class GetUpdates(Strict):
    offset: int = 0
    limit: int = 100
    timeout: int = 0
    allowed_updates: Nested[list[str]] | None = None


class SetWebhook(Strict):
    url: str
    certificate: str | None = None
    ip_address: str | None = None
    max_connections: int = 40
    allowed_updates: Nested[list[str]] | None = None
    drop_pending_updates: bool = False
    secret_token: str | None = None


class DeleteWebhook(Strict):
    drop_pending_updates: bool = False


class Sending(Strict):
    """What all methods that send a message share."""

    chat_id: ChatId
    business_connection_id: str | None = None
    message_thread_id: int | None = None
    direct_messages_topic_id: int | None = None
    disable_notification: bool = False
    protect_content: bool = False
    allow_paid_broadcast: bool = False
    message_effect_id: str | None = None
    suggested_post_parameters: Nested[Json] | None = None
    reply_parameters: Nested[ReplyParameters] | None = None
    reply_markup: Nested[Markup] | None = None


class SendMessage(Sending):
    text: str
    parse_mode: str | None = None
    entities: Nested[list[Entity]] | None = None
    link_preview_options: Nested[LinkPreview] | None = None


class Captioned(Strict):
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: Nested[list[Entity]] | None = None


class SendPhoto(Sending, Captioned):
    photo: str
    show_caption_above_media: bool | None = None
    has_spoiler: bool | None = None


class SendDocument(Sending, Captioned):
    document: str
    thumbnail: str | None = None
    disable_content_type_detection: bool | None = None


class SendLocation(Sending):
    latitude: float
    longitude: float
    horizontal_accuracy: float | None = None
    live_period: int | None = None
    heading: int | None = None
    proximity_alert_radius: int | None = None


class Editing(Strict):
    """What all methods that edit a message share."""

    chat_id: ChatId | None = None
    message_id: int | None = None
    inline_message_id: str | None = None
    business_connection_id: str | None = None
    reply_markup: Nested[InlineKeyboard] | None = None


class EditMessageText(Editing):
    text: str
    parse_mode: str | None = None
    entities: Nested[list[Entity]] | None = None
    link_preview_options: Nested[LinkPreview] | None = None


class EditMessageCaption(Editing, Captioned):
    show_caption_above_media: bool | None = None


class EditMessageMedia(Editing):
    media: Nested[InputMedia]


class EditMessageReplyMarkup(Editing):
    pass


class DeleteMessage(Strict):
    chat_id: ChatId
    message_id: int


class DeleteMessages(Strict):
    chat_id: ChatId
    message_ids: Nested[list[int]]


class AnswerCallbackQuery(Strict):
    callback_query_id: str
    text: str | None = None
    show_alert: bool = False
    url: str | None = None
    cache_time: int = 0


class SendChatAction(Strict):
    chat_id: ChatId
    action: str
    message_thread_id: int | None = None
    business_connection_id: str | None = None


class Reaction(Strict):
    type: Literal["emoji"]
    emoji: str


class SetMessageReaction(Strict):
    chat_id: ChatId
    message_id: int
    reaction: Nested[list[Reaction]] | None = None
    is_big: bool = False


class PinChatMessage(Strict):
    chat_id: ChatId
    message_id: int
    disable_notification: bool = False
    business_connection_id: str | None = None


class UnpinChatMessage(Strict):
    chat_id: ChatId
    message_id: int | None = None
    business_connection_id: str | None = None


class GetChat(Strict):
    chat_id: ChatId


class GetChatMember(Strict):
    chat_id: ChatId
    user_id: int


class GetFile(Strict):
    file_id: str


class Command(Strict):
    command: str
    description: str


class Scope(Strict):
    type: Literal[
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
    chat_id: ChatId | None = None
    user_id: int | None = None


class CommandsOf(Strict):
    scope: Nested[Scope] = Scope(type="default")
    language_code: str = ""


class SetMyCommands(CommandsOf):
    commands: Nested[list[Command]]


class InLanguage(Strict):
    language_code: str = ""


class SetMyName(InLanguage):
    name: str = ""


class SetMyDescription(InLanguage):
    description: str = ""


class SetMyShortDescription(InLanguage):
    short_description: str = ""


class MenuButton(Strict):
    type: Literal["commands", "web_app", "default"]
    text: str | None = None
    web_app: WebApp | None = None


class GetChatMenuButton(Strict):
    chat_id: int | None = None


class SetChatMenuButton(GetChatMenuButton):
    menu_button: Nested[MenuButton] = MenuButton(type="default")
