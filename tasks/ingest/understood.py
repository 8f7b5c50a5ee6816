"""What was understood of a column, and by which rule.

Belongs here: `Understood`, the result of every reader, and the one way to read each different spelling only once. Must stay out: any rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

UNREADABLE = "unreadable"
"""The rule named where a cell holds something and nothing could be understood."""


@dataclass(frozen=True)
class Understood:
    """`values`: typed, null for nothing; `rules`: String, the rule by which a cell was read, null where it was taken as it stood."""

    values: pl.Series
    rules: pl.Series


Reading = tuple[Any, str | None]
"""One cell: its value, and the rule or None."""


def as_it_stood(values: pl.Series) -> Understood:
    """Nothing had to be understood."""
    return Understood(values, pl.Series("rule", [None] * len(values), dtype=pl.String))


def by_distinct(texts: pl.Series, read: Callable[[str], Reading], dtype: pl.DataType | type[pl.DataType]) -> Understood:
    """Read each different text once with `read`; null stays null. Work grows with the number of spellings, not of rows."""
    different = texts.drop_nulls().unique(maintain_order=True)
    readings = [read(text) for text in different.to_list()]
    table = pl.DataFrame(
        {
            "text": different.cast(pl.String),
            "value": pl.Series([value for value, _ in readings], dtype=dtype),
            "rule": pl.Series([rule for _, rule in readings], dtype=pl.String),
        }
    )
    joined = texts.alias("text").to_frame().join(table, on="text", how="left", maintain_order="left")
    return Understood(joined["value"], joined["rule"])


def plain_or(texts: pl.Series, plain: str, parse: Callable[[pl.Series], pl.Series], slow: Callable[[pl.Series], Understood]) -> Understood:
    """Texts that match the pattern `plain` are parsed all at once and count as taken as they stood; only the others go to `slow`."""
    is_plain = texts.str.contains(plain).fill_null(value=False)
    fast = parse(texts.to_frame("t").select(pl.when(is_plain).then(pl.col("t"))).to_series())
    failed = pl.select(pl.when(is_plain & fast.is_null()).then(pl.lit(UNREADABLE))).to_series()
    rest = slow(texts.to_frame("t").select(pl.when(~is_plain).then(pl.col("t"))).to_series())
    values = pl.select(pl.when(is_plain).then(fast).otherwise(rest.values)).to_series()
    return Understood(values, pl.select(pl.when(is_plain).then(failed).otherwise(rest.rules)).to_series().cast(pl.String))
