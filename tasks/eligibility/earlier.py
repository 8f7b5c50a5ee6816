"""One city across rounds: which earlier applications it made, and what became of each.

Belongs here: recognising a city of this round among the cities of earlier rounds, and saying what became of
its application there. Must stay out: forms of one round among themselves (`states.py`) and what an earlier
twinning means for this round (`tasks/matchmaking/candidate_pool.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from rapidfuzz import fuzz

from programme.linking import LinkingRules
from tasks.crosscheck.names.city_key import name_keys
from warehouse.dictionary.published import FINDINGS
from warehouse.dictionary.working import EARLIER_APPLICATIONS

SAME_NAME = 60.0
"""Least similarity (rapidfuzz ratio, 0-100) of two names under one cohort id for it to be one city renamed or
respelt; below, the id was given twice.
"""
KNOWN = ("round", "city_id", "city_name", "country_iso3", "gcom_id")
"""What a city of an earlier round is recognised by."""
City = Mapping[str, str | None]


@dataclass(frozen=True)
class Recognised:
    """`pairs`: one row per application of this round and row of the earlier rounds about the same city:
    `application_id`, `known` (the row's number).

    `findings`: ids that name one city here and another there (dictionary FINDINGS).
    """

    pairs: pl.DataFrame
    findings: pl.DataFrame


def recognise(cities: pl.DataFrame, known: pl.DataFrame, linking: LinkingRules) -> Recognised:
    """Cities of this round (dictionary CITIES) among `known` ones of earlier rounds (columns `KNOWN`).

    One GCoM row is one city. Else the same name in the same country, or the same id with a name not too
    different, unless both are linked to GCoM rows and these differ. An id that two different cities bear
    becomes a finding.
    """
    numbered = known.select(KNOWN).with_row_index("known")
    names = numbered.select(pl.col("city_name").fill_null("").alias("name"), "country_iso3").with_row_index(
        "id"
    )
    numbered = numbered.with_columns(name_keys(names, linking).alias("name_key"))
    joined = [
        cities.join(numbered, left_on=key, right_on=key, how="inner", coalesce=False, suffix="_known")
        for key in ("gcom_id", "name_key", "city_id")
    ]
    pairs: set[tuple[str, int]] = set()
    findings: dict[tuple[str, str], dict[str, object]] = {}
    for row in (
        pl.concat(joined)
        .unique(["application_id", "known"])
        .sort("application_id", "known")
        .iter_rows(named=True)
    ):
        here = {name: row[name] for name in (*KNOWN[1:], "name_key")}
        there = {name: row[f"{name}_known"] for name in (*KNOWN[1:], "name_key")}
        if _one_city(here, there):
            pairs.add((row["application_id"], row["known"]))
        elif here["city_id"] == there["city_id"]:
            findings[row["application_id"], row["round"]] = _reused(row)
    frame = pl.DataFrame(
        sorted(pairs), schema={"application_id": pl.String(), "known": pl.Int64()}, orient="row"
    )
    return Recognised(frame, FINDINGS.frame(list(findings.values())))


def _one_city(here: City, there: City) -> bool:
    if here["gcom_id"] and there["gcom_id"]:
        return here["gcom_id"] == there["gcom_id"]
    if here["country_iso3"] != there["country_iso3"]:
        return False
    alike = (
        fuzz.ratio((here["city_name"] or "").casefold(), (there["city_name"] or "").casefold()) >= SAME_NAME
    )
    return here["name_key"] == there["name_key"] or (here["city_id"] == there["city_id"] and alike)


def _reused(row: Mapping[str, str | None]) -> dict[str, object]:
    named = f"The id {row['city_id']} names {row['city_name']} here and {row['city_name_known']} in round {row['round']}"
    return {
        "table": "applications",
        "expectation": "one_id_one_city",
        "severity": "warn",
        "row_key": row["application_id"],
        "column": "city_id",
        "message": f"{named}; they are taken for two cities.",
    }


def earlier_applications(
    cities: pl.DataFrame, rounds: Mapping[str, Mapping[str, pl.DataFrame]], linking: LinkingRules
) -> pl.DataFrame:
    """Every earlier application of a city that applies now, and what became of it (dictionary
    EARLIER_APPLICATIONS).

    `cities` are this round's (dictionary CITIES); `rounds` maps each earlier round to the published tables of
    its latest version. Forms that were set aside carry no city and are not found.
    """
    parts = [_of_round(round_id, tables) for round_id, tables in sorted(rounds.items())]
    if not parts:
        return EARLIER_APPLICATIONS.empty()
    known = (
        pl.concat(parts).sort("round", "application_id").with_row_index("known").cast({"known": pl.Int64()})
    )
    pairs = recognise(cities, known, linking).pairs
    told = known.rename({"application_id": "earlier_application_id", "round": "earlier_round"})
    return EARLIER_APPLICATIONS.conform(pairs.join(told, on="known"))


def _of_round(round_id: str, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    applications = tables["applications"].filter(pl.col("city_id").is_not_null())
    placed = tables["twinning_members"].join(
        tables["twinnings"].select("twinning_id", twinning="state"), on="twinning_id"
    )
    return (
        applications.join(own_gcom_ids(tables["crosscheck"]), on="application_id", how="left")
        .join(
            tables["eligibility"].select("application_id", "status", "reasons"),
            on="application_id",
            how="left",
        )
        .join(placed.select("application_id", "twinning_id", "twinning"), on="application_id", how="left")
        .join(tables["unplaced"].select("application_id", unplaced="reason"), on="application_id", how="left")
        .select(
            pl.lit(round_id).alias("round"),
            *("application_id", "city_id", "city_name", "country_iso3", "gcom_id", "twinning_id"),
            became=pl.when(pl.col("state") != "accepted")
            .then("state")
            .when(pl.col("twinning").is_not_null())
            .then("twinning")
            .when(pl.col("status").is_in(["ineligible", "needs_review"]))
            .then("status")
            .otherwise(pl.lit("unplaced")),
            detail=pl.coalesce(
                pl.when(pl.col("state") == "superseded").then(pl.format("in favour of {}", "superseded_by")),
                pl.when(pl.col("twinning").is_not_null()).then(pl.format("twinning {}", "twinning_id")),
                "unplaced",
                pl.when(pl.col("status").is_in(["ineligible", "needs_review"])).then("reasons"),
            ),
        )
    )


def own_gcom_ids(crosscheck: pl.DataFrame) -> pl.DataFrame:
    """`application_id` and `gcom_id` where the applicant itself is linked; a consortium has one link a
    member, and none stands for it alone.
    """
    gcom = crosscheck.filter(pl.col("register") == "gcom")
    alone = gcom.filter(pl.len().over("application_id") == 1)
    return alone.filter(pl.col("outcome") == "linked").select(
        "application_id", pl.col("register_id").alias("gcom_id")
    )
