"""Killed at the system calls themselves, also those of SQLite and of the libraries.

Belongs here: attaching `strace` to a child that waits, and letting it kill that child at a chosen call. It
sees what the enumeration of our own calls (`crash_states.py`) cannot: a statement is many writes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.attack import office
from tests.attack.processes import Child, Ended
from tests.attack.tally import Attack, Tally

CHANGING = (
    "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "mkdir", "mkdirat",
    "unlink", "unlinkat", "rmdir", "ftruncate", "flock",
)  # fmt: skip
Try = tuple[str, int]
"""The system call, and its how manieth occasion (from 1) the child is killed at."""


def unable() -> str:
    """Why it cannot be done here; empty where it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    seen = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return "" if seen.returncode == 0 else "strace may not look at a process here"


def plan(workshop: Path) -> Sequence[Try]:
    """Every changing call of the child's main thread."""
    office.prepare(workshop)
    data, trace = workshop / "traced", workshop / "trace"
    shutil.copytree(workshop / "before", data)
    ended, pid = _under_strace(workshop, data, ["-o", str(trace), "-e", f"trace={','.join(CHANGING)}"])
    assert ended.status == 0, ended.said
    shutil.rmtree(data)
    made = Counter(re.findall(rf"^{pid} +(\w+)\(", trace.read_text(errors="replace"), re.MULTILINE))
    return [(name, number) for name, count in sorted(made.items()) for number in range(1, count + 1)]


def _under_strace(workshop: Path, data: Path, options: list[str]) -> tuple[Ended, int]:
    child = Child(lambda: office.live(workshop, data), wait=True)
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", *options, "-p", str(child.pid)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    status = Path(f"/proc/{child.pid}/status")
    for _ in range(500):
        if "TracerPid:\t0\n" not in status.read_text():
            break
        time.sleep(0.01)
    child.go()
    ended = child.end()
    tracer.wait(30)
    return ended, child.pid


def attempt(workshop: Path, tried: Try, folder: Path) -> Tally:
    """Killed at one call, and what comes after it."""
    call, number = tried
    data, name = folder / "data", f"killed at {call} number {number}"
    shutil.copytree(workshop / "before", data)
    kill = ["-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}"]
    ended, _ = _under_strace(workshop, data, kill)
    tally = Tally()
    tally.note("wrong", f"{name}: it ended with {ended.status}", when=ended.status not in (-9, 0))
    tally.add(office.aftermath(workshop, data, name=name))
    return tally


SYSTEM_CALLS = Attack("killed at the system calls", plan, attempt, seconds=120, unable=unable)
