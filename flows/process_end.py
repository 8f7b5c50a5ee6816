"""The end of a command's process: at once, when everything that waits for it has been told.

Belongs here: leaving without taking memory apart. Python gives every object back before a process ends, which
takes a second after a run, though the system takes all of it anyway. Must stay out: exit statuses (`cli.py`),
and Ctrl-C (`interruption.py`).
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_status: list[int] = []


@contextmanager
def ending_at_once() -> Iterator[None]:
    """What is done inside is all that this process does; then it ends at once, with the exit status of that.

    For the program's own call alone, never within another program. What is registered from now on for the
    end of the process (`atexit`) is still done, what was registered before is not; threads are waited for.
    An error that is no `SystemExit` ends it as usual, with Python's traceback.
    """
    _status.clear()
    atexit.register(_end)  # what is registered first is done last
    try:
        yield
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            _status.append(end.code or 0)
        raise
    _status.append(0)


def _end() -> None:
    if not _status:
        return
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):  # nobody reads any more: Python has an exit status of its own for that
        return
    os._exit(_status[0])
