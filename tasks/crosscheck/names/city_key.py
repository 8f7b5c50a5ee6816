"""The key of a city that is in no register, so that the same city is recognised in another round.

Belongs here: the single key of a single name. Must stay out: the many keys that a name is searched by
(`keys.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.names.folding import transliterate
from tasks.crosscheck.names.parsing import NO_DIVISIONS, parse_names

UNKNOWN_COUNTRY = "XXX"
"""A user-assigned code of ISO 3166-1; here it stands for a country that was not recognised."""


def name_key(name: str, country_iso3: str | None, rules: LinkingRules) -> str:
    """The key `ISO3:normalised-name` of one name, for instance `ITA:reggio-nell-emilia`.

    It is never empty, and no name raises.
    """
    frame = pl.DataFrame(
        {"id": [0], "name": [name], "country_iso3": [country_iso3]},
        schema={"id": pl.UInt32(), "name": pl.String(), "country_iso3": pl.String()},
    )
    return str(name_keys(frame, rules).item())


def name_keys(names: pl.DataFrame, rules: LinkingRules) -> pl.Series:
    """`name_key` of each row of `names` (`id`, `name`, `country_iso3`), in order."""
    parsed = parse_names(names, NO_DIVISIONS, rules).names.select("id", "country_iso3", key="head")
    latin = transliterate(parsed).select("id", latin="key")
    joined = parsed.join(latin, on="id", how="left", maintain_order="left")
    plain = pl.coalesce(pl.when(pl.col("latin") != "").then("latin"), "key").str.replace_all(" ", "-")
    key = pl.when(plain == "").then(pl.lit("unnamed")).otherwise(plain)
    return joined.select(
        (pl.col("country_iso3").fill_null(UNKNOWN_COUNTRY) + ":" + key).alias("name_key")
    ).to_series()
