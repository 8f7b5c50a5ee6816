"""Ctrl-C: one line, and the end within seconds, whatever a library is waiting for.

Belongs here: what the first Ctrl-C does. Must stay out: what a run notes of its end (`run_record.py`), which
happens while the interruption leaves the run.

A wish to end is not Python's own `KeyboardInterrupt`: libraries take that for theirs, print lines of their
own, or wait for a server that has just been told to end too.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

GRACE_S = 4.0
"""Seconds in which a run may note how it ended and Prefect may hear of it; then the process ends."""
TEXT = "Interrupted; the last published version stays."


class InterruptedByPersonError(BaseException):
    """Somebody pressed Ctrl-C."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Inside, Ctrl-C raises `InterruptedByPersonError`, and ends the process after `GRACE_S` in any case.

    The time is kept by a thread of its own, which the system wakes: the main thread may be in the middle of
    a long calculation. In another thread than the main one nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _said.clear()
    woken, waking = os.pipe()
    os.set_blocking(waking, False)
    before = signal.signal(signal.SIGINT, _raise)
    fd_before = signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    threading.Thread(target=_end_after_grace, args=(woken,), name="interruption", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(fd_before)
        signal.signal(signal.SIGINT, before)
        os.close(waking)


def _raise(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough: the end is on its way
    raise InterruptedByPersonError


def _end_after_grace(woken: int) -> None:
    """Wait for Ctrl-C, and end the process a little later; whoever was quicker has printed the line."""
    while data := os.read(woken, 64):
        if signal.SIGINT in data:
            threading.Event().wait(GRACE_S)
            say_so()
            os._exit(1)
    os.close(woken)


_said: list[bool] = []


def say_so() -> None:
    """Print the one line, once."""
    if not _said:
        _said.append(True)
        print(TEXT, file=sys.stderr, flush=True)  # noqa: T201
