"""The map of the twinnings: cities as dots, a line for each twinning, and its number on it.

Belongs here: what is drawn, where, and which number stands where it hides least. Must stay out: colours
(`style.css`), markup (`components/templates/map.html.j2`) and where the shapes of the land come from
(`make_map.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from pages.components.map.arcs import Line, Position, along, arc, distance, length_of, path
from pages.components.map.projection import HEIGHT, WIDTH, Point, project
from programme.counts import listed

RADIUS = 8.0
"""Of the disc with a twinning's number, in units of the drawing."""
_DOT = 3.0
_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)
_ASIDE = (0.0, 13.0, -13.0, 22.0, -22.0)
"""Where a number may stand: how far along its line, and how far to its side."""
_LETTER, _LINE = 7.0, 14.0
"""Width of a letter and height of a line of a name, in units; a little more than most fonts need."""
_LONGEST = 44
"""Most letters of a name on the map; the table has it whole."""


@dataclass(frozen=True)
class MapCity:
    """A city to be drawn; `position` in degrees north and east."""

    name: str
    position: Position


@dataclass(frozen=True)
class MapTwinning:
    """A twinning to be drawn: its number, the anchor of its card, its topic, and its cities; those whose
    position is not known are named and not drawn.
    """

    number: int
    anchor: str
    topic: str
    classes: str
    names: tuple[str, ...]
    cities: tuple[MapCity, ...]


@dataclass(frozen=True)
class Dot:
    """A city on the drawing."""

    name: str
    x: float
    y: float
    classes: str


@dataclass(frozen=True)
class NameBox:
    """The name of a twinning as it is shown beside it: a box with lines."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """A twinning on the drawing: its line as path data, the disc's middle, and its name."""

    number: int
    anchor: str
    label: str
    classes: str
    path: str
    x: float
    y: float
    tether: str
    name: NameBox
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class WorldMap:
    """The whole drawing; `others` are cities without a twinning, `missing` are those without a position."""

    width: float
    height: float
    land: str
    borders: str
    islands: tuple[Point, ...]
    twinnings: tuple[Drawn, ...]
    others: tuple[Dot, ...]
    missing: tuple[str, ...]


@cache
def _world() -> Mapping[str, object]:
    shapes: Mapping[str, object] = json.loads(Path(__file__).with_name("world.json").read_text("utf-8"))
    return shapes


def world_map(
    twinnings: Sequence[MapTwinning], others: Sequence[MapCity] = (), missing: Sequence[str] = ()
) -> WorldMap:
    """The drawing of these twinnings, and of cities without one."""
    world, taken = _world(), _Taken([_point(city) for one in twinnings for city in one.cities])
    lines = {one.number: _lines([city.position for city in one.cities]) for one in twinnings}
    # Short lines have the fewest places for their number, so they choose first.
    order = sorted(twinnings, key=lambda one: (length_of(lines[one.number]), one.number))
    places = {one.number: taken.place(lines[one.number], one) for one in order}
    return WorldMap(
        WIDTH,
        HEIGHT,
        str(world["land"]),
        str(world["borders"]),
        tuple((x, y) for x, y in world["dots"]),  # type: ignore[attr-defined]
        tuple(_drawn(one, lines[one.number], places[one.number]) for one in twinnings if one.cities),
        tuple(Dot(city.name, *_rounded(_point(city)), "") for city in others),
        tuple(missing),
    )


def _drawn(one: MapTwinning, lines: Sequence[Line], place: tuple[Point, Point]) -> Drawn:
    (x, y), (foot_x, foot_y) = place
    apart = distance((x, y), (foot_x, foot_y))
    return Drawn(
        number=one.number,
        anchor=one.anchor,
        label=f"Twinning {one.number}: {listed(one.names)}, on {one.topic}",
        classes=one.classes,
        path=path(lines),
        x=round(x, 1),
        y=round(y, 1),
        tether=f"M{foot_x:.1f} {foot_y:.1f}L{x:.1f} {y:.1f}" if apart > 1 else "",
        name=_name_box(one, (x, y)),
        dots=tuple(Dot(city.name, *_rounded(_point(city)), one.classes) for city in one.cities),
    )


def _lines(positions: Sequence[Position]) -> tuple[Line, ...]:
    """The lines that join the cities of a twinning: of three, the two shorter sides."""
    sides = [(arc(a, b), (a, b)) for a, b in combinations(positions, 2)]
    sides.sort(key=lambda side: length_of(side[0]))
    return tuple(line for lines, _ in sides[: max(1, len(positions) - 1)] for line in lines)


class _Taken:
    """What numbers should not cover: dots of cities, and numbers that stand already."""

    def __init__(self, dots: Sequence[Point]) -> None:
        self.dots = dots
        self.discs: list[Point] = []

    def place(self, lines: Sequence[Line], one: MapTwinning) -> tuple[Point, Point]:
        """The best place of a number, and the point of its line that it belongs to."""
        if not lines:
            return self._beside(_point(one.cities[0]) if one.cities else (0.0, 0.0))
        places = []
        for share in _SHARES:
            foot, (dx, dy) = along(lines, share)
            for aside in _ASIDE:
                at = (foot[0] - dy * aside, foot[1] + dx * aside)
                places.append((self._cost(at) + abs(share - 0.5) * 4 + abs(aside) * 0.35, at, foot))
        _, at, foot = min(places)
        self.discs.append(at)
        return at, foot

    def _beside(self, dot: Point) -> tuple[Point, Point]:
        at = min(
            ((dot[0] + dx * 14, dot[1] + dy * 14) for dx in (-1, 0, 1) for dy in (-1, 0, 1)), key=self._cost
        )
        self.discs.append(at)
        return at, dot

    def _cost(self, at: Point) -> float:
        """How much is hidden by a number there."""
        cost = 0.0
        for there, near, weight in (
            *((disc, 2 * RADIUS + 1.5, 6.0) for disc in self.discs),
            *((dot, RADIUS + _DOT + 0.5, 3.0) for dot in self.dots),
        ):
            cost += max(0.0, near - distance(at, there)) * weight
        outside = max(RADIUS - at[0], at[0] - WIDTH + RADIUS, RADIUS - at[1], at[1] - HEIGHT + RADIUS, 0.0)
        return cost + outside * 20


def _name_box(one: MapTwinning, at: Point) -> NameBox:
    lines = (short(one.topic), *(short(name) for name in one.names))
    width = max(len(line) for line in lines) * _LETTER + 20
    height = len(lines) * _LINE + 12
    x = min(max(at[0] - width / 2, 2), WIDTH - width - 2)
    above = at[1] - RADIUS - 6 - height
    y = above if above > 2 else at[1] + RADIUS + 6
    return NameBox(round(x, 1), round(y, 1), round(width, 1), height, lines)


def short(text: str) -> str:
    """A name as the map shows it; its table has it whole."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _point(city: MapCity) -> Point:
    return project(*city.position)


def _rounded(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)
