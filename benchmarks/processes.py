"""Start a process of a run, end it, and read what it used (Linux: /proc)."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GRACE = timedelta(seconds=5)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """Of one process, all its threads: CPU time since its start, resident and highest resident memory in bytes."""

    cpu: timedelta
    resident: int
    peak: int


def read_usage(pid: int) -> Usage:
    about = Path(f"/proc/{pid}")
    times = (about / "stat").read_text().rpartition(")")[2].split()
    memory = dict(line.split(":", 1) for line in (about / "status").read_text().splitlines())
    cpu = timedelta(seconds=(int(times[11]) + int(times[12])) / TICKS)
    return Usage(cpu, _kilobytes(memory["VmRSS"]), _kilobytes(memory["VmHWM"]))


def _kilobytes(text: str) -> int:
    return int(text.split(maxsplit=1)[0]) * 1024


@contextlib.contextmanager
def running(arguments: tuple[str, ...], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[str]]:
    """Run from the project's root with all it prints in `log`; ended with SIGTERM, or killed where that does not do."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HADIR_")}
    with log.open("w") as output:
        process = subprocess.Popen(
            arguments,
            cwd=ROOT,
            env={**inherited, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(GRACE.total_seconds())
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
