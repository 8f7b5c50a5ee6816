"""Geocoding of registers: the place of the gazetteer that each row of a register is.

Belongs here: rows of registers, whose position is stated but may be wrong. Must stay out: names that
applicants typed (`geocode_names.py`).
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.geodesy import distance_km
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.names import fuzzy

NEAR_FIT, MAIN_FIT, POPULATION_FIT = 30, 15, 12
"""Points for a near position (lost for a far one), for a main name, and lost for a factor e in inhabitants.

Positions and inhabitants of a register are wrong about as often, so a factor of ten in inhabitants weighs as
much as nearness.
"""
UNKNOWN_RATIO = 2.0
"""The logarithm of the ratio of the inhabitants, where one of the figures is not known."""
LETTERS_AN_ERROR = 5
"""A register's name may hold one error in so many letters, where position and inhabitants confirm it."""
SHORTEST_MISSPELLED = 7
"""A name with fewer letters differs by one from that of a neighbour too often (Malle, Halle)."""
SAME_KM = 3.0
"""Two positions so near are of one town, also where one is of its centre and one of its municipality."""
REACH_DEGREES = 1.0
"""A position without a place within so many degrees is nowhere, such as at sea."""


def geocode_rows(
    own: pl.DataFrame, rows: pl.DataFrame, regions: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules
) -> pl.DataFrame:
    """The place of each row that has one.

    The places of the row's name are ranked by name, nearness, population and size. A position in another
    country is no position. A row whose name no place of the country has, so that it is probably misspelled,
    is a place close by whose name differs by typing errors, where the inhabitants agree; otherwise it
    would take over a neighbour's names and figure. `own`: the keys of the rows; `regions`: the divisions that
    they name (`id`, `region`). Returns `id`, `place`, `admin1`, `place_population`, `place_latitude`,
    `place_longitude`, `place_km` (distance from the row's position), `surely` (nothing contradicts the place,
    so that its other names are the row's too).
    """
    whole = own.filter(pl.col("points") > rules.points.part)
    named = gazetteer.find(whole).select("id", "points", "place", "main")
    named = without_other_states(named, regions, gazetteer)
    by_name = _best(named, rows, gazetteer, rules)
    rows = _without_positions_abroad(rows, by_name, gazetteer)
    by_name = _best(named, rows, gazetteer, rules)
    unknown = whole.join(named, on="id", how="anti")
    by_similarity = _best(_similar(unknown, gazetteer), rows, gazetteer, rules).filter(_confirmed(rules))
    sure = ~pl.col("far") | pl.col("id").is_in(_unique(named)["id"].implode())
    return (
        pl.concat([by_similarity, by_name])
        .select(
            "id",
            "place",
            "admin1",
            "place_population",
            place_latitude="latitude_place",
            place_longitude="longitude_place",
            place_km="km",
            surely=sure,
        )
        .sort("id")
    )


def _confirmed(rules: LinkingRules) -> pl.Expr:
    """Whether position and inhabitants confirm a place of a similar name.

    At the very place the figures may be those of a town and of its municipality. Of a short name the figures
    must be nearly the same.
    """
    limits = rules.limits
    short = pl.col("name").str.len_chars() < SHORTEST_MISSPELLED
    alike = pl.col("ratio") <= pl.when(short).then(math.log(limits.population_same_factor)).otherwise(
        math.log(limits.population_doubt_factor)
    )
    town = ~short & (pl.col("km") <= SAME_KM) & (pl.col("ratio") <= math.log(limits.population_far_factor))
    return pl.col("near") & (alike | town)


def _without_positions_abroad(
    rows: pl.DataFrame, by_name: pl.DataFrame, gazetteer: Gazetteer
) -> pl.DataFrame:
    """The rows without the positions that are far from their place and in another country."""
    abroad = positions_abroad(rows.join(by_name.filter("far"), on="id", how="semi"), gazetteer)
    kept = ~pl.col("id").is_in(abroad.implode())
    return rows.with_columns(
        pl.when(kept).then(pl.col(column)).alias(column) for column in ("latitude", "longitude")
    )


def positions_abroad(rows: pl.DataFrame, gazetteer: Gazetteer) -> pl.Series:
    """The `id` of the rows (`id`, `country_iso3`, `latitude`, `longitude`) that lie in another country.

    A position is where the nearest place of the gazetteer is; it is nowhere without a place in reach.
    """
    places = gazetteer.places.sort("latitude")
    north, east = places["latitude"].to_numpy(), places["longitude"].to_numpy()
    countries = places["country_iso3"]
    found = []
    for id_, country, latitude, longitude in rows.select(
        "id", "country_iso3", "latitude", "longitude"
    ).iter_rows():
        first, last = np.searchsorted(north, (latitude - REACH_DEGREES, latitude + REACH_DEGREES))
        apart = (east[first:last] - longitude + 180) % 360 - 180
        flat = (north[first:last] - latitude) ** 2 + (apart * math.cos(math.radians(latitude))) ** 2
        if not len(flat) or flat.min() > REACH_DEGREES**2 or countries[int(first + flat.argmin())] != country:
            found.append(id_)
    return pl.Series(found, dtype=rows["id"].dtype)


def _best(named: pl.DataFrame, rows: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """The best of each row's places, with `near` and `far` by its position (both false if unknown)."""
    best = named.group_by("id", "place").agg(pl.col("points").max(), pl.col("main").any())
    known = rows.select("id", "population", "latitude", "longitude")
    pairs = best.join(known, on="id").join(
        gazetteer.places.rename({"population": "place_population"}), on="place", suffix="_place"
    )
    km = distance_km(
        pl.col("latitude"), pl.col("longitude"), pl.col("latitude_place"), pl.col("longitude_place")
    )
    near, far = (
        (km <= rules.limits.near_km).fill_null(value=False),
        (km >= rules.limits.far_km).fill_null(value=False),
    )
    # the gazetteer writes 0 where it does not know the inhabitants
    counted = pl.when(pl.col("place_population") > 0).then("place_population").log()
    ratio = (counted - pl.col("population").clip(1).log()).abs().fill_null(UNKNOWN_RATIO)
    fit = (
        pl.col("points")
        + (near.cast(pl.Int8) - far.cast(pl.Int8)) * NEAR_FIT
        + pl.col("main").cast(pl.Int8) * MAIN_FIT
        - ratio * POPULATION_FIT
    )
    ranked = pairs.with_columns(fit=fit, km=km, near=near, far=far, ratio=ratio).sort(
        ["id", "fit", "place_population", "place"], descending=[False, True, True, False]
    )
    return ranked.unique("id", keep="first", maintain_order=True)


def without_other_states(named: pl.DataFrame, regions: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """The places `named` (`id`, `place`, ...) without those in another state of the USA than the one stated.

    `regions`: the divisions stated (`id`, `region`). Only in the USA are the gazetteer's codes of divisions
    those that people write.
    """
    states = (
        regions.filter(pl.col("region").str.starts_with("USA-"))
        .group_by("id")
        .agg(states=pl.col("region").str.slice(4))
    )
    if states.is_empty():
        return named
    where = gazetteer.facts(named["place"])["admin1"]
    judged = named.with_columns(where.alias("admin1")).join(
        states, on="id", how="left", maintain_order="left"
    )
    allowed = pl.col("states").is_null() | pl.col("states").list.contains(pl.col("admin1"))
    return judged.filter(allowed.fill_null(value=True)).drop("states", "admin1")


def _similar(unknown: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """Places whose name differs from a row's by typing errors: `id`, `points`, `place`, `main`."""
    heads = unknown.filter(pl.col("key").str.contains(r"^[a-z0-9 ]+$")).unique(
        "id", keep="last", maintain_order=True
    )
    texts = heads.select("id", "country_iso3", text=pl.col("key").str.replace_all(" ", "")).filter(
        pl.col("text").str.len_chars() >= LETTERS_AN_ERROR
    )
    near = fuzzy.nearest(texts, gazetteer.table, 1 / LETTERS_AN_ERROR)
    names = gazetteer.spellings[near["at"]].select("place", "main")
    return pl.concat([near.select("id", points=-10.0 * pl.col("errors")), names], how="horizontal")


def _unique(named: pl.DataFrame) -> pl.DataFrame:
    """The rows whose name is the main name of one place of the country only.

    They are that place, however wrong their position.
    """
    return named.filter("main").select("id", "place").unique().group_by("id").len().filter(pl.col("len") == 1)
