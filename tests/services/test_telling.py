"""One message, edited; at most once more after a loss; managers at least once."""

from datetime import timedelta

import pytest

from bot.attendance.progress import State
from tests.faults import Fate
from tests.services.rig import Rig

MINUTE = timedelta(minutes=1)


async def about(rig: Rig, punch_id: int) -> list[list[str]]:
    return [message.about for message in rig.telegram.sent(punch_id)]


async def test_a_send_that_did_not_happen_is_made_up_for(rig: Rig) -> None:
    """The first message did not get out; the next news must."""
    rig.telegram.troubles.append(("unsent", MINUTE))
    punch = await rig.share()
    assert await about(rig, punch.id) == [["confirmed"]]
    await rig.settle()


async def test_with_telegram_away_for_a_while_the_news_comes_later(rig: Rig) -> None:
    rig.telegram.troubles.extend([("unsent", MINUTE)] * 3)
    punch = await rig.share()
    assert await about(rig, punch.id) == []
    await rig.wait(61)
    assert await about(rig, punch.id) == []
    await rig.wait(61)
    assert await about(rig, punch.id) == [["confirmed"]]
    await rig.settle()


async def test_a_send_that_may_have_happened_is_made_up_for_by_the_next_news_alone(rig: Rig) -> None:
    rig.telegram.troubles.append(("unclear", None))
    rig.far.expect(Fate.TIMEOUT_APPLIED)
    punch = await rig.share()
    await rig.wait(6)
    assert await about(rig, punch.id) == [["saved"], ["ambiguous", "confirmed"]]
    await rig.settle()


async def test_an_unclear_first_message_is_not_repeated_without_news(rig: Rig) -> None:
    rig.telegram.troubles.append(("unclear", None))
    rig.far.expect(Fate.HELD)
    punch = await rig.share()
    await rig.wait(10)
    await rig.wait(10)
    assert await about(rig, punch.id) == [["saved"]]
    await rig.settle()


async def test_an_edit_that_may_have_failed_is_repeated(rig: Rig) -> None:
    rig.telegram.troubles.extend([("none", None), ("lost", None)])
    punch = await rig.share()
    assert await about(rig, punch.id) == [["saved"]]
    await rig.wait(31)
    assert await about(rig, punch.id) == [["saved", "confirmed"]]
    await rig.settle()


async def test_who_cannot_be_reached_is_left_in_peace(rig: Rig) -> None:
    rig.telegram.troubles.extend([("final", None), ("final", None)])
    punch = await rig.share()
    for _ in range(5):
        await rig.wait(40)
    assert await about(rig, punch.id) == []
    assert (await rig.load(punch)).told == "confirmed"


async def test_who_cannot_be_reached_still_has_a_manager(rig: Rig) -> None:
    rig.telegram.troubles.extend([("final", None), ("final", None)])
    rig.far.expect(Fate.REFUSED)
    punch = await rig.share()
    assert rig.telegram.warnings == [punch.id]
    await rig.settle()


async def test_a_sleepers_old_news_is_put_right(rig: Rig) -> None:
    """It wakes up, says "saved" once more, and what the message says last must be true."""
    sleeper = rig.process
    sleeper.pause(after=3)
    share = rig.new_share()
    await rig.deliver(share)
    rig.start()
    await rig.wait(31)
    await rig.wait(125)
    sleeper.resume()
    await rig.settle()
    messages = list(rig.telegram.messages.values())
    assert {message.about[-1] for message in messages} == {"manual_confirmed:pending"}


@pytest.mark.parametrize("steps", range(1, 25))
async def test_killed_at_any_step_the_person_hears_the_end(rig: Rig, steps: int) -> None:
    rig.process.light(steps)
    share = rig.new_share()
    await rig.deliver(share)
    await rig.restart()
    if share.source not in rig.acknowledged:
        await rig.deliver(share)
    await rig.settle()
    (message, *more) = rig.telegram.messages.values()
    assert len(more) <= 1
    assert [*(said.about[-1] for said in (message, *more))][-1] in ("confirmed", "manual_confirmed:pending")


async def test_a_message_that_hangs_does_not_hold_up_the_punch(rig: Rig) -> None:
    rig.telegram.troubles.append(("hang", None))
    punch = await rig.share()
    assert (await rig.load(punch)).progress.state is State.CONFIRMED
    assert await about(rig, punch.id) == []
    rig.telegram.answering.set()
    await rig.quiet()
    assert await about(rig, punch.id) == [["saved", "confirmed"]]
    await rig.settle()
