"""Lists of names, and registers, as tables with headings anybody might write: for linking outside a round.

Belongs here: which headings mean the columns the linker needs. Must stay out: the round's own inputs (step
`ingest`, by `programme/form.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from programme.problems import Problem, ProblemsError
from tasks.crosscheck.names.folding import fold
from tasks.ingest.cells.countries import to_iso3_series
from tasks.ingest.cells.numbers import read_number, read_whole_number

HEADINGS = {
    "register_id": ("register id", "id", "gcom id", "utm id"),
    "name": ("name", "city name", "city", "city or consortium"),
    "country": ("country iso3", "iso3", "country", "country code", "iso2", "country name"),
    "region": ("region", "state", "province", "state province", "region state"),
    "population": ("population", "inhabitants", "number of inhabitants"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lng", "lon", "long"),
}
"""Folded headings of each column, the most telling first."""


def as_register(table: pl.DataFrame, where: str) -> pl.DataFrame:
    """A register as `linker.build_index` wants it; rows without an id or a name are left out.

    `table`: text columns under their headings. Raises `ProblemsError` naming every column that is missing and
    what was found.
    """
    read = _read(table, ("register_id", "name", "country"), where)
    return read.filter(pl.col("register_id").is_not_null() & pl.col("name").is_not_null()).unique(
        "register_id", keep="first", maintain_order=True
    )


def left_out(table: pl.DataFrame, where: str) -> str | None:
    """What `as_register` leaves out of a table or cannot find anything in, in words; None where it takes
    every row.
    """
    read = _read(table, ("register_id", "name", "country"), where)
    named = read.filter(pl.col("register_id").is_not_null() & pl.col("name").is_not_null())
    again, nowhere = (
        named.height - named["register_id"].n_unique(),
        named.unique("register_id", keep="first")["country_iso3"].null_count(),
    )
    counts = [
        (read.height - named.height, "without an id or a name"),
        (again, "with the id of an earlier row"),
        (nowhere, "in no country that is known, so that no name is found in them"),
    ]
    said = [f"{count} {what}" for count, what in counts if count]
    return f"{where}: of {read.height} rows {'; '.join(said)}" if said else None


def as_queries(table: pl.DataFrame, where: str) -> pl.DataFrame:
    """Names to look up as `linker.link` wants them, one row per row of `table`, `query_id` being its number;
    raises `ProblemsError` like `as_register`.
    """
    read = _read(table, ("name", "country"), where)
    return read.with_row_index("n").with_columns(query_id=pl.col("n").cast(pl.String)).drop("n")


def _read(table: pl.DataFrame, required: tuple[str, ...], where: str) -> pl.DataFrame:
    folded = pl.Series(table.columns).to_frame("h").select(fold(pl.col("h"))).to_series().to_list()
    found = {
        name: next((table.columns[folded.index(h)] for h in headings if h in folded), None)
        for name, headings in HEADINGS.items()
    }
    if missing := [name for name in required if found[name] is None]:
        named = ", ".join(table.columns) or "no columns"
        raise ProblemsError(
            Problem(
                f"the columns {named}",
                f"a column for {name} ({', '.join(HEADINGS[name])})",
                where,
                "Name the column so.",
            )
            for name in missing
        )
    columns = {
        name: table[heading] if heading else pl.Series([None] * table.height, dtype=pl.String)
        for name, heading in found.items()
    }
    return pl.DataFrame(
        {
            "register_id": columns["register_id"],
            "name": columns["name"],
            "country_iso3": to_iso3_series(columns["country"]),
            "region": columns["region"],
            "population": _numbers(columns["population"], _whole, pl.Int64()),
            "latitude": _numbers(columns["latitude"], _decimal, pl.Float64()),
            "longitude": _numbers(columns["longitude"], _decimal, pl.Float64()),
        }
    )


def _numbers(texts: pl.Series, read: Callable[[str], object], dtype: pl.DataType) -> pl.Series:
    """Each different text is read once; what is no number is unknown."""
    different = texts.drop_nulls().unique(maintain_order=True)
    values = pl.Series([read(text) for text in different], dtype=dtype, strict=False)
    return texts.replace_strict(different, values, default=None, return_dtype=dtype)


def _whole(text: str) -> int | None:
    """Inhabitants; some lists write them with decimals ("3503.0", "91.07"). Three digits after a point are
    thousands.
    """
    if DECIMALS.fullmatch(text):
        return int(float(text))
    value, _ = read_whole_number(text)
    return value if isinstance(value, int) and 0 <= value < MOST_PEOPLE else None


def _decimal(text: str) -> float | None:
    value, _ = read_number(text)
    return float(value) if isinstance(value, int | float) and abs(value) <= MOST_DEGREES else None


MOST_PEOPLE = 10**10
MOST_DEGREES = 180
DECIMALS = re.compile(r"[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})")
