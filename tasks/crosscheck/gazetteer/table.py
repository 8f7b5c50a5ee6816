"""The table of all places and their names, and the search in it by exact name.

Belongs here: what the table holds, and finding a name in it. Must stay out: how the table is made
(`build.py`) and kept (`encoding.py`), and what a match with a place means for a link (`linkage/evidence.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.crosscheck.names.fuzzy import NameTable


@dataclass(frozen=True)
class Gazetteer:
    """All places and their names.

    - `places`: one row per place, sorted: `place` (GeoNames id), `name`, `country_iso3`, `latitude`,
      `longitude`, `population`, `timezone` (IANA), `admin1` (GeoNames code of the first-level division).
    - `names`: one row per country, key and place: `key` (a folded name, or the skeleton of a main name),
      `place`, `main` (whether it is the place's main name), `hash` (of country and key); sorted by `hash`.
    - `spellings`: the names in Latin letters, for the search with typing errors: `country_iso3`, `place`,
      `main`, `compact` (without spaces); in the order of a `NameTable`.
    - `words`: the `hash` of each word of each country's main names; sorted.
    """

    places: pl.DataFrame
    names: pl.DataFrame
    spellings: pl.DataFrame
    words: pl.DataFrame

    @cached_property
    def table(self) -> NameTable:
        """The spellings as a table for the search with typing errors."""
        return NameTable(self.spellings)

    @cached_property
    def main_table(self) -> NameTable:
        """The main names among the spellings, likewise."""
        return NameTable(self.spellings.filter("main"))

    @cached_property
    def letters(self) -> dict[str, frozenset[str]]:
        """The characters outside ASCII with which the places of each country are written."""
        written = (
            self.places.filter(pl.col("name").str.contains(r"[^\x00-\x7f]"))
            .group_by("country_iso3")
            .agg(text=pl.col("name").str.replace_all(r"[\x00-\x7f]+", "").str.join(""))
        )
        both = {}
        for country, text in written.iter_rows():
            both[country] = frozenset(
                letter for letter in text + text.upper() + text.lower() if letter > "\x7f"
            )
        return both

    @cached_property
    def accented(self) -> dict[str, pl.DataFrame]:
        """By country, the places that are written with letters outside ASCII.

        `place`, `written` (the letters of the name alone, in lower case).
        """
        letters = (
            pl.col("name").str.normalize("NFC").str.to_lowercase().str.replace_all(r"[^\p{L}\p{M}]+", "")
        )
        foreign = self.places.select("country_iso3", "place", written=letters).filter(
            pl.col("written").str.contains(r"[^\x00-\x7f]")
        )
        parts = foreign.partition_by("country_iso3", as_dict=True, include_key=False)
        return {str(country): part for (country,), part in parts.items()}

    @cached_property
    def _hashes(self) -> NDArray[np.uint64]:
        return self.names["hash"].to_numpy()

    def find(self, wanted: pl.DataFrame) -> pl.DataFrame:
        """The places that have exactly a wanted name.

        `wanted`: `country_iso3`, `key` and any other columns. Returns its columns with `place` and `main`: a
        row for each place. The hashes are searched by bisection, so that a few names cost nothing; equal
        hashes are checked against the name itself.
        """
        values = wanted.select(pair_hash("key")).to_series().to_numpy()
        first = np.searchsorted(self._hashes, values, "left")
        counts = np.searchsorted(self._hashes, values, "right") - first
        before = np.concatenate(([0], np.cumsum(counts)[:-1]))
        rows = np.repeat(first - before, counts) + np.arange(counts.sum())
        names = self.names[rows].select(found="key", place="place", main="main")
        hits = pl.concat([wanted[np.repeat(np.arange(len(values)), counts)], names], how="horizontal")
        return hits.filter(pl.col("key") == pl.col("found")).drop("found")

    def facts(self, places: pl.Series) -> pl.DataFrame:
        """The rows of `places` of each place asked for, in that order; every place must be there."""
        at = np.searchsorted(self._ids, places.to_numpy())
        return self.places[at]

    @cached_property
    def _ids(self) -> NDArray[np.int32]:
        return self.places["place"].to_numpy()

    def knows_word(self, words: pl.DataFrame) -> pl.Series:
        """Whether each of `words` (`country_iso3`, `word`) is a word of a main name in its country."""
        known = self.words["hash"].to_numpy()
        values = words.select(pair_hash("word")).to_series().to_numpy()
        at = np.searchsorted(known, values).clip(max=len(known) - 1)
        return pl.Series(known[at] == values, dtype=pl.Boolean)


def pair_hash(column: str) -> pl.Expr:
    """One number, named `hash`, for the country and the text of a row."""
    return pl.concat_str(pl.col("country_iso3").fill_null(""), column).hash(seed=0).alias("hash")
