"""The index of a register: the keys of its names, and the places, divisions and other names of its rows.

Belongs here: everything that depends on the register alone, so that it is computed once. Must stay out: the
names that are looked up (`linker.py`), and the index as bytes (`encoding.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import is_coded, known_divisions, region_key
from tasks.crosscheck.gazetteer.geocode_registers import geocode_rows
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.names.affixes import SKELETON_SIGN, skeleton, strip_words
from tasks.crosscheck.names.bodies import body_of
from tasks.crosscheck.names.fuzzy import NameTable
from tasks.crosscheck.names.keys import search_keys
from tasks.crosscheck.names.parsing import ParsedNames, parse_names

SAME_SPELLING = 0.17
"""Two names of one place that differ in so few of their letters are spellings of one name (one in six)."""
SHORTEST_NAME = 4
"""A name with fewer letters is not searched but as it is written."""
REGISTER_SCHEMA = pl.Schema(
    {
        "register_id": pl.String(),
        "name": pl.String(),
        "country_iso3": pl.String(),
        "region": pl.String(),
        "population": pl.Int64(),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
    }
)


@dataclass(frozen=True)
class RegisterIndex:
    """One register, searchable.

    - `rows`: one row per row of the register: `id` (its position), the columns of `REGISTER_SCHEMA`, `place`
      (GeoNames id, null where none was found) with `place_population`, `place_latitude`, `place_longitude`
      and `place_km` (from the row's position), `regions` (ids of the divisions it lies in), `upper`,
      `upper_first` and `head` (see `ParsedNames`), `skeleton` of the name, and the kind of `body` (see
      `body_of`).
    - `keys`: one row per key and row of the register: `id`, `country_iso3`, `key`, `points`, `tier`.
    - `names`: the keys in Latin letters, for the search with typing errors.
    - `divisions`: the texts that name a division (`known_divisions`).
    - `gazetteer`: all places, for evidence against a candidate.
    """

    rows: pl.DataFrame
    keys: pl.DataFrame
    names: NameTable
    divisions: pl.DataFrame
    gazetteer: Gazetteer


def build_index(register: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> RegisterIndex:
    """The index of a register, with one row per row of the register.

    `register`: `register_id`, `name`, `country_iso3`, and optionally `region`, `population`, `latitude`,
    `longitude`; a column that is absent counts as unknown.
    """
    rows = conform_register(register).with_row_index("id")
    divisions = known_divisions(rows, rules)
    parsed = parse_names(rows.select("id", "name", "country_iso3"), divisions, rules)
    own = search_keys(parsed, rules)
    named = _regions_named(rows, parsed, divisions, rules)
    joint = pl.when("compound").then(strip_words(pl.col("bare"), rules.words)).otherwise("head")
    name_facts = parsed.names.select(
        "id",
        "upper",
        "upper_first",
        "head",
        skeleton=skeleton(joint),
        body=body_of(pl.col("whole"), rules.words),
    )
    rows = _with(rows, geocode_rows(own, rows, named, gazetteer, rules))
    rows = _with(_with(rows, _regions(rows, named)), name_facts)
    every = pl.concat([own, _aliases(rows, gazetteer, rules)]).sort(
        "points", descending=True, maintain_order=True
    )
    every = every.unique(["id", "key"], keep="first", maintain_order=True)
    return RegisterIndex(
        rows=rows, keys=every, names=latin_names(every, rules), divisions=divisions, gazetteer=gazetteer
    )


def conform_register(register: pl.DataFrame) -> pl.DataFrame:
    """The register with exactly the columns of `REGISTER_SCHEMA`; a column that is absent becomes null."""
    absent = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in REGISTER_SCHEMA.items()
        if name not in register.columns
    ]
    return register.with_columns(absent).select(
        pl.col(name).cast(dtype) for name, dtype in REGISTER_SCHEMA.items()
    )


def _with(rows: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    return rows.join(facts, on="id", how="left", maintain_order="left")


def latin_names(every: pl.DataFrame, rules: LinkingRules) -> NameTable:
    """The keys that are whole names in Latin letters, with `compact` (without spaces); each once an `id`.

    Names that are too short for the search with typing errors may still lack a letter that a program lost.
    """
    plain = every.filter(pl.col("key").str.contains(r"^[a-z0-9 ]+$") & (pl.col("points") > rules.points.part))
    compact = plain.with_columns(compact=pl.col("key").str.replace_all(" ", "", literal=True))
    long = compact.filter(pl.col("compact").str.len_chars() >= SHORTEST_NAME)
    return NameTable.of(long.unique(["compact", "id"], keep="first", maintain_order=True))


def _regions_named(
    rows: pl.DataFrame, parsed: ParsedNames, divisions: pl.DataFrame, rules: LinkingRules
) -> pl.DataFrame:
    """The divisions that each row names in its column `region` or beside its name: `id`, `region`."""
    given = rows.select("id", "country_iso3", region_key=region_key(pl.col("region"), rules)).join(
        divisions, on=["country_iso3", "region_key"], how="inner"
    )
    return pl.concat([given.select("id", "region"), parsed.regions.select("id", "region")]).unique(
        maintain_order=True
    )


def _regions(rows: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """The divisions each row lies in: `id`, `regions` (list).

    They are those that the row names. A row of the USA that names no state with a code lies in that of its
    place; in other countries the gazetteer's codes are not those that people write.
    """
    usa = rows.filter((pl.col("country_iso3") == "USA") & pl.col("admin1").is_not_null() & pl.col("surely"))
    by_place = usa.join(named.filter(is_coded(pl.col("region"))), on="id", how="anti").select(
        "id", region=pl.format("USA-{}", "admin1")
    )
    return (
        pl.concat([named, by_place])
        .sort("id", "region")
        .group_by("id", maintain_order=True)
        .agg(regions="region")
    )


def _aliases(rows: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """The other names of the rows' places, as keys.

    A province or county gets none: the names are those of its capital. A name by which another place of the
    country is called in the first place is worth less (tier `shared`): whoever writes it rather means that
    place. The main name of the row's own place, and another spelling of the row's own name, are none of
    these.
    """
    placed = rows.filter(pl.col("place").is_not_null() & pl.col("surely") & ~pl.col("upper")).select(
        "id", "place", "country_iso3", "head"
    )
    names = gazetteer.names.join(placed.select("place").unique(), on="place", how="semi").join(
        placed, on="place"
    )
    names = names.filter(~pl.col("key").str.starts_with(SKELETON_SIGN)).select(
        "id", "country_iso3", "key", "head", own="place", own_main="main"
    )
    shared = (
        gazetteer.find(names.filter(~pl.col("own_main")))
        .filter(pl.col("main") & (pl.col("place") != pl.col("own")))
        .select("id", "key", "head")
        .unique(maintain_order=True)
    )
    unlike = cpdist(
        shared["key"].to_list(), shared["head"].to_list(), scorer=OSA.normalized_distance, dtype=np.float32
    )
    shared = shared.filter(pl.Series(unlike > SAME_SPELLING)).select("id", "key", shared=pl.lit(value=True))
    names = names.join(shared, on=["id", "key"], how="left", maintain_order="left")
    points = rules.points
    return names.select(
        "id",
        "country_iso3",
        "key",
        points=pl.when("shared").then(points.shared).otherwise(points.alias).cast(pl.Float64),
        tier=pl.when("shared").then(pl.lit("shared")).otherwise(pl.lit("alias")),
    )
