"""Linking names to a register by country, each share of the countries a part.

Belongs here: sharing out and putting together. Must stay out: how a name is linked (`tasks/crosscheck`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import polars as pl

from flows.caches import load_gazetteer, load_index
from flows.context import AppContext, cache_folder
from flows.parts.settings import PartSettings
from flows.parts.spread import parts
from flows.parts.work import frame_bytes, read_frame
from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.linkage.linker import link_names
from tasks.crosscheck.round.registers import Link

SHARES = 8
"""Parts of a list of names, so that no process waits long for another."""


def by_country(queries: pl.DataFrame, shares: int) -> list[pl.DataFrame]:
    """The queries in at most so many shares of about the same size; each country is in one share."""
    groups = queries.partition_by("country_iso3", maintain_order=True)
    found: list[list[pl.DataFrame]] = [[] for _ in range(shares)]
    for group in sorted(groups, key=lambda rows: -rows.height):
        min(found, key=lambda share: sum(rows.height for rows in share)).append(group)
    return [pl.concat(share) for share in found if share]


def link_in_parts(context: AppContext, settings: PartSettings) -> Link:
    """What links names in parts, with the answers that `link_names` gives."""
    return partial(_linked, context, settings)


def _linked(
    context: AppContext,
    settings: PartSettings,
    queries: pl.DataFrame,
    register: pl.DataFrame,
    index: RegisterIndex,
    rules: LinkingRules,
) -> pl.DataFrame:
    if queries.is_empty():
        return link_names(queries, index, rules)
    with parts(context, settings) as given:
        same = {
            "kind": "link",
            "register": given.file(frame_bytes(register)),
            "rules": given.file(rules.model_dump_json().encode()),
            "cache": str(cache_folder(context).absolute()),
        }
        shares = [given.file(frame_bytes(share)) for share in by_country(queries, SHARES)]
        answers = [read_frame(one) for one in given.done([same | {"queries": share} for share in shares])]
    return queries.select("query_id").join(
        pl.concat(answers), on="query_id", how="left", maintain_order="left"
    )


def link_part(about: Mapping[str, Any], folder: Path) -> bytes:
    """Link the names of a part."""
    index, rules = _index(folder / about["register"], folder / about["rules"], about["cache"])
    return frame_bytes(link_names(read_frame(folder / about["queries"]), index, rules))


@lru_cache(maxsize=1)
def _gazetteer(cache: str) -> Gazetteer:
    return load_gazetteer(Path(cache))


@lru_cache(maxsize=2)
def _index(register: Path, rules: Path, cache: str) -> tuple[RegisterIndex, LinkingRules]:
    read = LinkingRules.model_validate_json(rules.read_bytes())
    return load_index(read_frame(register), _gazetteer(cache), read, Path(cache)), read
