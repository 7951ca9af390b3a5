"""The nested JSON a bot sends: entities, keyboards, replies. Unknown members are refused, unlike Telegram."""

import json
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Tag

from bot.playground.errors import Json, bad_request

T = TypeVar("T")
INLINE_BUTTONS = 100
INLINE_ROW = 8


def _decoded(value: Any) -> Any:
    """Nested values come JSON-encoded in forms and plain in JSON bodies."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError("can't parse JSON object") from None


Nested = Annotated[T, BeforeValidator(_decoded)]


class Strict(BaseModel):
    """A model that refuses what the Bot API does not document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def wire(self) -> Json:
        return self.model_dump(exclude_none=True)


class Entity(Strict):
    type: str
    offset: int
    length: int
    url: str | None = None
    user: Json | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None


class WebApp(Strict):
    url: str


class CopyText(Strict):
    text: str


class InlineButton(Strict):
    text: str
    url: str | None = None
    callback_data: str | None = None
    web_app: WebApp | None = None
    login_url: Json | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    switch_inline_query_chosen_chat: Json | None = None
    copy_text: CopyText | None = None
    callback_game: Json | None = None
    pay: bool | None = None
    style: Literal["danger", "success", "primary"] | None = None
    icon_custom_emoji_id: str | None = None


class InlineKeyboard(Strict):
    inline_keyboard: list[list[InlineButton]]


class KeyboardButton(Strict):
    text: str
    request_contact: bool | None = None
    request_location: bool | None = None
    request_poll: Json | None = None
    request_users: Json | None = None
    request_chat: Json | None = None
    request_managed_bot: Json | None = None
    web_app: WebApp | None = None
    style: Literal["danger", "success", "primary"] | None = None
    icon_custom_emoji_id: str | None = None


class ReplyKeyboard(Strict):
    keyboard: list[list[KeyboardButton | str]]
    is_persistent: bool = False
    resize_keyboard: bool = False
    one_time_keyboard: bool = False
    input_field_placeholder: str | None = None
    selective: bool = False


class RemoveKeyboard(Strict):
    remove_keyboard: Literal[True]
    selective: bool = False


class ForceReply(Strict):
    force_reply: Literal[True]
    input_field_placeholder: str | None = None
    selective: bool = False


KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")


def _kind(value: Any) -> str | None:
    """The member that tells the four kinds apart, so that a complaint is about the kind that was meant."""
    members = value if isinstance(value, dict) else vars(value) if isinstance(value, Strict) else {}
    return next((name for name in KINDS if name in members), None)


Markup = Annotated[
    Annotated[InlineKeyboard, Tag("inline_keyboard")]
    | Annotated[ReplyKeyboard, Tag("keyboard")]
    | Annotated[RemoveKeyboard, Tag("remove_keyboard")]
    | Annotated[ForceReply, Tag("force_reply")],
    Discriminator(_kind),
]


class ReplyParameters(Strict):
    message_id: int
    chat_id: int | str | None = None
    allow_sending_without_reply: bool = False
    quote: str | None = None
    quote_parse_mode: str | None = None
    quote_entities: list[Entity] | None = None
    quote_position: int | None = None
    checklist_task_id: int | None = None
    poll_option_id: str | None = None


class LinkPreview(Strict):
    is_disabled: bool | None = None
    url: str | None = None
    prefer_small_media: bool | None = None
    prefer_large_media: bool | None = None
    show_above_text: bool | None = None


class InputMedia(Strict):
    type: Literal["photo", "document"]
    media: str
    thumbnail: str | None = None
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: list[Entity] | None = None
    has_spoiler: bool | None = None
    show_caption_above_media: bool | None = None
    disable_content_type_detection: bool | None = None


def check_markup(markup: Markup | None, *, private: bool) -> None:
    """Raise what Telegram answers to a keyboard it would not show."""
    if isinstance(markup, InlineKeyboard):
        _check_inline(markup)
    elif isinstance(markup, ReplyKeyboard):
        _check_reply_keyboard(markup, private=private)
    if isinstance(markup, ReplyKeyboard | ForceReply):
        placeholder = markup.input_field_placeholder
        if placeholder is not None and not 1 <= len(placeholder) <= 64:
            raise bad_request("input field placeholder must be 1-64 characters long")


def _check_inline(markup: InlineKeyboard) -> None:
    rows = markup.inline_keyboard
    if sum(map(len, rows)) > INLINE_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    if any(len(row) > INLINE_ROW for row in rows):
        raise bad_request(f"inline keyboard rows hold at most {INLINE_ROW} buttons")
    for row in rows:
        for button in row:
            _check_inline_button(button)


def _check_inline_button(button: InlineButton) -> None:
    if not button.text.strip():
        raise bad_request("inline keyboard button text is empty")
    actions = button.model_dump(exclude_none=True, exclude={"text", "style", "icon_custom_emoji_id"})
    if len(actions) != 1:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if button.callback_data is not None and not 1 <= len(button.callback_data.encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if button.url is not None and not button.url.startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{button.url}' is invalid: Unsupported URL protocol")
    _check_web_app(button.web_app, "inline keyboard")


def _check_reply_keyboard(markup: ReplyKeyboard, *, private: bool) -> None:
    if not any(markup.keyboard):
        raise bad_request("object expected as reply markup")
    for row in markup.keyboard:
        for button in row:
            _check_keyboard_button(_as_button(button), private=private)


def _check_keyboard_button(button: KeyboardButton, *, private: bool) -> None:
    if not button.text.strip():
        raise bad_request("keyboard button text must be non-empty")
    if button.request_location and not private:
        raise bad_request("location can be requested in private chats only")
    if button.request_contact and not private:
        raise bad_request("phone number can be requested in private chats only")
    if button.web_app is not None and not private:
        raise bad_request("web app buttons can be used in private chats only")
    _check_web_app(button.web_app, "keyboard")


def _check_web_app(web_app: WebApp | None, where: str) -> None:
    if web_app is not None and not web_app.url.startswith("https://"):
        raise bad_request(f"{where} button Web App URL '{web_app.url}' is invalid: Only HTTPS links are allowed")


def _as_button(button: KeyboardButton | str) -> KeyboardButton:
    return KeyboardButton(text=button) if isinstance(button, str) else button


def reply_rows(markup: ReplyKeyboard) -> tuple[tuple[KeyboardButton, ...], ...]:
    """The keyboard's rows with plain strings made buttons."""
    return tuple(tuple(_as_button(button) for button in row) for row in markup.keyboard if row)
