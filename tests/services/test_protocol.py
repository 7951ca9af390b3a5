"""Random histories of the real code: shares, outages, lost answers, kills, sleepers, log-outs, troubles in the chat.

`HADIR_HISTORIES=2000` plays more of them than the suite has time for.
"""

import asyncio
import os
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.attendance.model import PunchState
from tests.faults import ABSENT, APPLIED, DENIED, UNSENT, Fate
from tests.services.rig import ACCOUNTS, Rig, open_rig

SUITE = 25
HISTORIES = int(os.environ.get("HADIR_HISTORIES", SUITE))
STEPS = 30

accounts = st.sampled_from(sorted(ACCOUNTS))
delays = st.sampled_from([0, 0, 0, 1, 20, 45, 59, 60, 61, 75, 600])
kinds = st.sampled_from([None, PunchState.CHECK_IN, PunchState.CHECK_OUT, PunchState.BREAK_OUT, PunchState.BREAK_IN])
unclear = st.sampled_from((*ABSENT, *APPLIED))
troubles = st.sampled_from(["unsent", "unclear", "lost", "final"])


class Punching(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.opened: AbstractAsyncContextManager[Rig] = open_rig()
        self.rig: Rig

    @initialize()
    def open(self) -> None:
        self.rig = self.runner.run(self.opened.__aenter__())

    # -- people --------------------------------------------------------------------------------------------------------

    @rule(account=accounts, late=delays, chosen=kinds)
    def share(self, account: int, late: int, chosen: PunchState | None) -> None:
        self.runner.run(self._share(account, late, chosen))

    @rule(account=accounts, late=delays, chosen=kinds, fate=st.one_of(unclear, st.sampled_from((*UNSENT, *DENIED))))
    def share_into_a_fault(self, account: int, late: int, chosen: PunchState | None, fate: Fate) -> None:
        self.rig.far.expect(fate)
        self.runner.run(self._share(account, late, chosen))

    @rule(account=accounts, late=st.integers(1, 59))
    def share_twice_out_of_order(self, account: int, late: int) -> None:
        self.runner.run(self._share(account, 0, PunchState.CHECK_OUT))
        self.runner.run(self._share(account, late, PunchState.CHECK_IN))

    @rule(number=st.integers(0, 50))
    def deliver_again(self, number: int) -> None:
        if self.rig.shares and self.rig.process.alive:
            self.runner.run(self.rig.deliver(self.rig.shares[number % len(self.rig.shares)]))

    @rule(account=accounts)
    def log_out(self, account: int) -> None:
        self.runner.run(self.rig.do(self.rig.process.linking.logout(account)))

    @rule(account=accounts)
    def log_in(self, account: int) -> None:
        self.runner.run(self.rig.login(account))

    # -- BioTime -------------------------------------------------------------------------------------------------------

    @rule(fates=st.lists(st.one_of(unclear, st.sampled_from((*UNSENT, Fate.SLOW))), min_size=1, max_size=3))
    def misbehave(self, fates: list[Fate]) -> None:
        self.rig.far.expect(*fates, delay=timedelta(seconds=20))

    @rule(delay=st.sampled_from([1, 30, 80, 119]))
    def apply_afterwards(self, delay: int) -> None:
        self.rig.far.expect(Fate.APPLIED_AFTERWARDS, delay=timedelta(seconds=delay))

    @rule(delay=st.sampled_from([30, 80]))
    def answer_late(self, delay: int) -> None:
        self.rig.far.expect(Fate.SLOW, delay=timedelta(seconds=delay))

    @rule(fate=st.sampled_from([Fate.HELD, Fate.HELD_APPLIED]), delay=st.sampled_from([1, 60, 119]))
    def hold(self, fate: Fate, delay: int) -> None:
        self.rig.far.expect(fate, delay=timedelta(seconds=delay))

    @rule()
    def let_go(self) -> None:
        self.rig.far.let_go()
        self.runner.run(self.rig.quiet())

    @rule(down=st.booleans(), blind=st.booleans())
    def change_the_weather(self, down: bool, blind: bool) -> None:
        self.rig.far.down, self.rig.far.blind = down, blind

    @rule(emp_code=st.sampled_from(["1001", "1002"]))
    def end_sessions(self, emp_code: str) -> None:
        self.runner.run(self.rig.end_sessions(emp_code))

    # -- Telegram ------------------------------------------------------------------------------------------------------

    @rule(trouble=troubles)
    def trouble_the_chat(self, trouble: str) -> None:
        self.rig.telegram.troubles.append((trouble, timedelta(seconds=20)))

    # -- the process ---------------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 2, 5, 16, 31, 61, 125, 310, 1900, 40000]))
    def wait(self, seconds: int) -> None:
        self.runner.run(self.rig.wait(seconds, sweeping=False))

    @rule(seconds=st.sampled_from([0, 1, 5, 16, 31, 61, 125, 310]))
    def wait_and_sweep(self, seconds: int) -> None:
        self.runner.run(self.rig.wait(seconds))

    @rule(account=accounts, steps=st.integers(1, 24), chosen=kinds)
    def die_while_sharing(self, account: int, steps: int, chosen: PunchState | None) -> None:
        self.runner.run(self._die(account, steps, chosen))

    @rule(steps=st.integers(1, 16))
    def die_while_sweeping(self, steps: int) -> None:
        self.runner.run(self._die_sweeping(steps))

    @rule()
    def restart(self) -> None:
        self.runner.run(self.rig.restart())

    # -- judging -------------------------------------------------------------------------------------------------------

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "rig"):
            self.runner.run(self.rig.check())

    def teardown(self) -> None:
        try:
            if hasattr(self, "rig"):
                self.runner.run(self._end())
        finally:
            self.runner.close()

    async def _end(self) -> None:
        try:
            await self.rig.settle(audit=self.rig.slept)
        finally:
            await self.opened.__aexit__(None, None, None)

    async def _share(self, account: int, late: int, chosen: PunchState | None) -> None:
        await self.rig.deliver(self.rig.new_share(account, late=late, chosen=chosen))

    async def _die(self, account: int, steps: int, chosen: PunchState | None) -> None:
        """The update is not acknowledged, so it comes again after the restart."""
        self.rig.process.light(steps)
        share = self.rig.new_share(account, chosen=chosen)
        await self.rig.deliver(share)
        await self.rig.restart()
        if share.source not in self.rig.acknowledged:
            await self.rig.deliver(share)

    async def _die_sweeping(self, steps: int) -> None:
        self.rig.process.light(steps)
        await self.rig.sweep()
        await self.rig.restart()


class Sleeping(Punching):
    """A second process takes over from one that sleeps, and both go on: what may be twice must be flagged."""

    @rule(after=st.integers(0, 12))
    def fall_asleep(self, after: int) -> None:
        """A replica takes over; the sleeper wakes up some time, or is killed in its sleep."""
        self.rig.process.pause(after=after)
        self.rig.start()

    @rule(
        account=accounts, fate=st.sampled_from([Fate.HELD, Fate.HELD_APPLIED]), seconds=st.sampled_from([31, 45, 160])
    )
    def fall_asleep_while_sending(self, account: int, fate: Fate, seconds: int) -> None:
        self.rig.far.calm()
        self.rig.far.expect(fate, delay=timedelta(seconds=60))
        self.runner.run(self._share(account, 0, None))
        self.rig.process.pause()
        self.rig.start()
        self.runner.run(self.rig.wait(seconds))

    @rule()
    def wake_up(self) -> None:
        for process in self.rig.processes:
            process.resume()
        self.runner.run(self.rig.quiet())


PROFILE = settings(
    max_examples=HISTORIES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=HISTORIES == SUITE,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
Punching.TestCase.settings = Sleeping.TestCase.settings = PROFILE
TestPunching = Punching.TestCase
TestSleeping = Sleeping.TestCase
