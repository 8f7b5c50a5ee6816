"""Making the gazetteer from the data of GeoNames and CLDR.

Belongs here: which names a place has, folded, and the order in which they are packed. Must stay out: reading
the data (`geonames.py`, `names/exonyms.py`) and the form in which the result is kept (`encoding.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import polars as pl

from tasks.crosscheck.gazetteer.encoding import parquet_bytes, read_parquet
from tasks.crosscheck.gazetteer.geonames import country_names, read_places
from tasks.crosscheck.gazetteer.table import Gazetteer, pair_hash
from tasks.crosscheck.names.affixes import SKELETON_SIGN, skeleton
from tasks.crosscheck.names.exonyms import city_names
from tasks.crosscheck.names.folding import fold_name, transliterate
from tasks.crosscheck.names.fuzzy import NameTable

BUCKETS = 8
"""The names are split by their hash into so many parts, which are sorted one after the other."""
COUNTRY = pl.Enum(sorted(country_names()["country_iso3"]))

Parts = defaultdict[str, list[bytes]]
"""Frames of one name, each packed as Parquet."""


def build_gazetteer() -> Gazetteer:
    """The gazetteer of the installed data. This takes some seconds, so callers keep the result."""
    return gazetteer_of(read_places(), city_names())


def gazetteer_of(chunks: Iterable[pl.DataFrame], exonyms: pl.DataFrame) -> Gazetteer:
    """The gazetteer of the places in `chunks` (see `read_places`) and of `exonyms` (see `city_names`).

    Each chunk is reduced to what is kept of it and packed before the next one is read: all names at once
    would take half a gigabyte.
    """
    iso3 = country_names().select("country_iso3", "iso2")
    exonyms = exonyms.join(iso3, on="iso2", how="inner").with_columns(key=fold_name(pl.col("text")))
    exonyms = exonyms.filter(pl.col("key") != "")
    wanted = exonyms.select("country_iso3", "key").unique()
    parts: Parts = defaultdict(list)
    for raw in chunks:
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
    """Add a frame to `parts`, in memory of its own.

    Otherwise the texts of polars would keep all the text in memory that they were cut from.
    """
    parts[name].append(parquet_bytes(frame))


def _unpacked(parts: Parts, name: str) -> pl.DataFrame:
    return pl.concat([read_parquet(part) for part in parts.pop(name)])


def _places(raw: pl.DataFrame) -> pl.DataFrame:
    own = ("name", "country_iso3", "latitude", "longitude", "population", "timezone")
    return raw.select(pl.col("geonameid").alias("place"), *own, pl.col("admin1code").alias("admin1"))


def _names(raw: pl.DataFrame) -> pl.DataFrame:
    """Every name of every place, folded, each once: `country_iso3`, `place`, `main`, `key`.

    Airport codes are left out: nobody who types three or four capital letters means a place by them.
    """
    main = _folded(raw.select("country_iso3", text="name", place="geonameid", main=pl.lit(value=True)))
    other = raw.select(
        "country_iso3", text="alternatenames", place="geonameid", main=pl.lit(value=False)
    ).explode("text")
    other = _folded(other.filter(~pl.col("text").str.contains(r"^[A-Z]{3,4}$")))
    latin = transliterate(main)
    skeletons = pl.concat([main, latin]).with_columns(key=SKELETON_SIGN + skeleton(pl.col("key")))
    return (
        pl.concat([main, latin, other, skeletons])
        .filter(pl.col("key") != "")
        .unique(["key", "place"], keep="first", maintain_order=True)
    )


def _folded(names: pl.DataFrame) -> pl.DataFrame:
    return names.select("country_iso3", "place", "main", key=fold_name(pl.col("text")))


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


def _with_owner(exonyms: pl.DataFrame, names: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The names of CLDR as names of places: `country_iso3`, `place`, `main` (false), `key`.

    CLDR names no place, so a zone's city is the place of the country that shares most of its names, then the
    most populous one. `names`: the names of places that are exonyms too.
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
