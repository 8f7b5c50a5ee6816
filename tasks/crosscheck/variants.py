"""A typed name taken apart, and the strings it is looked up by: the whole, without its administrative words, its parts, its skeleton.

Belongs here: brackets, commas, slashes, and what stands behind them. Must stay out: what a match is worth (`evidence.py`) and what is in the register
(`index.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.folding import fold, transliterate
from tasks.crosscheck.phrases import is_upper, skeleton, strip_words, without_letters
from tasks.crosscheck.repair import repair
from tasks.ingest.countries import to_iso3_series

BRACKET = r"[\(\[（【][^\)\]）】]*[\)\]）】]?"
SEPARATOR = r"\s[-–—]+\s|\s?[,;/|、，／]\s?"
MARK = "\x1f"
SKELETON_SIGN = "~"
"""Before a skeleton, so that it never meets a name that is spelled like it."""
LONGEST_CODE = 3
"""An aside of so few letters is a code of a division or nothing."""


@dataclass(frozen=True)
class Parsed:
    """Names taken apart; every frame has `id` and `country_iso3`.

    `names`: one row per name: `text` (repaired), `whole` (folded), `head` (folded, without brackets, asides and administrative words), `upper` (says it is a
    province or county), `compound` (names more than one place). `parts`: other names beside the head (`part`). `regions`: divisions named (`region`). `foreign`: another
    country is named (`named_iso3`).
    """

    names: pl.DataFrame
    parts: pl.DataFrame
    regions: pl.DataFrame
    foreign: pl.DataFrame


def parse(names: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> Parsed:
    """Take names apart. `names`: `id`, `name`, `country_iso3`; `divisions`: see `divisions.known_divisions`."""
    text = repair(pl.col("name"), rules.max_name_length).str.replace_all(r"(\p{Ll})(\p{Lu})", "$1 $2")
    plain = names.select("id", "country_iso3", text=text)
    bare = pl.col("text").str.replace_all(BRACKET, " ").str.replace_all(SEPARATOR, MARK).str.split(MARK)
    plain = plain.with_columns(whole=fold(pl.col("text")), pieces=bare, brackets=pl.col("text").str.extract_all(BRACKET))
    first = fold(pl.col("pieces").list.first())
    first = pl.when(first == "").then("whole").otherwise(first)
    plain = plain.with_columns(head=strip_words(first, rules.words), upper=is_upper(first, rules.words))
    asides = _asides(plain, divisions, rules)
    parts = asides.filter(pl.col("kind") == "part")
    compound = parts.filter("separated").select("id", compound=pl.lit(value=True)).unique("id")
    plain = plain.drop("pieces", "brackets").join(compound, on="id", how="left", maintain_order="left")
    return Parsed(
        names=plain.with_columns(pl.col("compound").fill_null(value=False)),
        parts=parts.select("id", "country_iso3", part="key"),
        regions=asides.filter(pl.col("kind") == "region").select("id", "country_iso3", "region").unique(maintain_order=True),
        foreign=asides.filter(pl.col("kind") == "foreign").select("id", "country_iso3", "named_iso3").unique("id", maintain_order=True),
    )


def keys(parsed: Parsed, rules: LinkingRules) -> pl.DataFrame:
    """Every key of every name, each once at its best: `id`, `country_iso3`, `key`, `points`, `tier`; names without a letter have none."""
    points, names = rules.points, parsed.names
    simple = names.with_columns(worth=pl.when("compound").then(points.alias).otherwise(points.stripped))
    bare = without_letters(pl.col("head"))
    base = [
        _tier(names, pl.col("text").str.to_lowercase(), "exact", pl.lit(points.exact)),
        _tier(names, pl.col("whole"), "folded", pl.lit(points.folded)),
        _tier(simple, pl.col("head"), "stripped", pl.col("worth")),
        _tier(parsed.parts, pl.col("part"), "part", pl.lit(points.part)),
    ]
    skeletons = [
        _tier(simple, SKELETON_SIGN + skeleton(pl.col("head"), rules.words), "skeleton", pl.min_horizontal("worth", pl.lit(points.skeleton))),
        _tier(simple.filter(bare != pl.col("head")), SKELETON_SIGN + skeleton(bare, rules.words), "skeleton", pl.lit(points.alias)),
    ]
    latin = transliterate(pl.concat(base[1:])).with_columns(points=pl.col("points") - 1)
    every = pl.concat([*base, *skeletons, latin]).filter(pl.col("key").str.len_chars() > 1)
    return every.sort("points", descending=True, maintain_order=True).unique(["id", "key"], keep="first", maintain_order=True)


def _asides(plain: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """What stands beside each name: `key`, `kind` (`region`, `country`, `foreign`, `part`, `nothing`), `region`, `named_iso3`, `separated` (not in brackets)."""
    behind = plain.select("id", "country_iso3", text=pl.col("pieces").list.slice(1), separated=pl.lit(value=True)).explode("text")
    inside = plain.select("id", "country_iso3", text="brackets", separated=pl.lit(value=False)).explode("text")
    asides = pl.concat([behind, inside]).drop_nulls("text").with_columns(key=strip_words(fold(pl.col("text")), rules.words))
    asides = asides.filter(pl.col("key") != "").with_columns(named_iso3=to_iso3_series(asides.filter(pl.col("key") != "")["key"]))
    asides = asides.join(divisions, left_on=["country_iso3", "key"], right_on=["country_iso3", "region_key"], how="left", maintain_order="left")
    short = (pl.col("key").str.len_chars() <= LONGEST_CODE) | pl.col("key").is_in(rules.words.articles)
    kind = (
        pl.when(pl.col("region").is_not_null())
        .then(pl.lit("region"))
        .when(pl.col("named_iso3") == pl.col("country_iso3"))
        .then(pl.lit("country"))
        .when(pl.col("named_iso3").is_not_null())
        .then(pl.lit("foreign"))
        .when(short)
        .then(pl.lit("nothing"))
        .otherwise(pl.lit("part"))
    )
    return asides.with_columns(kind=kind)


def _tier(names: pl.DataFrame, key: pl.Expr, tier: str, points: pl.Expr) -> pl.DataFrame:
    made = names.select("id", "country_iso3", key=key, points=points.cast(pl.Float64), tier=pl.lit(tier))
    return made.filter(pl.col("key").is_not_null() & (pl.col("key") != ""))
