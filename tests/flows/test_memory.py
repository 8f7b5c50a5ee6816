"""Memory of a process that runs a round."""

from __future__ import annotations

import gc
import os
import subprocess
import sys

import pytest

from flows.memory import look_for_garbage_less_often

MANY_THREADS = """
import ctypes, threading
from flows.memory import keep_few_heaps
{first}
gate = threading.Barrier(9)
def work():
    ctypes.CDLL(None).malloc(64)
    gate.wait(); gate.wait()
for _ in range(8): threading.Thread(target=work, daemon=True).start()
gate.wait()
ctypes.CDLL(None).malloc_stats()
gate.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the setting is one of the GNU C library")
@pytest.mark.parametrize(
    ("first", "most"),
    [pytest.param("keep_few_heaps()", 2, id="set"), pytest.param("", 99, id="left as it is")],
)
def test_threads_share_two_heaps(first: str, most: int) -> None:
    program = [sys.executable, "-c", MANY_THREADS.format(first=first)]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    done = subprocess.run(program, capture_output=True, text=True, check=True, env=plain)
    heaps = done.stderr.count("Arena ")
    if not heaps:
        pytest.skip("this C library does not tell its heaps")
    assert heaps <= most
    assert first or heaps > 2


def test_garbage_is_looked_for_less_often_than_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, told = gc.get_threshold(), []
    monkeypatch.setattr(gc, "set_threshold", lambda *some: told.append(some))
    look_for_garbage_less_often()
    assert told[0][0] > 10 * usual[0]
    assert gc.isenabled(), "what refers to itself must go at last, or a desk that runs for weeks would grow"
