"""The line between two cities; over the edge of the drawing it goes on at the other side.

Belongs here: the geometry of one line. Must stay out: which lines there are (`world_map.py`). A line goes the
shorter way round the world and bends toward the nearer pole, as the shortest way does; it keeps away from the
pole itself, where the shortest way would leave the drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pages.components.map.projection import CENTRE, Point, from_centre, project

Position = tuple[float, float]
"""Degrees north and east."""
Line = tuple[Point, ...]
_STEP = 4.0
"""Degrees between two points of a line."""
_BEND, _MOST_BEND = 0.16, 15.0
"""Degrees that a line bends for each degree of longitude, and at most."""
_FULL_BEND_FROM = 25.0
"""Nearer to the equator than so many degrees lines bend less; on it the shortest way is straight."""
_FARTHEST_NORTH, _FARTHEST_SOUTH = 78.0, -58.0
"""So far a line bends."""
_EDGE = 179.999
"""Degrees from the middle to the drawing's edge, where 180 would be either edge."""


def arc(start: Position, end: Position) -> tuple[Line, ...]:
    """The line between two positions; two lines where it crosses the drawing's edge."""
    positions = _between(start, end)
    lines: list[list[Point]] = [[project(*positions[0])]]
    for here, there in pairwise(positions):
        a, b = from_centre(here[1]), from_centre(there[1])
        if abs(a - b) > 180:
            side = 1 if a > 0 else -1
            part = (180 - abs(a)) / (360 - abs(a - b))
            latitude = here[0] + (there[0] - here[0]) * part
            lines[-1].append(project(latitude, CENTRE + side * _EDGE))
            lines.append([project(latitude, CENTRE - side * _EDGE)])
        lines[-1].append(project(*there))
    return tuple(tuple(line) for line in lines)


def _between(start: Position, end: Position) -> list[Position]:
    """Positions along the way, both ends among them."""
    (north, east), (north_there, _) = start, end
    turn = (end[1] - east + 180) % 360 - 180
    rise = north_there - north
    middle = (north + north_there) / 2
    bend = min(_MOST_BEND, abs(turn) * _BEND) * max(-1.0, min(1.0, middle / _FULL_BEND_FROM))
    lowest = min(_FARTHEST_SOUTH, north, north_there)
    highest = max(_FARTHEST_NORTH, north, north_there)
    count = max(1, round(max(abs(turn), abs(rise)) / _STEP))
    found = []
    for n in range(count + 1):
        share = n / count
        latitude = north + rise * share + bend * 4 * share * (1 - share)
        found.append((max(lowest, min(highest, latitude)), east + turn * share))
    return [start, *found[1:-1], end]


def path(lines: Sequence[Line]) -> str:
    """SVG path data of several lines."""
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) for line in lines)


def along(lines: Sequence[Line], share: float) -> tuple[Point, Point]:
    """The point a share (0-1) of the way along, and the direction there as a vector of length 1."""
    pieces = [piece for line in lines for piece in pairwise(line)]
    lengths = [distance(a, b) for a, b in pieces]
    left = share * sum(lengths)
    for (a, b), length in zip(pieces, lengths, strict=True):
        if left <= length and length:
            part = left / length
            point = (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)
            return point, ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
        left -= length
    return lines[0][0], (1.0, 0.0)


def length_of(lines: Sequence[Line]) -> float:
    """How long lines are together, in units of the drawing."""
    return sum(distance(a, b) for line in lines for a, b in pairwise(line))


def distance(a: Point, b: Point) -> float:
    """How far apart two points are."""
    return float(((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5)
