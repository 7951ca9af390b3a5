"""Delivery to the bot's webhook: each chat in order, the next update only after 2xx for the one before."""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus

import httpx

from bot.playground.errors import Json, bad_request
from bot.playground.requests import SetWebhook
from bot.playground.signal import Signal
from bot.playground.updates import Queued, Updates

RETRY_SECONDS = (0.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
ANSWER_SECONDS = 50.0
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Webhook:
    """Where updates are sent, or nowhere (`url` empty)."""

    def __init__(
        self, updates: Updates, signal: Signal, now: Callable[[], datetime], retry_seconds: Sequence[float]
    ) -> None:
        self._updates = updates
        self._signal = signal
        self._now = now
        self._retry_seconds = retry_seconds
        self._settings = SetWebhook(url="")
        self._last_error: tuple[datetime, str] | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return self._settings.url

    async def set(self, settings: SetWebhook) -> None:
        """Start to deliver there, or stop when the address is empty; raises for a bad address or secret."""
        _check(settings)
        await self.stop()
        self._settings = settings
        self._last_error = None
        self._updates.allow(settings.allowed_updates)
        if settings.drop_pending_updates:
            self._updates.drop_pending()
        self._updates.webhook_active = bool(settings.url)
        self._signal.ring()
        if settings.url:
            self._task = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        """End the delivery; what waits stays."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def info(self) -> Json:
        """The Bot API's WebhookInfo."""
        info: Json = {
            "url": self.url,
            "has_custom_certificate": self._settings.certificate is not None,
            "pending_update_count": len(self._updates.pending),
        }
        if self.url:
            info["max_connections"] = self._settings.max_connections
        if self._updates.allowed is not None:
            info["allowed_updates"] = self._updates.allowed
        if self._last_error is not None:
            info["last_error_date"] = int(self._last_error[0].timestamp())
            info["last_error_message"] = self._last_error[1]
        return info

    async def _deliver(self) -> None:
        lanes: dict[str, asyncio.Task[None]] = {}
        connections = asyncio.Semaphore(self._settings.max_connections)
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as http, asyncio.TaskGroup() as tasks:
            while not self._signal.closed:
                for lane in {queued.lane for queued in self._updates.pending} - lanes.keys():
                    lanes[lane] = tasks.create_task(self._drain(lane, http, connections))
                await self._signal.wait_for(lambda: self._finished(lanes), ANSWER_SECONDS)

    def _finished(self, lanes: dict[str, asyncio.Task[None]]) -> bool | None:
        """True as soon as a lane without a task has something to deliver."""
        for lane in [lane for lane, task in lanes.items() if task.done()]:
            del lanes[lane]
        return any(queued.lane not in lanes for queued in self._updates.pending) or None

    async def _drain(self, lane: str, http: httpx.AsyncClient, connections: asyncio.Semaphore) -> None:
        attempt = 0
        while queued := next((q for q in self._updates.pending if q.lane == lane), None):
            async with connections:
                pause = await self._send(queued, http)
            if pause is None:
                attempt = 0
                self._updates.forget(queued)
                continue
            await asyncio.sleep(max(pause, self._retry_seconds[min(attempt, len(self._retry_seconds) - 1)]))
            attempt += 1

    async def _send(self, queued: Queued, http: httpx.AsyncClient) -> float | None:
        """None when the bot took it, else the seconds its Retry-After asks for, or 0."""
        secret = self._settings.secret_token
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            answer = await http.post(self.url, json=queued.update, headers=headers)
        except httpx.HTTPError as error:
            self._note_error(f"Connection failed: {type(error).__name__}")
            return 0.0
        if answer.is_success:
            return None
        reason = HTTPStatus(answer.status_code).phrase if answer.status_code in set(HTTPStatus) else ""
        self._note_error(f"Wrong response from the webhook: {answer.status_code} {reason}".strip())
        after = answer.headers.get("Retry-After", "0")
        return float(after) if after.isdigit() else 0.0

    def _note_error(self, text: str) -> None:
        self._last_error = (self._now(), text)
        self._signal.ring()


def _check(settings: SetWebhook) -> None:
    if settings.url and not settings.url.startswith(("http://", "https://")):
        raise bad_request("bad webhook: invalid webhook URL specified")
    if settings.secret_token is not None and not _SECRET.fullmatch(settings.secret_token):
        raise bad_request("secret token contains unallowed characters")
    if not 1 <= settings.max_connections <= 100:
        raise bad_request("max_connections must be between 1 and 100")
