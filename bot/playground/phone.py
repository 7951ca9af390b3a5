"""Sending as a person: every kind of message, numbered by the world and queued for the bot."""

from datetime import datetime

from bot.playground.chats import Chat, Post, User
from bot.playground.entities import command_entities
from bot.playground.errors import Json
from bot.playground.places import Place
from bot.playground.world import World


class Phone:
    """Puts a person's messages into a chat and tells the bot what Telegram would tell it."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self.chat = chat

    def now(self) -> datetime:
        return self._world.now()

    def send(
        self,
        sender: User,
        content: Json,
        *,
        chat: Chat | None = None,
        reply_to: Post | None = None,
        sent_at: datetime | None = None,
    ) -> Post:
        """Send to the bot, or into another chat; `sent_at` in the past is a phone that was offline."""
        where = chat or self.chat
        if where.blocked or where.deactivated:
            raise RuntimeError(f"{sender.first_name} cannot write: the chat with the bot is closed")
        where.started = True
        post = self._world.add_post(where, sender, content, reply_to=reply_to, sent_at=sent_at)
        if where.private or self._reaches_bot(post):
            self._world.updates.push("message", post.wire(), f"chat:{where.id}")
        return post

    def edit(self, post: Post, content: Json) -> None:
        self._world.edit_post(post, content)
        if post.chat.private or self._reaches_bot(post):
            self._world.updates.push("edited_message", post.wire(), f"chat:{post.chat.id}")

    def _reaches_bot(self, post: Post) -> bool:
        """Privacy mode: in groups a bot sees commands and replies to itself."""
        if self._world.reads_groups or (post.reply_to is not None and post.reply_to.sender == self._world.bot):
            return True
        text = post.content.get("text", "")
        addressed = text.split()[0].partition("@")[2] if text.strip() else ""
        return text.startswith("/") and addressed in {"", self._world.bot.username}

    def press(self, sender: User, post: Post, data: str) -> str:
        """A press on an inline button; the query's identifier."""
        query_id = self._world.add_query(post.chat)
        gone: Json = {"chat": post.chat.wire(), "message_id": post.message_id, "date": 0}
        query = {
            "id": query_id,
            "from": sender.wire(),
            "message": gone if post.deleted else post.wire(),
            "chat_instance": str(-post.chat.id * 7919),
            "data": data,
        }
        self._world.updates.push("callback_query", query, f"query:{sender.id}")
        return query_id

    def change_membership(self, sender: User, old: str, new: str) -> None:
        """The person blocks ("member" to "kicked") or unblocks the bot."""
        bot = self._world.bot.wire()
        change: Json = {
            "chat": self.chat.wire(),
            "from": sender.wire(),
            "date": int(self._world.now().timestamp()),
            "old_chat_member": _member(bot, old),
            "new_chat_member": _member(bot, new),
        }
        self._world.updates.push("my_chat_member", change, f"chat:{self.chat.id}")


def _member(bot: Json, status: str) -> Json:
    return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})


def text_message(text: str) -> Json:
    """The members of a text message a person types."""
    entities = command_entities(text)
    return {"text": text} | ({"entities": entities} if entities else {})


def location(place: Place, *, accuracy: bool = True) -> Json:
    """A Location; phones leave the accuracy out when they do not know it."""
    members: Json = {"latitude": place.latitude, "longitude": place.longitude}
    if accuracy and place.accuracy is not None:
        members["horizontal_accuracy"] = place.accuracy
    return members
