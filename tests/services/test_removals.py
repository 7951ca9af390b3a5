"""Every rule of the protocol is needed: each scenario keeps the invariants with it and breaks one without it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from bot.attendance import clocking as protocol
from bot.attendance.model import PunchState
from bot.attendance.progress import UNSETTLED, Neighbours, Progress, Stamped, State, Unclear, Unsent
from bot.biotime.values import ManualLogUpload
from bot.services import requests
from bot.services.audit import Audit
from bot.services.sending import Sending
from bot.store import punches
from bot.store.punches import Punch
from tests.faults import Fate
from tests.services.judge import Violation
from tests.services.rig import Rig, open_rig

LONG = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """`play` is a history that the rule sees through, `remove` takes the rule away, `breaks` is what is then broken."""

    name: str
    play: Callable[[Rig], Awaitable[None]]
    remove: Callable[[pytest.MonkeyPatch, Rig], None]
    breaks: str


# -- histories ---------------------------------------------------------------------------------------------------------


async def lost_answer(rig: Rig) -> None:
    rig.far.expect(Fate.TIMEOUT_APPLIED)
    await rig.share()
    await rig.wait(2)
    await rig.settle()


async def sleeps_through_its_lease(rig: Rig) -> None:
    rig.far.expect(Fate.HELD_APPLIED)
    await rig.share()
    rig.start()
    await rig.wait(31)
    await rig.wait(2)
    await rig.settle()


async def dies_before_the_answer(rig: Rig) -> None:
    rig.far.expect(Fate.HELD_APPLIED)
    await rig.share()
    await rig.restart()
    await rig.wait(2)
    await rig.settle()


async def applied_later(rig: Rig) -> None:
    rig.far.expect(Fate.APPLIED_AFTERWARDS, delay=timedelta(seconds=100))
    await rig.share()
    await rig.wait(6)
    await rig.wait(20)
    await rig.settle()


async def delivered_late(rig: Rig) -> None:
    await rig.share(late=70)
    await rig.settle()


async def delivered_again(rig: Rig) -> None:
    """Two kinds in one second: nothing but its source says that the first is known."""
    first, second = rig.new_share(chosen=PunchState.BREAK_OUT), rig.new_share(chosen=PunchState.BREAK_IN)
    await rig.deliver(first)
    await rig.deliver(second)
    await rig.wait(60)
    await rig.deliver(first)
    await rig.settle()


async def unreachable_for_a_while(rig: Rig) -> None:
    rig.far.down = True
    await rig.share()
    await rig.wait(90, sweeping=False)
    rig.far.down = False
    await rig.sweep()
    await rig.settle()


async def stamped_late(rig: Rig) -> None:
    rig.far.expect(Fate.SLOW, delay=timedelta(seconds=80))
    await rig.share()
    await rig.settle()


async def overslept(rig: Rig) -> None:
    """A request is applied after its punch has gone in as a manual log; whoever sent it never says so."""
    rig.far.expect(Fate.HELD)
    await rig.share()
    sleeper = rig.process
    sleeper.pause()
    rig.start()
    await rig.wait(31)
    await rig.wait(125)
    rig.far.let_go()
    await rig.quiet()
    sleeper.kill()
    await rig.settle(audit=True)


async def wakes_up_after_its_claim(rig: Rig) -> None:
    """A pause between the commit and the request, which random histories do not hit."""
    sleeper = rig.process
    sleeper.pause(after=3)
    await rig.deliver(rig.new_share())
    rig.start()
    await rig.wait(31)
    await rig.wait(125)
    rig.far.expect(Fate.HELD_APPLIED)
    sleeper.resume()
    await rig.quiet()
    sleeper.kill()
    await rig.settle()


async def second_while_the_first_is_ambiguous(rig: Rig) -> None:
    rig.far.expect(Fate.APPLIED_AFTERWARDS, delay=timedelta(seconds=40))
    await rig.share()
    await rig.share(chosen=PunchState.CHECK_OUT)
    await rig.wait(50)
    await rig.settle()


async def second_while_the_first_is_sent(rig: Rig) -> None:
    rig.far.expect(Fate.HELD)
    await rig.share()
    await rig.wait(5)
    await rig.share(chosen=PunchState.CHECK_OUT)
    rig.far.let_go()
    await rig.settle()


async def first_delivered_after_the_second(rig: Rig) -> None:
    await rig.share()
    await rig.share(late=30, chosen=PunchState.CHECK_OUT)
    await rig.settle()


async def lost_answer_to_a_manual_log(rig: Rig) -> None:
    rig.far.expect(Fate.TIMEOUT_APPLIED)
    await rig.share(late=70)
    await rig.wait(6)
    await rig.settle()


# -- removals ----------------------------------------------------------------------------------------------------------


def post_again(patch: pytest.MonkeyPatch, _: Rig) -> None:
    decide = protocol.after_post
    patch.setattr(protocol, "after_post", lambda row, said, *rest: decide(row, _as_unsent(said), *rest))


def file_again(patch: pytest.MonkeyPatch, _: Rig) -> None:
    decide = protocol.after_file
    patch.setattr(protocol, "after_file", lambda row, said, *rest: decide(row, _as_unsent(said), *rest))


def _as_unsent(said: Any) -> Any:
    return Unsent() if isinstance(said, Unclear) else said


def give_back_after_the_lease(patch: pytest.MonkeyPatch, _: Rig) -> None:
    def plan(punch: Progress, now: datetime, limits: object) -> tuple[protocol.Step, Progress]:
        if punch.lease_until is None or now < punch.lease_until:
            return protocol.Step.WAIT, punch
        return protocol.Step.AGAIN, replace(punch, state=State.RECORDED, lease_until=None, next_at=now)

    patch.setattr(protocol, "_plan_claimed", plan)


def give_back_at_the_start(patch: pytest.MonkeyPatch, rig: Rig) -> None:
    async def recover(self: Sending[Punch]) -> int:
        def give_back(connection: Connection) -> int:
            held = punches.find_claimed(connection)
            for punch in held:
                again = replace(punch.progress, state=State.RECORDED, lease_until=None, next_at=rig.clock())
                punches.settle(connection, punch, again)
            return len(held)

        return await rig.store.write(give_back)

    patch.setattr(Sending, "recover", recover)


def believe_the_first_look(patch: pytest.MonkeyPatch, _: Rig) -> None:
    patch.setattr(protocol, "_settled", lambda punch, started_at: True)


def file_the_time_of_filing(patch: pytest.MonkeyPatch, rig: Rig) -> None:
    def build(punched_at: datetime, punch_state: PunchState, reason: str) -> ManualLogUpload:
        return ManualLogUpload(rig.clock(), punch_state, reason)

    patch.setattr(requests, "ManualLogUpload", build)


def forget_what_came(patch: pytest.MonkeyPatch, _: Rig) -> None:
    add = punches.add

    def add_anyway(connection: Connection, punch: Punch, tell_at: datetime) -> Punch | None:
        return add(connection, replace(punch, source=f"{punch.source}:{uuid4().hex[:8]}"), tell_at)

    patch.setattr(punches, "find_by_source", lambda connection, source: None)
    patch.setattr(punches, "add", add_anyway)


def post_at_any_age(patch: pytest.MonkeyPatch, _: Rig) -> None:
    plan, look = protocol._plan_post, protocol.before_write
    patch.setattr(
        protocol, "_plan_post", lambda p, near, now, limits: plan(p, near, now, replace(limits, post_age=LONG))
    )
    patch.setattr(protocol, "before_write", lambda p, now, limits: look(p, now, replace(limits, post_age=LONG)))


def accept_any_stamp(patch: pytest.MonkeyPatch, _: Rig) -> None:
    def confirm(punch: Progress, server_at: datetime, now: datetime, limits: object) -> Progress:
        return replace(
            punch, state=State.CONFIRMED, server_at=server_at, lease_until=None, settle_at=None, next_at=None
        )

    patch.setattr(protocol, "_stamped", confirm)


def send_before_commit(patch: pytest.MonkeyPatch, _: Rig) -> None:
    settle, add = punches.settle, punches.add

    def settle_later(connection: Connection, before: Punch, after: Progress, **extra: Any) -> bool:
        return True if after.state is State.SENDING else settle(connection, before, after, **extra)

    def add_unclaimed(connection: Connection, punch: Punch, tell_at: datetime) -> Punch | None:
        progress = replace(punch.progress, state=State.RECORDED, attempt=0, lease_until=None)
        kept = add(connection, replace(punch, progress=progress), tell_at)
        return None if kept is None else replace(kept, progress=punch.progress)

    patch.setattr(punches, "settle", settle_later)
    patch.setattr(punches, "add", add_unclaimed)


def no_audit(patch: pytest.MonkeyPatch, _: Rig) -> None:
    async def run(self: Audit) -> tuple[Punch, ...]:
        return ()

    patch.setattr(Audit, "run", run)


def no_deadline_check(patch: pytest.MonkeyPatch, _: Rig) -> None:
    patch.setattr(protocol, "before_write", lambda punch, now, limits: None)


def pass_the_ambiguous(patch: pytest.MonkeyPatch, _: Rig) -> None:
    _wait_only_for(patch, UNSETTLED - {State.AMBIGUOUS})


def pass_the_earlier(patch: pytest.MonkeyPatch, _: Rig) -> None:
    _wait_only_for(patch, frozenset())


def _wait_only_for(patch: pytest.MonkeyPatch, states: frozenset[State]) -> None:
    load = punches.load_neighbours

    def load_some(connection: Connection, punch: Punch) -> Neighbours:
        own = punches.load_punches(connection, punch.company, punch.emp_code, punch.punched_at - LONG)
        place = (punch.punched_at, punch.id or punches.NEWEST)
        waits = any(other.progress.state in states for other in own if (other.punched_at, other.id) < place)
        return replace(load(connection, punch), earlier_unsettled=waits)

    patch.setattr(punches, "load_neighbours", load_some)


def ignore_the_later(patch: pytest.MonkeyPatch, _: Rig) -> None:
    load = punches.load_neighbours

    def load_earlier(connection: Connection, punch: Punch) -> Neighbours:
        return replace(load(connection, punch), later_posted=False)

    patch.setattr(punches, "load_neighbours", load_earlier)


RULES = (
    Rule("no second POST after a timeout", lost_answer, post_again, "2"),
    Rule("lease over: ambiguous", sleeps_through_its_lease, give_back_after_the_lease, "2"),
    Rule("restart: ambiguous", dies_before_the_answer, give_back_at_the_start, "2"),
    Rule("the wait for settle", applied_later, believe_the_first_look, "4"),
    Rule("the true time in the manual log", delivered_late, file_the_time_of_filing, "5"),
    Rule("one punch per update", delivered_again, forget_what_came, "1"),
    Rule("no POST when late", unreachable_for_a_while, post_at_any_age, "3"),
    Rule("no late stamp is accepted", stamped_late, accept_any_stamp, "3"),
    Rule("commit before send", dies_before_the_answer, send_before_commit, "2"),
    Rule("the audit", overslept, no_audit, "4"),
    Rule("the deadline check", wakes_up_after_its_claim, no_deadline_check, "4"),
    Rule("ambiguous blocks the next", second_while_the_first_is_ambiguous, pass_the_ambiguous, "9"),
    Rule("the earlier goes first", second_while_the_first_is_sent, pass_the_earlier, "9"),
    Rule("nothing goes after a later one", first_delivered_after_the_second, ignore_the_later, "9"),
    Rule("no second manual log after a timeout", lost_answer_to_a_manual_log, file_again, "4"),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
async def test_with_the_rule_the_invariants_hold(rule: Rule) -> None:
    async with open_rig() as rig:
        await rule.play(rig)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
async def test_without_the_rule_one_breaks(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_rig() as rig:
        rule.remove(monkeypatch, rig)
        with pytest.raises(Violation, match=f"^{rule.breaks}:"):
            await rule.play(rig)


def test_a_late_stamp_is_what_the_rule_says() -> None:
    """The scenario above depends on it."""
    at = datetime.fromisoformat("2024-06-03T05:00:00+00:00")
    row = protocol.after_post(Progress(State.SENDING, at), Stamped(at + timedelta(seconds=80)), at)
    assert (row.state, row.correction) == (State.MANUAL_DUE, True)
