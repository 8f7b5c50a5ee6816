"""Registers and lists of names from files with headings that anybody may write, for linking outside a round.

Belongs here: which headings mean the columns that the linker needs. Must stay out: a round's own inputs (step
`ingest`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from programme.counts import counted
from programme.problems import Problem, ProblemsError
from tasks.crosscheck.names.folding import fold_name
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
"""The folded headings of each column, the most specific first."""
MOST_PEOPLE = 10**10
MOST_DEGREES = 180
DECIMALS = re.compile(r"[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})")


def read_register(table: pl.DataFrame, where: str) -> pl.DataFrame:
    """A register as `build_index` needs it. Rows without an id or a name, and repeated ids, are left out.

    `table`: text columns under their headings; `where`: the file's name, for messages. Raises `ProblemsError`
    that names every column that is missing, and the headings found.
    """
    read = _read(table, ("register_id", "name", "country"), where)
    return _with_id_and_name(read).unique("register_id", keep="first", maintain_order=True)


def unusable_rows(table: pl.DataFrame, where: str) -> str | None:
    """How many rows `read_register` leaves out or has no country for, in words; None if there are none."""
    read = _read(table, ("register_id", "name", "country"), where)
    named = _with_id_and_name(read)
    repeated = named.height - named["register_id"].n_unique()
    no_country = named.unique("register_id", keep="first")["country_iso3"].null_count()
    counts = [
        (read.height - named.height, "without an id or a name"),
        (repeated, "with the id of an earlier row"),
        (no_country, "in no country that is known, so that no name is found in them"),
    ]
    said = [f"{count} {what}" for count, what in counts if count]
    return f"{where}: of {counted(read.height, 'row')} {'; '.join(said)}" if said else None


def read_queries(table: pl.DataFrame, where: str) -> pl.DataFrame:
    """Names as `link_names` needs them: one row per row of `table`, with its number from 0 as `query_id`.

    Raises `ProblemsError` like `read_register`.
    """
    read = _read(table, ("name", "country"), where)
    return read.with_row_index("n").with_columns(query_id=pl.col("n").cast(pl.String)).drop("n")


def _with_id_and_name(read: pl.DataFrame) -> pl.DataFrame:
    return read.filter(pl.col("register_id").is_not_null() & pl.col("name").is_not_null())


def _read(table: pl.DataFrame, required: tuple[str, ...], where: str) -> pl.DataFrame:
    found = _found_headings(table, required, where)
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


def _found_headings(table: pl.DataFrame, required: tuple[str, ...], where: str) -> dict[str, str | None]:
    """The heading of each column, None where there is none; raises where a required one is missing."""
    folded = pl.Series(table.columns).to_frame("h").select(fold_name(pl.col("h"))).to_series().to_list()
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
    return found


def _numbers(texts: pl.Series, read: Callable[[str], object], dtype: pl.DataType) -> pl.Series:
    """The numbers of the texts; a text that is no number becomes null. Each different text is read once."""
    different = texts.drop_nulls().unique(maintain_order=True)
    values = pl.Series([read(text) for text in different], dtype=dtype, strict=False)
    return texts.replace_strict(different, values, default=None, return_dtype=dtype)


def _whole(text: str) -> int | None:
    """A number of inhabitants. Decimals ("3503.0") are cut off; three digits after a point are thousands."""
    if DECIMALS.fullmatch(text):
        return int(float(text))
    value, _ = read_whole_number(text)
    return value if isinstance(value, int) and 0 <= value < MOST_PEOPLE else None


def _decimal(text: str) -> float | None:
    value, _ = read_number(text)
    return float(value) if isinstance(value, int | float) and abs(value) <= MOST_DEGREES else None
