"""Everything there is: accounts, chats, messages, files, the bot's settings, and what waits for the bot."""

import secrets
from collections.abc import Callable
from datetime import datetime

from bot.playground.chats import Chat, EventKind, Post, User
from bot.playground.errors import Json, bad_request, forbidden
from bot.playground.files import Files
from bot.playground.profile import Profile
from bot.playground.signal import Signal
from bot.playground.updates import Updates


class World:
    """The state behind the Bot API; every change rings `signal`."""

    def __init__(self, now: Callable[[], datetime], bot: User, token: str, *, reads_groups: bool) -> None:
        self.now = now
        self.bot = bot
        self.token = token
        self.reads_groups = reads_groups
        self.signal = Signal()
        self.updates = Updates(now, self.signal)
        self.files = Files()
        self.profile = Profile(bot.first_name)
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, tuple[Chat, datetime]] = {}
        self._next_message_id = 1

    def chat_for_bot(self, chat_id: int | str) -> Chat:
        """The chat a bot may write to; raises what Telegram answers when it may not."""
        chat = self.known_chat(chat_id)
        if chat.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user" if chat.private else "bot was kicked from the group chat")
        return chat

    def known_chat(self, chat_id: int | str) -> Chat:
        """The chat the bot has met; people who never wrote to it do not exist for it."""
        chat = self.chats.get(int(chat_id)) if str(chat_id).lstrip("-").isdigit() else None
        if chat is None or (chat.private and not chat.started):
            raise bad_request("chat not found")
        return chat

    def add_post(
        self,
        chat: Chat,
        sender: User,
        content: Json,
        *,
        markup: Json | None = None,
        reply_to: Post | None = None,
        sent_at: datetime | None = None,
        silent: bool = False,
    ) -> Post:
        """A new message, numbered and stamped by the server (whole seconds)."""
        stamp = (sent_at or self.now()).replace(microsecond=0)
        post = Post(self._next_message_id, chat, sender, stamp, content, markup, reply_to, silent=silent)
        self._next_message_id += 1
        chat.posts[post.message_id] = post
        self.changed(post, "message")
        return post

    def edit_post(self, post: Post, content: Json, *, mark: bool = True) -> None:
        """Replace a message's content; changes of its buttons alone are not marked as an edit."""
        post.content = content
        if mark:
            post.edited_at = self.now().replace(microsecond=0)
        self.changed(post, "edit")

    def delete_post(self, post: Post) -> None:
        """Remove a message for everyone; the reply keyboard it brought goes with it, as in real clients."""
        post.deleted = True
        post.chat.note("delete", by_bot=True, post=post)
        keyboard = post.chat.keyboard
        if keyboard is not None and keyboard.message_id == post.message_id:
            post.chat.keyboard = None
            post.chat.note("keyboard", by_bot=True)
        self.signal.ring()

    def changed(self, post: Post, kind: EventKind) -> None:
        post.chat.note(kind, by_bot=post.sender.is_bot, post=post)
        self.signal.ring()

    def notice(self, chat: Chat, kind: EventKind, detail: Json | None = None) -> None:
        """Something the bot does in a chat that is no message."""
        chat.note(kind, by_bot=True, detail=detail)
        self.signal.ring()

    def add_query(self, chat: Chat) -> str:
        """A fresh callback query of a chat."""
        query_id = str(secrets.randbelow(10**18))
        self.queries[query_id] = (chat, self.now())
        return query_id
