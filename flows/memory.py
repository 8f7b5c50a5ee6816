"""How a process that runs a round keeps memory.

Belongs here: settings of the process, made before its threads. Must stay out: any result; nothing here
changes what a run computes.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress

HEAPS = 2
GIVEN_BACK_FROM = 128 * 1024
"""Bytes; the C library's own value, which it raises by itself unless somebody sets it."""
NEW_OBJECTS = (50_000, 20, 50)
"""After so many new objects the youngest are looked through, after so many times also the older ones."""
_TRIM_THRESHOLD, _ARENA_MAX = -1, -8
"""The numbers of these settings in malloc.h of the GNU C library (man 3 mallopt)."""


def keep_few_heaps() -> None:
    """Let all threads of this process share two heaps, and give back what is free; elsewhere than with the
    GNU C library this does nothing.

    Each thread would have a heap of its own otherwise, and what is free in one is of no use to the others.
    `make bench-scale` shows what that is for a large round.
    """
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_ARENA_MAX, HEAPS)
        mallopt(_TRIM_THRESHOLD, GIVEN_BACK_FROM)


def look_for_garbage_less_often() -> None:
    """Let Python look for objects that refer to each other in a circle after far more new ones than usual.

    Loading libraries makes a million objects that stay. To look through them again and again takes a third of
    a second at the start of each run.
    """
    gc.set_threshold(*NEW_OBJECTS)
