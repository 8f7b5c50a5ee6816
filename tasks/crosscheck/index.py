"""A register made ready to be searched: its names' keys, its rows' places in the gazetteer, their aliases.

Belongs here: everything that depends on the register alone and is computed once. Must stay out: queries (`linker.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.divisions import is_coded, known_divisions, region_key
from tasks.crosscheck.gazetteer import Gazetteer
from tasks.crosscheck.geodesy import distance_km
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
    `regions` (ids of the divisions it lies in), `upper` (is a province or county), `city` (number shared by rows of the same city, so that duplicates do not
    compete). `keys`: one row per key and register row. `names`: Latin names without spaces, for the comparison with typing errors. `divisions`: see
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
    rows = rows.join(_places(own, rows, gazetteer, rules), on="id", how="left", maintain_order="left")
    rows = rows.join(_regions(rows, parsed, divisions, rules), on="id", how="left", maintain_order="left")
    rows = rows.join(parsed.names.select("id", "head", "upper"), on="id", how="left", maintain_order="left").with_columns(city=_city())
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


def _places(own: pl.DataFrame, rows: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """The gazetteer's place of each row, where one is found: by name, then nearness, then likeness of population, then size."""
    named = own.filter(pl.col("tier") != "part").join(gazetteer.names, on=["country_iso3", "key"], how="inner")
    best = named.group_by("id", "place").agg(pl.col("points").max(), pl.col("main").any())
    known = rows.select("id", "population", "latitude", "longitude")
    pairs = best.join(known, on="id").join(gazetteer.places, on="place", suffix="_place")
    km = distance_km(pl.col("latitude"), pl.col("longitude"), pl.col("latitude_place"), pl.col("longitude_place"))
    near = pl.when(km <= rules.limits.near_km).then(60).when(km >= rules.limits.far_km).then(-60).otherwise(0).fill_null(0)
    ratio = (pl.col("population_place").clip(1).log() - pl.col("population").clip(1).log()).abs().fill_null(2.0)
    fit = pl.col("points") + near + pl.col("main").cast(pl.Int8) * 15 - ratio * 3
    ranked = pairs.with_columns(fit=fit, km=km).sort(["id", "fit", "population_place", "place"], descending=[False, True, True, False])
    chosen = ranked.unique("id", keep="first", maintain_order=True)
    far = (pl.col("km") >= rules.limits.far_km).fill_null(value=False)
    return chosen.select("id", "place", "admin1", place_population="population_place", place_far=far, place_main="main")


def _regions(rows: pl.DataFrame, parsed: Parsed, divisions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The divisions each row lies in: by its column, by its name, else by its place in the gazetteer (whose codes are the postal ones in the USA only)."""
    given = rows.select("id", "country_iso3", region_key=region_key(pl.col("region"), rules)).join(
        divisions, on=["country_iso3", "region_key"], how="inner"
    )
    said = pl.concat([given.select("id", "region"), parsed.regions.select("id", "region")]).unique(maintain_order=True)
    usa = rows.filter((pl.col("country_iso3") == "USA") & pl.col("admin1").is_not_null() & ~pl.col("place_far"))
    unsaid = usa.join(said.filter(is_coded(pl.col("region"))), on="id", how="anti").select("id", region=pl.format("USA-{}", "admin1"))
    return pl.concat([said, unsaid]).sort("id", "region").group_by("id", maintain_order=True).agg(regions="region")


def _city() -> pl.Expr:
    """Rows of one city share a number: the same place of the gazetteer, or, where none is known, the same name at the same position or with the same figures.

    A place only counts under its main name: by an alias two different municipalities may come to the same place.
    """
    place = pl.when(pl.col("place_main") & ~pl.col("upper")).then(pl.format("place {}", "place"))
    spot = pl.format("{} {}/{}", "head", pl.col("latitude").round(1), pl.col("longitude").round(1))
    figure = pl.format("{} {}", "head", "population")
    where = pl.coalesce(place, spot, figure, "head")
    return pl.struct(pl.col("country_iso3").fill_null(""), where.alias("where"), pl.col("upper")).rank("dense")


def _aliases(rows: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """The gazetteer's other names of the rows' places; a province or county does not get those of its capital."""
    placed = rows.filter(pl.col("place").is_not_null() & ~pl.col("place_far") & ~pl.col("upper")).select("id", "place")
    names = placed.join(gazetteer.names, on="place", how="inner")
    return names.select("id", "country_iso3", "key", points=pl.lit(float(rules.points.alias)), tier=pl.lit("alias"))
