"""How well a sheet, or one way to split a text, fits the input that a file is for.

Belongs here: the answer by which one of several readings of a file is chosen, and which sheets are alike.
Must stay out: what a heading means (`tasks/ingest/headings`): whoever calls the reader passes a function that
knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Row = Sequence[str | None]
_COMMON = 0.8
"""Share of the headings of two sheets together that they must have in common to be parts of one table."""


@dataclass(frozen=True)
class Fit:
    """How well the first rows of a table fit an input.

    `complete`: whether every required column is there. `share`: how much is known, to compare readings of one
    file. `headings`: comparison keys of the headings, in order; `heading_row`: index of their row.
    """

    complete: bool
    share: float
    headings: tuple[str, ...]
    heading_row: int

    @property
    def rank(self) -> tuple[bool, float]:
        """What readings of one file are compared by."""
        return self.complete, self.share

    def is_like(self, other: Fit) -> bool:
        """Whether two sheets hold parts of one table: both complete, under mostly the same headings."""
        one, two = set(filter(None, self.headings)), set(filter(None, other.headings))
        return self.complete and other.complete and len(one & two) >= _COMMON * len(one | two)


JudgeFit = Callable[[Sequence[Row]], Fit]
"""Judges the first rows of a sheet, or of a text split in one way."""


def knows_nothing(_: Sequence[Row]) -> Fit:
    """The answer where nobody knows what a file is for."""
    return Fit(complete=False, share=0.0, headings=(), heading_row=0)


def joined_rows(
    base: list[list[str]], base_fit: Fit, other: list[list[str]], fit: Fit
) -> tuple[list[list[str]], int]:
    """The rows of two like sheets as one table, and by how much the row numbers of the other are shifted.

    Columns are brought together by their headings; those that only the other sheet has come last.
    """
    places = _places(base_fit.headings, fit.headings)
    body = other[fit.heading_row + 1 :]
    width = max(places.values(), default=0) + 1
    moved = [_moved(row, places, width) for row in body]
    heading = _moved(other[fit.heading_row], places, width)
    top = base[base_fit.heading_row]
    top = [*top, *[""] * (width - len(top))]
    top = [text or (heading[position] if position >= len(base_fit.headings) else "")
           for position, text in enumerate(top)]  # fmt: skip
    rows = [*base[: base_fit.heading_row], top, *base[base_fit.heading_row + 1 :], *moved]
    return rows, len(base) - fit.heading_row - 1


def _places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Position in the other sheet to position in the base; the second of equal headings meets the second."""
    free: dict[str, list[int]] = {}
    for position, key in enumerate(base):
        free.setdefault(key, []).append(position)
    places, end = {}, len(base)
    for position, key in enumerate(other):
        if free.get(key):
            places[position] = free[key].pop(0)
        else:
            places[position], end = end, end + 1
    return places


def _moved(row: Sequence[str], places: dict[int, int], width: int) -> list[str]:
    moved = [""] * width
    for position, text in enumerate(row):
        if position in places:
            moved[places[position]] = text
    return moved
