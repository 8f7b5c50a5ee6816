"""States, provinces and regions: which texts name one, and when two texts name different ones.

Belongs here: the known names of divisions of a country. Must stay out: world regions
(`programme/regions.toml`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.table import us_states
from tasks.crosscheck.names.affixes import strip_words
from tasks.crosscheck.names.folding import fold

SCHEMA = pl.Schema({"country_iso3": pl.String(), "region_key": pl.String(), "region": pl.String()})
NONE = pl.DataFrame(schema=SCHEMA)
"""No divisions: what stands behind a comma is then a part of the name like any other."""


def region_key(region: pl.Expr, rules: LinkingRules) -> pl.Expr:
    """A state, province or region as written, folded and without the words province, state and the like."""
    return strip_words(fold(region.fill_null("")), rules.words)


def known_divisions(register: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Every text that names a division: `country_iso3`, `region_key`, `region` (one id per division:
    `ISO3-CODE` where its code is known, else the key itself).

    From the codes of `programme/linking.toml`, the states of the USA, and the register's own column `region`.
    """
    own = register.select("country_iso3", region_key=region_key(pl.col("region"), rules)).with_columns(
        region="region_key"
    )
    every = pl.concat([coded_divisions(rules), own.filter(pl.col("region_key") != "").drop_nulls()])
    return every.unique(["country_iso3", "region_key"], keep="first", maintain_order=True)


def coded_divisions(rules: LinkingRules) -> pl.DataFrame:
    """The divisions whose codes are known, in the columns of `known_divisions`."""
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
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(
        region_key=region_key(pl.col("region_key"), rules)
    )


def is_coded(region: pl.Expr) -> pl.Expr:
    """Whether a region's id is a code, so that a different code is a different division."""
    return region.str.contains(r"^[A-Z]{3}-")
