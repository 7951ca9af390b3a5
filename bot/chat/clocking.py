"""Clocking in and out: a shared place becomes a punch, or a sentence that says what to do."""

import math
from datetime import datetime
from typing import Any

from telegram import Location, Message, Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot.attendance.model import Position, PunchState
from bot.chat import keyboards, texts
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import BEFORE, begin
from bot.chat.in_between import InBetween
from bot.chat.questions import DONE
from bot.chat.visit import Context, Reception, Visit
from bot.services.clocking import KIND, Clocking, NotLinked, Outside, Repeated, Share
from bot.services.notices import Notices
from bot.store.conversations import Conversation

LIVE = filters.UpdateType.EDITED_MESSAGE & filters.LOCATION


class ClockingChat:
    def __init__(
        self,
        reception: Reception,
        clocking: Clocking,
        conversations: Conversations,
        in_between: InBetween,
        notices: Notices,
    ) -> None:
        self._reception = reception
        self._clocking = clocking
        self._conversations = conversations
        self._in_between = in_between
        self._notices = notices

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives = self._reception.receives
        return [
            MessageHandler(LIVE, on_move),
            MessageHandler(filters.VENUE, receives(self.on_venue)),
            MessageHandler(filters.LOCATION, receives(self.on_location)),
            CallbackQueryHandler(receives(self.on_kind), r"^kind:[0-5]$"),
        ]

    async def on_venue(self, visit: Visit) -> None:
        if visit.link is None:
            await _ask_to_log_in(visit)
            return
        await visit.say(
            visit.t("That is a place on the map, not where you are. Use the 📍 button below, or 📎 › Location.")
        )

    async def on_location(self, visit: Visit) -> None:
        message = visit.update.effective_message
        assert message is not None
        assert message.location is not None
        if visit.link is None:
            await _ask_to_log_in(visit)
            await self._in_between.go_on(visit)
            return
        refusal = _refuse(visit, message, message.location)
        if refusal is not None:
            await visit.say(refusal)
            return
        conversation = await self._conversations.find(visit.chat_id)
        share = _read_share(visit, message, message.location, _chosen(conversation))
        await self._clock(visit, share)
        if conversation is not None and conversation.dialog == DONE and BEFORE not in conversation.data:
            await self._conversations.end(visit.chat_id)
        await self._in_between.go_on(visit)

    async def on_kind(self, visit: Visit) -> None:
        """A kind chosen under More."""
        await self.choose(visit, PunchState(int(visit.argument)))

    async def choose(self, visit: Visit, chosen: PunchState) -> None:
        """The next place shared is that kind of punch."""
        if visit.link is None:
            await _ask_to_log_in(visit)
            return
        await begin(visit, self._conversations, Conversation(KIND, {"punch_state": int(chosen)}))
        said = visit.t("Share your location with the button below, or /cancel.")
        since = (await self._notices.load_standing(visit.link)).since if chosen is PunchState.CHECK_IN else None
        if since is not None:
            known = visit.t("You are in since {time}.", time=visit.t.time(since, visit.zone))
            said = f"{known}\n{said}"
        await visit.say(said, keyboards.build_share(visit.t, chosen))

    async def on_label(self, visit: Visit, chosen: PunchState) -> None:
        """Clients without a location send the label of the button instead."""
        if visit.link is None:
            await _ask_to_log_in(visit)
            return
        await visit.say(
            visit.t(
                "Your Telegram app sent me the button's text instead of your location. On a phone, tap the button and "
                "allow location access. On a computer, use your phone, or 📎 › Location."
            )
        )

    async def _clock(self, visit: Visit, share: Share) -> None:
        outcome = await self._clocking.clock(share, visit.link)
        match outcome:
            case NotLinked():
                await visit.say(
                    visit.t("Please log in first, then share your location."), keyboards.build_start(visit.t)
                )
            case Outside():
                await visit.say(texts.describe_outside(visit.t, outcome))
            case Repeated(punch, redelivered=False):
                following = await self._clocking.next_for(visit.person.telegram_id)
                said = texts.describe_repeat(visit.t, punch, visit.zone)
                await visit.say(said, keyboards.build_menu(visit.t, following))
        if share.chosen is not None and not isinstance(outcome, Outside):
            await self._conversations.end(visit.chat_id)


async def _ask_to_log_in(visit: Visit) -> None:
    await visit.say(visit.t("Please log in first, then share your location."), keyboards.build_start(visit.t))


async def on_move(update: Update, context: Context) -> None:
    """A live location counts once, when it starts; its moves and its end are nobody's punch."""


def _refuse(visit: Visit, message: Message, location: Location) -> str | None:
    if message.forward_origin is not None:
        return visit.t("That location was forwarded. Share your own with the 📍 button below.")
    if message.via_bot is not None:
        return visit.t("That location came through another bot. Share your own with the 📍 button below.")
    if not _is_on_earth(location):
        return visit.t("I did not understand that. Use the buttons below, or send /help.")
    return None


def _is_on_earth(location: Location) -> bool:
    """Numbers, not NaN, and no turns of the globe: the library for Plus Codes unwinds them one by one, for ever."""
    try:
        return abs(float(location.latitude)) <= 90 and abs(float(location.longitude)) <= 180
    except (TypeError, ValueError):
        return False


def _read_accuracy(location: Location) -> float | None:
    """None, too, for what is no radius in metres: NaN compares with nothing, and no database keeps it alike."""
    accuracy = location.horizontal_accuracy
    return accuracy if isinstance(accuracy, int | float) and 0 <= accuracy < math.inf else None


def _read_share(visit: Visit, message: Message, location: Location, chosen: PunchState | None) -> Share:
    shared_at: datetime = message.date
    return Share(
        telegram_id=visit.person.telegram_id,
        chat_id=visit.chat_id,
        source=f"telegram:{message.chat_id}:{message.message_id}",
        shared_at=shared_at,
        position=Position(float(location.latitude), float(location.longitude), _read_accuracy(location)),
        chosen=chosen,
        live=location.live_period is not None,
        language=visit.t.language,
        offered_at=visit.link.offered_at if visit.link else None,
        offered=visit.link.offered_state if visit.link else None,
    )


def _chosen(conversation: Conversation | None) -> PunchState | None:
    if conversation is None or conversation.dialog != KIND:
        return None
    return PunchState(conversation.data["punch_state"])
