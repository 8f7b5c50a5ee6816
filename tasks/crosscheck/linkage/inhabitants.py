"""Evidence from inhabitants: which place of a name a figure fits, and what size says without one.

Belongs here: figures of the query, the register and the gazetteer against each other. Must stay out: all
other evidence (`evidence.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.geodesy import distance_km

POSITIONS = ("place_latitude", "place_longitude")
SAME_NAME = 0.5
"""A place has the name as well as the row's own place, if its points are at most so many fewer."""


def with_population(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `population_delta`, `hold_figure`, `hold_larger`; takes back what a figure decides.

    The query's inhabitants speak for the place of the name that they fit better. They fit better if their
    distance, on a logarithmic scale, is at most `population_better` times that to the other place; between
    the two a person decides (`hold_figure`). A query without inhabitants may mean a namesake that is as large
    as the row (`hold_larger`). The row's state or position, where the query states it, decides before both.
    `named`: the places that a query's name fits.
    """
    limits, points = rules.limits, rules.points
    joined = _with_factors(pairs, named, rules)
    own = pl.min_horizontal("row_factor", "place_factor")
    elsewhere = pl.col("elsewhere_factor")
    settled = (pl.col("region_delta") > 0) | (pl.col("position_delta") > 0)
    # The gazetteer's figure is taken instead of the register's only where no other place of the name fits the
    # query better.
    outdone = (pl.col("row_factor") > limits.population_doubt_factor) & (elsewhere < pl.col("place_factor"))
    better = (own.log() <= limits.population_better * elsewhere.log()) & (own < elsewhere)
    agrees = ((own <= limits.population_factor) & ~outdone.fill_null(value=False)).fill_null(value=False)
    fits_other = ~agrees | (elsewhere < own).fill_null(value=False)
    open_ = elsewhere.is_not_null() & ~better & ~settled
    delta = (
        pl.when(agrees & ~open_.fill_null(value=False))
        .then(points.population_agrees)
        .when((elsewhere <= limits.population_same_factor) & fits_other & ~settled)
        .then(points.population_elsewhere)
        .when(own > limits.population_far_factor)
        .then(points.population_differs)
        .otherwise(0.0)
    )
    return joined.with_columns(
        place_delta=pl.when(_outweighed(own, rules)).then(0.0).otherwise("place_delta"),
        population_delta=delta.fill_null(0.0).cast(pl.Float64),
        hold_figure=(open_ & (own <= limits.population_far_factor)).fill_null(value=False),
        hold_larger=(_as_large(rules) & ~settled).fill_null(value=False),
    )


def _outweighed(own: pl.Expr, rules: LinkingRules) -> pl.Expr:
    """Whether the inhabitants outweigh what the name of another place says.

    Of several similar names, the one is meant whose inhabitants alone agree; of a city and of a place that
    has the whole text as its name, the city, if the other's inhabitants are far off. `own`: the row's factor.
    """
    limits, delta = rules.limits, pl.col("place_delta")
    fits = own <= limits.population_same_factor
    near = (delta == rules.points.other_near) & (pl.col("near_factor") > limits.population_factor)
    whole = (delta == rules.points.other_place) & (pl.col("near_factor") > limits.population_far_factor)
    return (fits & (near | whole)).fill_null(value=False)


def _as_large(rules: LinkingRules) -> pl.Expr:
    """Whether a query without inhabitants may mean another place of the name, which is as large."""
    own_size = pl.max_horizontal("place_population", "row_population", pl.lit(1))
    as_large = pl.col("largest_other") * rules.limits.namesake_factor >= own_size
    return pl.col("query_population").is_null() & as_large


def _with_factors(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `row_factor` and `place_factor` (null where the place may be the wrong one), and of the others
    `elsewhere_factor` and `largest_other`.
    """
    namesakes = (
        named.filter(pl.col("place_points") >= rules.points.skeleton - 1)
        .group_by("id")
        .agg(namesakes=pl.len())
    )
    pairs = pairs.join(namesakes, on="id", how="left", maintain_order="left").with_columns(
        row_factor=_factor("row_population")
    )
    pairs = pairs.with_columns(place_factor=pl.when(~_doubtful(rules)).then(_factor("place_population")))
    return pairs.join(_others(pairs, named, rules), on=["id", "row"], how="left", maintain_order="left")


def _others(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Of the other places that a query's name fits: the smallest factor to the query's inhabitants, and the
    largest place that has the name as well as the row's own.
    """
    own = pl.when(~_doubtful(rules)).then("place").fill_null(-1)
    candidates = pairs.select(
        "id", "row", "query_population", "points", "place", "own_points", *POSITIONS, trusted=own
    )
    others = candidates.join(
        named.select(
            "id", "place_points", "at_latitude", "at_longitude", other="place", other_population="place_size"
        ),
        on="id",
        how="inner",
    )
    others = others.filter(~_is_here(rules) | (pl.col("trusted") == -1))
    near = (pl.col("other") != pl.col("trusted")) & (pl.col("place_points") >= rules.points.skeleton - 1)
    other_place = pl.col("other") != pl.col("place").fill_null(-1)
    name = pl.max_horizontal("own_points", "points").clip(upper_bound=rules.points.folded)
    as_well = pl.col("place_points") >= name - SAME_NAME
    as_near = (pl.col("place_points") >= pl.col("points") - 1) & other_place
    return others.group_by("id", "row").agg(
        elsewhere_factor=_factor("other_population").filter(near & (pl.col("other_population") > 0)).min(),
        near_factor=_factor("other_population").filter(as_near & (pl.col("other_population") > 0)).min(),
        largest_other=pl.col("other_population").filter(other_place & as_well).max(),
    )


def _is_here(rules: LinkingRules) -> pl.Expr:
    """Whether another place lies beside the row's place: the gazetteer lists many places twice."""
    km = distance_km(
        pl.col("at_latitude"), pl.col("at_longitude"), pl.col("place_latitude"), pl.col("place_longitude")
    )
    return (km <= rules.limits.near_km).fill_null(value=False)


def _doubtful(rules: LinkingRules) -> pl.Expr:
    """Whether the row's place may be the wrong one, so that its figure does not speak for the row.

    Register and gazetteer may differ in position and inhabitants:

    - If the register's position is away from the place, it is, unless the place lies in the state of the row.
    - If the position is unknown, several places must have the name too.
    - If the position is near, the figures must differ so far that they cannot be of one place, and several
      places must have the name. A query that says that it is a municipality ("Comune di San Prospero") is
      then not doubted, because registers list municipalities.
    """
    # the gazetteer writes 0 where it does not know the inhabitants
    counted = pl.when(pl.col("place_population") > 0).then("place_population").log()
    ratio = (pl.col("row_population").clip(1).log() - counted).abs().exp().fill_null(1.0)
    several = pl.col("namesakes").fill_null(0) > 1
    in_state = pl.col("regions").list.eval(pl.element().str.starts_with("USA-")).list.any()
    away = (pl.col("place_km") > rules.limits.near_km).fill_null(value=False) & ~in_state.fill_null(
        value=False
    )
    unknown = pl.col("place_km").is_null() & several
    absurd = (ratio > rules.limits.population_far_factor) & several & ~pl.col("query_worded")
    return away | ((ratio > rules.limits.population_doubt_factor) & unknown) | absurd


def _factor(other: str) -> pl.Expr:
    """The larger of two numbers of inhabitants divided by the smaller: the query's and another's."""
    return (pl.col("query_population").clip(1).log() - pl.col(other).clip(1).log()).abs().exp()
