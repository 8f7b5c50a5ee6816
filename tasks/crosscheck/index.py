"""A register made ready to be searched: its names' keys, its rows' places in the gazetteer, their aliases.

Belongs here: everything that depends on the register alone and is computed once. Must stay out: queries (`linker.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.folding import fold
from tasks.crosscheck.gazetteer import Gazetteer, us_states
from tasks.crosscheck.geodesy import distance_km
from tasks.crosscheck.variants import SKELETON_SIGN, keys, parse

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

    `rows`: one row per register row (`id` its position): what the register says, `place` (GeoNames id, null where none was found), `region_key` (folded region),
    `city` (number shared by rows of the same city, so that duplicates do not compete). `keys`: one row per key and register row. `names`: folded names
    for the comparison with typing errors. `gazetteer`: all places, for counter-evidence.
    """

    rows: pl.DataFrame
    keys: pl.DataFrame
    names: pl.DataFrame
    gazetteer: Gazetteer


def build_index(register: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> RegisterIndex:
    """Index a register: `register_id`, `name`, `country_iso3`, and optional `region`, `population`, `latitude`, `longitude` (absent ones count as unknown)."""
    rows = _conform(register).with_row_index("id")
    parsed = parse(rows.select("id", "name", "country_iso3"), rules)
    own = keys(parsed, rules)
    rows = rows.with_columns(region_key=region_key(pl.col("region"))).join(
        _places(own, rows, gazetteer, rules), on="id", how="left", maintain_order="left"
    )
    rows = rows.join(parsed.select("id", "head"), on="id", how="left", maintain_order="left").with_columns(city=_city()).drop("head")
    every = pl.concat([own, _aliases(rows, gazetteer, rules)]).sort("points", descending=True, maintain_order=True)
    every = every.unique(["id", "key"], keep="first", maintain_order=True)
    names = every.filter(
        ~pl.col("key").str.starts_with(SKELETON_SIGN), pl.col("tier") != "exact", pl.col("key").str.len_chars() >= rules.limits.fuzzy_min_length
    )
    names = names.unique(["country_iso3", "key", "id"], maintain_order=True).sort("country_iso3", "key", "id")
    return RegisterIndex(rows=rows, keys=every, names=names, gazetteer=gazetteer)


def region_key(region: pl.Expr) -> pl.Expr:
    """A state, province or region as typed, folded; US postal codes become the state's name."""
    names = {code.lower(): name.lower() for code, name in us_states().items()}
    folded = fold(region.fill_null("").str.normalize("NFKC")).str.replace(r"^(?:province of|provincia di|provincia de|state of|region of) ", "")
    return folded.replace(names).str.replace(r" (?:province|state|county|region|department|oblast|prefecture)$", "")


def _conform(register: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in REGISTER_SCHEMA.items() if name not in register.columns]
    return register.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in REGISTER_SCHEMA.items())


def _places(own: pl.DataFrame, rows: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """The gazetteer's place of each row, where one is found: by name, then nearness, then likeness of population, then size."""
    named = (
        own.filter(pl.col("tier") != "part").join(gazetteer.names, on=["country_iso3", "key"], how="inner").select("id", "place", "points", "main")
    )
    best = named.group_by("id", "place").agg(pl.col("points").max(), pl.col("main").any())
    known = rows.select("id", "population", "latitude", "longitude")
    pairs = best.join(known, on="id").join(gazetteer.places, on="place", suffix="_place")
    km = distance_km(pl.col("latitude"), pl.col("longitude"), pl.col("latitude_place"), pl.col("longitude_place"))
    near = pl.when(km <= rules.limits.near_km).then(60).when(km >= rules.limits.far_km).then(-60).otherwise(0).fill_null(0)
    ratio = (pl.col("population_place").clip(1).log() - pl.col("population").clip(1).log()).abs().fill_null(2.0)
    fit = pl.col("points") + near + pl.col("main").cast(pl.Int8) * 5 - ratio * 3
    ranked = pairs.with_columns(fit=fit, km=km).sort(["id", "fit", "population_place", "place"], descending=[False, True, True, False])
    chosen = ranked.unique("id", keep="first", maintain_order=True)
    return chosen.select(
        "id", "place", place_population="population_place", admin1="admin1", place_far=(pl.col("km") >= rules.limits.far_km).fill_null(value=False)
    )


def _city() -> pl.Expr:
    """Rows of one city share a number: the same name and country at the same gazetteer place, or, where none is known, at the same position or with the same figures."""
    where = pl.coalesce(
        pl.col("place").cast(pl.String),
        pl.format("{}/{}", pl.col("latitude").round(1), pl.col("longitude").round(1)),
        pl.col("population").cast(pl.String),
        pl.lit("?"),
    )
    return pl.struct(pl.col("country_iso3").fill_null(""), pl.col("head"), where).rank("dense")


def _aliases(rows: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """The gazetteer's other names of the rows' places."""
    placed = rows.filter(pl.col("place").is_not_null() & ~pl.col("place_far")).select("id", "place")
    return placed.join(gazetteer.names, on="place", how="inner").select(
        "id", "country_iso3", "key", points=pl.lit(rules.points.alias), tier=pl.lit("alias")
    )
