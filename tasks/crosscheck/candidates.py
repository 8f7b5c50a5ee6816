"""Which rows of the register, and which places of the gazetteer, a name may mean: by key first, by likeness only where no key decides.

Belongs here: finding pairs and how well the names fit. Must stay out: all other evidence (`evidence.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck import fuzzy
from tasks.crosscheck.evidence import ALIAS_HANDICAP
from tasks.crosscheck.folding import transliterate
from tasks.crosscheck.index import RegisterIndex
from tasks.crosscheck.variants import Parsed


def places_named(query_keys: pl.DataFrame, index: RegisterIndex) -> pl.DataFrame:
    """The gazetteer's places each query's name fits: `id`, `place`, `place_points`, `place_size` (inhabitants)."""
    pairs = query_keys.join(index.gazetteer.names, on=["country_iso3", "key"], how="inner")
    worth = pl.col("points") - pl.when("main").then(0.0).otherwise(ALIAS_HANDICAP)
    best = pairs.group_by("id", "place").agg(place_points=worth.max())
    return best.join(index.gazetteer.places.select("place", place_size="population"), on="place", how="left")


def by_key(query_keys: pl.DataFrame, index: RegisterIndex) -> pl.DataFrame:
    """Rows that share a key with the query, each at its best (`id`, `row`, `points`, `tier`); a match is worth what the weaker side is."""
    known = index.keys.rename({"id": "row", "points": "row_points", "tier": "row_tier"})
    joined = query_keys.join(known, on=["country_iso3", "key"], how="inner")
    weaker = pl.col("row_points") < pl.col("points")
    pairs = joined.select("id", "row", points=pl.min_horizontal("points", "row_points"), tier=pl.when(weaker).then("row_tier").otherwise("tier"))
    return pairs.sort(["id", "row", "points", "tier"], descending=[False, False, True, False]).unique(
        ["id", "row"], keep="first", maintain_order=True
    )


def by_likeness(parsed: Parsed, decided: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows, and places of the gazetteer, with nearly the same name, for the queries no key decides.

    `decided`: `id` of those that need none. Returns pairs like `by_key`, and places like `places_named`.
    """
    texts = _latin_heads(parsed.names.join(decided, on="id", how="anti"), rules)
    near = fuzzy.nearest(texts, index.names, rules.limits.fuzzy_errors_share)
    rows = near.join(texts.select("id", "country_iso3", "text"), on="id").join(
        index.names.select("country_iso3", "compact", row="id"), on=["country_iso3", "compact"]
    )
    pairs = rows.select("id", "row", points=_worth(rules), tier=pl.lit("fuzzy"))
    pairs = pairs.sort(["id", "row", "points"], descending=[False, False, True]).unique(["id", "row"], keep="first", maintain_order=True)
    doubtful = texts.join(pairs, on="id", how="semi")
    return pairs, _near_places(doubtful, index, rules)


def _latin_heads(heads: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """One text a query to compare: its head without spaces, in Latin letters."""
    foreign = heads.filter(pl.col("head").str.contains(r"[^ -~]")).select("id", "country_iso3", key="head")
    latin = transliterate(foreign).select("id", latin="key")
    texts = heads.join(latin, on="id", how="left", maintain_order="left")
    compact = pl.coalesce("latin", "head").str.replace_all(" ", "")
    return texts.select("id", "country_iso3", text=compact).filter(pl.col("text").str.len_chars() >= rules.limits.fuzzy_min_length)


def _near_places(texts: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    countries = texts.select("country_iso3").unique()
    names = index.gazetteer.names.join(countries, on="country_iso3", how="semi").filter(pl.col("key").str.contains(r"^[ -~]+$"))
    names = names.with_columns(compact=pl.col("key").str.replace_all(" ", ""))
    near = fuzzy.nearest(texts, names, rules.limits.fuzzy_errors_share)
    pairs = near.join(texts.select("id", "country_iso3", "text"), on="id").join(names, on=["country_iso3", "compact"])
    best = pairs.group_by("id", "place").agg(place_points=(_worth(rules) - pl.when("main").then(0.0).otherwise(ALIAS_HANDICAP)).max())
    return best.join(index.gazetteer.places.select("place", place_size="population"), on="place", how="left")


def _worth(rules: LinkingRules) -> pl.Expr:
    letters = pl.max_horizontal(pl.col("text").str.len_chars(), pl.col("compact").str.len_chars())
    return rules.points.fuzzy - rules.points.fuzzy_penalty * pl.col("errors") / letters
