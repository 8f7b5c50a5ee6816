"""How far a position is from water, by the map in `water.npz`.

Belongs here: looking positions up. Must stay out: how near a topic wants its cities
(`programme/matchmaking.toml`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

ROWS, COLUMNS = 10_800, 21_600
KM_PER_DEGREE = 6371.0088 * math.pi / 180
"""On the sphere of the mean radius (IUGG)."""
KM_PER_CELL = KM_PER_DEGREE * 180 / ROWS
SEARCHED_KM = 300.0
"""Water farther than this is not looked for."""
LONGEST_SEGMENT = 3.0
"""No segment of the map spans more degrees of latitude."""
PER_DEGREE = 1000
"""Lines are kept in whole thousandths of a degree (111 m)."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WaterDistance:
    """Kilometres from a position to water.

    `sea_km`: to the sea; `navigable_km`: to the nearest great river, lake or inland sea, which ships are
    assumed to use; `inland_water_km`: to the nearest river or lake of the map. None where it is farther than
    the map is searched (`SEARCHED_KM`).
    """

    sea_km: float | None
    navigable_km: float | None
    inland_water_km: float | None

    @property
    def in_words(self) -> str:
        """The distances as the end of a sentence: "191 km from the sea, ..."."""
        sea, great, other = map(_kilometres, (self.sea_km, self.navigable_km, self.inland_water_km))
        return f"{sea} from the sea, {great} from a great river or lake and {other} from any other on our map"


def _kilometres(km: float | None) -> str:
    return f"more than {SEARCHED_KM:.0f} km" if km is None else f"{km:.0f} km"


class Lines(NamedTuple):
    """Segments from `start` to `end`, each a latitude and a longitude in degrees."""

    start: Floats
    end: Floats


@dataclass(frozen=True)
class WaterMap:
    """The map.

    Runs of sea, in rows from north to south and columns of one arc minute from west to east: `row_starts`
    (the first run of each row), `first` and `last` (columns). Rivers and lakes as lines: the `great` ones,
    and the `others`.
    """

    row_starts: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    great: Lines
    others: Lines

    def at(self, latitude: float, longitude: float) -> WaterDistance:
        """The distances at a position in degrees.

        They are right to about 2 km for the sea and 5 km for rivers and lakes, whose course the map
        simplifies.
        """
        sea = self._sea_km(latitude, longitude) if len(self.first) else math.inf
        great, other = (_line_km(lines, latitude, longitude) for lines in (self.great, self.others))
        return WaterDistance(_within(sea), _within(great), _within(min(great, other)))

    def _sea_km(self, latitude: float, longitude: float) -> float:
        row, column = (90 - latitude) * ROWS / 180 - 0.5, (longitude + 180) * COLUMNS / 360 - 0.5
        reach = math.ceil(SEARCHED_KM / KM_PER_CELL)
        low, high = max(0, math.floor(row) - reach), min(ROWS, math.ceil(row) + reach + 1)
        runs = slice(self.row_starts[low], self.row_starts[high])
        rows = np.repeat(np.arange(low, high), np.diff(self.row_starts[low : high + 1]))
        # A run may be reached over the edge of the map, so each is tried at three places around the globe.
        across = np.min(
            [
                np.abs(np.clip(column, self.first[runs] + turn, self.last[runs] + turn) - column)
                for turn in (-COLUMNS, 0, COLUMNS)
            ],
            axis=0,
        )
        return float(
            _cells_km(np.asarray(rows - row, np.float64), np.asarray(across, np.float64), latitude).min(
                initial=math.inf
            )
        )


def _line_km(lines: Lines, latitude: float, longitude: float) -> float:
    """Kilometres from a position to the nearest of some lines, on a plane around the position.

    The lines are in order of latitude (`sorted_lines`), so that only those near by are looked at.
    """
    reach = SEARCHED_KM / KM_PER_DEGREE + LONGEST_SEGMENT
    near = slice(*np.searchsorted(lines.start[:, 0], (latitude - reach, latitude + reach)))
    lines = Lines(lines.start[near], lines.end[near])
    narrowing = np.array([1.0, max(0.01, math.cos(math.radians(latitude)))])
    start, end = (_from(points, latitude, longitude) * narrowing for points in lines)
    along = end - start
    length = (along**2).sum(axis=1)
    part = np.clip(-(start * along).sum(axis=1) / np.where(length > 0, length, 1), 0, 1)
    return float(np.hypot(*(start + along * part[:, None]).T).min(initial=math.inf)) * KM_PER_DEGREE


def _from(points: Floats, latitude: float, longitude: float) -> Floats:
    """Points as degrees north and east of a position, the short way around the globe."""
    offset: Floats = points - np.array([latitude, longitude])
    offset[:, 1] = (offset[:, 1] + 180) % 360 - 180
    return offset


def _cells_km(down: Floats, across: Floats, latitude: float) -> Floats:
    """Great-circle distance to cells so many rows down and columns across from a position."""
    half_lat, half_lon = (np.radians(cells * 180 / ROWS) / 2 for cells in (down, across))
    cosines = math.cos(math.radians(latitude)) * np.cos(math.radians(latitude) - 2 * half_lat)
    square = np.sin(half_lat) ** 2 + cosines * np.sin(half_lon) ** 2
    km: Floats = 2 * np.degrees(np.arcsin(np.sqrt(square.clip(0, 1)))) * KM_PER_DEGREE
    return km


def _within(km: float) -> float | None:
    """A distance in whole tenths of a kilometre, so that no machine rounds it otherwise."""
    return round(km * 10) / 10 if km <= SEARCHED_KM else None


def sorted_lines(lines: Lines, part: npt.NDArray[np.bool_]) -> Lines:
    """A part of the lines, in order of the latitude at which they start."""
    order = np.argsort(lines.start[part][:, 0], kind="stable")
    return Lines(lines.start[part][order], lines.end[part][order])


def lines_from(points: Floats, ends: npt.NDArray[np.int32]) -> Lines:
    """The segments of lines that lie one after the other in `points`; `ends`: where each of them ends."""
    inside = _inside(len(points), ends)
    return Lines(points[:-1][inside], points[1:][inside])


def _inside(n_points: int, ends: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Which pairs of neighbouring points belong to one line."""
    inside = np.ones(max(0, n_points - 1), dtype=bool)
    inside[ends[:-1] - 1] = False
    return inside


@lru_cache(maxsize=1)
def water_map() -> WaterMap:
    """The map that the program ships with, decoded once; it takes 3 MB of memory."""
    with np.load(Path(__file__).with_name("water.npz")) as data:
        lines = lines_from(data["points"] / PER_DEGREE, data["ends"])
        inside = _inside(len(data["points"]), data["ends"])
        great = (data["great"][:-1] & data["great"][1:])[inside]
        return WaterMap(
            row_starts=data["row_starts"],
            first=data["first"].astype(np.int32),
            last=data["last"].astype(np.int32),
            great=sorted_lines(lines, great),
            others=sorted_lines(lines, ~great),
        )


@lru_cache(maxsize=8192)
def water_near(latitude: float, longitude: float) -> WaterDistance:
    """The distances at a position in degrees; a round asks about the same cities several times."""
    return water_map().at(latitude, longitude)
