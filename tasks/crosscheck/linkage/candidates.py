"""Candidates: the rows of the register, and the places of the gazetteer, that a name may mean.

They are found by key first, and by similarity only for the names that no key decides. Belongs here: finding
pairs, and how well the two names fit. Must stay out: all other evidence (`evidence.py`).
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
from tasks.crosscheck.names.parsing import ParsedNames

TIE_BREAK = 0.1
"""Points that each point of the stronger side decides between rows whose weaker sides are equal."""
WORD, NUMBER = r"^\w\w", r"^[ivx]+$"
"""A word, and one that is the number of a district."""
WHOLE_WORD = 4
"""So many letters that one name has more than the other are no typing errors."""
OTHER_WORD = 0.35
"""A word of which a larger share of letters differs is another word ("north", "south")."""


def places_by_name(query_keys: pl.DataFrame, index: RegisterIndex) -> pl.DataFrame:
    """The places that have the name of a query: `id`, `place`, `place_points`, `by_whole` and
    `main_whole` (the whole text, and no part of it, is a name, or the main name), and the facts of the place.
    """
    pairs = index.gazetteer.find(query_keys)
    worth = pl.col("points") - pl.when("main").then(0.0).otherwise(ALIAS_HANDICAP)
    whole, in_part = pl.col("tier").is_in(["exact", "folded"]), pl.col("tier") == "stripped"
    best = pairs.group_by("id", "place").agg(
        place_points=worth.max(),
        by_whole=whole.any() & ~in_part.any(),
        main_whole=(whole & pl.col("main")).any() & ~in_part.any(),
    )
    return with_facts(best, index)


def with_facts(places: pl.DataFrame, index: RegisterIndex) -> pl.DataFrame:
    """The places with `place_size`, `at_latitude` and `at_longitude`."""
    facts = index.gazetteer.facts(places["place"])
    return places.with_columns(
        facts["population"].alias("place_size"),
        facts["latitude"].alias("at_latitude"),
        facts["longitude"].alias("at_longitude"),
    )


def candidates_by_key(query_keys: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    """The rows that share a key with a query, one row a pair.

    Returns `id`, `row`, `points`, `nearness`, `tier`, `both_delta`. A match is worth as much as the weaker of
    the two sides; `nearness` orders matches that are worth the same. `both_delta` holds the points for a
    second name that stands beside the query's first and is a name of the row too.
    """
    known = index.keys.rename({"id": "row", "points": "row_points", "tier": "row_tier"})
    joined = query_keys.join(known, on=["country_iso3", "key"], how="inner")
    weaker = pl.col("row_points") < pl.col("points")
    # The stronger side breaks ties: of two rows that are equal without administrative words, the row that has
    # no such word is nearer.
    pairs = joined.with_columns(
        worth=pl.min_horizontal("points", "row_points"),
        nearness=-TIE_BREAK * (100 - pl.max_horizontal("points", "row_points")),
        beside=pl.col("tier") == "part",
        tier=pl.when(weaker).then("row_tier").otherwise("tier"),
    )
    ranked = pairs.sort(
        ["id", "row", "worth", "nearness", "tier"], descending=[False, False, True, True, False]
    )
    best = ranked.group_by("id", "row", maintain_order=True).agg(
        points=pl.col("worth").first(),
        nearness=pl.col("nearness").first(),
        tier=pl.col("tier").first(),
        both=pl.col("beside").any() & ~pl.col("beside").all(),
    )
    return best.select(
        "id",
        "row",
        "points",
        "nearness",
        "tier",
        both_delta=pl.when("both").then(float(rules.points.both_names)).otherwise(0.0),
    )


def candidates_by_similarity(
    parsed: ParsedNames, decided: pl.DataFrame, index: RegisterIndex, rules: LinkingRules
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows, and the places, whose name differs from a query's by typing errors.

    `decided`: the `id` of the queries that a key decides, which are left out. Returns pairs like
    `candidates_by_key` and places like `places_by_name`, both with `similar_name`, the name that was found.
    """
    texts = _latin_heads(parsed.names.join(decided, on="id", how="anti"), rules)
    near = fuzzy.nearest(texts, index.names, rules.limits.fuzzy_errors_share).join(
        texts, on="id", maintain_order="left"
    )
    names = index.names.frame[near["at"]].select(
        "key", row="id", row_points="points", by_alias=pl.col("tier") == "alias", similar_name="compact"
    )
    rows = pl.concat([near, names], how="horizontal").filter(
        pl.col("similar_name").str.len_chars() >= rules.limits.fuzzy_min_length,
        _numbers("text") == _numbers("similar_name"),
    )
    handicap = pl.when("by_alias").then(ALIAS_HANDICAP).otherwise(0.0)
    doubt = pl.when(_other_words(rows, index)).then(rules.points.known_word).otherwise(0.0)
    worth, at_most = _worth(rules) - handicap + doubt, float(rules.points.within)
    pairs = rows.select(
        "id",
        "row",
        "similar_name",
        "by_alias",
        points=pl.when(_one_word_more()).then(worth.clip(upper_bound=at_most)).otherwise(worth),
        tier=pl.lit("fuzzy"),
        both_delta=pl.lit(0.0),
    )
    pairs = pairs.sort(["id", "row", "points"], descending=[False, False, True]).unique(
        ["id", "row"], keep="first", maintain_order=True
    )
    return pairs, _similar_places(texts.join(pairs, on="id", how="semi"), index, rules)


def near_an_alias(
    parsed: ParsedNames, pairs: pl.DataFrame, index: RegisterIndex, rules: LinkingRules
) -> pl.DataFrame:
    """The places whose main name is nearly a query's, of queries that only an alias explains.

    Returns `id`, `other`, `other_size`.
    """
    by_alias = pairs.group_by("id").agg(alone=(pl.col("tier") == "alias").all()).filter("alone")
    texts = _latin_heads(parsed.names.join(by_alias, on="id", how="semi"), rules)
    near = fuzzy.nearest(texts, index.gazetteer.main_table, 0.0)
    found = index.gazetteer.main_table.frame[near["at"]].select("place")
    places = pl.concat([near.select("id"), found], how="horizontal")
    return with_facts(places, index).select("id", other="place", other_size="place_size").unique()


def _numbers(column: str) -> pl.Expr:
    """The digits of a name; another number ("Praha 7", "Yaounde 4") is no typing error."""
    return pl.col(column).str.replace_all(r"[^0-9]", "")


def _other_words(rows: pl.DataFrame, index: RegisterIndex) -> pl.Series:
    """Whether a name differs by a whole word, so that the difference is no typing error.

    It does if the word is itself a word of the country's names of places, or has too few letters in common.
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


def _one_word_more() -> pl.Expr:
    """Whether one of two similar names has a whole word more, at its beginning or end, or so many letters.

    Such a word is no typing error: it may be another body ("ABC Dresden"). Then the row's other spellings, to
    which it adds fewer letters, are none either.
    """
    letters = pl.col("text").str.len_chars().cast(pl.Int64) - pl.col("similar_name").str.len_chars()
    more = pl.when(letters > 0).then("head").otherwise("key").str.split(" ")
    fewer = pl.when(letters > 0).then("similar_name").otherwise("text")
    begins = more.list.slice(1).list.join("") == fewer
    ends = more.list.head(more.list.len() - 1).list.join("") == fewer
    at_the_end = ends & more.list.last().str.contains(WORD) & ~more.list.last().str.contains(NUMBER)
    word = (begins & more.list.first().str.contains(WORD)) | at_the_end
    return word.any().over("id", "row") | (letters.abs() >= WHOLE_WORD)


def _latin_heads(heads: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """One text for each query: its head in Latin letters (`head`) and that without spaces (`text`)."""
    foreign = heads.filter(pl.col("head").str.contains(r"[^ -~]")).select("id", "country_iso3", key="head")
    latin = transliterate(foreign).select("id", latin="key")
    texts = heads.join(latin, on="id", how="left", maintain_order="left")
    compact = pl.coalesce("latin", "head").str.replace_all(" ", "")
    return texts.select("id", "country_iso3", head=pl.coalesce("latin", "head"), text=compact).filter(
        pl.col("text").str.len_chars() >= rules.limits.fuzzy_min_length - 1
    )


def _similar_places(texts: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    near = fuzzy.nearest(texts, index.gazetteer.table, rules.limits.fuzzy_errors_share).join(
        texts, on="id", maintain_order="left"
    )
    pairs = pl.concat(
        [near, index.gazetteer.spellings[near["at"]].select("place", "main", similar_name="compact")],
        how="horizontal",
    )
    pairs = pairs.with_columns(
        place_points=_worth(rules) - pl.when("main").then(0.0).otherwise(ALIAS_HANDICAP)
    )
    best = (
        pairs.sort("place_points", "similar_name")
        .unique(["id", "place"], keep="last", maintain_order=True)
        .select("id", "place", "place_points", "similar_name")
    )
    return with_facts(best, index)


def _worth(rules: LinkingRules) -> pl.Expr:
    """Points of a similar name: the penalty depends on the letters of the query, not on those of the name.

    So two names at the same distance are worth the same.
    """
    return rules.points.fuzzy - rules.points.fuzzy_penalty * pl.col("errors") / pl.col("text").str.len_chars()
