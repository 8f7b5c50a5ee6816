"""The place of the gazetteer that each application's city is, among all places of its name.

Belongs here: what tells namesakes of one country apart: the names of the registers, the division that the
GCoM register states, the inhabitants, and a stated position near by. Must stay out: which position then
counts (`positions.py`).
"""

from __future__ import annotations

import math

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import region_key
from tasks.crosscheck.gazetteer.geocode_names import places_of_names
from tasks.crosscheck.gazetteer.geodesy import distance_km
from tasks.crosscheck.gazetteer.place_map import PlaceMap
from tasks.crosscheck.gazetteer.table import Gazetteer

DIVISION_FIT, NAME_FIT, NEAR_FIT = 8.0, 15.0, 5.5
"""Points for lying in the division stated, for each further register whose name means the place, and for a
stated position near by.

A factor of ten in inhabitants is worth five. A stated position is often made from the name alone, and then
that of the largest namesake: alone it weighs less than a division, together with the inhabitants more.
"""
SEEN_TWICE = 2
"""A division lies where the positions of so many other rows that state it lie: one alone may be wrong."""
SAME_SIZE, LIKE_SIZE = math.log10(5), 1.0
"""Inhabitants that differ by no more than a factor of five tell namesakes apart (a city proper and its
municipality differ so much); those that differ by more than ten speak against a place.
"""


def places_of_cities(
    base: pl.DataFrame, gcom: pl.DataFrame, gazetteer: Gazetteer, place_map: PlaceMap, rules: LinkingRules
) -> pl.DataFrame:
    """The best place of each application's city: `id`, `place`, `surely`, `rival`.

    `base`: `id`, `country_iso3`, `population`, `name` (as typed), and of each register the linked row's
    `*_name`, `*_latitude`, `*_longitude`, with `gcom_region`, `gcom_population`, `gcom_id`; `gcom`: the
    register. `surely`: the country has no other place of that name, or the division or the inhabitants agree.
    `rival`: a place of that name in the division stated, where the best one lies elsewhere.
    """
    named = _named_places(base, gazetteer, rules)
    facts = gazetteer.places.select("place", "admin1", "population", lat="latitude", lon="longitude")
    stated = base.drop("name").rename({"population": "people"})
    pairs = named.join(stated, on="id", maintain_order="left").join(facts, on="place", maintain_order="left")
    pairs = pairs.join(_divisions(base, gcom, place_map, rules), on="id", how="left", maintain_order="left")
    ranked = _weighed(pairs, rules).sort(
        ["id", "fit", "population", "place"], descending=[False, True, True, False]
    )
    first = ranked.unique("id", keep="first", maintain_order=True).select("id", "place", "surely", "inside")
    rivals = ranked.filter("inside").unique("id", keep="first", maintain_order=True)
    of_others = rivals.join(first.filter("inside"), on="id", how="anti").select("id", rival="place")
    return first.join(of_others, on="id", how="left", maintain_order="left").drop("inside")


def _weighed(pairs: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The pairs of a city and a place with `inside` (its division), `surely`, and all points in `fit`."""
    inside = pl.col("codes").list.contains(pl.col("admin1")).fill_null(value=False)
    near = pl.any_horizontal(
        distance_km(pl.col(f"{s}_latitude"), pl.col(f"{s}_longitude"), pl.col("lat"), pl.col("lon"))
        <= rules.limits.near_km
        for s in ("cohort", "gcom")
    ).fill_null(value=False)
    apart = pl.min_horizontal(
        (pl.col("population").clip(1).log(10) - pl.col(people).clip(1).log(10)).abs()
        for people in ("people", "gcom_population")
    )
    alone = pl.col("main").sum().over("id") <= 1
    fit = (
        pl.col("fit")
        + inside.cast(pl.Float64) * DIVISION_FIT
        + (pl.col("names") - 1) * NAME_FIT
        + near.cast(pl.Float64) * NEAR_FIT
    )
    outside = pl.col("codes").is_not_null() & ~inside
    only = pl.col("main") & alone & (apart <= LIKE_SIZE).fill_null(value=True)
    surely = inside | (~outside & (only | (apart <= SAME_SIZE).fill_null(value=False)))
    return pairs.with_columns(fit=fit, surely=surely, inside=inside)


def _named_places(base: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """The places that the names of the linked rows mean; without any, those of the name as typed.

    Columns `id`, `place`, `main`, `fit`, `names` (how many registers call it so).
    """
    parts = []
    for column in ("cohort_name", "gcom_name", "name"):
        asked = base.select("id", "country_iso3", "population", name=pl.col(column)).drop_nulls("name")
        parts.append(places_of_names(asked, gazetteer, rules))
    official = pl.concat(parts[:2])
    typed = parts[2].join(official, on="id", how="anti", maintain_order="left")
    return (
        pl.concat([official, typed])
        .group_by("id", "place", maintain_order=True)
        .agg(pl.col("main").any(), pl.col("fit").max(), pl.len().cast(pl.Float64).alias("names"))
    )


def _divisions(
    base: pl.DataFrame, gcom: pl.DataFrame, place_map: PlaceMap, rules: LinkingRules
) -> pl.DataFrame:
    """The gazetteer's codes of the division that each city's GCoM row states: `id`, `codes`.

    The gazetteer has no names of divisions, so a division lies where the other rows that state it lie.
    """
    key = region_key(pl.col("region"), rules)
    asked = base.select("id", "country_iso3", own="gcom_id", region="gcom_region").with_columns(key=key)
    asked = asked.filter(pl.col("key") != "")
    rows = gcom.select("register_id", "country_iso3", "region", "latitude", "longitude").with_columns(key=key)
    others = rows.join(asked.select("country_iso3", "key").unique(), on=["country_iso3", "key"], how="semi")
    others = others.drop_nulls(["latitude", "longitude"])
    codes = [
        near.admin1 if near.country_iso3 == country else None
        for country, near in zip(
            others["country_iso3"],
            place_map.nearest_of_each(others["latitude"], others["longitude"]),
            strict=True,
        )
    ]
    seen = others.with_columns(code=pl.Series(codes, dtype=pl.String)).drop_nulls("code")
    votes = asked.join(seen, on=["country_iso3", "key"]).filter(
        pl.col("own").ne_missing(pl.col("register_id"))
    )
    counted = votes.group_by("id", "code").len().filter(pl.col("len") >= SEEN_TWICE)
    return counted.group_by("id").agg(pl.col("code").sort().alias("codes"))
