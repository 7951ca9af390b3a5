"""Cards in a manager's chat: one of the missing is opened, asked, excused, put off, explained; who is asked answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.chat import alert_buttons, alert_texts, chain_texts
from bot.chat.alert_messenger import build_pages, digest_of
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import begin
from bot.chat.visit import Reception, Visit
from bot.services.reactions import Opened, Reactions
from bot.services.spelling import clean_sentence
from bot.store.conversations import Conversation
from bot.store.links import Link
from bot.store.messages import Sent
from bot.store.notices import NoticeKind

ASK_EXCUSE = "card:excuse"
LONGEST_REASON = 200
TakeBack = Callable[[Link, int, int], Awaitable[bool]]


class AlertsChat:
    def __init__(self, reception: Reception, reactions: Reactions, conversations: Conversations) -> None:
        self._reception = reception
        self._reactions = reactions
        self._conversations = conversations

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives = self._reception.receives
        return [
            CallbackQueryHandler(receives(self.on_people), r"^card:\d{1,18}:people:\d{1,4}$"),
            CallbackQueryHandler(receives(self.on_fetch), r"^card:\d{1,18}:fetch$"),
            CallbackQueryHandler(receives(self.on_seen), r"^card:\d{1,18}:seen$"),
            CallbackQueryHandler(receives(self.on_person), r"^card:\d{1,18}:[a-z-]{3,20}:\d{1,18}$"),
            CallbackQueryHandler(receives(self.on_here), r"^here:\d{1,18}:[a-z_]{3,10}$"),
        ]

    async def on_people(self, visit: Visit) -> None:
        """The card as it is now, with the buttons of so many people."""
        message_id, _, page = visit.argument.split(":")
        await self._see(visit, int(message_id))
        await self._show_card(visit, int(message_id), int(page))

    async def on_fetch(self, visit: Visit) -> None:
        """A card that quiet hours have held back, and that may change yet."""
        message_id = int(visit.argument.partition(":")[0])
        await self._see(visit, message_id)
        if visit.link is None or not await self._reactions.fetch(visit.link, message_id):
            await visit.say(visit.t("That button is out of date. Send /menu to see what I can do."))

    async def on_seen(self, visit: Visit) -> None:
        """Of a card that names nobody who could be opened."""
        message_id = int(visit.argument.partition(":")[0])
        await self._see(visit, message_id)
        await self._show_card(visit, message_id, 0)

    async def on_person(self, visit: Visit) -> None:
        message_id, what, alert_id = visit.argument.split(":")
        await self._see(visit, int(message_id))
        await self._leave_question(visit)
        if what == "unexcuse":
            await self._take_back(visit, int(message_id), int(alert_id), self._reactions.take_back_excuse)
            return
        if what == "wake":
            await self._take_back(visit, int(message_id), int(alert_id), self._reactions.take_back_snooze)
            return
        opened = await self._reactions.open(visit.link, int(message_id), int(alert_id)) if visit.link else None
        if opened is None:
            # Not missing any more, or never theirs: the card, if it is theirs, says which.
            await self._show_too_late(visit, int(message_id), what)
            return
        act = {
            "open": self._open,
            "ask": self._ask,
            "call": self._call,
            "excuse": self._choose_excuse,
            "other": self._ask_excuse,
            "snooze": self._snooze,
            "why": self._explain,
        }.get(what, self._excuse)
        await act(visit, opened)

    async def on_here(self, visit: Visit) -> None:
        alert_id, said = visit.argument.split(":")
        kind = next((kind for kind in alert_texts.ANSWERS if kind == said), None)
        query = visit.update.callback_query
        if visit.link is None or kind is None or query is None or query.message is None:
            await visit.say(visit.t("That button is out of date. Send /menu to see what I can do."))
            return
        source = f"telegram:{visit.chat_id}:{query.message.message_id}:{kind}"
        alert = await self._reactions.answer(visit.link, int(alert_id), kind, source)
        if alert is None:
            await visit.say(visit.t("That button is out of date. Send /menu to see what I can do."))
            return
        if alert.ended_at is not None:
            await visit.show(visit.t("You are not called missing any more, so I have told nobody."))
            return
        await visit.show(_thank(visit, kind))

    async def _see(self, visit: Visit, message_id: int) -> None:
        """Whatever is pressed: nobody else is told that they have not looked."""
        if visit.link is not None:
            await self._reactions.see(visit.link, message_id)

    async def _show_too_late(self, visit: Visit, message_id: int, what: str) -> None:
        """Another manager's excuse was quicker, or they have come: the card says so already."""
        excuses = visit.link if what.startswith("ex-") else None
        if excuses is not None and await self._reactions.load_card(excuses, message_id):
            await visit.say(visit.t("They are no longer missing: look at the card."))
            await self._reactions.refresh()
        else:
            await self._show_card(visit, message_id, 0)

    async def _show_card(self, visit: Visit, message_id: int, page: int) -> None:
        card = await self._reactions.load_card(visit.link, message_id) if visit.link else None
        if card is None:
            await visit.say(visit.t("That button is out of date. Send /menu to see what I can do."))
            return
        text = (await asyncio.to_thread(build_pages, visit.t, card, visit.zone))[-1].text
        buttons, query = alert_buttons.build_people(visit.t, card, page), visit.update.callback_query
        await visit.show(text, buttons)
        if page == 0 and query is not None and query.message is not None:
            shown = Sent(visit.chat_id, query.message.message_id, digest_of(text, buttons))
            await self._reactions.settle_shown(card, shown)

    async def _open(self, visit: Visit, opened: Opened) -> None:
        said = alert_texts.describe_person(visit.t, opened.card, opened.one)
        await visit.show(said, alert_buttons.build_person(visit.t, opened.card, opened.one))

    async def _ask(self, visit: Visit, opened: Opened) -> None:
        assert visit.link is not None
        t, name = visit.t, opened.one.name
        asked = await self._reactions.ask(visit.link, opened)
        said = t("I have asked {name}. The answer comes onto the card.", name=name)
        if not asked:
            said = t("{name} has not logged in to me, so I cannot ask.", name=name)
        await self._say_back(visit, opened, said)

    async def _call(self, visit: Visit, opened: Opened) -> None:
        t, phone = visit.t, await self._reactions.find_phone(opened)
        said = t("📞 {name}: {phone}", name=opened.one.name, phone=phone or "")
        if phone is None:
            said = t("BioTime tells me no telephone number of {name}.", name=opened.one.name)
        await self._say_back(visit, opened, said)

    async def _choose_excuse(self, visit: Visit, opened: Opened) -> None:
        said = visit.t("Why is {name} excused?", name=opened.one.name)
        await visit.show(said, alert_buttons.build_excuses(visit.t, opened.card.message_id, opened.one.alert.id))

    async def _excuse(self, visit: Visit, opened: Opened) -> None:
        assert visit.link is not None
        reason = visit.argument.split(":")[1].removeprefix("ex-")
        if reason in chain_texts.EXCUSES and not await self._reactions.excuse(visit.link, opened, reason):
            await visit.say(visit.t("They are no longer missing: look at the card."))
        await self._reactions.refresh()

    async def _take_back(self, visit: Visit, message_id: int, alert_id: int, take: TakeBack) -> None:
        if visit.link is not None and await take(visit.link, message_id, alert_id):
            await self._reactions.refresh()
        else:
            await self._show_card(visit, message_id, 0)

    async def _ask_excuse(self, visit: Visit, opened: Opened) -> None:
        about = {"message": opened.card.message_id, "alert": opened.one.alert.id}
        await begin(visit, self._conversations, Conversation(ASK_EXCUSE, about))
        await self._say_back(
            visit, opened, visit.t("Why is {name} excused? Type it, or /cancel.", name=opened.one.name)
        )

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        """The reason of an excuse."""
        if conversation.dialog != ASK_EXCUSE or visit.link is None or visit.text.startswith("/"):
            return False
        reason = clean_sentence(visit.text)
        if not reason:
            await visit.say(visit.t("Nothing can be read in that: please type the reason, or /cancel."))
            return True
        if len(reason) > LONGEST_REASON:
            await visit.say(visit.t("Please say it in {number} letters at most, or /cancel.", number=LONGEST_REASON))
            return True
        about = conversation.data
        await self._see(visit, about["message"])
        opened = await self._reactions.open(visit.link, about["message"], about["alert"])
        excused = opened is not None and await self._reactions.excuse(visit.link, opened, reason)
        await self._conversations.end(visit.chat_id)
        if opened is None or not excused:
            await visit.say(visit.t("They are no longer missing: look at the card."))
        else:
            await visit.say(visit.t("✔️ {name} is excused: {reason}", name=opened.one.name, reason=reason))
        await self._reactions.refresh()
        return True

    async def _leave_question(self, visit: Visit) -> None:
        conversation = await self._conversations.find(visit.chat_id)
        if conversation is not None and conversation.dialog == ASK_EXCUSE:
            await self._conversations.end(visit.chat_id)

    async def _snooze(self, visit: Visit, opened: Opened) -> None:
        assert visit.link is not None
        await self._reactions.snooze(visit.link, opened)
        await self._reactions.refresh()

    async def _explain(self, visit: Visit, opened: Opened) -> None:
        why = await self._reactions.explain(opened)
        if why is None:
            await self._show_card(visit, opened.card.message_id, 0)
            return
        said = chain_texts.describe_chain(visit.t, why.name, why.chain, why.rules, visit.zone)
        await self._say_back(visit, opened, said)

    async def _say_back(self, visit: Visit, opened: Opened, said: str) -> None:
        back = alert_buttons.build_back(visit.t, opened.card.message_id, opened.one.alert.id)
        await visit.show(said, back)


def _thank(visit: Visit, kind: NoticeKind) -> str:
    t = visit.t
    if kind is NoticeKind.FORGOT:
        return t("Thank you, your manager reads that. Please report the forgotten punch as well.")
    if kind is NoticeKind.ON_WAY:
        return t("Thank you, your manager reads that. Clock in with the button when you are there.")
    if kind is NoticeKind.SICK:
        return t("Get well soon. Your manager reads that.")
    return t("Thank you, your manager reads that. Leave itself is asked for in BioTime.")
