"""Confirmed twinnings that lost a city, as a version's findings tell them.

Belongs here: reading them back for whoever shows them first (`city2city review`, `city2city status`). Must
stay out: finding them (`feasibility/`), and how they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

EXPECTATIONS = ("confirmed_twinning_keeps_its_cities", "a_claim_to_a_place_is_kept")
RULE = "confirmed twinning"


def departures(tables: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """One row for each city that left a confirmed twinning, and each that keeps a claim in vain.

    `tables` holds findings and applications of a version. Rows have `application_id`, `city_name`,
    `country_iso3`, `rule` and `evidence`, as open points do.
    """
    found = tables["findings"].filter(pl.col("expectation").is_in(EXPECTATIONS))
    named = found.select(
        application_id=pl.col("row_key").str.split(" ").list.last(), evidence=pl.col("message")
    ).join(
        tables["applications"].select("application_id", "city_name", "country_iso3"),
        on="application_id",
        how="left",
    )
    shown = named.with_columns(rule=pl.lit(RULE)).sort("evidence")
    return shown.select("application_id", "city_name", "country_iso3", "rule", "evidence").rows(named=True)
