"""What managers do about a card, and what the missing answer. Everything says who is asking, as a link."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.attendance.chain import Chain, Gate, Step, Stop
from bot.attendance.facts import Rules
from bot.database import Database
from bot.services.card_reading import Missing
from bot.services.cards import SNOOZE, Card, compose_card, describe_shift
from bot.services.delivering import Delivering
from bot.services.notices import Notices, Said
from bot.services.noting import build_line
from bot.services.scanning import Scanning
from bot.services.sites import read_site, write_site
from bot.services.staff import find_stood_in_for
from bot.store import alert_recipients, alerts, dispatch, links, outbox, roster
from bot.store.alerts import Alert
from bot.store.audit_lines import Act, add_audit_line
from bot.store.links import Link
from bot.store.messages import Message, New, Sent, Topic
from bot.store.notices import NoticeKind

# So long somebody may look at one of the missing before the card comes back by itself.
LOOKING = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Opened:
    """A card as it is now, and one of the missing on it."""

    card: Card
    one: Missing
    alert: Alert


@dataclass(frozen=True, slots=True)
class Why:
    name: str
    chain: Chain
    rules: Rules


class Reactions:
    def __init__(
        self,
        db: Database,
        *,
        scanning: Scanning,
        delivering: Delivering,
        notices: Notices,
        now: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._scanning = scanning
        self._delivering = delivering
        self._notices = notices
        self._now = now

    # -- managers ------------------------------------------------------------------------------------------------------

    async def see(self, asking: Link, message_id: int) -> None:
        """They have pressed something under their card; under anybody else's that is nothing."""
        now = self._now()

        def see(connection: Connection) -> None:
            message = _find_card(connection, asking, message_id)
            if message is None:
                return
            if not message.is_seen:
                text = describe_shift(read_site(message.payload))
                add_audit_line(connection, build_line(asking, Act.SEEN, now, once=str(message_id), text=text))
            outbox.settle_seen(connection, message_id, now)

        await self._db.write(see)

    async def load_card(self, asking: Link, message_id: int) -> Card | None:
        """Their own card, as it is now; None for anybody else's."""
        now = self._now()

        def load(connection: Connection) -> Card | None:
            message = _find_card(connection, asking, message_id)
            return None if message is None else compose_card(connection, message, now)

        return await self._db.read_aside(load)

    async def fetch(self, asking: Link, message_id: int) -> bool:
        """Their own card out of a catch-up, as a message of its own; False where there is nothing to fetch."""
        now = self._now()
        card = await self.load_card(asking, message_id)
        if card is None or not await self._db.write(lambda c: dispatch.release(c, message_id, now)):
            return False
        await self._delivering.run()
        # It has just come with a sound: whoever called for it looks at it.
        await self.see(asking, message_id)
        return True

    async def refresh(self) -> None:
        """What has just been done is on the cards at once, and not only when a job looks again."""
        await self._delivering.run()

    async def settle_shown(self, card: Card, shown: Sent) -> None:
        """The card was shown under a pressed button: what the outbox would say is said."""
        await self._db.write(lambda c: dispatch.settle_shown(c, card.message_id, shown))

    async def open(self, asking: Link, message_id: int, alert_id: int) -> Opened | None:
        """One of the missing on their card; None where that person is no longer missing, or was never theirs."""
        card = await self.load_card(asking, message_id)
        one = next((m for m in card.missing if m.alert.id == alert_id), None) if card else None
        alert = await self._db.read(lambda c: alerts.find_alert(c, alert_id)) if one else None
        if card is None or one is None or alert is None:
            return None
        opened, now = Opened(card, one, alert), self._now()

        await self._db.write(lambda c: dispatch.linger(c, message_id, now + LOOKING))
        return opened

    async def ask(self, asking: Link, opened: Opened) -> bool:
        """Whether the person can be asked: somebody who has never logged in hears nothing. Each time it is a message of
        its own, but for two within a minute."""
        now, alert = self._now(), opened.alert

        def ask(connection: Connection) -> bool:
            if not links.find_links_of_employee(connection, alert.company, alert.emp_code):
                return False
            payload = write_site(alert.site) | {"asked_by": asking.name}
            new = New(alert.emp_code, Topic.ASK, f"{alert.instance} {asking.emp_code} {now:%H:%M}", now, payload)
            outbox.add_messages(connection, alert.company, [new], now)
            _note(connection, asking, Act.ASKED, opened, now)
            return True

        return await self._db.write(ask)

    async def excuse(self, asking: Link, opened: Opened, reason: str) -> bool:
        """Lets them off for this shift; the first manager wins, False where another was quicker. `reason` is a word of
        the chat's own, or what was typed."""
        alert, now = opened.alert, self._now()
        step = Step(Gate.NO_PERMISSION, Stop.EXCUSED, name=reason)

        def excuse(connection: Connection) -> bool:
            if not alerts.settle_excuse(connection, alert, reason, asking.emp_code):
                return False
            alerts.end_alerts(connection, alert.company, [(alert.emp_code, alert.instance, step)], now)
            outbox.hasten(connection, alert.company, Topic.CARD, [alert.site.key], now)
            _note(connection, asking, Act.EXCUSED, opened, now, reason=reason)
            return True

        return await self._db.write(excuse)

    async def take_back_excuse(self, asking: Link, message_id: int, alert_id: int) -> bool:
        """Of somebody on their card, whoever has excused them; False where nobody is excused there."""
        card, now = await self.load_card(asking, message_id), self._now()
        excused = next((r for r in card.retracted if r.alert_id == alert_id), None) if card else None
        if card is None or excused is None:
            return False

        def drop(connection: Connection) -> bool:
            alert = alerts.find_alert(connection, alert_id)
            if alert is None or not alerts.drop_excuse(connection, alert):
                return False
            outbox.hasten(connection, alert.company, Topic.CARD, [alert.site.key], now)
            about = _describe_about(connection, asking, alert, excused.name, now)
            add_audit_line(connection, build_line(asking, Act.UNEXCUSED, now, **about))
            return True

        def hear(connection: Connection) -> None:
            """Whoever calls somebody missing again need not be told."""
            if alert := alerts.find_alert(connection, alert_id):
                which = (asking.emp_code, alert.instance)
                alert_recipients.settle_named(connection, alert.company, which, [alert.emp_code], now)

        if not await self._db.write(drop):
            return False
        await self._scanning.scan(asking.company)
        await self._db.write(hear)
        return True

    async def snooze(self, asking: Link, opened: Opened) -> datetime:
        """Off their own card for a while; returns until when."""
        alert, now = opened.alert, self._now()
        until = now + SNOOZE

        def snooze(connection: Connection) -> None:
            outbox.hasten(connection, alert.company, Topic.CARD, [alert.site.key], now)
            _note(connection, asking, Act.SNOOZED, opened, now)

        await self._db.write(snooze)
        return until

    async def take_back_snooze(self, asking: Link, message_id: int, alert_id: int) -> bool:
        """Onto their own card again; False where that person is not put off there."""
        card, now = await self.load_card(asking, message_id), self._now()
        one = next((m for m, _ in card.snoozed if m.alert.id == alert_id), None) if card else None
        alert = await self._db.read(lambda c: alerts.find_alert(c, alert_id)) if one else None
        if card is None or one is None or alert is None:
            return False
        opened = Opened(card, one, alert)

        def wake(connection: Connection) -> None:
            outbox.hasten(connection, alert.company, Topic.CARD, [alert.site.key], now)
            _note(connection, asking, Act.UNSNOOZED, opened, now)

        await self._db.write(wake)
        return True

    async def find_phone(self, opened: Opened) -> str | None:
        alert = opened.alert
        person = await self._db.read(lambda c: roster.find_person(c, alert.company, alert.emp_code))
        return person.phone if person else None

    async def explain(self, opened: Opened) -> Why | None:
        """Every gate as it stands now."""
        alert = opened.alert
        explained = await self._scanning.explain(alert.company, alert.emp_code, alert.site)
        return None if explained is None else Why(opened.one.name, *explained)

    # -- the missing ---------------------------------------------------------------------------------------------------

    async def answer(self, link: Link, alert_id: int, kind: NoticeKind, source: str) -> Alert | None:
        """What they say lands on every card they are on; None where the question was not theirs. An alert that is over
        comes back as it is: nobody waits for an answer."""
        alert = await self._db.read(lambda c: alerts.find_alert(c, alert_id))
        if alert is None or (alert.company, alert.emp_code) != (link.company, link.emp_code):
            return None
        now = self._now()
        if not await self._db.read(lambda c: alerts.is_open(c, alert)):
            return replace(alert, ended_at=alert.ended_at or now)
        await self._notices.say(link, Said(kind, source, workdate=alert.site.workdate))

        def settle(connection: Connection) -> None:
            alerts.settle_answer(connection, alert, kind, now)
            outbox.hasten(connection, alert.company, Topic.CARD, [alert.site.key], now)

        await self._db.write(settle)
        return replace(alert, ended_at=None)


def _find_card(connection: Connection, asking: Link, message_id: int) -> Message | None:
    """Their own."""
    message = outbox.find_message(connection, message_id)
    if message is None or message.topic is not Topic.CARD:
        return None
    return message if (message.company, message.emp_code) == (asking.company, asking.emp_code) else None


def _note(connection: Connection, asking: Link, act: Act, opened: Opened, now: datetime, *, reason: str = "") -> None:
    about = _describe_about(connection, asking, opened.alert, opened.one.name, now)
    add_audit_line(connection, build_line(asking, act, now, **about, reason=reason))


def _describe_about(connection: Connection, asking: Link, alert: Alert, name: str, now: datetime) -> dict[str, Any]:
    """For a line: whom, which shift, and in whose place."""
    whose = find_stood_in_for(connection, asking, alert.emp_code, now)
    return {"emp_code": alert.emp_code, "name": name, "text": describe_shift(alert.site), "stood_in_for": whose}
