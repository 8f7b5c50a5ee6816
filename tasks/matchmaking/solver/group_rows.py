"""Rows about groups beside those of their cities and topics: cuts that every selection keeps, and counts to
branch on.

Belongs here: what such a row says of a group. Must stay out: which rows there are (`cuts.py`) and the solver
that holds them (`relaxation.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.solver.groups import NOBODY

Members = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cut:
    """A row about groups: how many count, and within which bounds that must lie.

    A group counts if it has `enough` of `cities` (numbers, ascending), once more for each further one up to
    `most` times; with a `topic` only on that; `alone` if it has no other city. Where bounds cannot hold,
    `short` (a variable) is paid for what is missing. Without bounds it holds nothing until the search gives
    it some.
    """

    cities: tuple[int, ...]
    enough: int = 1
    most: int = 1
    topic: int | None = None
    alone: bool = False
    lower: float = -math.inf
    upper: float = math.inf
    short: int | None = None

    def times(self, members: Members, topics: npt.NDArray[np.integer[Any]]) -> Members:
        """How often each of some groups counts: `members` are city numbers in rows of three, NOBODY where
        there is none.
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


def of_cut(number: int) -> int:
    """The number of a cut as a key of bounds (negative), and back."""
    return -1 - number
