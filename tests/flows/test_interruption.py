"""Ctrl-C: one line and the end within seconds, also where a library waits for something that never comes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from flows.interruption import TEXT

PROGRAM = """
import sys, threading, time
import flows.interruption as interruption
from flows import cli

interruption.GRACE_S = 1.0


def app(**_options):
    print("ready", flush=True)
    {body}


cli.app = app
cli.main(["status"])
"""
BODIES = {
    "waiting": "time.sleep(60)",
    "deaf": "\n    ".join(
        [
            "for _ in range(60):",
            "    try:",
            "        time.sleep(1)",
            "    except BaseException:",
            "        pass",
        ]
    ),
    "a thread that goes on": "threading.Thread(target=time.sleep, args=(60,)).start(); time.sleep(60)",
    "cleaning up": "\n    ".join(["try:", "    time.sleep(60)", "finally:", "    time.sleep(60)"]),
}


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    text = PROGRAM.format(body=BODIES[request.param])
    process = subprocess.Popen(
        [sys.executable, "-c", text], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()


@pytest.mark.long
@pytest.mark.parametrize("program", BODIES, indirect=True)
def test_it_ends_within_seconds_with_one_line(program: subprocess.Popen[str]) -> None:
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    begun = time.monotonic()
    program.send_signal(signal.SIGINT)
    _, told = program.communicate(timeout=30)
    assert time.monotonic() - begun < 20
    assert told == f"{TEXT}\n"
    assert program.returncode == 1
