"""The program that made `world.json` from a public package. The pipeline never runs it.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m pages.components.map.make_map package/countries-50m.json

The package holds the land of Natural Earth (scale 1:50 million) as TopoJSON, in which neighbours share their
lines. Each line is projected, reduced to the points that matter at the drawing's size (Douglas-Peucker) and
written once: as an edge of the land, or as a border of two countries. Islands below `LEAST_AREA` are left
out; a country of which nothing would be left becomes a dot, so that small islands are seen.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pages.components.map.projection import CENTRE, HEIGHT, Point, from_centre, project

TOLERANCE = 0.45
"""How far a line may be from where it was, in units of the drawing."""
LEAST_AREA = 1.1
"""Rings of less (in square units) are left out."""
_WORLD = Path(__file__).with_name("world.json")
_EDGE = CENTRE - 180

Line = list[Point]


class Atlas:
    """A TopoJSON file: its lines in degrees, decoded, and which of them make a country."""

    def __init__(self, topology: dict[str, Any]) -> None:
        (kx, ky), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
        self.lines: list[Line] = []
        for arc in topology["arcs"]:
            x = y = 0
            line = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                line.append((x * kx + x0, y * ky + y0))
            self.lines.append(line)
        self.countries = topology["objects"]["countries"]["geometries"]

    def rings(self, geometry: dict[str, Any]) -> Iterator[list[int]]:
        """The rings of a country, as numbers of lines; a negative number is a line backwards."""
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            yield from polygon


def drawn(line: Sequence[Point], shift: float) -> Line:
    """A line of degrees as a reduced line of the drawing; `shift` moves it over the drawing's edge."""
    return reduced([_point(x, y, shift) for x, y in line])


def _point(x: float, y: float, shift: float) -> Point:
    # A point beyond the edge stays on the side of its ring, or the ring would cross the whole drawing.
    east = from_centre(x)
    if shift and east * shift < 0:
        edge = CENTRE + (179.99 if shift > 0 else -179.99)
        return project(y, edge)
    return project(y, x)


def reduced(line: Line) -> Line:
    """The points that matter (Douglas-Peucker); a ring keeps the point farthest from its start."""
    if len(line) < 3:
        return line
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5

    def away(point: Point) -> float:
        if not length:
            return float(((point[0] - x1) ** 2 + (point[1] - y1) ** 2) ** 0.5)
        return float(abs((x2 - x1) * (y1 - point[1]) - (x1 - point[0]) * (y2 - y1)) / length)

    at = max(range(1, len(line) - 1), key=lambda n: away(line[n]))
    if away(line[at]) <= TOLERANCE:
        return [line[0], line[-1]]
    return reduced(line[: at + 1])[:-1] + reduced(line[at:])


def area(ring: Sequence[Point]) -> float:
    """The area of a ring, in square units."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return float(abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs))) / 2


def path(line: Sequence[Point], *, closed: bool) -> str:
    """SVG path data in tenths of a unit, relative, so that it is short."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in line]
    (x, y), rest = tenths[0], tenths[1:]
    text = f"M{x} {y}"
    for px, py in rest:
        if (px, py) != (x, y):
            text += f"l{px - x} {py - y}".replace(" -", "-")
            x, y = px, py
    return text + ("z" if closed else "")


def world(atlas: Atlas) -> dict[str, Any]:
    """The drawing: land and borders as path data in tenths of a unit, and dots for small countries."""
    uses = Counter(abs_number(n) for one in atlas.countries for ring in atlas.rings(one) for n in ring)
    land, dots = [], []
    for country in atlas.countries:
        rings = [_ring(atlas, ring) for ring in atlas.rings(country)]
        rings = [ring for ring in rings if max(y for _, y in ring) < HEIGHT + 40]
        kept = [ring for ring in rings if area(ring) >= LEAST_AREA]
        land += [path(ring, closed=True) for ring in kept]
        if rings and not kept:
            largest = max(rings, key=area)
            dots.append([round(sum(p[n] for p in largest) / len(largest), 1) for n in (0, 1)])
    borders = [path(drawn(atlas.lines[n], 0), closed=False) for n, count in sorted(uses.items()) if count > 1]
    return {"land": "".join(land), "borders": "".join(borders), "dots": sorted(dots)}


def _ring(atlas: Atlas, numbers: Sequence[int]) -> Line:
    lines = [atlas.lines[n] if n >= 0 else atlas.lines[~n][::-1] for n in numbers]
    degrees = [from_centre(x) for line in lines for x, _ in line]
    crosses = max(degrees) - min(degrees) > 180
    shift = (1.0 if sum(d > 0 for d in degrees) * 2 >= len(degrees) else -1.0) if crosses else 0.0
    ring: Line = []
    for line in lines:
        ring += drawn(line, shift)[:-1]
    return ring


def abs_number(n: int) -> int:
    """The number of a line, whichever way it is followed."""
    return n if n >= 0 else ~n


if __name__ == "__main__":
    made = world(Atlas(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
    _WORLD.write_text(json.dumps(made, separators=(",", ":")) + "\n", "utf-8")
