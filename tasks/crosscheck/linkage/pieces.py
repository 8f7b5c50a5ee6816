"""Evidence from pieces: a text that names something besides the row, which is not known of the row.

Belongs here: which pieces of a text a row explains. Must stay out: taking a text apart (`names/parsing.py`),
and all other evidence (`evidence.py`).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.geodesy import distance_km
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.names.affixes import SKELETON_SIGN, skeleton
from tasks.crosscheck.names.folding import fold_name
from tasks.crosscheck.names.parsing import ParsedNames

FACTS = ("place_latitude", "place_longitude", "place_population")
JOINT = 1.5
"""A compound name that is worth more than its first part by so much is equal as a whole."""
SAME_PIECE = 0.25
"""A piece with at most so many errors a letter is a name of the row, misspelled."""


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
    named = doubtful.select("id", "row", "tier", "points", "head", "region_delta", *FACTS).join(
        parsed.pieces, on="id"
    )
    kind = pl.col("kind")
    of_places = _pieces_that_are_places(
        named.filter(kind.is_in(["aside", "region", "listed"]) & (pl.col("region_delta") <= 0)), index, rules
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


def _pieces_that_are_places(named: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    """The rows of `named` whose piece is the name of a place other than the row's; in brackets, the main one.

    A division that is called like its capital says in which division the row lies, if the capital is not far,
    not smaller than the row's place, and the row is not called like a division itself.
    """
    found = index.gazetteer.find(named.rename({"piece": "key"}))
    found = found.filter(pl.col("main") | pl.col("kind").is_in(["region", "listed"]))
    facts = index.gazetteer.facts(found["place"])
    found = found.with_columns(
        facts["population"].alias("size"),
        facts["latitude"].alias("at_latitude"),
        facts["longitude"].alias("at_longitude"),
    ).filter(pl.col("size") == pl.col("size").max().over("id", "row", "key"))
    km = distance_km(
        pl.col("at_latitude"), pl.col("at_longitude"), pl.col("place_latitude"), pl.col("place_longitude")
    )
    divisions = index.divisions.select("country_iso3", head="region_key", is_division=pl.lit(value=True))
    nearest = (
        found.with_columns(km=km)
        .group_by("id", "row", "key", maintain_order=True)
        .agg(pl.col("km").min(), pl.col("size").max())
    )
    judged = named.join(
        nearest, left_on=["id", "row", "piece"], right_on=["id", "row", "key"], maintain_order="left"
    ).join(divisions, on=["country_iso3", "head"], how="left", maintain_order="left")
    own_division = (
        (pl.col("kind") == "region")
        & (pl.col("km") <= rules.limits.province_km).fill_null(value=True)
        & (pl.col("size") >= pl.col("place_population")).fill_null(value=True)
        & pl.col("is_division").is_null()
    )
    return judged.filter(~own_division).select(named.columns)


def _unknown_pieces(named: pl.DataFrame, index: RegisterIndex) -> pl.DataFrame:
    """The pieces (`id`, `row`, `piece`) that are no name of the row, even misspelled, nor its region."""
    keys = named.with_columns(whole=SKELETON_SIGN + skeleton(pl.col("piece")))
    own = index.keys.select("key", row="id")
    for column in ("piece", "whole"):
        keys = keys.join(own, left_on=["row", column], right_on=["row", "key"], how="anti")
    names = pl.concat(
        [
            index.names.frame.select(name="key", row="id", is_part=pl.lit(value=False)),
            index.keys.filter(pl.col("tier") == "part").select(
                name="key", row="id", is_part=pl.lit(value=True)
            ),
        ]
    )
    regions = index.rows.select("region", row="id").drop_nulls()
    of_regions = keys.join(regions, on="row").with_columns(
        name=fold_name(pl.col("region")), is_part=pl.lit(value=False)
    )
    pairs = pl.concat([keys.join(names, on="row"), of_regions.drop("region")])
    compact = pairs.select(pl.col("piece", "name").str.replace_all(" ", ""))
    unlike = cpdist(
        compact["piece"].to_list(),
        compact["name"].to_list(),
        scorer=OSA.normalized_distance,
        dtype=np.float32,
    )
    pairs = pairs.with_columns(unlike=pl.Series(unlike, dtype=pl.Float64))
    places = index.gazetteer.find(keys.select("id", "row", "country_iso3", "piece", key="piece")).filter(
        "main"
    )
    within = pl.format(" {} ", "name").str.contains(pl.format(" {} ", "piece"), literal=True)
    misspelled = pairs.filter((pl.col("unlike") <= SAME_PIECE) & (pl.col("unlike") > 0))
    # a part of a joint name may be misspelled so that it is the name of another place
    misspelled = pl.concat(
        [misspelled.filter("is_part"), misspelled.join(places, on=["id", "row", "piece"], how="anti")]
    )
    known = pl.concat([misspelled, pairs.filter(within | (pl.col("unlike") == 0))])
    return keys.join(known, on=["id", "row", "piece"], how="anti")
