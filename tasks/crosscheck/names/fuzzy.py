"""Names with typing errors: the nearest names of the same country, compared in blocks.

Belongs here: string distance over blocks of names. Must stay out: what a near name is worth
(`candidates.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

CELLS_AT_ONCE = 4_000_000
"""Cells of one block of comparisons, one byte each: memory stays small whatever the size of a country."""
NEAREST = 8
"""So many nearest names of each query are kept."""

Block = tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]
"""Query ids, positions in the table, errors: one entry a pair."""
PAIR_SCHEMA = pl.Schema({"id": pl.UInt32(), "at": pl.Int64(), "errors": pl.Int64()})


@dataclass(frozen=True)
class NameTable:
    """Names to be compared with: `frame` has `country_iso3`, `compact` (without spaces) and whatever belongs
    to a name, sorted by country and length.
    """

    frame: pl.DataFrame

    @staticmethod
    def of(names: pl.DataFrame) -> NameTable:
        """Sort `names` as a table wants them."""
        order = [pl.col("country_iso3"), pl.col("compact").str.len_chars(), pl.col("compact")]
        return NameTable(names.sort(*order, maintain_order=True))

    @cached_property
    def lengths(self) -> NDArray[np.uint32]:
        """Letters of each name."""
        return self.frame["compact"].str.len_chars().to_numpy()

    @cached_property
    def spans(self) -> dict[str, tuple[int, int]]:
        """Where each country's names begin and end."""
        runs = (
            self.frame.select(pl.col("country_iso3").rle())
            .unnest("country_iso3")
            .with_columns(end=pl.col("len").cum_sum())
        )
        return {country: (end - length, end) for length, country, end in runs.iter_rows()}


def nearest(queries: pl.DataFrame, table: NameTable, errors_share: float) -> pl.DataFrame:
    """The names nearest to each of `queries` (`id`, `country_iso3`, `text`), by letters added, left out,
    exchanged or swapped with the next.

    Returns `id`, `at` (row of the table's frame), `errors`: at most `NEAREST` names a query, with at most
    `errors_share` errors a letter of the query.
    """
    asked = queries.with_columns(
        allowed=(pl.col("text").str.len_chars() * errors_share).floor().clip(1).cast(pl.Int64)
    )
    found: list[Block] = []
    for (country,), block in (
        asked.sort("allowed", "id").partition_by("country_iso3", as_dict=True, maintain_order=True).items()
    ):
        if country in table.spans:
            found.extend(_compare(block, table, *table.spans[str(country)]))
    if not found:
        return pl.DataFrame(schema=PAIR_SCHEMA)
    ids, at, errors = (np.concatenate(column) for column in zip(*found, strict=True))
    pairs = pl.DataFrame({"id": ids, "at": at, "errors": errors}, schema=PAIR_SCHEMA)
    return pairs.sort("id", "errors", "at").group_by("id", maintain_order=True).head(NEAREST)


def _compare(queries: pl.DataFrame, table: NameTable, begin: int, end: int) -> Iterator[Block]:
    """Queries that allow as many errors and are as long together, against the names of about their length:
    the others cannot be near.
    """
    texts, ids, allowed = queries["text"].to_list(), queries["id"].to_numpy(), queries["allowed"].to_numpy()
    start = 0
    while start < len(texts):
        most = int(allowed[start])
        same = int(np.searchsorted(allowed, most, "right"))
        sizes = [len(text) for text in texts[start:same]]
        low = begin + int(np.searchsorted(table.lengths[begin:end], min(sizes) - most, "left"))
        high = begin + int(np.searchsorted(table.lengths[begin:end], max(sizes) + most, "right"))
        names, step = table.frame["compact"][low:high].to_list(), max(1, CELLS_AT_ONCE // max(1, high - low))
        for first in range(start, same, step):
            last = min(first + step, same)
            errors: NDArray[np.uint8] = cdist(
                texts[first:last], names, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8
            )
            rows, columns = np.nonzero(errors <= most)
            yield (
                ids[first:last][rows],
                (columns + low).astype(np.int64),
                errors[rows, columns].astype(np.int64),
            )
        start = same
