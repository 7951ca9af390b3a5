"""Telegram's side: getUpdates with long polling, messages and edits; every other method is answered `true`."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta

from benchmarks.far_end.diary import Diary, Entry
from benchmarks.far_end.http import Exchange, read_form

ME = {
    "id": 700,
    "is_bot": True,
    "first_name": "Hadir",
    "username": "hadir_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
ANSWERS: dict[str, object] = {
    "getMe": ME,
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "getMyCommands": [],
    "getMyName": {"name": "Hadir"},
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
    "getChatMenuButton": {"type": "default"},
}
BATCH = 100


class Telegram:
    def __init__(self, diary: Diary, latency: timedelta) -> None:
        self._diary = diary
        self._latency = latency
        self._updates: list[bytes] = []
        self._confirmed = 0
        self._fetched = 0
        self._waiting: tuple[Exchange, int, asyncio.TimerHandle] | None = None
        self._last_message = 1_000_000
        self._chats: dict[int, int] = {}

    def hand_out(self, first_chat: int, count: int, with_text: bool, sent_at: int) -> None:
        """Make the updates of `count` chats available at once, dated `sent_at` (Unix seconds).

        `with_text`: each location is followed by a `/help` of the same chat, right behind it.
        """
        for chat in range(first_chat, first_chat + count):
            self._add(chat, sent_at, location=_place(chat))
            if with_text:
                self._add(chat, sent_at, text="/help")
        self._answer_poll()

    def _add(self, chat: int, sent_at: int, **content: object) -> None:
        person = {"id": chat, "first_name": "Mona"}
        update = {
            "update_id": len(self._updates) + 1,
            "message": {
                "message_id": (chat - 1000) * 2 + (2 if "text" in content else 1),
                "from": {**person, "is_bot": False, "language_code": "en"},
                "chat": {**person, "type": "private"},
                "date": sent_at,
                **content,
                **({"entities": [_command(str(content["text"]))]} if "text" in content else {}),
            },
        }
        self._updates.append(json.dumps(update, separators=(",", ":")).encode())

    def on_call(self, exchange: Exchange) -> None:
        method = exchange.request.path.rpartition("/")[2]
        form = read_form(exchange.request)
        if method == "getUpdates":
            self._poll(exchange, form)
            return
        self._diary.tally.telegram_calls += 1
        if method in {"sendMessage", "editMessageText"}:
            self._write_message(exchange, method, form)
        else:
            exchange.answer(200, _ok(ANSWERS.get(method, True)), self._latency)

    def _poll(self, exchange: Exchange, form: Mapping[str, str]) -> None:
        self._diary.polls += 1
        self._confirmed = max(self._confirmed, int(form.get("offset", "0")) - 1)
        limit = min(int(form.get("limit", BATCH)), BATCH)
        patience = float(form.get("timeout", "0"))
        if len(self._updates) > self._confirmed or not patience:
            self._give(exchange, limit)
            return
        self._answer_poll()
        timer = asyncio.get_running_loop().call_later(patience, self._answer_poll)
        self._waiting = (exchange, limit, timer)

    def _give(self, exchange: Exchange, limit: int) -> None:
        batch = self._updates[self._confirmed : self._confirmed + limit]
        reached = self._confirmed + len(batch)
        self._diary.tally.fetched += max(0, reached - self._fetched)
        self._fetched = max(reached, self._fetched)
        exchange.answer(200, b'{"ok":true,"result":[' + b",".join(batch) + b"]}", self._latency)

    def _answer_poll(self) -> None:
        """Answer the waiting poll, with nothing where nothing came."""
        if self._waiting:
            exchange, limit, timer = self._waiting
            self._waiting = None
            timer.cancel()
            if exchange.open:
                self._give(exchange, limit)

    def _write_message(self, exchange: Exchange, method: str, form: Mapping[str, str]) -> None:
        chat, text = int(form["chat_id"]), form["text"]
        if method == "sendMessage":
            self._last_message += 1
            message_id = self._last_message
        else:
            message_id = int(form["message_id"])
        entry: Entry = {
            "kind": "send" if method == "sendMessage" else "edit",
            "chat": chat,
            "place": self._next_place(chat),
            "seconds": 0.0,
            "message_id": message_id,
            "text": text,
        }
        exchange.on_answered = lambda: self._diary.note(entry)
        exchange.answer(200, _ok(_message(chat, message_id, text)), self._latency)

    def _next_place(self, chat: int) -> int:
        self._chats[chat] = self._chats.get(chat, 0) + 1
        return self._chats[chat]


def _place(chat: int) -> dict[str, float]:
    """Around the office; nobody's phone gives twice the same digits."""
    return {
        "latitude": 25.0916434 + (chat % 997) * 1e-7,
        "longitude": 55.1586873 + (chat % 991) * 1e-7,
        "horizontal_accuracy": 12.0,
    }


def _command(text: str) -> dict[str, object]:
    return {"type": "bot_command", "offset": 0, "length": len(text)}


def _message(chat: int, message_id: int, text: str) -> dict[str, object]:
    return {
        "message_id": message_id,
        "date": 1_790_000_000,
        "from": ME,
        "chat": {"id": chat, "type": "private", "first_name": "Mona"},
        "text": text,
    }


def _ok(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}, separators=(",", ":")).encode()
