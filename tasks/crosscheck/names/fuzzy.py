"""Fuzzy name search: the names of the same country with the smallest edit distance.

Belongs here: the distances of many names at once, in blocks. Must stay out: how many points a similar name is
worth (`linkage/candidates.py`).
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
"""Comparisons in one block, one byte each, so that memory does not grow with the size of a country."""
NEAREST = 8
"""Most names that are returned for one query."""

Block = tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]
"""Query ids, rows of the table, edit distances: one entry for each pair."""
PAIR_SCHEMA = pl.Schema({"id": pl.UInt32(), "at": pl.Int64(), "errors": pl.Int64()})


@dataclass(frozen=True)
class NameTable:
    """Names that queries are compared with.

    `frame`: one row per name, sorted by country and length: `country_iso3`, `compact` (the name without
    spaces), and any other columns. Make it with `NameTable.of`.
    """

    frame: pl.DataFrame

    @staticmethod
    def of(names: pl.DataFrame) -> NameTable:
        """The table of `names`, which may be in any order."""
        order = [pl.col("country_iso3"), pl.col("compact").str.len_chars(), pl.col("compact")]
        return NameTable(names.sort(*order, maintain_order=True))

    @cached_property
    def lengths(self) -> NDArray[np.uint32]:
        """Number of letters of each name."""
        return self.frame["compact"].str.len_chars().to_numpy()

    @cached_property
    def spans(self) -> dict[str, tuple[int, int]]:
        """First row, and the row after the last, of each country's names; of no country, there is none."""
        runs = (
            self.frame.select(pl.col("country_iso3").rle())
            .unnest("country_iso3")
            .with_columns(end=pl.col("len").cum_sum())
        )
        rows = runs.iter_rows()
        return {country: (end - length, end) for length, country, end in rows if country is not None}


def nearest(queries: pl.DataFrame, table: NameTable, errors_share: float) -> pl.DataFrame:
    """The names nearest to each of `queries` (`id`, `country_iso3`, `text`) by edit distance.

    The distance is optimal string alignment: letters added, left out, replaced, or swapped with the next one.
    Returns `id`, `at` (row of the table's frame), `errors` (the distance): at most `NEAREST` names for a
    query, each with at most `errors_share` errors for each letter of the query (but one error is always
    allowed). A query without a country has none: two unknown countries are not the same.
    """
    asked = queries.drop_nulls("country_iso3").with_columns(
        allowed=(pl.col("text").str.len_chars() * errors_share).floor().clip(1).cast(pl.Int64)
    )
    found: list[Block] = []
    for (country,), block in (
        asked.sort("allowed", "id").partition_by("country_iso3", as_dict=True, maintain_order=True).items()
    ):
        if country in table.spans:
            found.extend(_compare(block, table, *table.spans[country]))
    if not found:
        return pl.DataFrame(schema=PAIR_SCHEMA)
    ids, at, errors = (np.concatenate(column) for column in zip(*found, strict=True))
    pairs = pl.DataFrame({"id": ids, "at": at, "errors": errors}, schema=PAIR_SCHEMA)
    return pairs.sort("id", "errors", "at").group_by("id", maintain_order=True).head(NEAREST)


def _compare(queries: pl.DataFrame, table: NameTable, begin: int, end: int) -> Iterator[Block]:
    """The pairs of one country's `queries`, sorted by errors allowed, and its names from `begin` to `end`.

    Queries that allow the same number of errors are compared together, and only with names whose length
    differs by no more than that number.
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
