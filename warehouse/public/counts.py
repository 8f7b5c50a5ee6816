"""Counts of those who were not selected, of which none is small and none can be worked out.

A small count points at single cities. Leaving it out is not enough: who knows the total and the other counts
subtracts. So small counts are told together, as one count of the other groups, with a larger one among them
where they would still give themselves away. Belongs here: which counts may be told. Must stay out: what is
counted (`tables.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

OTHERS = "others"
"""What the groups are called together whose counts are not told one by one."""


def told_counts(counts: Mapping[str, int], least: int) -> dict[str, int]:
    """The counts of groups that may be told beside their total, each of at least `least`.

    `counts` holds every group there can be, also those with none. Nobody who knows the total, the counts told
    and this rule can work out the count of a group that is not told. Empty where that is not possible.
    """
    if sum(counts.values()) < least:
        return {}
    told = {group: n for group, n in counts.items() if n >= least}
    hidden = {group: n for group, n in counts.items() if n < least}
    while hidden and not _is_safe(hidden, least):
        if not told:
            return {}
        # All groups as large as the smallest go together: an order of their names would give one away.
        smallest = min(told.values())
        hidden |= {group: told.pop(group) for group in counts if told.get(group) == smallest}
    if not told:
        return {}
    return told | ({OTHERS: sum(hidden.values())} if hidden else {})


def _is_safe(hidden: Mapping[str, int], least: int) -> bool:
    """Whether the sum of the hidden counts leaves each of them open.

    Of small counts alone the sum gives all away where each is as large as a small count can be; of none, too.
    """
    total, n = sum(hidden.values()), len(hidden)
    if n == 1 or total < least:
        return False
    return max(hidden.values()) >= least or total < (least - 1) * n


def unlike_before(n: int, before: Iterable[int], least: int) -> bool:
    """Whether a count may follow those of earlier editions: a small step would tell of single cities."""
    return all(n == earlier or abs(n - earlier) >= least for earlier in before)
