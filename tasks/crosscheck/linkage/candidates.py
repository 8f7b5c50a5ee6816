"""Which rows of the register, and which places of the gazetteer, a name may mean: by key first, by likeness
only where no key decides.

Belongs here: finding pairs and how well the names fit. Must stay out: all other evidence (`evidence.py`).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.evidence import ALIAS_HANDICAP
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.names import fuzzy
from tasks.crosscheck.names.folding import transliterate
from tasks.crosscheck.names.variants import Parsed

TIE_BREAK = 0.1
OTHER_WORD = 0.35
"""A word of which a larger share of letters differs is another word ("north", "south")."""


def places_named(query_keys: pl.DataFrame, index: RegisterIndex) -> pl.DataFrame:
    """The gazetteer's places each query's name fits: `id`, `place`, `place_points`, `place_size`
    (inhabitants).
    """
    pairs = index.gazetteer.find(query_keys)
    worth = pl.col("points") - pl.when("main").then(0.0).otherwise(ALIAS_HANDICAP)
    best = pairs.group_by("id", "place").agg(place_points=worth.max())
    return best.join(index.gazetteer.places.select("place", place_size="population"), on="place", how="left")


def by_key(query_keys: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    """Rows that share a key with the query, each at its best (`id`, `row`, `points`, `tier`); a match is
    worth what the weaker side is.

    `both_delta`: points for a second name of the query, standing beside the first, that is the row's as well.
    """
    known = index.keys.rename({"id": "row", "points": "row_points", "tier": "row_tier"})
    joined = query_keys.join(known, on=["country_iso3", "key"], how="inner")
    weaker = pl.col("row_points") < pl.col("points")
    # the stronger side breaks ties: of two rows that are the same without administrative words, the one that
    # has none is nearer
    worth = pl.min_horizontal("points", "row_points") - TIE_BREAK * (
        100 - pl.max_horizontal("points", "row_points")
    )
    pairs = joined.with_columns(
        worth=worth, beside=pl.col("tier") == "part", tier=pl.when(weaker).then("row_tier").otherwise("tier")
    )
    ranked = pairs.sort(["id", "row", "worth", "tier"], descending=[False, False, True, False])
    best = ranked.group_by("id", "row", maintain_order=True).agg(
        points=pl.col("worth").first(),
        tier=pl.col("tier").first(),
        both=pl.col("beside").any() & ~pl.col("beside").all(),
    )
    return best.select(
        "id",
        "row",
        "points",
        "tier",
        both_delta=pl.when("both").then(float(rules.points.both_names)).otherwise(0.0),
    )


def by_likeness(
    parsed: Parsed, decided: pl.DataFrame, index: RegisterIndex, rules: LinkingRules
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows, and places of the gazetteer, with nearly the same name, for the queries no key decides.

    `decided`: `id` of those that need none. Returns pairs like `by_key`, and places like `places_named`, with
    `like`, the name that is near.
    """
    texts = _latin_heads(parsed.names.join(decided, on="id", how="anti"), rules)
    near = fuzzy.nearest(texts, index.names, rules.limits.fuzzy_errors_share).join(
        texts, on="id", maintain_order="left"
    )
    names = index.names.frame[near["at"]].select("key", row="id", row_points="points", like="compact")
    rows = pl.concat([near, names], how="horizontal").filter(_numbers("text") == _numbers("like"))
    handicap = pl.when(pl.col("row_points") < rules.points.skeleton).then(ALIAS_HANDICAP).otherwise(0.0)
    doubt = pl.when(_other_words(rows, index)).then(rules.points.known_word).otherwise(0.0)
    pairs = rows.select(
        "id",
        "row",
        "like",
        points=_worth(rules) - handicap + doubt,
        tier=pl.lit("fuzzy"),
        both_delta=pl.lit(0.0),
    )
    pairs = pairs.sort(["id", "row", "points"], descending=[False, False, True]).unique(
        ["id", "row"], keep="first", maintain_order=True
    )
    return pairs, _near_places(texts.join(pairs, on="id", how="semi"), index, rules)


def _numbers(column: str) -> pl.Expr:
    """The digits of a name: another number ("Praha 7", "Yaounde 4") is no typing error."""
    return pl.col(column).str.replace_all(r"[^0-9]", "")


def _other_words(rows: pl.DataFrame, index: RegisterIndex) -> pl.Series:
    """Whether a name differs by a word that is itself a word of the country's names, or by quite another
    word: then it is no typing error.
    """
    words = rows.select(
        "country_iso3",
        n=pl.int_range(pl.len()),
        word=pl.col("head").str.split(" "),
        known=pl.col("key").str.split(" "),
    )
    paired = (
        words.filter(pl.col("word").list.len() == pl.col("known").list.len())
        .explode("word", "known")
        .filter(pl.col("word") != pl.col("known"))
    )
    errors = cpdist(
        paired["word"].to_list(), paired["known"].to_list(), scorer=OSA.normalized_distance, dtype=np.float32
    )
    other = paired.filter(
        index.gazetteer.knows_word(paired) | pl.Series(errors > OTHER_WORD, dtype=pl.Boolean)
    )
    return rows.select(pl.int_range(pl.len()).is_in(other["n"].unique().implode())).to_series()


def _latin_heads(heads: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """One text a query to compare: its head without spaces, in Latin letters."""
    foreign = heads.filter(pl.col("head").str.contains(r"[^ -~]")).select("id", "country_iso3", key="head")
    latin = transliterate(foreign).select("id", latin="key")
    texts = heads.join(latin, on="id", how="left", maintain_order="left")
    compact = pl.coalesce("latin", "head").str.replace_all(" ", "")
    return texts.select("id", "country_iso3", head=pl.coalesce("latin", "head"), text=compact).filter(
        pl.col("text").str.len_chars() >= rules.limits.fuzzy_min_length
    )


def _near_places(texts: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    near = fuzzy.nearest(texts, index.gazetteer.table, rules.limits.fuzzy_errors_share).join(
        texts, on="id", maintain_order="left"
    )
    pairs = pl.concat(
        [near, index.gazetteer.spellings[near["at"]].select("place", "main", like="compact")],
        how="horizontal",
    )
    pairs = pairs.with_columns(
        place_points=_worth(rules) - pl.when("main").then(0.0).otherwise(ALIAS_HANDICAP)
    )
    best = (
        pairs.sort("place_points", "like")
        .unique(["id", "place"], keep="last", maintain_order=True)
        .select("id", "place", "place_points", "like")
    )
    return best.join(index.gazetteer.places.select("place", place_size="population"), on="place", how="left")


def _worth(rules: LinkingRules) -> pl.Expr:
    """By the letters of the query alone, so that two names at the same distance are worth the same."""
    return rules.points.fuzzy - rules.points.fuzzy_penalty * pl.col("errors") / pl.col("text").str.len_chars()
