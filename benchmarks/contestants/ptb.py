"""python-telegram-bot as it comes: Application, long polling, updates one by one, httpx to both ends."""

import httpx
from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from benchmarks.contestants.job import TOKEN, Ends, build_punch, build_reply, read_ends


class Bot:
    def __init__(self, ends: Ends) -> None:
        self._ends = ends
        self._http = httpx.AsyncClient(timeout=60)

    def run(self) -> None:
        application = ApplicationBuilder().token(TOKEN).base_url(f"{self._ends.base}/bot").build()
        application.add_handler(MessageHandler(filters.LOCATION, self.on_location))
        application.add_handler(MessageHandler(filters.TEXT, self.on_text))
        application.run_polling()

    async def on_location(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        assert message is not None
        assert message.location is not None
        place = message.location
        punch = build_punch(message.chat_id, place.latitude, place.longitude)
        answer = await self._http.post(self._ends.transactions, json=punch)
        await message.reply_text(build_reply(message.message_id, answer.json()["punch_time"]))

    async def on_text(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(build_reply(update.message.message_id, None))


if __name__ == "__main__":
    Bot(read_ends()).run()
