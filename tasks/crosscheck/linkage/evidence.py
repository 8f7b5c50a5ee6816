"""Evidence for and against one candidate, as named pieces with their points.

Belongs here: one function per piece, each worth what `programme/linking.toml` says. Must stay out: what the
sum of the points means (`decide.py`), and the evidence in words (`explain.py`).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import is_coded

DELTAS = (
    "similarity_delta",
    "both_delta",
    "place_delta",
    "population_delta",
    "region_delta",
    "country_delta",
    "level_delta",
    "aside_delta",
)
"""The columns with the points of each piece of evidence; the score is their sum with those of the name."""
MOST_DISSIMILAR = 0.5
"""Points lost by two names that have no letter in common."""
ALIAS_HANDICAP = 4.0
"""Points by which a place's main name counts more than its aliases: those include old and wrong names."""


def with_place(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `place_delta`: the name is that of the row's place, or fits another place of the country better.

    `named`: the places that a query's name fits: `id`, `place`, `place_points` (how well it fits).
    """
    same = named.select("id", "place", own_points="place_points")
    joined = pairs.join(same, on=["id", "place"], how="left", maintain_order="left")
    joined = joined.join(
        _best_other(pairs, named, rules), on=["id", "row"], how="left", maintain_order="left"
    )
    own, other = pl.col("own_points").fill_null(0.0), pl.col("other_points").fill_null(0.0)
    delta = (
        pl.when(other > pl.max_horizontal(own, "points") + 1)
        .then(rules.points.other_place)
        .when((pl.col("tier") == "fuzzy") & (other > pl.col("points") - 1))
        .then(rules.points.other_near)
        .when(own > 0)
        .then(rules.points.same_place)
        .otherwise(0.0)
    )
    return joined.with_columns(place_delta=delta.cast(pl.Float64))


def _best_other(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """How well a query's name fits the best place that is not the row's: `id`, `row`, `other_points`.

    Two kinds of places do not count. A smaller place of the row's own name, where that name is only similar
    to the query's, says no more against the row than it would if the names were equal. A village says nothing
    against an alias of a city many times its size: nobody who types the city's name means the village.
    """
    candidates = pairs.select(
        "id",
        "row",
        "tier",
        "points",
        "place_population",
        own=pl.col("place").fill_null(-1),
        own_similar_name="similar_name",
    )
    others = candidates.join(named, on="id", how="inner").filter(pl.col("place") != pl.col("own"))
    namesake = (pl.col("similar_name") == pl.col("own_similar_name")) & (
        pl.col("place_size") <= pl.col("place_population")
    )
    others = others.filter(~namesake.fill_null(value=False))
    village = pl.col("place_population") > rules.limits.village_factor * pl.col("place_size").clip(1)
    one_error = (
        (pl.col("tier") == "fuzzy")
        & (pl.col("points") >= rules.limits.fuzzy_sure_points)
        & (pl.col("place_points") <= pl.col("points"))
    )
    dwarfed = village & ((pl.col("tier") == "alias") | one_error)
    return (
        others.filter(~dwarfed.fill_null(value=False))
        .group_by("id", "row")
        .agg(other_points=pl.col("place_points").max())
    )


def with_population(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `population_delta`: the query's inhabitants against those of the register and of the places.

    Another place of the name whose figure fits counts against the row, unless the figure of the row itself
    fits, or the query names the row's state or province.
    """
    limits, points = rules.limits, rules.points
    namesakes = (
        named.filter(pl.col("place_points") >= points.skeleton - 1).group_by("id").agg(namesakes=pl.len())
    )
    pairs = pairs.join(namesakes, on="id", how="left", maintain_order="left")
    pairs = pairs.with_columns(
        row_factor=_factor("row_population"),
        place_factor=pl.when(~_doubtful(rules)).then(_factor("place_population")),
    )
    joined = pairs.join(
        _nearest_population(pairs, named, rules), on=["id", "row"], how="left", maintain_order="left"
    )
    factor, elsewhere = pl.min_horizontal("row_factor", "place_factor"), pl.col("elsewhere_factor")
    # The gazetteer's figure is taken instead of the register's only where no other place of the name fits the
    # query better.
    outdone = (pl.col("row_factor") > limits.population_doubt_factor) & (elsewhere < pl.col("place_factor"))
    delta = (
        pl.when((factor <= limits.population_factor) & ~outdone.fill_null(value=False))
        .then(points.population_agrees)
        .when((elsewhere <= limits.population_same_factor) & (pl.col("region_delta") <= 0))
        .then(points.population_elsewhere)
        .when(factor > limits.population_far_factor)
        .then(points.population_differs)
        .otherwise(0.0)
    )
    return joined.with_columns(population_delta=delta.fill_null(0.0).cast(pl.Float64))


def _nearest_population(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The smallest factor between the query's inhabitants and those of another place that its name fits."""
    own = pl.when(~_doubtful(rules)).then("place").fill_null(-1)
    candidates = pairs.filter(pl.col("query_population").is_not_null()).select(
        "id", "row", "query_population", own=own
    )
    others = candidates.join(
        named.select("id", other="place", place_points="place_points", other_population="place_size"),
        on="id",
        how="inner",
    )
    fitting = others.filter(
        (pl.col("other") != pl.col("own")) & (pl.col("place_points") >= rules.points.skeleton - 1)
    )
    return fitting.group_by("id", "row").agg(elsewhere_factor=_factor("other_population").min())


def _doubtful(rules: LinkingRules) -> pl.Expr:
    """Whether register and gazetteer differ so much in inhabitants that the row's place may be the wrong one.

    - If the register's position is away from the place, a doubtful factor is enough.
    - If the position is unknown, several places must have the name too.
    - If the position is near, the figures must differ so far that they cannot be of one place, and several
      places must have the name. A query that says that it is a municipality ("Comune di San Prospero") is
      then not doubted, because registers list municipalities.
    """
    ratio = (
        (pl.col("row_population").clip(1).log() - pl.col("place_population").clip(1).log())
        .abs()
        .exp()
        .fill_null(1.0)
    )
    several = pl.col("namesakes").fill_null(0) > 1
    away = (pl.col("place_km") > rules.limits.near_km).fill_null(several)
    absurd = (ratio > rules.limits.population_far_factor) & several & ~pl.col("query_worded")
    return ((ratio > rules.limits.population_doubt_factor) & away) | absurd


def with_region(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `region_delta`: the state or province named against the row's.

    Only two divisions with known codes can differ: a province and a region may both be right.
    """
    listed = named.group_by("id").agg(named_regions=pl.col("region"))
    joined = pairs.join(listed, on="id", how="left", maintain_order="left")
    stated, own = pl.col("named_regions"), pl.col("regions")
    coded = (
        stated.list.eval(is_coded(pl.element())).list.any() & own.list.eval(is_coded(pl.element())).list.any()
    )
    shared = stated.list.set_intersection(own).list.len() > 0
    delta = (
        pl.when(shared)
        .then(rules.points.region_agrees)
        .when(coded)
        .then(rules.points.region_differs)
        .otherwise(0.0)
    )
    return joined.with_columns(region_delta=delta.fill_null(0.0).cast(pl.Float64))


def with_country(pairs: pl.DataFrame, foreign: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `country_delta`: the text names another country, and is not exactly the row's own name."""
    joined = pairs.join(foreign.select("id", "named_iso3"), on="id", how="left", maintain_order="left")
    delta = (
        pl.when(pl.col("named_iso3").is_not_null() & (pl.col("tier") != "exact"))
        .then(rules.points.country_differs)
        .otherwise(0.0)
    )
    return joined.with_columns(country_delta=delta.cast(pl.Float64))


def with_aside(
    pairs: pl.DataFrame, asides: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules
) -> pl.DataFrame:
    """Adds `aside_delta`: what stands beside the name is not known of the row ("Frankfurt (Oder)").

    Such a text tells places of one name apart. Where several places have the name, it may mean another of
    them.
    """
    fitting = named.filter(pl.col("place_points") >= rules.points.first - ALIAS_HANDICAP)
    several = (
        fitting.group_by("id")
        .agg(fitting=pl.col("place").n_unique())
        .filter(pl.col("fitting") > 1)
        .select("id", several=pl.lit(value=True))
    )
    joined = pairs.join(
        asides.select("id", aside=pl.lit(value=True)), on="id", how="left", maintain_order="left"
    )
    joined = joined.join(several, on="id", how="left", maintain_order="left")
    unlike = (pl.col("named_regions").list.len() > 0) & (pl.col("regions").list.len() > 0)
    said = pl.col("aside").fill_null(value=False) | unlike.fill_null(value=False)
    # The whole text is the row's own name, or what it says besides the name is true of the row.
    explained = (
        (pl.col("points") >= rules.points.folded - 0.5)
        | (pl.col("both_delta") > 0)
        | (pl.col("region_delta") > 0)
    )
    delta = (
        pl.when(said & ~explained & pl.col("several").fill_null(value=False))
        .then(rules.points.aside_unknown)
        .otherwise(0.0)
    )
    return joined.with_columns(aside_delta=delta.cast(pl.Float64))


def with_level(pairs: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `level_delta`: one of the two is a province or county by its words, the other is not.

    A province is not its capital. Where no place has the name, the query may merely leave the word out.
    """
    left_out = (
        pl.col("upper")
        & ~pl.col("upper_first")
        & ~pl.col("query_upper")
        & (pl.col("other_points").fill_null(0.0) < rules.points.part)
        & (pl.col("own_points").fill_null(0.0) < rules.points.part)
    )
    differs = (
        (pl.col("upper") != pl.col("query_upper")) & ~left_out & ~pl.col("tier").is_in(["exact", "folded"])
    )
    return pairs.with_columns(
        level_delta=pl.when(differs).then(rules.points.level_differs).otherwise(0.0).cast(pl.Float64)
    )


def with_similarity(pairs: pl.DataFrame) -> pl.DataFrame:
    """Adds `similarity_delta`: less than a point, to choose the most similar name among rows of one city."""
    unlike = cpdist(
        pairs["query_head"].to_list(),
        pairs["head"].to_list(),
        scorer=Indel.normalized_distance,
        dtype=np.float32,
    )
    return pairs.with_columns(similarity_delta=-MOST_DISSIMILAR * pl.Series(unlike, dtype=pl.Float64))


def _factor(other: str) -> pl.Expr:
    """The larger of two numbers of inhabitants divided by the smaller: the query's and another's."""
    return (pl.col("query_population").clip(1).log() - pl.col(other).clip(1).log()).abs().exp()
