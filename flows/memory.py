"""How the C library keeps memory in a process that runs a round.

Belongs here: one setting of the process, made before its threads. Must stay out: any result; nothing here
changes what a run computes.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

HEAPS = 2
GIVEN_BACK_FROM = 128 * 1024
"""Bytes; the C library's own value, which it raises by itself unless somebody sets it."""
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
