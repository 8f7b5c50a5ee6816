"""One name as a key: how a city is recognised in another round where no register gave it an id.

Belongs here: the single key of a single name. Must stay out: the many keys a name is looked up by
(`variants.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import NONE
from tasks.crosscheck.names.folding import transliterate
from tasks.crosscheck.names.variants import parse

UNKNOWN_COUNTRY = "XXX"
"""ISO 3166-1 user-assigned code that stands for a country nobody recognised."""


def name_key(name: str, country_iso3: str | None, rules: LinkingRules) -> str:
    """`ISO3:normalised-name` of one name, for instance `ITA:reggio-nell-emilia`; never empty, never
    raises.
    """
    frame = pl.DataFrame(
        {"id": [0], "name": [name], "country_iso3": [country_iso3]},
        schema={"id": pl.UInt32(), "name": pl.String(), "country_iso3": pl.String()},
    )
    return str(name_keys(frame, rules).item())


def name_keys(names: pl.DataFrame, rules: LinkingRules) -> pl.Series:
    """`name_key` of each row of `names` (`id`, `name`, `country_iso3`), in order."""
    parsed = parse(names, NONE, rules).names.select("id", "country_iso3", key="head")
    latin = transliterate(parsed).select("id", latin="key")
    joined = parsed.join(latin, on="id", how="left", maintain_order="left")
    plain = pl.coalesce(pl.when(pl.col("latin") != "").then("latin"), "key").str.replace_all(" ", "-")
    key = pl.when(plain == "").then(pl.lit("unnamed")).otherwise(plain)
    return joined.select(
        (pl.col("country_iso3").fill_null(UNKNOWN_COUNTRY) + ":" + key).alias("name_key")
    ).to_series()
