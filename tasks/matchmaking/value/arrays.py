"""Types and small helpers for the array forms: applicants as positions, points as whole steps.

Belongs here: what every array form of `value` shares. Must stay out: what is computed with them.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
"""Indices, codes or steps; every value of a twinning is far below 2**31 steps."""
Wide = npt.NDArray[np.int64]
"""Steps that are summed or multiplied further."""
Flags = npt.NDArray[np.bool_]

UNKNOWN = -1
"""Code of a fact that is not known."""
NOBODY = -1
"""Index of the third member of a pair; as a position it picks the last entry of a padded array."""


def codes(values: Iterable[str | None]) -> Ints:
    """Equal texts as equal numbers from 0, in order of first appearance; None as UNKNOWN."""
    seen: dict[str, int] = {}
    return np.array(
        [UNKNOWN if value is None else seen.setdefault(value, len(seen)) for value in values], np.int32
    )


def same_and_known(coded: Ints) -> Flags:
    """For all pairs [a, b] whether two codes are equal and known."""
    same: Flags = (coded[:, None] == coded[None, :]) & (coded[:, None] != UNKNOWN)
    return same


def add_where(total: Ints, where: Flags, worth: int) -> None:
    """Add some steps to `total`, where a flag is true, without another array of its size."""
    np.add(total, np.int32(worth), out=total, where=where)
