"""The outbox on its way: a crash, an outage, a 429 and a block lose nothing; who is told twice is told so."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.attendance.absence import Found
from bot.attendance.chain import Chain, Gate, Step, Stop
from bot.attendance.facts import Kind, Site
from bot.database import Database
from bot.services.alerts import Keep, Undelivered
from bot.services.cards import Card, CatchUp, News, NotLinked
from bot.services.delivering import AT_ONCE, RETRIES, Delivering
from bot.services.sites import write_site
from bot.services.tenants import Tenant, Tenants
from bot.services.turns import Turns
from bot.store import alerts, links, manager_settings, outbox
from bot.store.alert_tables import outbox as rows
from bot.store.dispatch import LEASE
from bot.store.links import Link, Person
from bot.store.manager_settings import ManagerSettings
from bot.store.messages import New, Sent, Status, Topic
from tests.faults import Clock
from tests.store.rows import LINK, NOW, migrate

COMPANY = "Demo Trading"
OMAR = replace(LINK, emp_code="1002", telegram_id=201)
HUDA = replace(LINK, emp_code="1003", telegram_id=301, app_role=2)
SITE = Site(1, "Office", NOW.date(), NOW)
MINUTE = timedelta(minutes=1)
UNCLEAR, UNSENT = Undelivered(unsent=False), Undelivered(unsent=True)
GONE = Undelivered(unsent=True, final=True, gone=True)


class Killed(BaseException):
    """kill -9, as the process feels it."""


@dataclass
class Telegram:
    """Fulfils AlertMessenger: what is in each chat, and what the next calls meet."""

    chats: dict[int, list[tuple[int, News, bool]]] = field(default_factory=dict)
    troubles: deque[BaseException | None] = field(default_factory=deque)
    applies: bool = False
    edits: int = 0
    dies_after_keeping: bool = False
    busy: asyncio.Event | None = None
    meeting: asyncio.Barrier | None = None
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def tell(
        self, link: Link, person: Person, news: News, before: Sequence[Sent], *, repeat: bool, anew: bool, keep: Keep
    ) -> Sequence[Sent]:
        if self.meeting is not None:
            await self.meeting.wait()
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble is not None and not self.applies:
            raise trouble
        self.started.set()
        if self.busy is not None:
            await self.busy.wait()
        if before:
            self.edits += 1
            return before
        chat = self.chats.setdefault(link.telegram_id, [])
        chat.append((len(chat) + 1, news, repeat))
        told = [Sent(link.telegram_id, len(chat), "digest")]
        if trouble is not None:
            raise trouble
        await keep(told)
        if self.dies_after_keeping:
            self.dies_after_keeping = False
            raise Killed
        return told


@dataclass
class Post:
    db: Database
    clock: Clock
    telegram: Telegram
    delivering: Delivering

    def another(self, zone: str = "Asia/Dubai") -> Delivering:
        """A process of its own."""
        tenants = Tenants([Tenant(COMPANY, ZoneInfo(zone), None)])  # type: ignore[arg-type]
        return Delivering(self.db, tenants, self.telegram, self.clock, Turns(100_000, 100_000))

    async def add(self, topic: Topic = Topic.UNLINKED, key: str = "1", emp_code: str = "1002") -> None:
        payload = write_site(SITE) if topic is Topic.CARD else {"manager": "1009"}
        new = New(emp_code, topic, key, self.clock.at, payload)
        if topic is Topic.CARD:
            late = Found(Kind.STALE, "", SITE.key, SITE, Chain((Step(Gate.FRESH, Stop.SYNC_LATE),)))
            await self.db.write(lambda c: alerts.add_alerts(c, COMPANY, [late], self.clock.at))
        await self.db.write(lambda c: outbox.add_messages(c, COMPANY, [new], self.clock.at))

    async def run(self, later: timedelta = timedelta()) -> int:
        self.clock.at += later
        return await self.delivering.run()

    async def states(self) -> list[str]:
        found = await self.db.read(lambda c: list(c.execute(rows.select().order_by(rows.c.id))))
        return [row.state for row in found]

    def told(self, link: Link = OMAR) -> list[News]:
        return [news for _, news, _ in self.telegram.chats.get(link.telegram_id, [])]


@pytest.fixture
async def post(database: Database) -> Post:
    await migrate(database)
    for link in (OMAR, HUDA):
        await database.write(lambda c, link=link: links.add_person(c, link.telegram_id, "device", "en"))  # type: ignore[misc]
        await database.write(lambda c, link=link: links.add_link(c, link))  # type: ignore[misc]
    opened = Post(database, Clock(NOW), Telegram(), None)  # type: ignore[arg-type]
    opened.delivering = opened.another()
    return opened


async def test_it_is_told_once(post: Post) -> None:
    await post.add()
    assert await post.run() == 1
    assert await post.run(MINUTE) == 0
    assert post.told() == [NotLinked("1009")]
    assert await post.states() == [Status.SENT]


async def test_killed_between_claim_and_send_it_comes_when_the_lease_is_over(post: Post) -> None:
    await post.add()
    post.telegram.troubles.append(Killed())
    with pytest.raises(Killed):
        await post.run()
    assert await post.states() == [Status.SENDING]
    assert await post.run(LEASE - timedelta(seconds=1)) == 0, "perhaps it is only slow"
    assert await post.run(timedelta(seconds=1)) == 1
    assert [repeat for _, _, repeat in post.telegram.chats[201]] == [True], "perhaps it had been sent, and says so"


async def test_killed_between_send_and_settle_the_same_message_is_edited(post: Post) -> None:
    await post.add()
    post.telegram.dies_after_keeping = True
    with pytest.raises(Killed):
        await post.run()
    await post.run(LEASE)
    assert len(post.told()) == 1
    assert post.telegram.edits == 1
    assert await post.states() == [Status.SENT]


async def test_of_two_processes_one_sends(post: Post) -> None:
    await post.add()
    await asyncio.gather(post.delivering.run(), post.another().run(), post.another().run())
    assert len(post.told()) == 1


async def test_too_many_requests_the_row_waits_and_nobody_else_is_tried(post: Post) -> None:
    for key in ("1", "2", "3"):
        await post.add(key=key)
    post.telegram.troubles.append(Undelivered(unsent=True, retry_after=MINUTE))
    assert await post.run() == 1
    assert await post.run(timedelta(seconds=59)) == 0
    assert await post.run(timedelta(seconds=1)) == 3
    assert len(post.told()) == 3


async def test_several_people_are_told_at_once(post: Post) -> None:
    for number in range(AT_ONCE):
        link = replace(OMAR, emp_code=f"{number}", telegram_id=400 + number)
        await post.db.write(lambda c, link=link: links.add_person(c, link.telegram_id, "device", "en"))  # type: ignore[misc]
        await post.db.write(lambda c, link=link: links.add_link(c, link))  # type: ignore[misc]
        await post.add(emp_code=f"{number}")
    post.telegram.meeting = asyncio.Barrier(AT_ONCE)
    assert await post.run() == AT_ONCE, "each has waited for all the others"


async def test_too_many_requests_while_others_wait_for_their_turn(post: Post) -> None:
    await post.add()
    await post.add(emp_code="1003")
    post.telegram.troubles.extend(
        [Undelivered(unsent=True, retry_after=MINUTE), Undelivered(unsent=True, retry_after=MINUTE / 2)]
    )
    post.telegram.meeting = asyncio.Barrier(2)
    await post.run()
    post.telegram.meeting = None
    assert await post.run(timedelta(seconds=59)) == 0, "the longer of both"
    assert await post.run(timedelta(seconds=1)) == 2
    assert (len(post.told()), len(post.told(HUDA))) == (1, 1)


async def test_an_outage_of_ten_minutes_loses_nothing(post: Post) -> None:
    for key in range(5):
        await post.add(key=str(key))
    for _ in range(5):
        post.telegram.troubles.extend([UNSENT] * 20)
        await post.run(timedelta(minutes=2))
    post.telegram.troubles.clear()
    for _ in range(5):
        await post.run(timedelta(minutes=10))
    assert len(post.told()) == 5
    assert {repeat for _, _, repeat in post.telegram.chats[201]} == {False}, "provably not sent before"


async def test_after_an_unclear_answer_it_says_that_it_may_be_a_repeat(post: Post) -> None:
    await post.add()
    post.telegram.troubles.append(UNCLEAR)
    post.telegram.applies = True
    await post.run()
    await post.run(timedelta(seconds=1))
    assert [repeat for _, _, repeat in post.telegram.chats[201]] == [False, True]


async def test_the_retries_are_those_of_the_protocol_and_then_hr_is_told(post: Post) -> None:
    await post.add(Topic.CARD)
    post.telegram.troubles.extend([UNSENT] * (len(RETRIES) + 1))
    for wait in RETRIES:  # the first one at once
        assert await post.run(wait) >= 1
    assert sum(RETRIES, timedelta()) == timedelta(hours=27, minutes=35, seconds=5)
    await post.run(timedelta(seconds=1))
    assert (await post.states())[0] == Status.FAILED
    assert [type(news) for news in post.told(HUDA)] == [NotLinked]


async def test_who_has_blocked_the_bot_is_unlinked_and_hr_knows(post: Post) -> None:
    await post.add(Topic.CARD)
    post.telegram.troubles.append(GONE)
    await post.run()
    assert await post.db.read(lambda c: links.find_link(c, OMAR.telegram_id)) is None
    await post.run()
    assert [type(news) for news in post.told(HUDA)] == [NotLinked]


async def test_one_account_that_is_gone_does_not_keep_it_from_the_other(post: Post) -> None:
    second = replace(OMAR, telegram_id=202)
    await post.db.write(lambda c: links.add_person(c, 202, "device", "en"))
    await post.db.write(lambda c: links.add_link(c, second))
    await post.add()
    post.telegram.troubles.append(GONE)
    await post.run()
    assert len(post.telegram.chats.keys() & {201, 202}) == 1
    assert (await post.states())[0] == Status.SENT


async def test_a_card_for_nobody_who_is_linked_goes_to_hr_as_a_notice(post: Post) -> None:
    await post.add(Topic.CARD, emp_code="1009")
    await post.run()
    assert (await post.states())[0] == Status.FAILED
    assert post.told(HUDA) == [NotLinked("1009")]


async def test_what_is_new_while_it_is_being_told_is_told_next(post: Post) -> None:
    await post.add()
    post.telegram.busy = asyncio.Event()
    running = asyncio.create_task(post.run())
    await post.telegram.started.wait()
    await post.add()
    post.telegram.busy.set()
    await running
    assert post.telegram.edits == 1, "the newest is looked at again, in the same round"
    assert len(post.told()) == 1


async def test_a_card_is_looked_at_again_until_its_shift_is_over(post: Post) -> None:
    await post.add(Topic.CARD)
    await post.run()
    (card,) = post.told()
    assert isinstance(card, Card)
    assert await post.run(MINUTE) == 1
    assert post.telegram.edits == 1


async def test_quiet_hours_hold_a_card_back(post: Post) -> None:
    quiet = ManagerSettings(quiet_from=time(8), quiet_until=time(9, 30))  # it is nine in Dubai
    await post.db.write(lambda c: manager_settings.change_manager_settings(c, COMPANY, "1002", lambda _: quiet))
    await post.add(Topic.CARD)
    await post.add(key="hr", emp_code="1003")
    await post.run()
    assert (post.told(), len(post.told(HUDA))) == ([], 1)
    await post.run(29 * MINUTE)
    assert post.told() == []
    await post.run(MINUTE)
    assert len(post.told()) == 1


# -- what quiet hours have held, in one --------------------------------------------------------------------------------


@pytest.fixture
async def held(post: Post) -> Post:
    """At half past nine three things are due, in one message."""
    quiet = ManagerSettings(quiet_from=time(8), quiet_until=time(9, 30))  # it is nine in Dubai
    await post.db.write(lambda c: manager_settings.change_manager_settings(c, COMPANY, "1002", lambda _: quiet))
    await post.add(Topic.CARD)
    for key in ("1", "2"):
        await post.add(key=key)
    await post.run(29 * MINUTE)
    assert post.told() == []
    return post


def is_one_catch_up(news: Sequence[News]) -> bool:
    return [len(one.parts) for one in news if isinstance(one, CatchUp)] == [3] and len(news) == 1


async def test_while_a_catch_up_is_being_sent_nobody_tells_what_is_in_it(held: Post) -> None:
    held.telegram.busy = asyncio.Event()
    running = asyncio.create_task(held.run(MINUTE))
    await held.telegram.started.wait()
    asking = asyncio.create_task(held.run())
    another = asyncio.create_task(held.another().run())
    await asyncio.wait([asking, another], timeout=0.2)
    held.telegram.busy.set()
    await asyncio.gather(running, asking, another)
    assert is_one_catch_up(held.told())


@pytest.mark.parametrize("trouble", [Killed(), UNSENT, Undelivered(unsent=True, retry_after=MINUTE)])
async def test_a_catch_up_that_was_not_sent_is_sent_as_one(held: Post, trouble: BaseException) -> None:
    """Killed after the claim, refused for a while, or too many requests: by then it is another process."""
    held.telegram.troubles.extend([trouble, *([UNSENT] if trouble is UNSENT else ())])
    with contextlib.suppress(Killed):
        await held.run(MINUTE)
    for _ in range(8):
        await held.another().run()
        held.clock.at += LEASE / 6
    await held.another().run()
    assert is_one_catch_up(held.told())


async def test_a_catch_up_that_is_given_up_leaves_each_to_come_by_itself(held: Post) -> None:
    held.telegram.troubles.append(Undelivered(unsent=True, final=True))
    await held.run(MINUTE)
    assert sorted(type(one).__name__ for one in held.told()) == ["Card", "NotLinked", "NotLinked"]


async def test_where_clocks_are_turned_back_what_is_held_is_taken_once(post: Post) -> None:
    """Quiet until 02:30, which comes twice: it is 02:12, the second time."""
    post.delivering = post.another("Europe/Berlin")
    quiet = ManagerSettings(quiet_from=time(23), quiet_until=time(2, 30))
    await post.db.write(lambda c: manager_settings.change_manager_settings(c, COMPANY, "1002", lambda _: quiet))
    post.clock.at = datetime(2026, 10, 25, 1, 12, tzinfo=UTC)
    await post.add()
    await post.add(key="2")
    assert await asyncio.wait_for(post.run(), 5) == 2
    assert await post.run(17 * MINUTE) == 0
    assert await post.run(MINUTE) >= 1
    assert [type(one) for one in post.told()] == [CatchUp]
