"""`python -m benchmarks.far_end`: serve both ends on a loopback port, printed as the first line.

Beside the two ends there is `/bench/`, through which the harness hands out updates and reads what came of them.
"""

import argparse
import asyncio
import json
import time
from datetime import timedelta

from benchmarks.far_end.biotime import BioTime
from benchmarks.far_end.diary import Diary
from benchmarks.far_end.http import Connection, Exchange
from benchmarks.far_end.telegram import Telegram


class FarEnd:
    def __init__(self, outcome: str, telegram_ms: int, biotime_ms: int) -> None:
        self._diary = Diary(outcome)
        self._telegram = Telegram(self._diary, timedelta(milliseconds=telegram_ms))
        self._biotime = BioTime(self._diary, timedelta(milliseconds=biotime_ms))

    def on_request(self, exchange: Exchange) -> None:
        path = exchange.request.path
        if path.startswith("/bench/"):
            self._on_harness(exchange, path.removeprefix("/bench/"))
        elif path.startswith("/bot"):
            self._telegram.on_call(exchange)
        else:
            self._biotime.on_call(exchange)

    def _on_harness(self, exchange: Exchange, what: str) -> None:
        answer: object = None
        if what == "hand-out":
            batch = json.loads(exchange.request.body)
            self._diary.begin()
            self._biotime.hold = batch["hold"]
            sent_at = int(time.time())  # noqa: TID251 - messages are dated by Telegram's clock
            self._telegram.hand_out(batch["first_chat"], batch["count"], batch["with_text"], sent_at)
        elif what == "state":
            answer = self._diary.state()
        elif what == "entries":
            answer = self._diary.entries
        exchange.answer(200, json.dumps(answer).encode())


async def serve(far_end: FarEnd) -> None:
    """Serve until killed; the harness that started the process ends it."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(far_end.on_request), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.far_end")
    parser.add_argument("--outcome", required=True, help="the words that make a text a final reply")
    parser.add_argument("--telegram-ms", type=int, default=0)
    parser.add_argument("--biotime-ms", type=int, default=0)
    given = parser.parse_args()
    asyncio.run(serve(FarEnd(given.outcome, given.telegram_ms, given.biotime_ms)))


if __name__ == "__main__":
    main()
