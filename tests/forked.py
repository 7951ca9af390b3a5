"""`hadir` in a process of its own, forked from one that has imported everything: its pid, its signals, its files and
its exit code are real, and a start takes milliseconds instead of seconds.

`python -m tests.forked FD` serves: it takes orders over a socket, each with the ends of the pipes that the process
speaks into. `tests/test_cli.py` also starts one from nothing.
"""

import atexit
import gc
import json
import os
import resource
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path

from bot.cli import build_app
from bot.services.addresses import Gazetteer

_LARGEST = 1 << 20
_FILES = 3  # stdout, stderr, and where it is told how the process ended


@dataclass(frozen=True)
class Order:
    """`python -m MODULE ARGUMENTS` in a folder, with this environment and no other. No file grows beyond
    `largest_file` bytes."""

    module: str
    arguments: tuple[str, ...]
    folder: str
    environ: Mapping[str, str]
    largest_file: int | None = None


@dataclass(frozen=True)
class Forked:
    """Whoever started it closes `stdout` and `stderr`, which are pipes to read from, unless given others."""

    pid: int
    _told: int

    @cached_property
    def returncode(self) -> int:
        """As subprocess has it; waits for the end."""
        with os.fdopen(self._told) as told:
            return int(told.read())

    def send_signal(self, number: int) -> None:
        if "returncode" not in self.__dict__:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def start(order: Order, stdout: int, stderr: int) -> Forked:
    """`stdout` and `stderr` are descriptors; they stay the caller's."""
    reading, writing = os.pipe()
    orders = _server()
    try:
        socket.send_fds(orders, [json.dumps(asdict(order)).encode()], [stdout, stderr, writing])
    finally:
        os.close(writing)
    return Forked(int(orders.recv(100)), reading)


def run(order: Order) -> subprocess.CompletedProcess[str]:
    """Waits for its end."""
    with (
        (Path(order.folder).parent / f"{os.getpid()}.out").open("w+") as out,
        (Path(order.folder).parent / f"{os.getpid()}.err").open("w+") as err,
    ):
        returncode = start(order, out.fileno(), err.fileno()).returncode
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(order.arguments, returncode, out.read(), err.read())


@cache
def _server() -> socket.socket:
    """One for each process of the tests; it ends with it."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "200"}
    with its:
        command = [sys.executable, "-m", "tests.forked", str(its.fileno())]
        server = subprocess.Popen(command, env=environ, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL)
    atexit.register(server.wait)
    atexit.register(ours.close)
    return ours


# -- the server --------------------------------------------------------------------------------------------------------


def serve(orders: socket.socket) -> Order | None:
    """Comes back in each process that is started, with what it is to do; in the server itself when nobody asks more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, files, _, _ = socket.recv_fds(orders, _LARGEST, _FILES)
        if not message:
            return None
        if os.fork() == 0:
            return _watch_over(orders, Order(**json.loads(message)), *files)
        for file in files:
            os.close(file)


def _watch_over(orders: socket.socket, order: Order, stdout: int, stderr: int, told: int) -> Order:
    """Forks once more: one of the two says how the other ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.dup2(stdout, 1)
        os.dup2(stderr, 2)
        for file in (stdout, stderr, told):
            os.close(file)
        orders.close()
        return order
    orders.send(b"%d" % pid)
    for file in (1, 2, stdout, stderr):
        os.close(file)
    orders.close()
    _, status = os.waitpid(pid, 0)
    os.write(told, b"%d" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def become(order: Order) -> None:
    os.environ.clear()
    os.environ.update(order.environ)
    os.chdir(order.folder)
    if order.largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order.largest_file, order.largest_file))
    sys.argv = [order.module, *order.arguments]
    runpy.run_module(order.module, run_name="__main__", alter_sys=True)


def main() -> None:
    build_app()
    places = Gazetteer.read()
    Gazetteer.read = lambda: places  # type: ignore[method-assign]
    gc.freeze()
    order = serve(socket.socket(fileno=int(sys.argv[1])))
    if order is not None:
        become(order)


if __name__ == "__main__":
    main()
