"""Asides: what the texts beside a name are: a division, a country, another name, or nothing.

Belongs here: telling these apart. Must stay out: splitting a text into a name and what stands beside it
(`parsing.py`), and names inside the name itself (`parts.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.names.affixes import is_administrative, take_apart
from tasks.crosscheck.names.folding import fold_name
from tasks.ingest.cells.countries import to_iso3_series

COUNTRY_CODE = r"^\W*(?:[A-Z]{3}|UK|US|U\.K\.|U\.S\.(?:A\.)?)\W*$"
"""Codes of countries that people write behind a name; other codes of two letters are those of divisions."""
STATE_CODE = r"^\s*[A-Z]{2}\s*$"
"""How the code of a state of the USA is written behind a name and a comma ("Athens, GA")."""
LONGEST_CODE = 3
"""A text beside a name with at most so many letters is the code of a division, or says nothing."""
CODED = r"^[A-Z]{3}-"
"""How the ids of divisions with a known code begin."""


def classify_asides(plain: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The texts beside each name, one row each: `key` (folded), `kind`, `region`, `named_iso3`, `separated`.

    `kind` is `region` (a known division), `country` (the query's own), `foreign` (another country), `part`
    (another name) or `nothing` (a code or article). `separated` is false for a text in brackets.
    """
    asides = _with_countries(_beside(plain, rules))
    asides = asides.join(
        divisions,
        left_on=["country_iso3", "key"],
        right_on=["country_iso3", "region_key"],
        how="left",
        maintain_order="left",
    ).with_columns(region=pl.when(~pl.col("of_city")).then("region"))
    return _with_divisions_abroad(asides, divisions).with_columns(kind=_kind(rules))


def _beside(plain: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The texts behind each name and in its brackets: `text`, `separated`, `whole`, `key` (both folded).

    `of_city`: the text says that it is a city ("Comune di Torino"), so that it is not the division of its
    name.
    """
    asked = ("id", "country_iso3")
    behind = plain.select(*asked, text=pl.col("pieces").list.slice(1), separated=pl.lit(value=True))
    inside = plain.select(*asked, text="brackets", separated=pl.lit(value=False))
    texts = pl.concat([behind.explode("text"), inside.explode("text")]).drop_nulls("text")
    texts = texts.with_columns(whole=fold_name(pl.col("text")))
    texts = texts.with_columns(apart=take_apart(pl.col("whole"), rules.words)).unnest("apart")
    of_city = (pl.col("trailed") != pl.col("whole")) & ~pl.col("upper")
    key = pl.col("head").str.replace("^the (.)", "$1")
    return texts.select(*asked, "text", "separated", "whole", key=key, of_city=of_city).filter(
        pl.col("key") != ""
    )


def _with_countries(asides: pl.DataFrame) -> pl.DataFrame:
    """Adds `named_iso3`, the country that a text names.

    The words of a country's name may be administrative ("United States of America").
    """
    shorter = asides.select(pl.when(pl.col("key") != pl.col("whole")).then("key")).to_series()
    named = pl.coalesce(to_iso3_series(asides["whole"]), to_iso3_series(shorter))
    return asides.with_columns(named_iso3=named)


def _with_divisions_abroad(asides: pl.DataFrame, divisions: pl.DataFrame) -> pl.DataFrame:
    """The texts, with the country of those that name a division of another country ("Paris, Texas")."""
    coded = divisions.filter(
        pl.col("region").str.contains(CODED), pl.col("region_key").str.len_chars() > LONGEST_CODE
    ).select("region_key", abroad=pl.col("region").str.slice(0, 3))
    states = divisions.filter(pl.col("country_iso3") == "USA", pl.col("region_key").str.len_chars() == 2)[
        "region_key"
    ].to_list()
    joined = asides.join(
        coded.unique("region_key", keep="first", maintain_order=True),
        left_on="key",
        right_on="region_key",
        how="left",
        maintain_order="left",
    )
    # people of other countries do not write codes that look like those of the states of the USA
    code = pl.col("text").str.contains(STATE_CODE) & pl.col("separated") & pl.col("key").is_in(states)
    abroad = pl.when(pl.col("abroad") != pl.col("country_iso3")).then("abroad")
    return joined.with_columns(
        named_iso3=pl.coalesce("named_iso3", abroad, pl.when(code).then(pl.lit("USA"))), state_code=code
    )


def _kind(rules: LinkingRules) -> pl.Expr:
    """What a text beside a name is (see `classify_asides`)."""
    code = pl.col("key").str.len_chars() <= LONGEST_CODE
    of_country = pl.col("text").str.contains(COUNTRY_CODE) & pl.col("named_iso3").is_not_null()
    return (
        pl.when(pl.col("region").is_not_null())
        .then(pl.lit("region"))
        .when(pl.col("named_iso3") == pl.col("country_iso3"))
        .then(pl.lit("country"))
        .when(of_country)
        .then(pl.lit("foreign"))
        .when("state_code")
        .then(pl.lit("foreign"))
        .when(code | pl.col("key").is_in(rules.words.articles))
        .then(pl.lit("nothing"))
        .when(pl.col("named_iso3").is_not_null())
        .then(pl.lit("foreign"))
        .otherwise(pl.lit("part"))
    )


def distinctive(parts: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The parts that may tell which place is meant.

    Administrative words ("(city)") and the initials of a body in brackets ("(AMBA)") do not.
    """
    words = parts.select("country_iso3", n=pl.int_range(pl.len()), word=pl.col("key").str.split(" "))
    words = words.explode("word").filter(~is_administrative(pl.col("word"), rules.words))
    generic = ~pl.int_range(pl.len()).is_in(words["n"].unique().implode())
    initials = ~pl.col("separated") & pl.col("text").str.contains(r"^\W*\p{Lu}{2,6}\W*$")
    return parts.filter(~generic & ~initials)
