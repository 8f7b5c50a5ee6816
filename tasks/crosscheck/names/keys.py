"""The keys that a parsed name is searched by, from the whole name down to its skeleton.

Belongs here: which keys there are, and how many points a match by each is worth. Must stay out: taking a name
apart (`parsing.py`), and other evidence for or against a match (`linkage/evidence.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.names.affixes import (
    SKELETON_SIGN,
    skeleton,
    spelled_out,
    strip_words,
    without_letters,
)
from tasks.crosscheck.names.folding import transliterate
from tasks.crosscheck.names.parsing import ParsedNames

TRANSLITERATED = 4.0
"""Points that a name loses by being put into Latin letters: the result is as unsure as an alias."""


def search_keys(parsed: ParsedNames, rules: LinkingRules) -> pl.DataFrame:
    """Every key of every name: `id`, `country_iso3`, `key`, `points`, `tier` (the kind of key).

    The points of each tier are those of `programme/linking.toml`. A name without a letter or digit has no
    key.
    """
    spelled = [_as_typed(parsed.names, rules), *_without_affixes(parsed, rules)]
    latin = transliterate(pl.concat(spelled[1:]))
    latin = latin.with_columns(
        key=strip_words(pl.col("key"), rules.words), points=pl.col("points") - TRANSLITERATED
    )
    every = pl.concat([*spelled, *_skeletons(parsed, rules), latin])
    return every.filter(pl.col("key").str.len_bytes() > 1)


def _as_typed(names: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    return _tier(names, pl.col("text").str.to_lowercase(), "exact", pl.lit(rules.points.exact))


def _without_affixes(parsed: ParsedNames, rules: LinkingRules) -> list[pl.DataFrame]:
    """The folded name and its parts: whole, without brackets, without administrative words, parts alone."""
    points, names, worth = rules.points, parsed.names, _head_points(rules)
    columns = ("whole", "bare", "head", "titled", "trailed")
    whole, bare, head, titled, trailed = (pl.col(name) for name in columns)
    shorter = names.filter((head != bare) & (head != whole))
    with_title = names.filter((titled != head) & (titled != bare))
    with_trail = names.filter((trailed != head) & (trailed != bare) & (trailed != titled))
    joint = strip_words(bare, rules.words)
    return [
        _tier(names, whole, "folded", pl.lit(points.folded)),
        _tier(names.filter(bare != whole), bare, "folded", pl.lit(points.folded - 1)),
        _tier(shorter, head, "stripped", worth),
        _tier(with_title, titled, "stripped", worth + 1),
        _tier(with_trail, trailed, "stripped", worth + 1),
        _tier(names.filter("compound"), joint, "stripped", pl.lit(points.stripped)),
        _tier(parsed.parts, pl.col("part"), "part", pl.col("points")),
    ]


def _skeletons(parsed: ParsedNames, rules: LinkingRules) -> list[pl.DataFrame]:
    """The skeletons of the head, of the head without single letters, and of joint names; and base forms."""
    points, names = rules.points, parsed.names
    spelled = spelled_out(pl.col("head"), rules.words)
    fewer = without_letters(spelled)
    joint = strip_words(pl.col("bare"), rules.words)
    at_most = pl.min_horizontal(_head_points(rules), pl.lit(points.skeleton))
    return [
        _tier(names, SKELETON_SIGN + skeleton(spelled), "skeleton", at_most),
        _tier(
            names.filter(fewer != spelled), SKELETON_SIGN + skeleton(fewer), "skeleton", pl.lit(points.alias)
        ),
        _tier(names.filter("compound"), SKELETON_SIGN + skeleton(joint), "skeleton", pl.lit(points.skeleton)),
        _tier(parsed.bases, pl.col("base"), "skeleton", pl.lit(points.skeleton)),
    ]


def _head_points(rules: LinkingRules) -> pl.Expr:
    """What the head is worth: less where it is only the first of several names."""
    return pl.when("compound").then(rules.points.first).otherwise(rules.points.stripped)


def _tier(names: pl.DataFrame, key: pl.Expr, tier: str, points: pl.Expr) -> pl.DataFrame:
    made = names.select("id", "country_iso3", key=key, points=points.cast(pl.Float64), tier=pl.lit(tier))
    return made.filter(pl.col("key").is_not_null() & (pl.col("key") != ""))
