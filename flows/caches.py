"""The caches of the cross-check: the gazetteer and the indexes of registers, kept as files between runs.

Belongs here: the names under which they are kept, how many, and the process that makes the gazetteer. Must
stay out: how they are made (`tasks/crosscheck`), and how a file is kept (`warehouse/file_cache.py`).
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.build import build_gazetteer
from tasks.crosscheck.gazetteer.encoding import (
    gazetteer_from_bytes,
    gazetteer_key,
    gazetteer_to_bytes,
)
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.encoding import index_from_bytes, index_key, index_to_bytes
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from warehouse.file_cache import load_or_build, remove_oldest

LONGEST_BUILD_S = 600
INDEXES_KEPT = 8
"""Enough for both registers, in a few versions of each."""


def load_gazetteer(folder: Path | None) -> Gazetteer:
    """The gazetteer of the installed data, from `folder` if kept there, otherwise made and kept.

    None keeps nothing.
    """
    if folder is not None and not _gazetteer_file(folder).exists():
        _build_in_a_process(folder)
    return _load_or_build_gazetteer(folder)


def load_index(
    register: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules, folder: Path | None
) -> RegisterIndex:
    """The index of a register (see `build_index`), from `folder` if kept there, otherwise made and kept.

    An index is found again only for the same register, rules, gazetteer and program. None keeps nothing.
    """
    if folder is None:
        return build_index(register, gazetteer, rules)
    index = load_or_build(
        folder,
        f"index-{index_key(register, rules)}.bin",
        lambda parts: index_from_bytes(parts, gazetteer),
        lambda: build_index(register, gazetteer, rules),
        index_to_bytes,
    )
    remove_oldest(folder, "index-*.bin", INDEXES_KEPT)
    return index


def forget_in_caches(folder: Path, texts: Collection[str]) -> list[str]:
    """Remove the caches that hold one of the texts, and return which; they are made again when needed."""
    found = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not path.name.startswith("gazetteer-"):
            content = path.read_bytes().decode(errors="replace").casefold()
            if any(text in content for text in texts):
                path.unlink()
                found.append(str(path))
    return found


def _gazetteer_file(folder: Path) -> Path:
    return folder / f"gazetteer-{gazetteer_key()}.bin"


def _load_or_build_gazetteer(folder: Path | None) -> Gazetteer:
    name = _gazetteer_file(folder or Path()).name
    return load_or_build(folder, name, gazetteer_from_bytes, build_gazetteer, gazetteer_to_bytes)


def _build_in_a_process(folder: Path) -> None:
    """Make the gazetteer in a process of its own, whose end gives the memory back.

    Where that fails, the gazetteer is made in this process when it is loaded.
    """
    command = [sys.executable, "-P", "-m", __name__, str(folder.absolute())]
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(
            command,
            check=True,
            timeout=LONGEST_BUILD_S,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


if __name__ == "__main__":
    _load_or_build_gazetteer(Path(sys.argv[1]))
