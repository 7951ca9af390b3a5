"""All the ways a place reaches a bot; see what tells them apart in each docstring."""

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import Literal

from bot.playground.chats import Chat, Post, SeenMessage, User
from bot.playground.errors import Json
from bot.playground.phone import Phone, location
from bot.playground.places import Place

OTHER_BOT = User(id=7_000_001, first_name="Places", username="places_bot", is_bot=True)


class Sharing:
    """What a person can do with a place. Latitude and longitude in degrees, accuracy in metres."""

    user: User
    chat: Chat
    client: str

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._live: Post | None = None

    @abstractmethod
    def _act(
        self,
        content: Json,
        chat: Chat | None = None,
        reply_to: Post | None = None,
        sent_at: datetime | None = None,
    ) -> SeenMessage: ...

    @abstractmethod
    def act(self) -> None: ...

    def share_location(
        self,
        latitude: float,
        longitude: float,
        *,
        accuracy: float | None = 12.0,
        via: Literal["button", "pin"] = "button",
        chat: Chat | None = None,
        sent_at: datetime | None = None,
    ) -> SeenMessage:
        """By the keyboard's button: Android adds the accuracy and a reply to the keyboard's message, iOS neither.

        A pin dropped on the map has neither, too.
        """
        android = via == "button" and self.client == "android"
        place = Place(latitude, longitude, accuracy)
        content = {"location": location(place, accuracy=android)}
        return self._act(content, chat, self._keyboard_post() if android and chat is None else None, sent_at)

    def forward_location(
        self, latitude: float, longitude: float, *, origin: User | None = None, sent_at: datetime | None = None
    ) -> SeenMessage:
        """Someone else's place (a hidden person's by default): `forward_origin` is set."""
        made = int(self._phone.now().timestamp()) - 3600
        source: Json = {"type": "hidden_user", "date": made, "sender_user_name": "A friend"}
        if origin is not None:
            source = {"type": "user", "date": made, "sender_user": origin.wire()}
        content = {"forward_origin": source, "location": location(Place(latitude, longitude))}
        return self._act(content, sent_at=sent_at)

    def share_venue(
        self, latitude: float, longitude: float, title: str = "Dubai Internet City", address: str = "Dubai"
    ) -> SeenMessage:
        """A place picked from the list: both `venue` and `location`."""
        where = location(Place(latitude, longitude))
        return self._act({"location": where, "venue": {"location": where, "title": title, "address": address}})

    def share_via_bot(self, latitude: float, longitude: float, via: User = OTHER_BOT) -> SeenMessage:
        """A place another bot made inline: `via_bot` is set."""
        return self._act({"via_bot": via.wire(), "location": location(Place(latitude, longitude))})

    def start_live(
        self,
        latitude: float,
        longitude: float,
        *,
        accuracy: float | None = 12.0,
        period: timedelta = timedelta(minutes=15),
    ) -> SeenMessage:
        """A live location: `live_period` while it lasts; moves come as edited messages."""
        live = {"live_period": int(period.total_seconds())}
        seen = self._act({"location": location(Place(latitude, longitude, accuracy)) | live})
        self._live = self.chat.posts[seen.message_id]
        return seen

    def move_live(self, latitude: float, longitude: float, *, accuracy: float | None = 12.0) -> None:
        """The phone moved: an edited message, still with `live_period`."""
        post = self._running_live()
        live = {"live_period": post.content["location"]["live_period"]}
        self.act()
        self._phone.edit(post, {"location": location(Place(latitude, longitude, accuracy)) | live})

    def stop_live(self) -> None:
        """An edited message without `live_period`. (When the time runs out by itself, nothing comes.)"""
        post = self._running_live()
        kept = {name: value for name, value in post.content["location"].items() if name != "live_period"}
        self._live = None
        self.act()
        self._phone.edit(post, {"location": kept})

    def _running_live(self) -> Post:
        if self._live is None:
            raise RuntimeError("no live location is running")
        return self._live

    def _keyboard_post(self) -> Post | None:
        keyboard = self.chat.keyboard
        return self.chat.posts[keyboard.message_id] if keyboard is not None else None
