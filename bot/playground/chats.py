"""Users, chats and the messages in them, and what a person sees of it all."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.playground.errors import Json
from bot.playground.markup import KeyboardButton

EventKind = Literal["message", "edit", "delete", "keyboard", "action", "answer", "menu", "mail"]


@dataclass(frozen=True)
class User:
    """An account: a person or a bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name or ''}".strip()

    def wire(self) -> Json:
        """The Bot API's User."""
        members = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True)
class Button:
    """An inline button as a person sees it."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Keyboard:
    """The reply keyboard in place of the phone's own: rows of buttons, and how it behaves."""

    rows: tuple[tuple[KeyboardButton, ...], ...]
    message_id: int
    resize: bool = False
    persistent: bool = False
    one_time: bool = False
    placeholder: str | None = None
    force_reply: bool = False

    @property
    def labels(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(button.text for button in row) for row in self.rows)


@dataclass(frozen=True)
class SeenMessage:
    """One message as a person sees it at one moment; `text` is also a photo's or document's caption."""

    message_id: int
    by_bot: bool
    sender: User
    sent_at: datetime
    text: str
    entities: tuple[Json, ...]
    buttons: tuple[tuple[Button, ...], ...]
    edited: bool
    content: Json
    reactions: tuple[str, ...]
    reply_to: int | None

    @property
    def labels(self) -> tuple[str, ...]:
        """The inline buttons' texts, in reading order."""
        return tuple(button.text for row in self.buttons for button in row)


@dataclass(frozen=True)
class Event:
    """One thing that happened in a chat, with the message as it was then."""

    kind: EventKind
    by_bot: bool
    message: SeenMessage | None = None
    detail: Json = field(default_factory=dict)


@dataclass
class Post:
    """One message as it is stored; `content` holds the Bot API's own members."""

    message_id: int
    chat: "Chat"
    sender: User
    sent_at: datetime
    content: Json
    markup: Json | None = None
    reply_to: "Post | None" = None
    edited_at: datetime | None = None
    deleted: bool = False
    pinned: bool = False
    silent: bool = False
    bot_reactions: tuple[str, ...] = ()

    def wire(self, *, nested: bool = False) -> Json:
        """The Bot API's Message; a message replied to carries no reply of its own."""
        message: Json = {
            "message_id": self.message_id,
            "from": self.sender.wire(),
            "chat": self.chat.wire(),
            "date": int(self.sent_at.timestamp()),
        }
        if self.edited_at is not None:
            message["edit_date"] = int(self.edited_at.timestamp())
        if self.reply_to is not None and not nested and not self.reply_to.deleted:
            message["reply_to_message"] = self.reply_to.wire(nested=True)
        message |= self.content
        if self.markup is not None:
            message["reply_markup"] = self.markup
        return message

    def seen(self) -> SeenMessage:
        rows = (self.markup or {}).get("inline_keyboard", ())
        return SeenMessage(
            message_id=self.message_id,
            by_bot=self.sender.is_bot,
            sender=self.sender,
            sent_at=self.sent_at,
            text=str(self.content.get("text") or self.content.get("caption") or ""),
            entities=tuple(self.content.get("entities") or self.content.get("caption_entities") or ()),
            buttons=tuple(tuple(_button(button) for button in row) for row in rows),
            edited=self.edited_at is not None,
            content=dict(self.content),
            reactions=self.bot_reactions,
            reply_to=self.reply_to.message_id if self.reply_to else None,
        )


def _button(wire: Json) -> Button:
    return Button(wire["text"], wire.get("callback_data"), wire.get("url") or wire.get("web_app", {}).get("url"))


@dataclass
class Chat:
    """A private chat with one person, or a group; `events` is everything that happened, in order."""

    id: int
    type: Literal["private", "group"]
    members: tuple[User, ...]
    title: str | None = None
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    keyboard: Keyboard | None = None
    keyboard_hidden: bool = False
    menu_button: Json | None = None
    posts: dict[int, Post] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    @property
    def private(self) -> bool:
        return self.type == "private"

    def wire(self) -> Json:
        """The Bot API's Chat."""
        if self.title is not None:
            return {"id": self.id, "type": self.type, "title": self.title}
        person = self.members[0].wire()
        names: Json = {name: person[name] for name in ("first_name", "last_name", "username") if name in person}
        return {"id": self.id, "type": self.type, **names}

    def history(self) -> list[SeenMessage]:
        """What is in the chat now: deleted messages are gone, edits are in place."""
        return [post.seen() for post in self.posts.values() if not post.deleted]

    def note(self, kind: EventKind, *, by_bot: bool, post: Post | None = None, detail: Json | None = None) -> None:
        self.events.append(Event(kind, by_bot, post.seen() if post else None, detail or {}))
