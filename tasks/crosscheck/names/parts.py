"""Parts: names inside the head of a name, such as the halves around a hyphen or the head without a state.

Belongs here: what is cut off a head that names one place. Must stay out: texts that stand beside it
(`asides.py`).
"""

from __future__ import annotations

from functools import cache

import polars as pl

from programme.countries.names import country_names
from programme.linking import LinkingRules
from tasks.crosscheck.names.affixes import strip_words
from tasks.crosscheck.names.folding import fold_name
from tasks.ingest.cells.countries import exact_iso3

LONGEST_COUNTRY = 4
"""Most words of a country's name that is written behind a city's without a comma."""


def parts_inside(plain: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> list[pl.DataFrame]:
    """Names inside the head, as frames with `part` and `points`.

    They are what stands before "of", and the head without a state or province at its end or beginning, or
    without its country at the end.
    """
    heads = plain.select("id", "country_iso3", "head", "text", tokens=pl.col("head").str.split(" "))
    before = heads.filter(pl.col("head").str.contains(". of .")).select(
        "id", "country_iso3", part=strip_words(pl.col("head").str.extract("^(.+?) of "), rules.words)
    )
    # "University of X" is no city called "University"
    bodies = (*rules.words.other_bodies, *rules.words.office_units)
    before = before.filter(~pl.col("part").is_in(bodies))
    points = rules.points
    return [
        before.with_columns(points=pl.lit(points.part)),
        *(_without_division(heads, divisions, words, points.part) for words in (1, 2, 3)),
        _without_division(heads, divisions, -1, points.part),
        _without_country(heads, points.part),
    ]


def halves_of(plain: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The two halves around a hyphen: `id`, `country_iso3`, `part`, `points`."""
    halves = plain.filter(pl.col("text").str.contains(r"^[^-(,/]{3,}[^-(,/ ]-[^-(,/ ][^-(,/]{3,}$"))
    halves = halves.select("id", "country_iso3", part=pl.col("text").str.split("-")).explode("part")
    return halves.with_columns(
        part=strip_words(fold_name(pl.col("part")), rules.words), points=pl.lit(rules.points.half)
    )


def _without_country(heads: pl.DataFrame, points: float) -> pl.DataFrame:
    """The rest of the heads that end with the name of the country itself ("Milano Italia")."""
    tokens = pl.col("tokens")
    possible = heads.filter(tokens.list.len() > 1, tokens.list.last().is_in(last_words_of_countries()))
    cuts = [
        possible.filter(tokens.list.len() > size).select(
            "id",
            "country_iso3",
            country=tokens.list.tail(size).list.join(" "),
            part=tokens.list.head(tokens.list.len() - size).list.join(" "),
        )
        for size in range(1, LONGEST_COUNTRY + 1)
    ]
    named = pl.concat(cuts)
    own = named.filter(
        pl.Series([exact_iso3(text) for text in named["country"]], dtype=pl.String) == named["country_iso3"]
    )
    return own.select("id", "country_iso3", "part", points=pl.lit(points))


@cache
def last_words_of_countries() -> list[str]:
    """The last word of every usual name of a country, so that few texts are looked up."""
    names = [name for item in country_names() for name in (item.iso3, *item.usual, *item.own)]
    words = pl.Series(names).to_frame("text").select(fold_name(pl.col("text")).str.split(" ").list.last())
    return words.to_series().unique().sort().to_list()


def _without_division(
    heads: pl.DataFrame, divisions: pl.DataFrame, words: int, points: float
) -> pl.DataFrame:
    """The rest of the heads that end with a known division of so many words; begin with it if `words` < 0."""
    tokens = pl.col("tokens")
    count = abs(words)
    division, rest = (
        (tokens.list.tail(count), tokens.list.head(tokens.list.len() - count))
        if words > 0
        else (tokens.list.head(count), tokens.list.slice(count))
    )
    cut = heads.filter(tokens.list.len() > count).select(
        "id", "country_iso3", region_key=division.list.join(" "), part=rest.list.join(" ")
    )
    known = cut.join(divisions, on=["country_iso3", "region_key"], how="semi")
    return known.select("id", "country_iso3", "part", points=pl.lit(points))
