"""What was understood of a column, and by which rule.

Belongs here: `Understood`, the result of every reader, and the one way to read each different spelling only
once. Must stay out: any rule.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

UNREADABLE = "unreadable"
"""The rule named where a cell holds something and nothing could be understood."""

AMBIGUOUS = "ambiguous-date"
"""The rule named where a date could be two days, and its column has dates of both orders."""
NOTHING = (UNREADABLE, AMBIGUOUS)
"""The rules of cells that hold something of which nothing was understood."""


@dataclass(frozen=True)
class Understood:
    """`values`: typed, null for nothing; `rules`: String, the rule by which a cell was read, null where it
    was taken as it stood; `note`: what had to be settled for the column as a whole, in one sentence.
    """

    values: pl.Series
    rules: pl.Series
    note: str | None = None


DataType = pl.DataType | type[pl.DataType]
Reading = tuple[Any, str | None]
"""One cell: its value, and the rule or None."""


def as_it_stood(values: pl.Series) -> Understood:
    """Nothing had to be understood."""
    return Understood(values, pl.Series("rule", [None] * len(values), dtype=pl.String))


def by_distinct(texts: pl.Series, read: Callable[[str], Reading], dtype: DataType) -> Understood:
    """Read each different text once with `read`; null stays null. The costly work grows with the number of
    spellings, not of rows.
    """
    different = texts.unique(maintain_order=True).drop_nulls().to_list()
    readings: list[Reading] = [(None, None), *map(read, different)]
    place = {None: 0} | {text: number for number, text in enumerate(different, 1)}
    places = [place[text] for text in texts.to_list()]
    rules = pl.Series([rule for _, rule in readings], dtype=pl.String)
    return Understood(_series([value for value, _ in readings], dtype).gather(places), rules.gather(places))


def _series(values: list[Any], dtype: DataType) -> pl.Series:
    """Values as a series; lists of records by way of JSON, because polars builds them one series a cell
    otherwise.
    """
    if dtype == pl.List:
        return pl.Series(
            [None if value is None else json.dumps(value) for value in values], dtype=pl.String
        ).str.json_decode(dtype)
    return pl.Series(values, dtype=dtype)


def plain_or(
    texts: pl.Series,
    plain: str,
    parse: Callable[[pl.Expr], pl.Expr],
    read: Callable[[str], Reading],
    dtype: DataType,
) -> Understood:
    """Texts that match the pattern `plain` are parsed all at once and count as taken as they stood; only the
    others are read one by one.

    A plain text that does not parse (30 February) is unreadable.
    """
    text, is_plain = pl.col("text"), pl.col("text").str.contains(plain)
    split = pl.DataFrame({"text": texts}).select(
        parse(pl.when(is_plain).then(text)).alias("fast"),
        is_plain.alias("plain"),
        pl.when(~is_plain).then(text).alias("rest"),
    )
    failed = pl.when(pl.col("plain") & pl.col("fast").is_null()).then(pl.lit(UNREADABLE))
    rest = by_distinct(split["rest"], read, dtype)
    joined = split.with_columns(rest.values.alias("slow"), rest.rules.alias("rule")).select(
        pl.when("plain").then("fast").otherwise("slow").alias("value"),
        pl.when("plain").then(failed).otherwise("rule").alias("rule"),
    )
    return Understood(joined["value"], joined["rule"])
