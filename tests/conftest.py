"""Where everything must run (HADIR_TEST_STRICT=1, as in CI), a test that is skipped has failed."""

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

from tests.hurried import hurry, rest_collector

STRICT = os.environ.get("HADIR_TEST_STRICT") == "1"

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def _judge(report: Report) -> Report:
    if STRICT and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, though nothing may be: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _judge((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _judge((yield))


def pytest_collection_finish() -> None:
    rest_collector()


hurry()
