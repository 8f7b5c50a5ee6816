"""Which place of the gazetteer each row of a register is.

Belongs here: rows of registers, whose positions are known but may be wrong. Must stay out: names typed by
applicants (`places.py`, `candidates.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.geodesy import distance_km
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.names import fuzzy

NEAR_FIT, MAIN_FIT, POPULATION_FIT = 30, 15, 12
"""Positions and inhabitants of a dirty register are wrong about as often; a factor of ten in inhabitants
weighs as much as nearness.
"""
LETTERS_AN_ERROR = 5
"""One typing error in so many letters is believed of a register's name, where the position confirms it."""


def placed(
    own: pl.DataFrame, rows: pl.DataFrame, said: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules
) -> pl.DataFrame:
    """The place of each row that has one: `id`, `place`, `admin1`, `place_population`, `surely` (nothing
    speaks against it, so its aliases are the row's).

    By name, then nearness, then likeness of population, then size; for rows found nowhere near, by a name
    with typing errors close by. `own`: keys of the rows; `said`: divisions they name (`id`, `region`).
    """
    whole = own.filter(pl.col("points") > rules.points.part)
    named = gazetteer.find(whole).select("id", "points", "place", "main")
    named = without_other_states(named, said, gazetteer)
    by_name = _best(named, rows, gazetteer, rules)
    lost = rows.join(by_name.filter(~pl.col("far")), on="id", how="anti").select("id")
    by_likeness = _best(
        _alike(whole.join(lost, on="id", how="semi"), gazetteer), rows, gazetteer, rules
    ).filter("near")
    sure = ~pl.col("far") | pl.col("id").is_in(_alone(named)["id"].implode())
    every = pl.concat([by_likeness, by_name.join(by_likeness, on="id", how="anti")])
    return every.select("id", "place", "admin1", "place_population", place_km="km", surely=sure).sort("id")


def _best(named: pl.DataFrame, rows: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """The best of the places named: with `near` and `far` by the positions, both false where one is
    unknown.
    """
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
    ratio = (
        (pl.col("place_population").clip(1).log() - pl.col("population").clip(1).log()).abs().fill_null(2.0)
    )
    fit = (
        pl.col("points")
        + (near.cast(pl.Int8) - far.cast(pl.Int8)) * NEAR_FIT
        + pl.col("main").cast(pl.Int8) * MAIN_FIT
        - ratio * POPULATION_FIT
    )
    ranked = pairs.with_columns(fit=fit, km=km, near=near, far=far).sort(
        ["id", "fit", "place_population", "place"], descending=[False, True, True, False]
    )
    return ranked.unique("id", keep="first", maintain_order=True)


def without_other_states(named: pl.DataFrame, said: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """The places named (`id`, `place`, ...) but those in another state of the USA than the one said: only
    there are the gazetteer's codes the postal ones.
    """
    states = (
        said.filter(pl.col("region").str.starts_with("USA-"))
        .group_by("id")
        .agg(states=pl.col("region").str.slice(4))
    )
    if states.is_empty():
        return named
    where = gazetteer.places.select("place", "admin1")
    judged = named.join(states, on="id", how="left", maintain_order="left").join(
        where, on="place", how="left", maintain_order="left"
    )
    allowed = pl.col("states").is_null() | pl.col("states").list.contains(pl.col("admin1"))
    return judged.filter(allowed.fill_null(value=True)).drop("states", "admin1")


def _alike(unknown: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """Places with nearly the name of a row: `id`, `place`, `points` (less the more errors), `main`."""
    heads = unknown.filter(pl.col("key").str.contains(r"^[a-z0-9 ]+$")).unique(
        "id", keep="last", maintain_order=True
    )
    texts = heads.select("id", "country_iso3", text=pl.col("key").str.replace_all(" ", "")).filter(
        pl.col("text").str.len_chars() >= LETTERS_AN_ERROR
    )
    near = fuzzy.nearest(texts, gazetteer.table, 1 / LETTERS_AN_ERROR)
    names = gazetteer.spellings[near["at"]].select("place", "main")
    return pl.concat([near.select("id", points=-10.0 * pl.col("errors")), names], how="horizontal")


def _alone(named: pl.DataFrame) -> pl.DataFrame:
    """Rows whose name is the main name of one place of the country only: however wrong the position, it is
    that place.
    """
    return named.filter("main").select("id", "place").unique().group_by("id").len().filter(pl.col("len") == 1)
