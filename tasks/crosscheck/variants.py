"""Which strings a typed name is looked up by: the whole, without its administrative words, its parts, its skeleton.

Belongs here: taking a typed name apart (brackets, commas, slashes). Must stay out: what a match is worth (`evidence.py`) and what is in the
register (`index.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.folding import fold, transliterate
from tasks.crosscheck.phrases import skeleton, strip_words
from tasks.crosscheck.repair import repair

BRACKET = r"[\(\[（【][^\)\]）】]*[\)\]）】]?"
SEPARATOR = r"\s[-–—]\s|[,;/|、，／]"
SKELETON_SIGN = "~"
"""Before a skeleton, so that it never meets a name that is spelled like it."""


def parse(names: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Take names apart once. `names`: `id`, `name`, `country_iso3`. Returns them with `text` (repaired), `whole`, `head` (folded, without brackets and what follows a
    separator, administrative words taken off), and `asides` (list: folded contents of brackets and what stood behind separators).
    """
    parsed = names.with_columns(text=repair(pl.col("name"), rules.max_name_length))
    bare = pl.col("text").str.replace_all(BRACKET, " ")
    pieces = bare.str.replace_all(SEPARATOR, "\x1f").str.split("\x1f")
    parsed = parsed.with_columns(
        whole=fold(pl.col("text")),
        pieces=pieces.list.eval(fold(pl.element())).list.eval(pl.element().filter(pl.element() != "")),
        brackets=pl.col("text").str.extract_all(BRACKET).list.eval(fold(pl.element())).list.eval(pl.element().filter(pl.element() != "")),
    )
    head = strip_words(pl.col("pieces").list.first().fill_null(pl.col("whole")), rules.words)
    return parsed.with_columns(head=head, asides=pl.concat_list(pl.col("pieces").list.slice(1), "brackets")).drop("pieces", "brackets")


def keys(parsed: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Every key of every parsed name, each once at its best tier. Columns `id`, `country_iso3`, `key`, `points`, `tier`; rows without a key are left out."""
    points = rules.points
    base = [
        _tier(parsed, pl.col("text").str.to_lowercase(), "exact", points.exact),
        _tier(parsed, pl.col("whole"), "folded", points.folded),
        _tier(parsed, pl.col("head"), "stripped", points.stripped),
        _tier(parsed.explode("asides"), strip_words(pl.col("asides"), rules.words), "part", points.part),
        _tier(parsed, SKELETON_SIGN + skeleton(pl.col("head")), "skeleton", points.skeleton),
    ]
    latin = transliterate(pl.concat(base[1:4])).with_columns(points=pl.col("points") - 1)
    every = pl.concat([*base, latin]).filter(pl.col("key").str.len_chars() > 1)
    return every.sort("points", descending=True, maintain_order=True).unique(["id", "key"], keep="first", maintain_order=True)


def _tier(parsed: pl.DataFrame, key: pl.Expr, tier: str, points: float) -> pl.DataFrame:
    made = parsed.select("id", "country_iso3", key=key, points=pl.lit(points), tier=pl.lit(tier))
    return made.filter(pl.col("key").is_not_null() & (pl.col("key") != ""))
