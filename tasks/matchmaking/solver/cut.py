"""Rows of the master problem about groups: cuts that every selection keeps, and counts to branch on.

Belongs here: what such a row says of a group. Must stay out: which rows there are
(`tasks/matchmaking/solver/separation.py`) and the linear program that holds them
(`tasks/matchmaking/solver/master_problem.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.value.arrays import NOBODY, Wide


@dataclass(frozen=True)
class Cut:
    """How many of the chosen groups count, and within which bounds that must lie.

    A group counts if it has `enough` of `cities` (numbers, ascending), and once more for each further one, up
    to `most` times. With a `topic` (number) it counts only on that; with `alone` only if it has no other
    city. Where a variable `shortfall` is given, it adds to the count at a price, so that bounds that cannot
    hold cost something. Without bounds the row holds nothing until the search branches on it.
    """

    cities: tuple[int, ...]
    enough: int = 1
    most: int = 1
    topic: int | None = None
    alone: bool = False
    lower: float = -math.inf
    upper: float = math.inf
    shortfall: int | None = None

    def times(self, members: Wide, topics: npt.NDArray[np.integer[Any]]) -> Wide:
        """How often each of some groups counts.

        `members` are city numbers in rows of three, NOBODY where there is none; `topics` topic numbers.
        """
        there = np.arange(len(members)) if self.topic is None else np.flatnonzero(topics == self.topic)
        few = members[there]
        n = self._has[np.minimum(few, len(self._has) - 1)].sum(axis=1)
        counted = np.clip(n - self.enough + 1, 0, self.most)
        if self.alone:
            counted[(few != NOBODY).sum(axis=1) != len(self.cities)] = 0
        times = np.zeros(len(members), np.int64)
        times[there] = counted
        return times

    @cached_property
    def _has(self) -> npt.NDArray[np.bool_]:
        """Whether each city is one of the cut's; the last entry answers for NOBODY and all cities beyond."""
        has = np.zeros(max(self.cities) + 2, bool)
        has[list(self.cities)] = True
        return has


def cut_key(number: int) -> int:
    """The key under which bounds name the cut of this number; negative, since variables are not."""
    return -1 - number


def cut_number(key: int) -> int:
    """The number of the cut that a negative key names."""
    return -1 - key
