"""The shortest way between two cities as a line of the drawing; over the edge it goes on at the other side.

Belongs here: the geometry of one line. Must stay out: which lines there are (`world_map.py`).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import acos, asin, atan2, cos, degrees, pi, radians, sin

from pages.components.map.projection import CENTRE, Point, from_centre, project

Position = tuple[float, float]
"""Degrees north and east."""
Line = tuple[Point, ...]
_STEP = 4.0
"""Degrees between two points of a line."""
_EDGE = 179.999
"""Degrees from the middle to the drawing's edge, where 180 would be either edge."""


def arc(start: Position, end: Position) -> tuple[Line, ...]:
    """The great circle between two positions as one line, or as two where it crosses the drawing's edge."""
    positions = _between(start, end)
    lines: list[list[Point]] = [[project(*positions[0])]]
    for here, there in itertools.pairwise(positions):
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
    """Positions along the great circle, both ends among them."""
    (p1, l1), (p2, l2) = ((radians(lat), radians(lon)) for lat, lon in (start, end))
    cosine = sin(p1) * sin(p2) + cos(p1) * cos(p2) * cos(l1 - l2)
    angle = acos(max(-1.0, min(1.0, cosine)))
    count = max(1, round(degrees(angle) / _STEP))
    if angle < 1e-9 or pi - angle < 1e-6:  # the same place, or opposite places with no one shortest way
        return [start, end]
    found = []
    for n in range(count + 1):
        a, b = sin((1 - n / count) * angle) / sin(angle), sin(n / count * angle) / sin(angle)
        x = a * cos(p1) * cos(l1) + b * cos(p2) * cos(l2)
        y = a * cos(p1) * sin(l1) + b * cos(p2) * sin(l2)
        z = a * sin(p1) + b * sin(p2)
        found.append((degrees(asin(max(-1.0, min(1.0, z)))), degrees(atan2(y, x))))
    return found


def path(lines: Sequence[Line]) -> str:
    """SVG path data of several lines."""
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) for line in lines)


def along(lines: Sequence[Line], share: float) -> tuple[Point, Point]:
    """The point a share (0-1) of the way along, and the direction there as a vector of length 1."""
    pieces = [(a, b) for line in lines for a, b in itertools.pairwise(line)]
    lengths = [((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5 for a, b in pieces]
    left = share * sum(lengths)
    for (a, b), length in zip(pieces, lengths, strict=True):
        if left <= length and length:
            part = left / length
            point = (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)
            return point, ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
        left -= length
    return lines[0][0], (1.0, 0.0)
