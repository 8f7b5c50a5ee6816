"""Many groups of applicants as arrays: one row a group.

Belongs here: taking, comparing and joining rows. Must stay out: which groups there are
(`tasks/matchmaking/solver/enumeration.py`) and the choice among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.value.arrays import NOBODY, Flags, Ints, Wide


@dataclass(frozen=True)
class Groups:
    """One row a group.

    `first` < `second` < `third` are the indices of its members (`third` is NOBODY for a pair), `topic` is the
    position of its topic in `Facts.topics`, `worth` its value and stability bonus in steps.
    """

    first: Ints
    second: Ints
    third: Ints
    topic: Ints
    worth: Ints

    def __len__(self) -> int:
        return len(self.worth)

    def take(self, which: npt.NDArray[np.generic]) -> Groups:
        """The groups at the given positions (or where a flag is true)."""
        return Groups(
            self.first[which], self.second[which], self.third[which], self.topic[which], self.worth[which]
        )

    def among(self, others: Groups) -> Flags:
        """Which groups are the same as one of the others."""
        same: Flags = np.isin(self.codes(), others.codes())
        return same

    def distinct(self) -> Groups:
        """Each group once, in order of its first row."""
        return self.take(np.sort(np.unique(self.codes(), return_index=True)[1]))

    def codes(self) -> Wide:
        """One number a group, equal for equal groups (of fewer than 65,535 applicants)."""
        code = self.topic.astype(np.int64)
        for members in (self.first, self.second, self.third):
            code = (code << 16) + (members + 1)
        return code

    def members_array(self) -> Ints:
        """Member indices of all groups, in rows of three."""
        return np.stack([self.first, self.second, self.third], axis=1)

    def members(self, row: int) -> tuple[int, ...]:
        """Member indices of one group."""
        return tuple(int(x) for x in (self.first[row], self.second[row], self.third[row]) if x != NOBODY)

    def has(self, indices: Iterable[int]) -> Flags:
        """Which groups have any of the given members."""
        wanted = sorted(indices)
        last = max((int(some.max(initial=0)) for some in (self.first, self.second, self.third)), default=0)
        flags = np.zeros(max([last, *wanted]) + 2, bool)  # the last entry answers for NOBODY
        flags[wanted] = True
        either: Flags = flags[self.first] | flags[self.second] | flags[self.third]
        return either


def join(blocks: Sequence[Groups]) -> Groups:
    """Several blocks as one."""
    if not blocks:
        nothing = np.zeros(0, np.int32)
        return Groups(nothing, nothing, nothing, nothing, nothing)
    names = ("first", "second", "third", "topic", "worth")
    return Groups(*(np.concatenate([getattr(block, name) for block in blocks]) for name in names))
