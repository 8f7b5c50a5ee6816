"""What speaks for and against one candidate, as named pieces of evidence with their points.

Belongs here: one small function per piece, each worth what `programme/linking.toml` says. Must stay out: what
the sum means (`decide.py`).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import is_coded

TIER_WORDS = {
    "exact": "the same name",
    "folded": "the same name but for case and diacritics",
    "stripped": "the same name without administrative words",
    "skeleton": "the same name but for abbreviations and articles",
    "alias": "another name of the same place by the gazetteer",
    "part": "a part of the name is the same",
    "within": "the name stands among words of no place",
    "fuzzy": "nearly the same name",
}
DELTAS = (
    "likeness_delta",
    "both_delta",
    "place_delta",
    "population_delta",
    "region_delta",
    "country_delta",
    "level_delta",
    "aside_delta",
)
LIKENESS = 0.5
ALIAS_HANDICAP = 4.0
"""The gazetteer's own word for a place counts so much more than its aliases, which include old, foreign and
mistaken names.
"""


def with_place(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The gazetteer's word: the name is this very place, or it fits another place of the country better than
    it fits this row.

    `named`: `id`, `place`, `place_points` (how well a query's name fits a place).
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

    A place of the row's own name does not count where that name is only near: it says no more against the row
    than where the name is the same. Nor does a village against another name of a city so many times its size:
    nobody who types the city's name means the village.
    """
    asked = pairs.select(
        "id", "row", "tier", "points", "place_population", own=pl.col("place").fill_null(-1), own_like="like"
    )
    others = asked.join(named, on="id", how="inner").filter(pl.col("place") != pl.col("own"))
    namesake = (pl.col("like") == pl.col("own_like")) & (pl.col("place_size") <= pl.col("place_population"))
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
    """Inhabitants by the query against those of the register, of the row's place, and of other places of the
    same name.

    Another place whose figure fits stands against the row, unless the row's own does or the query names the
    row's state or province.
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
    # the gazetteer's figure against the register's is heard only where no other place of the name fits the
    # query better
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
    """How near the query's population comes to that of another place whose name fits as well as the
    candidate's.
    """
    own = pl.when(~_doubtful(rules)).then("place").fill_null(-1)
    asked = pairs.filter(pl.col("query_population").is_not_null()).select(
        "id", "row", "query_population", own=own
    )
    others = asked.join(
        named.select("id", other="place", place_points="place_points", other_population="place_size"),
        on="id",
        how="inner",
    )
    fitting = others.filter(
        (pl.col("other") != pl.col("own")) & (pl.col("place_points") >= rules.points.skeleton - 1)
    )
    return fitting.group_by("id", "row").agg(elsewhere_factor=_factor("other_population").min())


def _doubtful(rules: LinkingRules) -> pl.Expr:
    """Whether register and gazetteer contradict each other so much that the wrong place may have been found
    for the row.

    Where the register's position is away from the place, always; where it is unknown, if several places have
    the name. Where it is near, only if the figures cannot be of one place and the name is that of several,
    unless the query says it is a municipality ("Comune di San Prospero"), for that is what registers list.
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
    """The state or province named against the row's; only two known codes can differ, for a province and a
    region may both be right.
    """
    listed = named.group_by("id").agg(named_regions=pl.col("region"))
    joined = pairs.join(listed, on="id", how="left", maintain_order="left")
    asked, own = pl.col("named_regions"), pl.col("regions")
    coded = (
        asked.list.eval(is_coded(pl.element())).list.any() & own.list.eval(is_coded(pl.element())).list.any()
    )
    shared = asked.list.set_intersection(own).list.len() > 0
    delta = (
        pl.when(shared)
        .then(rules.points.region_agrees)
        .when(coded)
        .then(rules.points.region_differs)
        .otherwise(0.0)
    )
    return joined.with_columns(region_delta=delta.fill_null(0.0).cast(pl.Float64))


def with_country(pairs: pl.DataFrame, foreign: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Another country named in the text, unless the row's own name is that very text."""
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
    """What stands beside the name ("Frankfurt (Oder)", "Juárez, Nuevo León") tells places of one name apart:
    if it says nothing of the row, and several places have the name, it may well say that another is meant.
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
    # the whole text is the row's own name, or says more than its name that is true of it
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
    """A province is not its capital: one says it is above a city, the other does not. Where no place has the
    name, the word may just be left out.
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


def with_likeness(pairs: pl.DataFrame) -> pl.DataFrame:
    """Less than a point for how alike the names are as they stand: it only chooses among rows of one city."""
    unlike = cpdist(
        pairs["query_head"].to_list(),
        pairs["head"].to_list(),
        scorer=Indel.normalized_distance,
        dtype=np.float32,
    )
    return pairs.with_columns(likeness_delta=-LIKENESS * pl.Series(unlike, dtype=pl.Float64))


def sentence(rules: LinkingRules) -> pl.Expr:
    """The evidence of one candidate in words."""
    points = rules.points
    name = pl.col("tier").replace_strict(TIER_WORDS, return_dtype=pl.String)
    pieces = [
        pl.format("{} ({} points)", name, pl.col("points").round(0).cast(pl.Int64)),
        _said("both_delta", points.both_names, "so is another name given beside it"),
        _said("place_delta", points.same_place, "the gazetteer knows it as this place"),
        _said("place_delta", points.other_place, "the name is that of another place of the country"),
        _said("place_delta", points.other_near, "another place of the country has as near a name"),
        _said("region_delta", points.region_agrees, "the state or province agrees"),
        _said("region_delta", points.region_differs, "another state or province"),
        _said("population_delta", points.population_agrees, "the population agrees"),
        _said("population_delta", points.population_differs, "the population is far off"),
        _said(
            "population_delta",
            points.population_elsewhere,
            "the population is that of another place of this name",
        ),
        _said("country_delta", points.country_differs, "the text names another country"),
        _said(
            "aside_delta",
            points.aside_unknown,
            "what stands beside the name is not known of it, and several places have the name",
        ),
        _said("level_delta", points.level_differs, "one is a province or county, the other is not"),
    ]
    return pl.concat_str(pieces, separator="; ", ignore_nulls=True)


def _said(column: str, points: float, words: str) -> pl.Expr:
    return pl.when((pl.col(column) == points) & (pl.lit(points) != 0)).then(pl.lit(f"{words} ({points:+g})"))


def _factor(other: str) -> pl.Expr:
    return (pl.col("query_population").clip(1).log() - pl.col(other).clip(1).log()).abs().exp()
