"""Doing something in a process of its own that may be killed, and hearing how it ended.

Belongs here: forking, ending, what was said on the way. The process that forks has only imported things:
threads, of polars above all, do not survive a fork. Must stay out: what is done.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import os
import pickle
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any


class HungError(Exception):
    """A child did not end in time; it says where it was.

    Rarely a fork of a process that has loaded polars waits for ever for a thread that did not survive it.
    That is no fault of the program under attack, so the try is made again.
    """


STATUS_OF_A_FAULT = 70
"""Exit status of a child that ended by an exception."""


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit status (negative: the signal that killed it), what it answered and said."""

    status: int
    answer: Any
    said: str

    @property
    def traceback(self) -> bool:
        return "Traceback (most recent call last)" in self.said


class Child:
    """A child that does some work; it waits for `go` where it was started so."""

    def __init__(self, work: Callable[[], Any], *, wait: bool = False) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (it is closed when the child has ended)
        reading, writing = os.pipe()
        self._gate = os.pipe() if wait else None
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            self._be_the_child(work, writing)
        os.close(writing)
        self._answer = reading

    def _be_the_child(self, work: Callable[[], Any], writing: int) -> None:
        status = STATUS_OF_A_FAULT
        try:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.dup2(self._said.fileno(), 1)
            os.dup2(self._said.fileno(), 2)
            faulthandler.enable(self._said.fileno())
            if self._gate:
                os.read(self._gate[0], 1)
            answer = work()
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(pickle.dumps(answer))
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:  # noqa: BLE001  (whatever it is, it is told and ends this process)
            traceback.print_exc()
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(status)

    @property
    def handle(self) -> int:
        """What is ready to be read when the child has ended, or begun to answer."""
        return self._answer

    def go(self) -> None:
        """Let a waiting child begin."""
        assert self._gate
        os.write(self._gate[1], b"!")

    def end(self, seconds: float = 40) -> Ended:
        """Wait for the child; raises `HungError` for one that takes longer, which is killed."""
        until, data, hung = time.monotonic() + seconds, b"", False
        while True:
            ready, _, _ = select.select([self._answer], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                os.kill(self.pid, signal.SIGABRT)  # it tells where it was before it dies
                time.sleep(1)
                os.kill(self.pid, signal.SIGKILL)
                hung = True
                break
            part = os.read(self._answer, 1 << 20)
            if not part:
                break
            data += part
        os.close(self._answer)
        for handle in self._gate or ():
            os.close(handle)
        _, how = os.waitpid(self.pid, 0)
        self._said.seek(0)
        said = self._said.read().decode(errors="replace")
        self._said.close()
        if hung:
            raise HungError(said)
        status = os.waitstatus_to_exitcode(how)
        return Ended(status, pickle.loads(data) if data and status == 0 else None, said)  # noqa: S301  (our own)


def here(work: Callable[[], Any], seconds: int = 120) -> Ended:
    """Do some work in this process, which is quicker; raises `HungError` where it takes longer."""
    said = io.StringIO()
    signal.signal(signal.SIGALRM, _hung)
    signal.alarm(seconds)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return Ended(0, work(), said.getvalue())
    except HungError:
        raise
    except Exception:  # noqa: BLE001  (whatever it is, it is told)
        return Ended(STATUS_OF_A_FAULT, None, said.getvalue() + traceback.format_exc())
    finally:
        signal.alarm(0)


def _hung(_number: int, frame: FrameType | None) -> None:
    raise HungError("".join(traceback.format_stack(frame)))


def in_child(work: Callable[[], Any], seconds: float = 40) -> Ended:
    """Do some work in a child and wait for its end."""
    return Child(work).end(seconds)
