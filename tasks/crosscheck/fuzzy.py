"""Names with typing errors: the nearest names of the same country, compared in blocks.

Belongs here: string distance over blocks of names. Must stay out: what a near name is worth (`evidence.py`).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

CELLS_AT_ONCE = 4_000_000
"""Cells of one block of comparisons, one byte each: memory stays small whatever the size of a country."""
NEAREST = 4
"""So many nearest names of each query are kept."""

PAIR_SCHEMA = pl.Schema({"id": pl.UInt32(), "query_key": pl.String(), "key": pl.String(), "similarity": pl.Float64()})


def nearest(queries: pl.DataFrame, names: pl.DataFrame, least: float) -> pl.DataFrame:
    """The nearest `names` (`country_iso3`, `key`) of each of `queries` (`id`, `country_iso3`, `key`), at least `least` (0-1) alike.

    Returns `id`, `query_key`, `key`, `similarity`; at most `NEAREST` rows a query.
    """
    found = [pl.DataFrame(schema=PAIR_SCHEMA)]
    choices = {country: block["key"].to_list() for (country,), block in names.partition_by("country_iso3", as_dict=True, maintain_order=True).items()}
    for (country,), block in queries.partition_by("country_iso3", as_dict=True, maintain_order=True).items():
        if choices.get(country):
            found.append(_block(block, choices[country], least))
    return pl.concat(found)


def _block(queries: pl.DataFrame, choices: list[str], least: float) -> pl.DataFrame:
    step = max(1, CELLS_AT_ONCE // len(choices))
    keys, ids = queries["key"].to_list(), queries["id"].to_numpy()
    parts = [_slice(keys[start : start + step], ids[start : start + step], choices, least) for start in range(0, len(keys), step)]
    return pl.concat(parts)


def _slice(keys: list[str], ids: np.ndarray[tuple[int], np.dtype[np.uint32]], choices: list[str], least: float) -> pl.DataFrame:
    scores = cdist(keys, choices, scorer=fuzz.ratio, score_cutoff=least * 100, dtype=np.float32, workers=1)
    rows, columns = np.nonzero(scores)
    pairs = pl.DataFrame(
        {"id": ids[rows], "query_key": [keys[i] for i in rows], "key": [choices[j] for j in columns], "similarity": scores[rows, columns] / 100},
        schema=PAIR_SCHEMA,
    )
    return pairs.sort(["id", "similarity", "key"], descending=[False, True, False]).group_by("id", maintain_order=True).head(NEAREST)
