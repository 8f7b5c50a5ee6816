"""A register made ready to be searched: its names' keys, its rows' places in the gazetteer, their aliases.

Belongs here: everything that depends on the register alone and is computed once. Must stay out: queries (`linker.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.divisions import is_coded, known_divisions, region_key
from tasks.crosscheck.gazetteer import Gazetteer
from tasks.crosscheck.phrases import skeleton
from tasks.crosscheck.placing import placed
from tasks.crosscheck.variants import Parsed, keys, parse

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

    `rows`: one row per register row (`id` its position): what the register says; `place` (GeoNames id, null where none was found) with `place_population`;
    `regions` (ids of the divisions it lies in), `upper` (is a province or county), `bones` (its name's skeleton). `keys`: one row per key and register row. `names`: Latin names without spaces, for the comparison with typing errors. `divisions`: see
    `divisions.known_divisions`. `gazetteer`: all places, for counter-evidence.
    """

    rows: pl.DataFrame
    keys: pl.DataFrame
    names: pl.DataFrame
    divisions: pl.DataFrame
    gazetteer: Gazetteer


def build_index(register: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> RegisterIndex:
    """Index a register: `register_id`, `name`, `country_iso3`, and optional `region`, `population`, `latitude`, `longitude` (absent ones count as unknown)."""
    rows = _conform(register).with_row_index("id")
    divisions = known_divisions(rows, rules)
    parsed = parse(rows.select("id", "name", "country_iso3"), divisions, rules)
    own = keys(parsed, rules)
    rows = rows.join(placed(own, rows, gazetteer, rules), on="id", how="left", maintain_order="left")
    rows = rows.join(_regions(rows, parsed, divisions, rules), on="id", how="left", maintain_order="left")
    bones = skeleton(pl.when("compound").then("bare").otherwise("head"))
    rows = rows.join(parsed.names.select("id", "upper", bones=bones), on="id", how="left", maintain_order="left")
    every = pl.concat([own, _aliases(rows, gazetteer, rules)]).sort("points", descending=True, maintain_order=True)
    every = every.unique(["id", "key"], keep="first", maintain_order=True)
    return RegisterIndex(rows=rows, keys=every, names=latin_names(every, rules), divisions=divisions, gazetteer=gazetteer)


def latin_names(every: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The keys that are names in Latin letters, without spaces (`compact`); one row per country, name and id."""
    plain = every.filter(pl.col("key").str.contains(r"^[a-z0-9 ]+$"))
    compact = plain.with_columns(compact=pl.col("key").str.replace_all(" ", ""))
    long = compact.filter(pl.col("compact").str.len_chars() >= rules.limits.fuzzy_min_length)
    return long.unique(["country_iso3", "compact", "id"], maintain_order=True).sort("country_iso3", "compact", "id")


def _conform(register: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in REGISTER_SCHEMA.items() if name not in register.columns]
    return register.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in REGISTER_SCHEMA.items())


def _regions(rows: pl.DataFrame, parsed: Parsed, divisions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The divisions each row lies in: by its column, by its name, else by its place in the gazetteer (whose codes are the postal ones in the USA only)."""
    given = rows.select("id", "country_iso3", region_key=region_key(pl.col("region"), rules)).join(
        divisions, on=["country_iso3", "region_key"], how="inner"
    )
    said = pl.concat([given.select("id", "region"), parsed.regions.select("id", "region")]).unique(maintain_order=True)
    usa = rows.filter((pl.col("country_iso3") == "USA") & pl.col("admin1").is_not_null() & pl.col("surely"))
    unsaid = usa.join(said.filter(is_coded(pl.col("region"))), on="id", how="anti").select("id", region=pl.format("USA-{}", "admin1"))
    return pl.concat([said, unsaid]).sort("id", "region").group_by("id", maintain_order=True).agg(regions="region")


def _aliases(rows: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """The gazetteer's other names of the rows' places; a province or county does not get those of its capital."""
    placed = rows.filter(pl.col("place").is_not_null() & pl.col("surely") & ~pl.col("upper")).select("id", "place")
    names = placed.join(gazetteer.names, on="place", how="inner")
    return names.select("id", "country_iso3", "key", points=pl.lit(float(rules.points.alias)), tier=pl.lit("alias"))
