"""A season to damage: two rounds, one approved and signed; and the ways in which a file is damaged."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import programme
from flows.approving import approve
from flows.context import open_context
from flows.settings import read_settings
from flows.signing import key_path
from samples.bundle import copy_inputs
from tests.flows.office import Office
from tests.flows.rules_of_its_own import change
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.signing.keys import make_key

ROUND, OTHER = "2025-07", "2026-01"
TABLES = tuple(f"{name}.parquet" for name in PUBLISHED_TABLES)
FILES = (*TABLES, "datapackage.json")


def make_season(folder: Path, cache: Path) -> None:
    """Round 2025-07 with an approved version 1 and a version 2; round 2026-01 with a version 1."""
    rules = folder / "rules"
    ours = Path(programme.__file__).parent
    shutil.copytree(ours, rules, ignore=shutil.ignore_patterns("__pycache__", "*.py", "water", "countries"))
    change(rules, 'blocking = ["at_risk", "conflict"]', "blocking = []")
    data = folder / "data"
    copy_inputs(data / "inputs")
    context = open_context(
        read_settings(
            {"CITY2CITY_DATA": str(data), "CITY2CITY_CACHE": str(cache), "CITY2CITY_PROGRAMME": str(rules)}
        )
    )
    office = Office(context, data / "inputs")
    office.run(ROUND)
    make_key(key_path(context))
    approve(context, context.round(ROUND), 1, by="Ann", reason="the committee met")
    office.confirm_all(ROUND)
    assert office.run(ROUND).version == 2
    assert office.run(OTHER).version == 1


def _flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside.txt").write_text("x")


DAMAGES: dict[str, Callable[[Path], None]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b"") and None,
    "flipped": _flipped,
    "truncated": _truncated,
    "a folder": _a_folder,
}


def bytes_below(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path there."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
