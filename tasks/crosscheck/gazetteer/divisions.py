"""Divisions of countries (states, provinces, regions): which texts name one, and which of them differ.

Belongs here: the known names and codes of divisions. Must stay out: world regions (`programme/regions.toml`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.geonames import us_states
from tasks.crosscheck.names.affixes import strip_words
from tasks.crosscheck.names.folding import fold_name
from tasks.crosscheck.names.parsing import DIVISION_SCHEMA


def region_key(region: pl.Expr, rules: LinkingRules) -> pl.Expr:
    """The key of a division as written: folded, without administrative words such as "province"."""
    return strip_words(fold_name(region.fill_null("")), rules.words)


def known_divisions(register: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Every text that names a division, one row each: `country_iso3`, `region_key`, `region`.

    `region` is one id per division: `ISO3-CODE` where the code is known, otherwise the key itself. The texts
    come from `programme/linking.toml`, the states of the USA, and the register's own column `region`.
    """
    own = register.select("country_iso3", region_key=region_key(pl.col("region"), rules)).with_columns(
        region="region_key"
    )
    every = pl.concat([coded_divisions(rules), own.filter(pl.col("region_key") != "").drop_nulls()])
    return every.unique(["country_iso3", "region_key"], keep="first", maintain_order=True)


def coded_divisions(rules: LinkingRules) -> pl.DataFrame:
    """The texts of the divisions whose codes are known, with the columns of `known_divisions`."""
    tables: dict[str, dict[str, tuple[str, ...]]] = {
        "USA": {code: (name,) for code, name in us_states().items()},
        **rules.divisions,
    }
    rows = [
        (iso3, text, f"{iso3}-{code}")
        for iso3, codes in tables.items()
        for code, names in codes.items()
        for text in (code, *names)
    ]
    return pl.DataFrame(rows, schema=DIVISION_SCHEMA, orient="row").with_columns(
        region_key=region_key(pl.col("region_key"), rules)
    )


def is_coded(region: pl.Expr) -> pl.Expr:
    """Whether the id of a division is a code; two different codes are two different divisions."""
    return region.str.contains(r"^[A-Z]{3}-")
