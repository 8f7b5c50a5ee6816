"""Names with typing errors: the nearest names of the same country, compared in blocks.

Belongs here: string distance over blocks of names. Must stay out: what a near name is worth (`candidates.py`).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

CELLS_AT_ONCE = 4_000_000
"""Cells of one block of comparisons, one byte each: memory stays small whatever the size of a country."""
NEAREST = 6
"""So many nearest names of each query are kept."""

PAIR_SCHEMA = pl.Schema({"id": pl.UInt32(), "compact": pl.String(), "errors": pl.Int64()})


def nearest(queries: pl.DataFrame, names: pl.DataFrame, errors_share: float) -> pl.DataFrame:
    """The nearest `names` (`country_iso3`, `compact`) of each of `queries` (`id`, `country_iso3`, `text`), by letters added, left out, exchanged or swapped with the next.

    Returns `id`, `compact`, `errors`: at most `NEAREST` names a query, with at most `errors_share` errors a letter of the query.
    """
    found = [pl.DataFrame(schema=PAIR_SCHEMA)]
    wanted = queries.select("country_iso3").unique()
    blocks = names.join(wanted, on="country_iso3", how="semi").partition_by("country_iso3", as_dict=True, maintain_order=True)
    for country, block in queries.partition_by("country_iso3", as_dict=True, maintain_order=True).items():
        if country in blocks:
            found.extend(_block(block, blocks[country]["compact"].unique(maintain_order=True), errors_share))
    return pl.concat(found)


def _block(queries: pl.DataFrame, choices: pl.Series, errors_share: float) -> list[pl.DataFrame]:
    """Queries of similar length together, so that the allowed number of errors cuts the comparison short."""
    ordered = queries.with_columns(allowed=(pl.col("text").str.len_chars() * errors_share).floor().clip(1)).sort("allowed", maintain_order=True)
    step = max(1, CELLS_AT_ONCE // len(choices))
    parts: list[pl.DataFrame] = []
    lengths = choices.str.len_chars()
    for (allowed,), same in ordered.partition_by("allowed", as_dict=True, maintain_order=True).items():
        spread = same["text"].str.len_chars()
        low, high = int(spread.min()) - int(allowed), int(spread.max()) + int(allowed)  # type: ignore[arg-type]
        near = choices.filter((lengths >= low) & (lengths <= high))
        parts.extend(_slice(rows, near, int(allowed)) for rows in same.iter_slices(step))
    return parts


def _slice(queries: pl.DataFrame, choices: pl.Series, allowed: int) -> pl.DataFrame:
    texts = queries["text"].to_list()
    errors: NDArray[np.uint8] = cdist(texts, choices.to_list(), scorer=OSA.distance, score_cutoff=allowed, dtype=np.uint8, workers=1)
    rows, columns = np.nonzero(errors <= allowed)
    pairs = pl.DataFrame(
        {"id": queries["id"].gather(rows), "compact": choices.gather(columns), "errors": errors[rows, columns].astype(np.int64)}, schema=PAIR_SCHEMA
    )
    return pairs.sort("id", "errors", "compact").group_by("id", maintain_order=True).head(NEAREST)
