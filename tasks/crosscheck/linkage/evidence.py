"""Evidence for and against one candidate, as named pieces with their points.

Belongs here: one function per piece, each worth what `programme/linking.toml` says. Must stay out: what the
sum of the points means (`decide.py`), and the evidence in words (`explain.py`).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import cpdist

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import is_coded
from tasks.crosscheck.gazetteer.geodesy import distance_km
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.names.affixes import SKELETON_SIGN, skeleton
from tasks.crosscheck.names.folding import fold_name
from tasks.crosscheck.names.parsing import ParsedNames

DELTAS = (
    "both_delta",
    "place_delta",
    "population_delta",
    "region_delta",
    "position_delta",
    "level_delta",
    "aside_delta",
)
"""The columns with the points of each piece of evidence; the score is their sum with those of the name."""
MOST_DISSIMILAR = 0.5
"""Points lost by two names that have no letter in common."""
POSITIONS = ("place_latitude", "place_longitude")
JOINT = 1.5
"""A compound name that is worth more than its first part by so much is equal as a whole."""
SAME_PIECE = 0.25
"""A piece with at most so many errors a letter is a name of the row, misspelled."""
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
        pl.when((other > pl.max_horizontal(own, "points") + 1) & (pl.col("region_delta") <= 0))
        .then(rules.points.other_place)
        .when(pl.col("tier").is_in(["fuzzy", "lost"]) & (other > pl.col("points") - 1))
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
        by_alias=pl.col("by_alias").fill_null(value=False),
        own=pl.col("place").fill_null(-1),
        own_similar_name="similar_name",
    )
    others = candidates.join(named, on="id", how="inner").filter(pl.col("place") != pl.col("own"))
    namesake = (
        (pl.col("similar_name") == pl.col("own_similar_name"))
        & (pl.col("place_size") <= pl.col("place_population"))
        & ~pl.col("by_alias")
    )
    others = others.filter(~namesake.fill_null(value=False))
    village = pl.col("place_population") > rules.limits.village_factor * pl.col("place_size").clip(1)
    one_error = (
        (pl.col("tier") == "fuzzy")
        & ~pl.col("by_alias")
        & (pl.col("points") >= rules.limits.fuzzy_sure_points)
        & (pl.col("place_points") <= pl.col("points"))
    )
    dwarfed = village & (pl.col("tier").is_in(["alias", "shared"]) | one_error)
    return (
        others.filter(~dwarfed.fill_null(value=False))
        .group_by("id", "row")
        .agg(other_points=pl.col("place_points").max())
    )


def with_near_names(pairs: pl.DataFrame, near: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `hold_near`: the row is found by an alias alone, which may be another place's name misspelled.

    `near`: places whose main name differs from a query's by a typing error: `id`, `other`, `other_size`. A
    village does not count, nor does any where the text is as near the row's own name, is in another script, or
    where the inhabitants speak for the row.
    """
    known = pairs.filter(pl.col("tier") == "alias", pl.col("population_delta") <= 0)
    errors = cpdist(
        known["query_head"].to_list(), known["head"].to_list(), scorer=OSA.distance, dtype=np.uint8
    )
    known = known.filter(pl.Series(errors > 1, dtype=pl.Boolean) & pl.col("query_head").str.contains("^[ -~]+$"))
    others = known.select("id", "row", "place", "place_population").join(near, on="id")
    large = pl.col("other_size") * rules.limits.village_factor >= pl.col("place_population").fill_null(0)
    held = others.filter(large & (pl.col("other") != pl.col("place")).fill_null(value=True))
    marked = held.select("id", "row", hold_near=pl.lit(value=True)).unique()
    return pairs.join(marked, on=["id", "row"], how="left", maintain_order="left").with_columns(
        pl.col("hold_near").fill_null(value=False)
    )


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


def with_position(pairs: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `position_delta`: the query's position against the row's, where both are known."""
    km = distance_km(
        pl.col("query_latitude"), pl.col("query_longitude"), pl.col("latitude"), pl.col("longitude")
    )
    delta = (
        pl.when(km <= rules.limits.near_km)
        .then(rules.points.region_agrees)
        .when(km >= rules.limits.far_km)
        .then(rules.points.region_differs)
        .otherwise(0.0)
    )
    return pairs.with_columns(position_delta=delta.cast(pl.Float64))


def with_country(pairs: pl.DataFrame, foreign: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `hold_country`: the text names another country, and is not the row's own name."""
    joined = pairs.join(foreign.select("id", "named_iso3"), on="id", how="left", maintain_order="left")
    whole = pl.col("points") >= rules.points.folded - 0.5
    return joined.with_columns(hold_country=pl.col("named_iso3").is_not_null() & ~whole)


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


def with_pieces(
    pairs: pl.DataFrame, parsed: ParsedNames, index: RegisterIndex, rules: LinkingRules
) -> pl.DataFrame:
    """Adds `hold_part`: the text names something besides the row that is not known of the row.

    It may be another city, or another body that merely has its seat there. A piece is known of a row that has
    it as a name. A text in brackets counts only if it is the name of a place.
    """
    points = rules.points
    joint = pl.col("query_compound") & (pl.col("points") > points.first + JOINT)
    doubtful = pairs.filter(
        (pl.col("points") < points.folded - 0.5) & ~joint & ~pl.col("tier").is_in(["within", "recoded"])
    )
    named = doubtful.select("id", "row", "tier", "points", "head", "region_delta", *POSITIONS).join(
        parsed.pieces, on="id"
    )
    kind = pl.col("kind")
    of_places = _pieces_that_are_places(
        named.filter(kind.is_in(["aside", "region"]) & (pl.col("region_delta") <= 0)), index, rules
    )
    names = named.filter((kind == "name") | ((kind == "half") & (pl.col("points") <= points.half)))
    unknown = _unknown_pieces(pl.concat([names, of_places]), index)
    heads = parsed.names.select("id", piece="head", is_head=pl.lit(value=True))
    unknown = unknown.join(heads, on=["id", "piece"], how="left").filter(
        ~(pl.col("is_head").fill_null(value=False) & (pl.col("tier") != "part"))
    )
    held = unknown.select("id", "row", hold_part=pl.lit(value=True)).unique()
    return pairs.join(held, on=["id", "row"], how="left", maintain_order="left").with_columns(
        pl.col("hold_part").fill_null(value=False)
    )


def _pieces_that_are_places(
    named: pl.DataFrame, index: RegisterIndex, rules: LinkingRules
) -> pl.DataFrame:
    """The rows of `named` whose piece is the main name of a place other than the row's.

    A division that is called like its capital says in which division the row lies, if the capital is not far
    and the row is not called like a division itself.
    """
    found = index.gazetteer.find(named.rename({"piece": "key"}))
    found = found.filter(pl.col("main") | (pl.col("kind") == "region"))
    facts = index.gazetteer.places.select(
        "place", size="population", at_latitude="latitude", at_longitude="longitude"
    )
    found = found.join(facts, on="place", how="left").filter(
        pl.col("size") == pl.col("size").max().over("id", "row", "key")
    )
    km = distance_km(
        pl.col("at_latitude"), pl.col("at_longitude"), pl.col("place_latitude"), pl.col("place_longitude")
    )
    divisions = index.divisions.select("country_iso3", head="region_key", is_division=pl.lit(value=True))
    nearest = found.with_columns(km=km).group_by("id", "row", "key", maintain_order=True).agg(pl.col("km").min())
    judged = named.join(
        nearest, left_on=["id", "row", "piece"], right_on=["id", "row", "key"], maintain_order="left"
    ).join(divisions, on=["country_iso3", "head"], how="left", maintain_order="left")
    own_division = (
        (pl.col("kind") == "region")
        & (pl.col("km") <= rules.limits.province_km).fill_null(value=True)
        & pl.col("is_division").is_null()
    )
    return judged.filter(~own_division).select(named.columns)


def _unknown_pieces(named: pl.DataFrame, index: RegisterIndex) -> pl.DataFrame:
    """The pieces (`id`, `row`, `piece`) that are no name of the row, also with typing errors, nor its region."""
    keys = named.with_columns(whole=SKELETON_SIGN + skeleton(pl.col("piece")))
    own = index.keys.select("key", row="id")
    for column in ("piece", "whole"):
        keys = keys.join(own, left_on=["row", column], right_on=["row", "key"], how="anti")
    names = index.names.frame.select(name="key", row="id")
    regions = index.rows.select("region", row="id").drop_nulls()
    of_regions = keys.join(regions, on="row").with_columns(name=fold_name(pl.col("region")))
    pairs = pl.concat([keys.join(names, on="row"), of_regions.drop("region")])
    compact = pairs.select(pl.col("piece", "name").str.replace_all(" ", ""))
    unlike = cpdist(
        compact["piece"].to_list(),
        compact["name"].to_list(),
        scorer=OSA.normalized_distance,
        dtype=np.float32,
    )
    pairs = pairs.with_columns(unlike=pl.Series(unlike, dtype=pl.Float64))
    places = index.gazetteer.find(keys.select("id", "row", "country_iso3", "piece", key="piece")).filter("main")
    within = pl.format(" {} ", "name").str.contains(pl.format(" {} ", "piece"), literal=True)
    misspelled = pairs.filter((pl.col("unlike") <= SAME_PIECE) & (pl.col("unlike") > 0))
    misspelled = misspelled.join(places, on=["id", "row", "piece"], how="anti")
    known = pl.concat([misspelled, pairs.filter(within | (pl.col("unlike") == 0))])
    return keys.join(known, on=["id", "row", "piece"], how="anti")


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


def with_likeness(pairs: pl.DataFrame) -> pl.DataFrame:
    """Adds to `nearness` what chooses the most similar name among rows of one city.

    It orders candidates and never decides whether one is good enough.
    """
    unlike = cpdist(
        pairs["query_head"].to_list(),
        pairs["head"].to_list(),
        scorer=Indel.normalized_distance,
        dtype=np.float32,
    )
    less = MOST_DISSIMILAR * pl.Series(unlike, dtype=pl.Float64)
    return pairs.with_columns(nearness=pl.col("nearness") - less)
