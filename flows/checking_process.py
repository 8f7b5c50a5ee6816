"""Checking tables in a process of its own, which loads Great Expectations while the run loads Prefect.

Both take seconds and much of the processor, and threads of one process take turns. So a run that is started
from the command line begins this process before it loads anything slow, and hands its tables over later.
The answer is what `expectations.check.check` says, whoever asks it: where this process is not there, has
failed or would have too much handed over, the caller checks by itself.

The run has made the environment quiet before (`quiet_libraries`), which the process inherits.

Belongs here: that process, on both sides of its pipes. It ends with the run, whatever ended that. Must stay
out: what is checked (`checks.py`). Nothing slow is imported at the top: the run starts this before that.
"""

from __future__ import annotations

import atexit
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from expectations.limits import RoundLimits

MOST_ROWS = 50_000
"""Rows of all tables together, above which they are not handed over: they would be held twice, and beside
checking so many the seconds of loading count for little.
"""
LONGEST_S = 600.0
"""Seconds after which the process is ended if it has not answered. Checking that many rows takes a few."""
_running: list[CheckingProcess] = []


class CheckingProcess:
    """The process, from the side of the run. It is asked one thing at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what it says might quote a cell
            start_new_session=True,  # Ctrl-C is for the run alone, with which this ends
        )
        atexit.register(self.end)

    def check(
        self, stages: tuple[str, ...], tables: Mapping[str, pl.DataFrame], limits: RoundLimits
    ) -> list[pl.DataFrame] | None:
        """The findings of each stage; None where the process has failed, or does not answer in time."""
        asked, answers = self._process.stdin, self._process.stdout
        if asked is None or answers is None:
            return None
        limit = threading.Timer(LONGEST_S, self._process.kill)
        limit.daemon = True
        try:
            with self._lock:
                limit.start()
                _write(asked, pickle.dumps((stages, dict(tables), limits), pickle.HIGHEST_PROTOCOL))
                found: list[pl.DataFrame] = pickle.loads(_read(answers))  # noqa: S301  (our own process)
                return found
        except Exception:  # noqa: BLE001  (whatever it is, the run checks by itself)
            return None
        finally:
            limit.cancel()

    def end(self) -> None:
        """End it at once; a second call does nothing."""
        self._process.kill()
        self._process.communicate()


def begin_checking_process(beside: int) -> None:
    """Start the process; what is checked from now on is checked there. A second call does nothing.

    `beside` counts the processes that are busy meanwhile. Without a core that is free for one more it is not
    started: it would take longer than a thread of the run, since it loads some libraries once more.
    """
    if not _running and "great_expectations" not in sys.modules and _cores() > beside:
        with suppress(OSError):  # a machine that starts no more processes: it is checked here
            _running.append(CheckingProcess())


def _cores() -> int:
    """Cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_running() -> bool:
    """Whether tables are checked in a process of their own."""
    return bool(_running)


def checked_elsewhere(
    stages: tuple[str, ...], tables: Mapping[str, pl.DataFrame], limits: RoundLimits
) -> list[pl.DataFrame] | None:
    """The findings of each stage, as the process says; None where the caller has to check by itself."""
    there = _running[0] if _running else None
    if there is None:
        return None
    found = None
    if sum(table.height for table in tables.values()) <= MOST_ROWS:
        found = there.check(stages, tables, limits)
    if found is None:
        _running.clear()
        there.end()
    return found


def _write(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(len(message).to_bytes(8, "big"))
    pipe.write(message)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    """One message; raises `EOFError` where the other side has ended."""
    length = pipe.read(8)
    message = pipe.read(int.from_bytes(length, "big"))
    if len(length) < 8 or len(message) < int.from_bytes(length, "big"):
        raise EOFError
    return message


def _receive(pipe: IO[bytes], messages: queue.SimpleQueue[bytes]) -> None:
    """Take what the run asks; end this process at once when the run has ended, whatever it is doing."""
    try:
        while True:
            messages.put(_read(pipe))
    finally:
        os._exit(0)


def serve(answers: IO[bytes]) -> None:
    """Load Great Expectations, then answer what is asked on the standard input, until that is closed."""
    messages: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, messages), daemon=True).start()
    from expectations.check import check, warm_up  # noqa: PLC0415  (only this process checks)

    warm_up()
    while True:
        stages, tables, limits = pickle.loads(messages.get())  # noqa: S301  (from the run that started us)
        _write(answers, pickle.dumps([check(stage, tables, limits) for stage in stages]))


if __name__ == "__main__":
    private = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not mix with the answers
    try:
        serve(private)
    finally:
        os._exit(
            1
        )  # Python would abort, and leave its memory to be read, because the other thread still reads
