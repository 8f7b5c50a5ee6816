"""The end of a command's process: at once, yet everything is told, and the exit status is the command's."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest

PROGRAM = """
import atexit, sys, threading, time
from flows.process_end import ending_at_once

class Taken:
    def __del__(self):
        sys.stderr.write("taken apart\\n")

kept = Taken()
with ending_at_once():
    atexit.register(lambda: sys.stdout.write("told "))
    threading.Thread(target=lambda: (time.sleep(0.2), sys.stdout.write("waited "))).start()
    sys.stdout.write("said ")
    {end}
"""
ENDS: dict[str, tuple[str, int]] = {
    "done": ("pass", 0),
    "a mistake": ("sys.exit(2)", 2),
    "done, said so": ("sys.exit()", 0),
    "true": ("sys.exit(True)", 1),
}


def run(end: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", PROGRAM.format(end=end)]
    return subprocess.run(program, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("end", "status"), ENDS.values(), ids=ENDS)
def test_everything_is_told_and_nothing_taken_apart(end: str, status: int) -> None:
    done = run(end)
    assert (done.stdout, done.stderr, done.returncode) == ("said waited told ", "", status)


def test_an_error_ends_as_usual() -> None:
    done = run("raise ValueError('seen')")
    assert done.returncode == 1
    assert "ValueError: seen" in done.stderr
    assert "taken apart" in done.stderr


def test_words_as_exit_status_end_as_usual() -> None:
    done = run("sys.exit('words')")
    assert done.returncode == 1
    assert "words" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="the shell closes the streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_error(closed: str) -> None:
    program = PROGRAM.format(end="pass").replace("sys.stdout.write", "str")
    command = f"exec {shlex.quote(sys.executable)} -c {shlex.quote(program)} {closed}"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_reader_who_has_gone_is_no_other_end_than_usual() -> None:
    program = [sys.executable, "-c", PROGRAM.format(end="pass")]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=buffered) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.wait(30)
    assert process.returncode == 120, "Python's own exit status for what could not be written"
