"""Tenants that do not give our marker back: a row belongs to one punch, and to the right one."""

import pytest

from bot.attendance.model import PunchState
from bot.attendance.progress import Stamped, State
from bot.biotime.client import BioTimeClient
from bot.biotime.dialect import MarkerKeeping
from bot.biotime.transport import open_embedded_http
from bot.gateway.app import build_gateway
from bot.gateway.sample import NAME, ZONE
from bot.services.requests import Requests
from bot.services.sessions import Sessions
from bot.services.tenants import Tenant, Tenants
from bot.store import areas
from bot.store.cipher import Cipher
from bot.store.punches import Punch
from tests.faults import Fate
from tests.services.process import KEY
from tests.services.rig import SETTINGS, Rig


@pytest.fixture
async def forgetful(rig: Rig) -> Rig:
    await rig.store.write(lambda c: areas.settle_marker(c, NAME, MarkerKeeping.NONE, rig.clock()))
    return rig


async def state_of(rig: Rig, punch: Punch) -> State:
    return (await rig.load(punch)).progress.state


async def test_a_lost_answer_is_found_by_person_kind_and_time(forgetful: Rig) -> None:
    forgetful.far.expect(Fate.TIMEOUT_APPLIED)
    punch = await forgetful.share()
    await forgetful.wait(6)
    assert await state_of(forgetful, punch) is State.CONFIRMED
    await forgetful.settle()


async def test_an_answer_without_the_marker_is_clear_enough(forgetful: Rig) -> None:
    forgetful.far.expect(Fate.NO_MARKER_APPLIED)
    assert await state_of(forgetful, await forgetful.share()) is State.CONFIRMED
    await forgetful.settle()


async def test_a_punch_that_was_never_sent_does_not_take_the_row_of_another(forgetful: Rig) -> None:
    await forgetful.share(late=70)
    forgetful.far.expect(Fate.TIMEOUT_APPLIED)
    punch = await forgetful.share(chosen=PunchState.CHECK_IN)
    await forgetful.wait(6)
    assert await state_of(forgetful, punch) is State.CONFIRMED
    await forgetful.settle()


async def test_a_punch_that_did_not_arrive_does_not_take_the_row_of_another(forgetful: Rig) -> None:
    await forgetful.share()
    await forgetful.wait(61)
    forgetful.far.expect(Fate.TIMEOUT)
    punch = await forgetful.share(chosen=PunchState.CHECK_IN)
    await forgetful.wait(6)
    assert await state_of(forgetful, punch) is State.AMBIGUOUS
    await forgetful.wait(130)
    assert await state_of(forgetful, punch) is State.MANUAL_CONFIRMED
    await forgetful.settle()


async def test_two_lost_answers_find_one_row_each(forgetful: Rig) -> None:
    forgetful.far.expect(Fate.TIMEOUT_APPLIED, Fate.TIMEOUT_APPLIED)
    first = await forgetful.share()
    await forgetful.wait(50, sweeping=False)
    second = await forgetful.share(chosen=PunchState.CHECK_IN, late=0)
    await forgetful.wait(6)
    await forgetful.wait(30)
    await forgetful.settle()
    assert await state_of(forgetful, first) is State.CONFIRMED
    assert await state_of(forgetful, second) in (State.CONFIRMED, State.MANUAL_CONFIRMED)


async def test_a_reason_brings_no_full_stop_of_its_own(rig: Rig) -> None:
    """Every sentence that people read it in has one."""
    rig.far.expect(Fate.NOT_FOUND)
    punch = await rig.load(await rig.share())
    assert (punch.progress.state, punch.progress.reason) == (State.REJECTED, "Not found")


async def test_our_own_gateway_takes_a_punch_once_however_often_it_is_posted(rig: Rig) -> None:
    rig.far.expect(Fate.NO_CONNECTION)
    punch = await rig.share()
    async with open_embedded_http(build_gateway(rig.records, SETTINGS, rig.clock)) as http:
        tenants = Tenants([Tenant(NAME, ZONE, BioTimeClient(http, NAME, ZONE, takes_keys=True))])
        requests = Requests(rig.store, Sessions(rig.store, tenants, Cipher(KEY), rig.clock), rig.clock)
        outcomes = [await requests.post(punch) for _ in range(3)]
    assert outcomes == [Stamped(rig.clock.at)] * 3
    assert len(await rig.stamps()) == 1
