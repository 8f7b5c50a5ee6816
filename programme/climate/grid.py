"""The climate class of a position, from the map in `koeppen.npz`.

Belongs here: looking positions up. Must stay out: what a shared climate is worth
(`programme/matchmaking.toml`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

CLASSES = (
    *("Af", "Am", "As", "Aw"),
    *("BSh", "BSk", "BWh", "BWk"),
    *("Cfa", "Cfb", "Cfc", "Csa", "Csb", "Csc", "Cwa", "Cwb", "Cwc"),
    *("Dfa", "Dfb", "Dfc", "Dfd", "Dsa", "Dsb", "Dsc", "Dsd", "Dwa", "Dwb", "Dwc", "Dwd"),
    *("EF", "ET"),
)
"""Köppen-Geiger classes in the order of the map's codes, which begin at 1."""
GROUPS = {"A": "tropical", "B": "arid", "C": "temperate", "D": "continental", "E": "polar"}
"""Main groups: the first letter of a class."""
OCEAN = 32
"""Code of a cell that is sea."""
ROWS, COLUMNS = 2160, 4320
KM_PER_CELL = 40_007.863 / 2 / ROWS
"""North-south size of a cell: half the circumference of a meridian, divided by the number of rows."""
LAND_WITHIN_KM = 50.0
"""A position in the sea (a harbour, an island smaller than a cell) takes the class of the nearest land within
this distance.
"""


@dataclass(frozen=True)
class Climate:
    """What the map says of one position.

    `koeppen`: the class, None where no land is near.
    """

    koeppen: str | None

    @property
    def group(self) -> str | None:
        """The main group in words, such as "temperate"."""
        return GROUPS[self.koeppen[0]] if self.koeppen else None


@dataclass(frozen=True)
class ClimateMap:
    """The map: one code for each cell, rows from north to south, columns from west to east."""

    cells: npt.NDArray[np.uint8]

    def at(self, latitude: float, longitude: float) -> Climate:
        """The climate at a position in degrees."""
        window, km = self._around(latitude, longitude)
        is_sea = window == OCEAN
        land_km = np.where(is_sea, np.inf, km)
        nearest = np.unravel_index(int(np.argmin(land_km)), land_km.shape)
        return Climate(CLASSES[window[nearest] - 1] if land_km[nearest] <= LAND_WITHIN_KM else None)

    def _around(
        self, latitude: float, longitude: float
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
        """The cells around a position, and the distance of each from the position's own cell in km."""
        row = min(ROWS - 1, max(0, math.floor((90 - latitude) / 180 * ROWS)))
        column = math.floor((longitude + 180) / 360 * COLUMNS) % COLUMNS
        reach = math.ceil(LAND_WITHIN_KM / KM_PER_CELL)
        narrowing = max(0.05, math.cos(math.radians(90 - (row + 0.5) * 180 / ROWS)))
        across = min(COLUMNS // 2, math.ceil(reach / narrowing))
        rows = np.arange(max(0, row - reach), min(ROWS, row + reach + 1))
        offsets = np.arange(-across, across + 1)
        window = self.cells[rows[:, None], (column + offsets) % COLUMNS]
        return window, np.hypot((rows - row)[:, None], offsets * narrowing) * KM_PER_CELL


@lru_cache(maxsize=1)
def climate_map() -> ClimateMap:
    """The map that the program ships with, decoded once; it takes 9 MB of memory."""
    with np.load(Path(__file__).with_name("koeppen.npz")) as data:
        row_starts, ends = data["row_starts"], data["ends"].astype(np.int32)
        lengths = np.diff(ends, prepend=0)
        lengths[row_starts[:-1]] = ends[row_starts[:-1]]
        cells = np.repeat(data["classes"], lengths).reshape(ROWS, COLUMNS)
        # The picture's first row is a legend of all classes; the north pole itself is sea.
        cells[0] = OCEAN
        return ClimateMap(cells)
