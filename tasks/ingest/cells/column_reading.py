"""What was read from a column, and by which rule each cell was read.

Belongs here: `ColumnReading`, the result of every reader, and the one way to read each different spelling
only once. Must stay out: any rule of reading.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

UNREADABLE = "unreadable"
"""The rule named where a cell holds something and nothing could be understood."""
AMBIGUOUS_DATE = "ambiguous-date"
"""The rule named where a date could be two days, and its column has dates of both orders."""
SPREADSHEET_ERROR = "spreadsheet-error"
"""The rule named where a cell holds an error of a spreadsheet (#NAME?) instead of the answer."""
NOT_BELIEVABLE = "not-believable"
"""The rule named where a number is too small to be meant."""
OUT_OF_RANGE = "out-of-range"
"""The rule named where a number is beyond the bounds that the dictionary gives its column."""
TOO_LONG = "too-long"
"""The rule named where a cell holds more letters than its column may."""
UNREADABLE_RULES = (
    UNREADABLE,
    AMBIGUOUS_DATE,
    SPREADSHEET_ERROR,
    NOT_BELIEVABLE,
    OUT_OF_RANGE,
    TOO_LONG,
)
"""The rules of cells that hold something of which nothing was understood."""
NO_NAME = "no-name"
"""The rule named where a name is kept that a spreadsheet made something else of: a number, a date, a yes."""
CUT = "cut"
"""The rule named where a free text was cut to the letters that its column may hold."""
PARTLY_READ = "partly-read"
"""The rule named where some entries of a cell were understood and others were not."""


@dataclass(frozen=True)
class ColumnReading:
    """One column as it was read.

    `values`: typed, null for nothing. `rules`: String, the rule by which a cell was read, null where it was
    taken as it stood. `note`: what had to be settled for the column as a whole, in one sentence.
    """

    values: pl.Series
    rules: pl.Series
    note: str | None = None


DataType = pl.DataType | type[pl.DataType]
CellReading = tuple[Any, str | None]
"""One cell: its value, and the rule by which it was read, or None."""


def as_written(values: pl.Series) -> ColumnReading:
    """A column in which every cell is taken as it stands."""
    return ColumnReading(values, pl.Series("rule", [None] * len(values), dtype=pl.String))


def read_distinct(texts: pl.Series, read: Callable[[str], CellReading], dtype: DataType) -> ColumnReading:
    """Read each different text once with `read`; null stays null.

    The costly work grows with the number of spellings, not of rows.
    """
    different = texts.unique(maintain_order=True).drop_nulls().to_list()
    readings: list[CellReading] = [(None, None), *map(read, different)]
    place = {None: 0} | {text: number for number, text in enumerate(different, 1)}
    places = [place[text] for text in texts.to_list()]
    values = _series([value for value, _ in readings], dtype)
    rules = pl.Series([rule for _, rule in readings], dtype=pl.String)
    return ColumnReading(values.gather(places), rules.gather(places))


def _series(values: list[Any], dtype: DataType) -> pl.Series:
    """Values as a series.

    Lists of records go by way of JSON, because polars would build one series a cell otherwise.
    """
    if dtype == pl.List:
        written = [None if value is None else json.dumps(value) for value in values]
        return pl.Series(written, dtype=pl.String).str.json_decode(dtype)
    return pl.Series(values, dtype=dtype)


def parse_or_read(
    texts: pl.Series,
    plain: str,
    parse: Callable[[pl.Expr], pl.Expr],
    read: Callable[[str], CellReading],
    dtype: DataType,
) -> ColumnReading:
    """Parse texts of the pattern `plain` at once with `parse`; read only the others one by one with `read`.

    Plain texts count as taken as they stood. One that does not parse (30 February) is unreadable.
    """
    text, is_plain = pl.col("text"), pl.col("text").str.contains(plain)
    split = pl.DataFrame({"text": texts}).select(
        parse(pl.when(is_plain).then(text)).alias("fast"),
        is_plain.alias("plain"),
        pl.when(~is_plain).then(text).alias("rest"),
    )
    failed = pl.when(pl.col("plain") & pl.col("fast").is_null()).then(pl.lit(UNREADABLE))
    rest = read_distinct(split["rest"], read, dtype)
    joined = split.with_columns(rest.values.alias("slow"), rest.rules.alias("rule")).select(
        pl.when("plain").then("fast").otherwise("slow").alias("value"),
        pl.when("plain").then(failed).otherwise("rule").alias("rule"),
    )
    return ColumnReading(joined["value"], joined["rule"])
