"""Indexes of registers, made once for each version of a register and kept in a folder.

Belongs here: the name under which one is kept, and how many. Must stay out: how it is made (`index.py`) and
how files are kept (`kept_files.py`).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.kept_files import forget_oldest, load_kept
from tasks.crosscheck.linkage import index
from tasks.crosscheck.linkage.index import RegisterIndex, build_index

KEPT = 8
"""Both registers, for a few versions of each."""


def load(
    register: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules, folder: Path | None
) -> RegisterIndex:
    """`build_index`, from `folder` where it was kept for the same register, rules, gazetteer and program;
    None keeps nothing.
    """
    if folder is None:
        return build_index(register, gazetteer, rules)
    name = f"index-{index.source_key(register, rules)}.bin"
    made = load_kept(
        folder,
        name,
        lambda parts: index.from_bytes(parts, gazetteer),
        lambda: build_index(register, gazetteer, rules),
        index.to_bytes,
    )
    forget_oldest(folder, "index-*.bin", KEPT)
    return made
