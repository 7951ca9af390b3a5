"""Whatever the document allows, and much that it does not: no answer is a fault, and each is one that it promises.

`make fuzz` throws more: HADIR_TEST_FUZZ times as much, and other things each time.
"""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from hypothesis.stateful import run_state_machine_as_test
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.schemas import BaseSchema

from tests.gateway.fuzzing import TIMES, Case, Target, serve
from tests.gateway.sensible import make_sensible

once = partial(
    settings,
    derandomize=TIMES == 1,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hypothesis also draws what stands in our modules, those that are loaded by then: another run in every worker."""
    monkeypatch.setattr(providers, "_get_local_constants", Constants)


@pytest.fixture
def target(database_url: str) -> Iterator[Target]:
    started = time.monotonic()
    with serve(database_url) as served:
        yield served
    sys.stdout.write(f"\n{served.describe()}, {time.monotonic() - started:.0f} s\n")
    assert served.figures["5xx"] == 0, served.describe()


@pytest.fixture
def schema(target: Target) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{target.url}/api/openapi.json")


@pytest.mark.timeout(60 * TIMES)
def test_what_is_meant(schema: BaseSchema, target: Target, database_url: str) -> None:
    make_sensible(schema, target.employees)
    for operation in operations(schema, database_url, 4):
        throw(target, operation.as_strategy(GenerationMode.POSITIVE), 3)
    assert target.figures["2xx"] > target.figures.total() / 6, target.describe()


@pytest.mark.timeout(60 * TIMES)
def test_what_is_not_meant(schema: BaseSchema, target: Target, database_url: str) -> None:
    for operation in operations(schema, database_url, 20):
        with suppress(Unsatisfiable):  # nothing can be wrong with it
            throw(target, operation.as_strategy(GenerationMode.NEGATIVE), 3)


def operations(schema: BaseSchema, database_url: str, every: int) -> list[Any]:
    """All of them in the long run. A strategy takes a tenth of a second to make: the short run leaves many out, others
    on each database.
    """
    found = [operation.ok() for operation in schema.get_all_operations()]  # type: ignore[union-attr]
    return found if TIMES > 1 else found[database_url.startswith("postgresql") :: every]


def throw(target: Target, cases: SearchStrategy[Case], examples: int) -> None:
    @once(max_examples=examples * TIMES)
    @given(case=cases)
    def run(case: Case) -> None:
        target.throw(case)

    run()


@pytest.mark.timeout(60 * TIMES)
def test_a_chain_of_operations_on_what_was_created(schema: BaseSchema, target: Target) -> None:
    make_sensible(schema, target.employees)

    class Chain(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.one = target.choose_one()

        def call(self, case: Case, **_: Any) -> Any:
            return target.throw(case, self.one)

        def validate_response(self, *_: Any, **__: Any) -> None:
            """Done where it was thrown, whose answers are counted."""

    # Few at once: what one chain leaves behind is another world for the next, and hypothesis takes it for one.
    first = 0 if TIMES == 1 else random.randrange(10**6)
    for number in range(first, first + 4 * TIMES):
        run_state_machine_as_test(seed(number)(Chain), settings=once(max_examples=3, stateful_step_count=10))
    assert target.figures["2xx"] > target.figures.total() / 6, target.describe()
