"""The harness itself, with five updates: what it counts is what happened."""

import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks import clocking, reckoning
from benchmarks.contestants import CONTESTANTS, Contestant, Launch, Surroundings
from benchmarks.far_end.diary import Entry
from benchmarks.harness import Run, Scenario, measure

FIVE = Scenario("crowd", chats=5)
BY_NAME = {contestant.name: contestant for contestant in CONTESTANTS}


@pytest.fixture(scope="module")
def bare_run() -> Run:
    return measure(BY_NAME["bare"], FIVE)


@pytest.mark.parametrize("name", ["ptb", "aiogram"])
def test_every_update_of_a_framework_is_answered_once(name: str) -> None:
    contestant = _installed(name)
    run = measure(contestant, replace(FIVE, with_text=True))
    assert reckoning.find_faults(run) == reckoning.Faults(missing=0, doubled=0)
    assert run.tally["sent"] == 10
    assert run.after.cpu >= run.before.cpu


def _installed(name: str) -> Contestant:
    contestant = BY_NAME[name]
    if not contestant.installed:
        pytest.skip(f"{name} is not installed")
    return contestant


def test_every_update_of_the_bare_one_is_answered_once(bare_run: Run) -> None:
    assert reckoning.find_faults(bare_run) == reckoning.Faults(missing=0, doubled=0)
    assert reckoning.calls_per_update(bare_run) == (1.0, 1.0)
    assert reckoning.rate(bare_run) > 0
    assert bare_run.after.peak >= bare_run.after.resident > 0


def test_a_reply_that_never_came_is_missing(bare_run: Run) -> None:
    replies = [entry for entry in bare_run.entries if entry["kind"] == "send"]
    run = replace(bare_run, entries=tuple(entry for entry in bare_run.entries if entry is not replies[0]))
    assert reckoning.find_faults(run) == reckoning.Faults(missing=1, doubled=0)


def test_a_second_reply_or_a_second_punch_is_doubled(bare_run: Run) -> None:
    reply = next(entry for entry in bare_run.entries if entry["kind"] == "send")
    punch = next(entry for entry in reversed(bare_run.entries) if entry["kind"] == "punch")
    again: Entry = {**reply, "message_id": 1}
    run = replace(bare_run, entries=(*bare_run.entries, again, punch))
    assert reckoning.find_faults(run).doubled == len({reply["chat"], punch["chat"]})


def test_the_same_edit_twice_is_seen_once(bare_run: Run) -> None:
    reply = next(entry for entry in bare_run.entries if entry["kind"] == "send")
    edit: Entry = {**reply, "kind": "edit"}
    run = replace(bare_run, entries=(*bare_run.entries, edit))
    assert reckoning.find_faults(run) == reckoning.Faults(missing=0, doubled=0)


def test_the_slow_answer_below_the_quick_one_is_out_of_order() -> None:
    run = measure(BY_NAME["bare"], Scenario("pair", chats=5, telegram_ms=1, biotime_ms=50, with_text=True))
    assert reckoning.count_out_of_order(run) == 5


def test_a_saved_message_is_done_with_its_edit() -> None:
    saving = Contestant("saving", "Saving", (), _start_saving_bot, first_words="Saved")
    slow = Scenario("pair", chats=5, telegram_ms=20, biotime_ms=60, with_text=True)
    run = measure(saving, slow)
    assert reckoning.find_faults(run) == reckoning.Faults(missing=0, doubled=0)
    assert reckoning.calls_per_update(run) == (3.0, 1.0)
    assert reckoning.last_first_word(run) >= timedelta(milliseconds=20)
    assert reckoning.last_outcome(run) >= reckoning.last_first_word(run) + timedelta(milliseconds=80)


def _start_saving_bot(around: Surroundings) -> Launch:
    return Launch((sys.executable, "-m", "tests.benchmarks.saving_bot", around.base))


def test_updates_pile_up_while_biotime_is_silent() -> None:
    run = measure(BY_NAME["bare"], Scenario("pile", chats=5, hold=True))
    assert run.tally["fetched"] == 5
    assert run.tally["biotime_calls"] == 5
    assert run.tally["sent"] == 0


def test_a_quick_run_does_not_touch_the_results() -> None:
    assert clocking.read_options(["--quick"]).output is None
    assert clocking.read_options([]).output == clocking.RESULTS
