"""A small map of a city and the register rows that may be it.

Belongs here: which part of the world is shown and where the marks stand. Must stay out: the shapes of the
land (`pages/components/map`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pages.components.map.projection import HEIGHT, WIDTH, project
from pages.components.map.world_map import WorldMap, world_map

Position = tuple[float, float]
WIDEST, NARROWEST = 500.0, 26.0
"""How many units of the world's drawing a small map shows at most and at least; 26 are some 1,000 km."""
SHAPE = 0.56
"""Height of a small map by its width."""


@dataclass(frozen=True)
class Mark:
    """A mark on the map: the letter or number in it, its name, where it stands, and its classes."""

    sign: str
    name: str
    x: float
    y: float
    classes: str


@dataclass(frozen=True)
class SmallMap:
    """The part of the world that is shown (a view box), the size of a unit there, and the marks."""

    view_box: str
    unit: float
    marks: tuple[Mark, ...]
    land: str
    borders: str


@cache
def _world() -> WorldMap:
    return world_map(())


def small_map(
    city: tuple[str, Position] | None, rows: Sequence[tuple[str, Position | None]]
) -> SmallMap | None:
    """The map of a city (name and position) and of rows by their names; None where nothing has a place.

    Rows are numbered in their order, also those without a position, so that a table has the same numbers.
    """
    marks = [
        Mark(str(n), name, *project(*position), "row")
        for n, (name, position) in enumerate(rows, 1)
        if position
    ]
    if city is not None:
        marks.append(Mark("F", city[0], *project(*city[1]), "form"))
    if not marks:
        return None
    left, right = min(mark.x for mark in marks), max(mark.x for mark in marks)
    top, bottom = min(mark.y for mark in marks), max(mark.y for mark in marks)
    width = min(WIDEST, max(NARROWEST, (right - left) * 1.5, (bottom - top) * 1.5 / SHAPE))
    height = width * SHAPE
    x = min(max((left + right - width) / 2, 0), WIDTH - width)
    y = min(max((top + bottom - height) / 2, 0), HEIGHT - height)
    return SmallMap(
        f"{x:.1f} {y:.1f} {width:.1f} {height:.1f}",
        round(width / 360, 4),
        tuple(marks),
        _world().land,
        _world().borders,
    )
