"""Geocoding of names that somebody typed: the place of the gazetteer that a name means, and a time zone.

Belongs here: choosing one place for one name. Must stay out: rows of registers, whose position is known
(`geocode_registers.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import coded_divisions
from tasks.crosscheck.gazetteer.geocode_registers import without_other_states
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.names.keys import search_keys
from tasks.crosscheck.names.parsing import parse_names

POPULATION_FIT = 5
"""Points lost where a place has ten times, or a tenth of, the inhabitants stated."""


def geocode_names(names: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """The place of each name: the one whose name and population fit best, then the most populous one.

    `names`: `id`, `name`, `country_iso3`, `population`. Returns `id` and `place` for the names that were
    found.
    """
    ranked = places_of_names(names, gazetteer, rules)
    return ranked.unique("id", keep="first", maintain_order=True).select("id", "place")


def places_of_names(names: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """Every place that each name may mean, the best first.

    `names` as of `geocode_names`. Returns `id`, `place`, `main` (whether it is the place's main name) and
    `fit` (the points of the name and of the inhabitants).
    """
    parsed = parse_names(names.select("id", "name", "country_iso3"), coded_divisions(rules), rules)
    found = without_other_states(gazetteer.find(search_keys(parsed, rules)), parsed.regions, gazetteer)
    best = found.group_by("id", "place").agg(pl.col("points").max(), pl.col("main").any())
    pairs = best.join(names.select("id", "population"), on="id").join(
        gazetteer.places.select("place", place_population="population"), on="place"
    )
    apart = (
        (pl.col("place_population").clip(1).log(10) - pl.col("population").clip(1).log(10)).abs().fill_null(0)
    )
    fit = pl.col("points") + pl.col("main").cast(pl.Int8) - apart * POPULATION_FIT
    ranked = pairs.with_columns(fit=fit).sort(
        ["id", "fit", "place_population", "place"], descending=[False, True, True, False]
    )
    return ranked.select("id", "place", "main", "fit")


def timezones(cities: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """The time zone of cities that the gazetteer does not know: that of the nearest place of the country.

    Where the position is unknown, it is that of the country's most populous place. `cities`:
    `application_id`, `country_iso3`, `latitude`, `longitude`. Returns `application_id`, `timezone`.
    """
    places = gazetteer.places.select(
        "country_iso3",
        "timezone",
        "population",
        "place",
        place_latitude="latitude",
        place_longitude="longitude",
    )
    pairs = cities.join(places, on="country_iso3", how="inner")
    cosine = pl.col("latitude").radians().cos()
    flat = (pl.col("place_latitude") - pl.col("latitude")).pow(2) + (
        (pl.col("place_longitude") - pl.col("longitude")) * cosine
    ).pow(2)
    ranked = pairs.with_columns(apart=flat.fill_null(0)).sort(
        ["application_id", "apart", "population", "place"], descending=[False, False, True, False]
    )
    return ranked.unique("application_id", keep="first", maintain_order=True).select(
        "application_id", "timezone"
    )
