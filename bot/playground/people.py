"""The people who write to the bot: what they do with their phones, and what they see on them."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from bot.playground.chats import Button, Chat, Keyboard, Post, SeenMessage, User
from bot.playground.errors import Json
from bot.playground.files import document_content, photo_content
from bot.playground.mails import SeenMail
from bot.playground.markup import KeyboardButton
from bot.playground.phone import Phone, text_message
from bot.playground.places import Place
from bot.playground.profile import in_language
from bot.playground.sharing import Sharing
from bot.playground.watching import Watcher
from bot.playground.world import World

Client = Literal["android", "ios", "web", "desktop"]


class Person(Watcher, Sharing):
    """One person and the private chat with the bot.

    `client` is the Telegram app in use, `place` where the person stands when a location button is pressed, `email`
    the address whose mail arrives on the phone.
    """

    def __init__(self, world: World, user: User, chat: Chat, place: Place) -> None:
        Watcher.__init__(self, chat, world.signal, user.first_name)
        Sharing.__init__(self, Phone(world, chat))
        self._world = world
        self.user = user
        self.chat = chat
        self.place = place
        self.client: Client = "android"
        self.email = ""

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def language(self) -> str:
        return self.user.language_code or "en"

    @language.setter
    def language(self, code: str) -> None:
        """The language of the phone, which the bot is told with every message."""
        self.user = replace(self.user, language_code=code)
        self._world.notice(self.chat, "menu")

    @property
    def history(self) -> list[SeenMessage]:
        """What the chat shows now: edits in place, deleted messages gone."""
        return self.chat.history()

    @property
    def keyboard(self) -> Keyboard | None:
        """The reply keyboard that is shown now."""
        return None if self.chat.keyboard_hidden else self.chat.keyboard

    @property
    def commands(self) -> dict[str, str]:
        """The command menu in the person's language: command to description."""
        found = self._world.profile.commands_for(self.chat.id, self.language)
        return {command["command"]: command["description"] for command in found}

    @property
    def description(self) -> str:
        """What the empty chat says the bot can do."""
        return in_language(self._world.profile.descriptions, self.language)

    def say(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        reply_to: int | None = None,
        sent_at: datetime | None = None,
    ) -> SeenMessage:
        """Type and send a text to the bot, or into a group (`chat`)."""
        where = chat or self.chat
        forced = self.keyboard is not None and self.keyboard.force_reply and chat is None
        answered = self.keyboard.message_id if self.keyboard is not None and forced else reply_to
        if forced:
            self._put_keyboard_away()
        return self._act(text_message(text), chat, where.posts[answered] if answered else None, sent_at)

    def start(self, payload: str = "") -> SeenMessage:
        """Press Start, perhaps through a link with a payload (1-64 of [A-Za-z0-9_-])."""
        return self.say(f"/start {payload}".strip())

    def edit(self, message_id: int, text: str) -> None:
        """Correct a text already sent."""
        self.act()
        self._phone.edit(self.chat.posts[message_id], text_message(text))

    def send_document(self, name: str, data: bytes, caption: str = "") -> SeenMessage:
        stored = self._world.files.add(name, data, "documents")
        return self._act(document_content(stored) | ({"caption": caption} if caption else {}))

    def send_photo(self, data: bytes, caption: str = "") -> SeenMessage:
        stored = self._world.files.add("photo.jpg", data, "photos")
        return self._act(photo_content(stored) | ({"caption": caption} if caption else {}))

    def share_contact(self, phone_number: str) -> SeenMessage:
        """Share the own contact, as the keyboard's button does."""
        contact = {"phone_number": phone_number, "first_name": self.user.first_name, "user_id": self.id}
        return self._act({"contact": contact})

    def receive(self, mail: SeenMail) -> None:
        self.mails.append(mail)
        self.chat.note("mail", by_bot=False, detail={"number": len(self.mails) - 1})
        self._world.signal.ring()

    def block(self) -> None:
        """From now on the bot gets 403 "bot was blocked by the user"."""
        self.chat.blocked = True
        self._phone.change_membership(self.user, "member", "kicked")

    def unblock(self) -> None:
        self.chat.blocked = False
        self._phone.change_membership(self.user, "kicked", "member")

    def press(
        self,
        label: str,
        *,
        on: int | None = None,
        place: Place | None = None,
        sent_at: datetime | None = None,
    ) -> SeenMessage | None:
        """Press a button by its text (all of it, or a part) or an inline button's callback data.

        Inline buttons first, newest message first (or only the message `on`), then the reply keyboard. A location
        button shares `place` (or where the person is) as the client does. Gives the message this sends, if any.
        """
        for exact in (True, False):
            if found := self._inline_button(label, on, exact=exact):
                self.press_data(found[1].data or "", found[0].message_id)
                return None
            if on is None and self._keyboard_button(label, exact=exact) is not None:
                return self.press_key(label, place=place, sent_at=sent_at)
        shown = [*(text for message in self.history for text in message.labels), self.keyboard]
        raise LookupError(f"{self.user.first_name} sees no button {label!r}; there are {shown}")

    def press_data(self, data: str, message_id: int) -> str:
        """Send any callback data from a message, as an old or a forged client may; the query's identifier."""
        self.act()
        return self._phone.press(self.user, self.chat.posts[message_id], data)

    def _inline_button(self, label: str, on: int | None, *, exact: bool) -> tuple[Post, Button] | None:
        for post in reversed(self.chat.posts.values()):
            if post.deleted or on not in {None, post.message_id}:
                continue
            for button in (button for row in post.seen().buttons for button in row):
                if button.data is not None and _fits(label, button.text, button.data, exact=exact):
                    return post, button
        return None

    def _keyboard_button(self, label: str, *, exact: bool) -> KeyboardButton | None:
        buttons = [button for row in (self.keyboard.rows if self.keyboard else ()) for button in row]
        return next((button for button in buttons if _fits(label, button.text, None, exact=exact)), None)

    def press_key(
        self, label: str, *, place: Place | None = None, sent_at: datetime | None = None
    ) -> SeenMessage | None:
        """Press a button of the reply keyboard only; see `press`."""
        button = self._keyboard_button(label, exact=True) or self._keyboard_button(label, exact=False)
        if button is None:
            raise LookupError(f"{self.user.first_name}'s keyboard has no {label!r}")
        message = self._send_key(button, place or self.place, sent_at)
        if self.chat.keyboard is not None and self.chat.keyboard.one_time:
            self._put_keyboard_away()
        return message

    def _send_key(self, button: KeyboardButton, place: Place, sent_at: datetime | None) -> SeenMessage | None:
        if button.request_location and self.client in {"android", "ios"}:
            return self.share_location(place.latitude, place.longitude, accuracy=place.accuracy, sent_at=sent_at)
        if button.request_location and self.client == "desktop":
            text = "Sharing a location is not supported by this app."
            self._world.notice(self.chat, "answer", {"text": text, "show_alert": True})
            return None
        if button.request_contact:
            return self.share_contact("+971500000000")
        return self._act(text_message(button.text), sent_at=sent_at)

    def _put_keyboard_away(self) -> None:
        self.chat.keyboard_hidden = True
        self._world.notice(self.chat, "keyboard")

    def _act(
        self,
        content: Json,
        chat: Chat | None = None,
        reply_to: Post | None = None,
        sent_at: datetime | None = None,
    ) -> SeenMessage:
        self.act()
        return self._phone.send(self.user, content, chat=chat, reply_to=reply_to, sent_at=sent_at).seen()


def _fits(label: str, text: str, data: str | None, *, exact: bool) -> bool:
    return label in {text, data} if exact else label in text
