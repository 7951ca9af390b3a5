"""Kept once; taken, settled and told by compare-and-set, whoever comes first."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.attendance.model import PunchState
from bot.attendance.progress import Decision, Neighbours, Progress, State
from bot.database import Database
from bot.store import punches
from bot.store.punches import Punch
from tests.store.rows import LINK, NOW, PUNCH, add_link, add_punch, load, migrate, numbered

LATER = NOW + timedelta(seconds=30)
SENDING = Progress(State.SENDING, NOW, attempt=1, lease_until=LATER, next_at=LATER)


@pytest.fixture
async def store(database: Database) -> Database:
    await migrate(database)
    await add_link(database)
    return database


async def test_a_punch_comes_back_as_it_was_kept(store: Database) -> None:
    progress = Progress(
        State.MANUAL_CONFIRMED,
        NOW,
        attempt=3,
        tries=2,
        lease_until=LATER,
        settle_at=LATER,
        next_at=LATER,
        server_at=LATER,
        correction=True,
        manual_log_id=7,
        decision=Decision.REFUSED,
        reason="لا",
        flagged=True,
    )
    kept = await add_punch(store, replace(PUNCH, progress=progress))
    assert kept == replace(PUNCH, id=kept.id, progress=progress)
    assert await load(store, kept) == kept


async def test_one_source_is_one_punch(store: Database) -> None:
    first = await add_punch(store)
    again = replace(PUNCH, ref="OTHER1")
    assert await store.write(lambda c: punches.add(c, again, NOW)) is None
    assert await store.read(lambda c: punches.find_by_source(c, PUNCH.source)) == first


async def test_one_ref_is_one_punch(store: Database) -> None:
    await add_punch(store)
    other = replace(PUNCH, source="telegram:101:2")
    assert await store.write(lambda c: punches.add(c, other, NOW)) is None


async def test_of_many_who_claim_one_does(database_url: str, store: Database) -> None:
    """Two processes, each with a connection of its own."""
    punch = await add_punch(store)
    other = await Database.open(database_url)
    claims = [db.write(lambda c: punches.settle(c, punch, SENDING)) for db in (store, other) * 10]
    assert sum(await asyncio.gather(*claims)) == 1
    assert (await load(other, punch)).progress == SENDING
    await other.close()


async def test_of_many_who_send_the_message_one_does(database_url: str, store: Database) -> None:
    punch = await add_punch(store)
    other = await Database.open(database_url)
    claims = [db.write(lambda c: punches.claim_send(c, punch)) for db in (store, other) * 10]
    assert sum(await asyncio.gather(*claims)) == 1
    assert (await load(store, punch)).sends == 1
    await other.close()


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(SENDING, state=State.AMBIGUOUS),
        replace(SENDING, attempt=2),
        replace(SENDING, state=State.CONFIRMED, next_at=None),
    ],
)
async def test_whoever_is_not_the_holder_any_more_settles_nothing(store: Database, elsewhere: Progress) -> None:
    kept = await add_punch(store, replace(PUNCH, progress=SENDING))
    assert await store.write(lambda c: punches.settle(c, kept, elsewhere))
    late = replace(SENDING, state=State.REJECTED, reason="late")
    assert not await store.write(lambda c: punches.settle(c, kept, late))
    assert (await load(store, kept)).progress == elsewhere


async def test_settling_writes_what_goes_with_it(store: Database) -> None:
    kept = await add_punch(store, replace(PUNCH, progress=SENDING))
    await store.write(lambda c: punches.settle(c, kept, replace(SENDING, state=State.AMBIGUOUS), tell_at=LATER))
    assert await store.read(lambda c: punches.find_untold(c, LATER)) == [kept.id]


@pytest.mark.parametrize(
    ("earlier", "later", "near"),
    [
        (State.RECORDED, None, Neighbours(earlier_unsettled=True)),
        (State.SENDING, None, Neighbours(earlier_unsettled=True)),
        (State.AMBIGUOUS, None, Neighbours(earlier_unsettled=True)),
        (State.CONFIRMED, None, Neighbours()),
        (State.MANUAL_DUE, None, Neighbours()),
        (State.MANUAL_AMBIGUOUS, None, Neighbours()),
        (State.REJECTED, None, Neighbours()),
        (None, State.RECORDED, Neighbours()),
        (None, State.SENDING, Neighbours(later_posted=True)),
        (None, State.AMBIGUOUS, Neighbours(later_posted=True)),
        (None, State.CONFIRMED, Neighbours(later_posted=True)),
        (None, State.MANUAL_DUE, Neighbours()),
        (State.AMBIGUOUS, State.CONFIRMED, Neighbours(earlier_unsettled=True, later_posted=True)),
    ],
)
async def test_the_employees_other_punches(
    store: Database, earlier: State | None, later: State | None, near: Neighbours
) -> None:
    punch = await add_punch(store)
    minute = timedelta(minutes=1)
    if earlier is not None:
        await add_punch(store, numbered(2, Progress(earlier, NOW - minute)))
    if later is not None:
        await add_punch(store, numbered(3, Progress(later, NOW + minute)))
    for number, state in enumerate(State, 10):
        await add_punch(store, numbered(number, Progress(state, NOW - minute), emp_code="1002"))
    assert await store.read(lambda c: punches.load_neighbours(c, punch)) == near


async def test_at_the_same_second_the_first_kept_is_the_earlier(store: Database) -> None:
    first, second = await add_punch(store, numbered(1)), await add_punch(store, numbered(2))
    assert await store.read(lambda c: punches.load_neighbours(c, first)) == Neighbours()
    assert await store.read(lambda c: punches.load_neighbours(c, second)) == Neighbours(earlier_unsettled=True)


async def test_a_stamp_that_waits_for_its_correction_still_is_a_stamp(store: Database) -> None:
    punch = await add_punch(store)
    stamped = Progress(State.MANUAL_DUE, LATER, server_at=LATER, correction=True)
    await add_punch(store, numbered(2, stamped))
    assert await store.read(lambda c: punches.load_neighbours(c, punch)) == Neighbours(later_posted=True)


async def test_what_is_due(store: Database) -> None:
    due = await add_punch(store, numbered(1, replace(PUNCH.progress, next_at=NOW)))
    await add_punch(store, numbered(2, replace(PUNCH.progress, next_at=LATER)))
    await add_punch(store, numbered(3, replace(PUNCH.progress, state=State.CONFIRMED, next_at=None)))
    assert await store.read(lambda c: punches.find_due(c, NOW)) == [due.id]
    assert len(await store.read(lambda c: punches.find_due(c, LATER))) == 2


async def test_what_some_process_holds(store: Database) -> None:
    held = [await add_punch(store, numbered(n, Progress(state, NOW))) for n, state in enumerate(State)]
    found = await store.read(punches.find_claimed)
    assert {punch.id for punch in found} == {
        punch.id for punch in held if punch.progress.state in (State.SENDING, State.MANUAL_SENDING)
    }


async def test_the_last_punch_is_the_last_of_those_that_count(store: Database) -> None:
    async def last() -> Punch | None:
        return await store.read(lambda c: punches.load_last_punch(c, LINK.company, LINK.emp_code))

    assert await last() is None
    first = await add_punch(store, numbered(1))
    await add_punch(store, numbered(2, Progress(State.REJECTED, LATER)))
    await add_punch(store, numbered(3, Progress(State.CONFIRMED, LATER), emp_code="1002"))
    assert await last() == first
    second = await add_punch(store, numbered(4, Progress(State.MANUAL_DUE, LATER)))
    assert await last() == second


async def test_who_logs_in_again_hastens_what_waits_and_not_what_needs_proof(store: Database) -> None:
    kept = [await add_punch(store, numbered(n, Progress(s, NOW, next_at=LATER))) for n, s in enumerate(State)]
    await store.write(lambda c: punches.hasten(c, LINK.company, LINK.emp_code, NOW))
    due = set(await store.read(lambda c: punches.find_due(c, NOW)))
    assert due == {p.id for p in kept if p.progress.state in (State.RECORDED, State.MANUAL_DUE)}


async def test_what_was_told_stays_due_when_the_punch_has_moved_on(store: Database) -> None:
    kept = await add_punch(store, replace(PUNCH, progress=SENDING))
    told = replace(kept, message_id=5)
    await store.write(lambda c: punches.settle_told(c, told, "saved", moved_tell_at=LATER))
    assert await store.read(lambda c: punches.find_untold(c, LATER + timedelta(days=1))) == []
    await store.write(lambda c: punches.settle(c, kept, replace(SENDING, state=State.AMBIGUOUS)))
    await store.write(lambda c: punches.settle_told(c, told, "saved", moved_tell_at=LATER))
    assert await store.read(lambda c: punches.find_untold(c, LATER)) == [kept.id]
    assert (await load(store, kept)).message_id == 5


async def test_a_send_that_did_not_happen_is_given_back(store: Database) -> None:
    kept = await add_punch(store)
    await store.write(lambda c: punches.claim_send(c, kept))
    assert await store.write(lambda c: punches.postpone_telling(c, kept.id, LATER)) == 1
    assert await store.write(lambda c: punches.return_send(c, kept.id, LATER)) == 0


async def test_every_kind_of_punch_is_kept(store: Database) -> None:
    for number, kind in enumerate(PunchState):
        kept = await add_punch(store, replace(numbered(number), punch_state=kind, position=None, evidence=()))
        assert (await load(store, kept)).punch_state is kind
