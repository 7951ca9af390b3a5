"""Waiting for what the bot does, as a person looks at the phone: by events, never by sleeping."""

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.playground.chats import Chat, Event, SeenMessage
from bot.playground.mails import SeenMail
from bot.playground.signal import Signal

T = TypeVar("T")
SECONDS = 5.0
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c\u2066-\u2069]")


@dataclass(frozen=True)
class CallbackAnswer:
    """The toast or alert after a press; `text` is empty for a silent answer."""

    text: str
    show_alert: bool


class Watcher:
    """Looks at one chat from the moment of the last thing its person did."""

    def __init__(self, chat: Chat, signal: Signal, who: str) -> None:
        self._chat = chat
        self._signal = signal
        self._who = who
        self.mails: list[SeenMail] = []
        self._acted = 0
        self._read = 0

    def act(self) -> None:
        """The person does something now: what comes from here on is what the bot makes of it."""
        self._acted = self._read = len(self._chat.events)

    def next(self, timeout: float = SECONDS) -> Coroutine[Any, Any, SeenMessage]:
        """The bot's next new or edited message, each once, starting after the person's last act."""
        return self._wait("anything", timeout, self._take)

    def wait_for(self, fragment: str, timeout: float = SECONDS) -> Coroutine[Any, Any, SeenMessage]:
        """The first message, new or edited, with this in its text, since the person's last act.

        Marks of direction do not count. The message is given as it was at that moment.
        """
        wanted = plain(fragment)
        return self._wait(f"{fragment!r}", timeout, lambda: self._first(wanted))

    def wait_until_gone(self, message_id: int, timeout: float = SECONDS) -> Coroutine[Any, Any, bool]:
        """Until this message is deleted."""
        post = self._chat.posts[message_id]
        return self._wait(f"message {message_id} to be deleted", timeout, lambda: post.deleted or None)

    def wait_for_answer(self, timeout: float = SECONDS) -> Coroutine[Any, Any, CallbackAnswer]:
        """What the bot answered to the last press."""
        return self._wait("an answer to the press", timeout, self._answer)

    def wait_for_mail(self, fragment: str, timeout: float = SECONDS) -> Coroutine[Any, Any, SeenMail]:
        """The newest mail with this in its subject or text."""
        return self._wait(f"a mail with {fragment!r}", timeout, lambda: self._letter(fragment))

    def _letter(self, fragment: str) -> SeenMail | None:
        found = (mail for mail in reversed(self.mails) if fragment in f"{mail.subject}\n{mail.text}")
        return next(found, None)

    def _take(self) -> SeenMessage | None:
        while self._read < len(self._chat.events):
            event = self._chat.events[self._read]
            self._read += 1
            if (message := _from_bot(event)) is not None:
                return message
        return None

    def _first(self, wanted: str) -> SeenMessage | None:
        found = (_from_bot(event) for event in self._chat.events[self._acted :])
        return next((message for message in found if message and wanted in plain(message.text)), None)

    def _answer(self) -> CallbackAnswer | None:
        for event in self._chat.events[self._acted :]:
            if event.kind == "answer":
                return CallbackAnswer(event.detail["text"], event.detail["show_alert"])
        return None

    async def _wait(self, what: str, seconds: float, look: Callable[[], T | None]) -> T:
        found = await self._signal.wait_for(look, seconds)
        if found is None:
            shown = "\n".join(f"  {m.sender.first_name}: {m.text!r} {list(m.labels)}" for m in self._chat.history())
            raise TimeoutError(f"{self._who} waited {seconds:g} s for {what}; the chat shows:\n{shown}")
        return found


def _from_bot(event: Event) -> SeenMessage | None:
    return event.message if event.by_bot and event.kind in {"message", "edit"} else None


def plain(text: str) -> str:
    """Text without the invisible marks of direction."""
    return _DIRECTION_MARKS.sub("", text)
