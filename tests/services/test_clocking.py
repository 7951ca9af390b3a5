"""Sharing a place: what becomes a punch, what is the same again; at once from everywhere, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.attendance.model import PunchState
from bot.biotime.client import BioTimeClient
from bot.database import Database
from bot.gateway.sample import NAME, ZONE
from bot.services.addresses import Addresses
from bot.services.areas import Areas
from bot.services.clocking import Clocked, Clocking, NotLinked, Outside, Repeated, Saved, Share
from bot.services.filings import Kind
from bot.services.receipts import ReceiptBook
from bot.services.requests import Requests
from bot.services.sending import Sending
from bot.services.sessions import Sessions
from bot.services.telling import Telling
from bot.services.tenants import Tenant, Tenants
from bot.store import links, punches
from bot.store.cipher import Cipher
from tests.faults import Clock
from tests.kills.worker import Silence
from tests.services.process import KEY
from tests.services.rig import MONA, MONA_AGAIN, OFFICE, OMAR, Rig
from tests.store.rows import LINK, migrate

MINUTE = timedelta(minutes=1)
FENCE = """{"type": "FeatureCollection", "features": [{"type": "Feature",
 "properties": {"code": "1", "name": "Dubai Office", "radius": 100, "enforce": true},
 "geometry": {"type": "Point", "coordinates": [55.1586873, 25.0916434]}}]}"""


class Away(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("ClientConnectorError")


class Desk:
    """One process's way from a share to a row."""

    def __init__(self, db: Database, clock: Clock) -> None:
        http = httpx.AsyncClient(transport=Away(), base_url="http://biotime.test")
        tenants = Tenants([Tenant(NAME, ZONE, BioTimeClient(http, NAME, ZONE))])
        sessions = Sessions(db, tenants, Cipher(KEY), clock)
        self.sending = Sending(
            db,
            Requests(db, sessions, clock),
            Telling(db, Silence(), clock, punches, Kind.LOG),
            clock,
            rows=punches,
            book=ReceiptBook(Cipher(KEY), clock),
        )
        self.clocking = Clocking(db, Areas(db, clock), Addresses(), self.sending, clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def desks(database: Database, database_url: str, clock: Clock) -> AsyncIterator[tuple[Desk, Desk]]:
    """Two processes; Mona is linked from two accounts."""
    await migrate(database)
    for account in (MONA, MONA_AGAIN):
        link = replace(LINK, telegram_id=account, token=None)
        await database.write(lambda c, link=link: links.add_link(c, link))  # type: ignore[misc]
    other = await Database.open(database_url)
    both = Desk(database, clock), Desk(other, clock)
    yield both
    for desk in both:
        await desk.sending.rest()
    await other.close()


def share(clock: Clock, number: int = 1, account: int = MONA, chosen: PunchState | None = None) -> Share:
    return Share(account, account, f"telegram:{account}:{number}", clock.at, OFFICE, chosen)


async def at_once(desks: tuple[Desk, Desk], *shares: Share) -> list[Clocked]:
    """Each share five times by each process."""
    return await asyncio.gather(*(desk.clocking.clock(one) for _ in range(5) for desk in desks for one in shares))


async def test_the_same_update_at_once_is_one_punch(desks: tuple[Desk, Desk], database: Database, clock: Clock) -> None:
    answers = await at_once(desks, share(clock))
    assert sum(isinstance(answer, Saved) for answer in answers) == 1
    assert {answer.punch.id for answer in answers if isinstance(answer, Saved | Repeated)} == {1}
    assert len(await database.read(lambda c: punches.load_punches(c, LINK.company, "1001", clock.at))) == 1


async def test_the_same_update_at_once_is_one_punch_even_when_a_later_one_is_there(
    desks: tuple[Desk, Desk], database: Database, clock: Clock
) -> None:
    late = share(clock)
    clock.at += 5 * MINUTE
    await desks[0].clocking.clock(share(clock, 2))
    answers = await asyncio.wait_for(at_once(desks, late), 10)
    assert sum(isinstance(answer, Saved) for answer in answers) == 1
    found = await database.read(lambda c: punches.load_punches(c, LINK.company, "1001", late.shared_at))
    assert len(found) == 2


async def test_two_telephones_of_one_person_at_once_are_one_punch(desks: tuple[Desk, Desk], clock: Clock) -> None:
    answers = await at_once(desks, share(clock), share(clock, account=MONA_AGAIN))
    assert sum(isinstance(answer, Saved) for answer in answers) == 1


async def test_a_stranger_has_no_punch(desks: tuple[Desk, Desk], clock: Clock) -> None:
    assert await desks[0].clocking.clock(share(clock, account=OMAR)) == NotLinked()


# -- with the real gateway ---------------------------------------------------------------------------------------------


async def clock_in(rig: Rig, chosen: PunchState | None = None, late: int = 0) -> Clocked | None:
    return await rig.deliver(rig.new_share(chosen=chosen, late=late))


async def test_in_and_out_by_turns(rig: Rig) -> None:
    kinds = []
    for _ in range(4):
        kinds.append((await rig.share()).punch_state)
        await rig.wait(3600)
    assert kinds == [PunchState.CHECK_IN, PunchState.CHECK_OUT] * 2


async def test_a_second_share_within_a_minute_is_the_same_punch(rig: Rig) -> None:
    first = await rig.share()
    await rig.wait(59)
    again = await clock_in(rig)
    assert isinstance(again, Repeated)
    assert (again.punch.id, again.redelivered) == (first.id, False)
    await rig.wait(1)
    assert isinstance(await clock_in(rig), Saved)


async def test_another_kind_within_a_minute_is_another_punch(rig: Rig) -> None:
    await rig.share()
    assert isinstance(await clock_in(rig, PunchState.BREAK_OUT), Saved)
    assert isinstance(await clock_in(rig, PunchState.BREAK_OUT), Repeated)


async def test_an_update_that_comes_again_says_so(rig: Rig) -> None:
    first = rig.new_share()
    await rig.deliver(first)
    again = await rig.deliver(first)
    assert isinstance(again, Repeated)
    assert again.redelivered


async def test_outside_of_an_area_that_must_be_kept_to_there_is_no_punch(rig: Rig) -> None:
    await Areas(rig.store, rig.clock).replace(NAME, FENCE)
    far = replace(rig.new_share(), position=replace(OFFICE, latitude=25.2))
    outside = await rig.deliver(far)
    assert isinstance(outside, Outside)
    assert outside.distance > 10_000
    assert isinstance(await clock_in(rig), Saved)
    assert len(await rig.stamps()) == 1


async def test_the_place_goes_to_biotime_with_the_marker(rig: Rig) -> None:
    punch = await rig.share()
    (stamp,) = await rig.stamps()
    assert stamp.gps_location == f"7HQQ35R5+MF [TG-{punch.ref}]"
    assert (round(stamp.latitude, 5), round(stamp.longitude, 5)) == (25.09164, 55.15869)
