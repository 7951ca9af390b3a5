"""What becomes of a punch at every outcome of its request, and what the person reads meanwhile."""

from datetime import timedelta

import pytest

from bot.attendance.model import PunchState
from bot.attendance.progress import State
from bot.store.punches import Punch
from tests.faults import ABSENT, APPLIED, DENIED, UNSENT, Fate
from tests.services.rig import MONA, MONA_AGAIN, OMAR, Rig


async def state_of(rig: Rig, punch: Punch) -> State:
    return (await rig.load(punch)).progress.state


def said(rig: Rig, punch: Punch) -> list[list[str]]:
    return [message.about for message in rig.telegram.sent(punch.id)]


async def test_a_punch_goes_in_and_the_person_reads_so_in_one_message(rig: Rig) -> None:
    punch = await rig.share()
    assert await state_of(rig, punch) is State.CONFIRMED
    assert said(rig, punch) == [["saved", "confirmed"]]
    assert rig.telegram.menus == [punch.id]
    await rig.settle()


@pytest.mark.parametrize("fate", APPLIED)
async def test_applied_without_a_clear_answer_is_found_by_its_marker(rig: Rig, fate: Fate) -> None:
    rig.far.expect(fate)
    punch = await rig.share()
    assert await state_of(rig, punch) is State.AMBIGUOUS
    await rig.wait(6)
    assert await state_of(rig, punch) is State.CONFIRMED
    assert said(rig, punch) == [["saved", "ambiguous", "confirmed"]]
    await rig.settle()
    assert len(await rig.stamps()) == 1


@pytest.mark.parametrize("fate", ABSENT)
async def test_not_applied_without_a_clear_answer_becomes_a_correction(rig: Rig, fate: Fate) -> None:
    rig.far.expect(fate)
    punch = await rig.share()
    await rig.wait(60)
    assert await state_of(rig, punch) is State.AMBIGUOUS
    await rig.wait(80)
    assert await state_of(rig, punch) is State.MANUAL_CONFIRMED
    assert said(rig, punch) == [["saved", "ambiguous", "manual_due", "manual_confirmed:pending"]]
    await rig.settle()
    assert len(await rig.stamps()) == 0


@pytest.mark.parametrize("fate", UNSENT)
async def test_provably_not_applied_is_sent_again(rig: Rig, fate: Fate) -> None:
    rig.far.expect(fate)
    punch = await rig.share()
    if fate is not Fate.UNAUTHORIZED:  # there the session is renewed and the request made once more at once
        assert await state_of(rig, punch) is State.RECORDED
        await rig.wait(1)
    assert await state_of(rig, punch) is State.CONFIRMED
    assert said(rig, punch) == [["saved", "confirmed"]]
    await rig.settle()


async def test_throttled_it_waits_as_long_as_asked(rig: Rig) -> None:
    rig.far.expect(Fate.THROTTLED, delay=timedelta(seconds=20))
    punch = await rig.share()
    await rig.wait(19)
    assert await state_of(rig, punch) is State.RECORDED
    await rig.wait(1)
    assert await state_of(rig, punch) is State.CONFIRMED
    await rig.settle()


async def test_throttled_for_an_hour_it_goes_in_as_a_correction(rig: Rig) -> None:
    rig.far.expect(Fate.THROTTLED, delay=timedelta(hours=1))
    punch = await rig.share()
    await rig.wait(61)
    assert await state_of(rig, punch) is State.MANUAL_CONFIRMED
    await rig.settle()


@pytest.mark.parametrize("fate", DENIED)
async def test_refused_it_is_final_and_the_manager_is_told(rig: Rig, fate: Fate) -> None:
    rig.far.expect(fate)
    punch = await rig.share()
    assert await state_of(rig, punch) is State.REJECTED
    assert said(rig, punch) == [["saved", "rejected"]]
    assert (rig.telegram.warnings, rig.telegram.menus) == ([punch.id], [punch.id])
    await rig.settle()


async def test_a_refused_correction_is_told_to_the_manager_too(rig: Rig) -> None:
    rig.far.expect(Fate.REFUSED)
    punch = await rig.share(late=70)
    assert await state_of(rig, punch) is State.REJECTED
    assert rig.telegram.warnings == [punch.id]
    await rig.settle()


async def test_after_three_days_a_person_is_told(rig: Rig) -> None:
    rig.far.down = True
    punch = await rig.share()
    for _ in range(90):  # the last try but one is ten hours before
        await rig.wait(3600)
    assert await state_of(rig, punch) is State.HUMAN
    assert said(rig, punch) == [["saved", "manual_due", "human"]]
    assert rig.telegram.warnings == [punch.id]
    await rig.settle()


async def test_a_stamp_that_is_late_is_corrected(rig: Rig) -> None:
    rig.far.expect(Fate.SLOW, delay=timedelta(seconds=80))
    punch = await rig.share()
    assert await state_of(rig, punch) is State.MANUAL_CONFIRMED
    assert said(rig, punch)[0][-1] == "manual_confirmed:pending:correction"
    await rig.settle()
    assert (len(await rig.stamps()), len(await rig.filed())) == (1, 1)


@pytest.mark.parametrize("fate", [*APPLIED, *ABSENT, *UNSENT])
async def test_a_correction_is_filed_once_whatever_happens(rig: Rig, fate: Fate) -> None:
    rig.far.expect(fate)
    punch = await rig.share(late=70)
    await rig.wait(6)
    await rig.settle()
    assert await state_of(rig, punch) is State.MANUAL_CONFIRMED
    assert len(await rig.filed()) == 1


async def test_without_a_session_it_waits_for_the_person(rig: Rig) -> None:
    punch = await _after_the_session(rig)
    assert said(rig, punch) == [["saved", "login"]]
    assert await state_of(rig, punch) is State.RECORDED
    await rig.login(MONA)
    assert await state_of(rig, punch) is State.CONFIRMED
    assert said(rig, punch) == [["saved", "login", "confirmed"]]
    await rig.settle()


async def test_without_a_session_for_long_it_goes_in_as_a_correction_after_the_log_in(rig: Rig) -> None:
    punch = await _after_the_session(rig)
    for _ in range(5):
        await rig.wait(1000)
    assert said(rig, punch) == [["saved", "login"]]
    await rig.login(MONA)
    assert await state_of(rig, punch) is State.MANUAL_CONFIRMED
    await rig.settle()


async def _after_the_session(rig: Rig) -> Punch:
    """BioTime takes neither the token nor its renewal."""
    await rig.end_sessions("1001")
    return await rig.share()


async def test_the_next_one_waits_for_the_one_before(rig: Rig) -> None:
    rig.far.expect(Fate.HELD)
    first = await rig.share()
    second = await rig.share(MONA_AGAIN, chosen=PunchState.CHECK_OUT)
    other = await rig.share(OMAR)
    assert await state_of(rig, second) is State.RECORDED
    assert await state_of(rig, other) is State.CONFIRMED
    rig.far.let_go()
    await rig.quiet()
    assert await state_of(rig, first) is State.CONFIRMED
    assert await state_of(rig, second) is State.CONFIRMED
    await rig.settle()


async def test_two_sweeps_at_once_do_it_once(rig: Rig) -> None:
    rig.far.down = True
    await rig.share()
    rig.far.down = False
    await rig.wait(2, sweeping=False)
    first, second = rig.process, rig.start()
    await rig.do(first.sending.sweep())
    await rig.do(second.sending.sweep())
    await rig.settle()
    assert len(await rig.stamps()) == 1


async def test_a_late_answer_of_a_sleeper_confirms(rig: Rig) -> None:
    rig.far.expect(Fate.HELD_APPLIED)
    punch = await rig.share()
    rig.far.blind = True
    rig.start()
    await rig.wait(31)
    await rig.wait(10)
    assert await state_of(rig, punch) is State.AMBIGUOUS
    rig.far.let_go()
    await rig.quiet()
    assert await state_of(rig, punch) is State.CONFIRMED
    await rig.settle()


async def test_a_late_answer_after_the_correction_is_flagged_and_the_manager_is_told(rig: Rig) -> None:
    rig.far.expect(Fate.HELD)
    punch = await rig.share()
    rig.start()
    await rig.wait(31)
    await rig.wait(125)
    assert await state_of(rig, punch) is State.MANUAL_CONFIRMED
    rig.far.let_go()
    await rig.quiet()
    assert (await rig.load(punch)).progress.flagged
    assert rig.telegram.warnings == [punch.id]
    await rig.settle()


async def test_a_start_without_a_kill_changes_nothing(rig: Rig) -> None:
    punch = await rig.share()
    assert await rig.do(rig.process.sending.recover()) == 0
    assert await state_of(rig, punch) is State.CONFIRMED


async def test_closing_lets_the_request_end(rig: Rig) -> None:
    punch = await rig.share()
    await rig.do(rig.process.sending.close())
    assert await state_of(rig, punch) is State.CONFIRMED
