"""Duplicates: the rows of a register that are one city, and which of them a query means.

A register lists many a city twice, and also a city and the agglomeration around it. Belongs here: which rows
are one city, and the choice among them. Must stay out: the choice between cities (`decide.py`).
"""

from __future__ import annotations

import math

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.geodesy import distance_km
from tasks.crosscheck.names.bodies import CITY

FACTS = ("register_id", "skeleton", "upper", "place", "latitude", "longitude", "row_population", "regions")


def with_first(ranked: pl.DataFrame, best: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The candidates with `same`: whether a row is the city of the query's best candidate."""
    first = best.select("id", *(pl.col(name).alias(f"first_{name}") for name in FACTS))
    both = ranked.join(first, on="id", how="inner", maintain_order="left")
    return both.with_columns(same=_same_city(rules))


def choose(both: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Of the rows of each query's best city, the one that is meant.

    Of rows whose names fit about as well, a text that names no other kind of body means the city; then the
    inhabitants decide, then the best match, the most populous, and the lowest id. Returns `id`, the columns
    of the row, `duplicates` (the number of these rows), and `hold_twin`: the rows are different kinds of
    bodies, none is what the text states, and the inhabitants do not decide.
    """
    far = (pl.col("query_population").clip(1).log() - pl.col("row_population").clip(1).log()).abs()
    as_good = pl.col("order") > pl.col("order").max().over("id") - rules.margin_points
    fits = pl.col("body") == pl.col("query_body")
    twins = both.filter("same").with_columns(
        worse=~as_good,
        other_body=~fits & (pl.col("query_body") == CITY),
        far=(far > math.log(rules.limits.population_same_factor)).fill_null(value=False),
    )
    ranked = twins.sort(
        ["id", "worse", "other_body", "far", "order", "row_population", "register_id"],
        descending=[False, False, False, False, True, True, False],
        nulls_last=True,
    )
    undecided = (
        ~fits.any().over("id")
        & (pl.col("body").n_unique().over("id") > 1)
        & (pl.col("query_population").is_null() | (pl.col("far").n_unique().over("id") == 1))
    )
    return ranked.with_columns(duplicates=pl.len().over("id"), hold_twin=undecided).unique(
        "id", keep="first", maintain_order=True
    )


def _same_city(rules: LinkingRules) -> pl.Expr:
    """Whether a row is the first one's city.

    It is if it is the same row, or has the same name or place of the gazetteer and nothing tells the two
    apart. Rows without a position in two divisions are two cities, also where the gazetteer knows only one
    place of the name.
    """
    own = pl.col("register_id") == pl.col("first_register_id")
    level = pl.col("upper") == pl.col("first_upper")
    name = pl.col("skeleton") == pl.col("first_skeleton")
    place = (pl.col("place") == pl.col("first_place")).fill_null(value=False)
    km = distance_km(
        pl.col("latitude"), pl.col("longitude"), pl.col("first_latitude"), pl.col("first_longitude")
    )
    near = (km <= rules.limits.near_km).fill_null(value=False)
    factor = (
        (pl.col("row_population").clip(1).log() - pl.col("first_row_population").clip(1).log()).abs().exp()
    )
    unplaced = km.is_null() & (pl.col("place").is_null() | pl.col("first_place").is_null())
    alike = (factor <= rules.limits.population_same_factor).fill_null(value=True) & unplaced
    both_stated = (pl.col("regions").list.len() > 0) & (pl.col("first_regions").list.len() > 0)
    shared = pl.col("regions").list.set_intersection("first_regions").list.len() > 0
    apart = (both_stated & ~shared).fill_null(value=False) & ~near
    return own | (level & ~apart & ((name & (place | near | alike)) | place))
