"""One city across rounds: which earlier applications it made, and what became of each.

Belongs here: recognising a city of this round among the cities of earlier rounds, and telling what became of
its application there. Must stay out: forms of one round among themselves (`form_states.py`) and what an
earlier twinning means for this round (`tasks/matchmaking/candidate_pool.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from rapidfuzz import fuzz

from programme.linking import LinkingRules
from programme.vocabulary import SELECTABLE
from tasks.crosscheck.names.city_key import name_keys
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.other_rounds import EARLIER_APPLICATIONS

SAME_NAME = 60.0
"""Least similarity of two names under one city id for it to be one city renamed or spelt anew; below, the id
was given twice. The similarity is rapidfuzz's ratio, 0-100.
"""
KNOWN = ("round", "city_id", "city_name", "country_iso3", "gcom_id")
"""The columns by which a city of an earlier round is recognised."""
City = Mapping[str, str | None]


@dataclass(frozen=True)
class Recognised:
    """Cities of this round among those of earlier rounds.

    `pairs` has one row for each application of this round and row of the earlier rounds about the same city:
    `application_id`, `known` (the row's number, from 0). `findings` are about ids that name one city here and
    another there (dictionary table FINDINGS).
    """

    pairs: pl.DataFrame
    findings: pl.DataFrame


def recognise(cities: pl.DataFrame, known: pl.DataFrame, linking: LinkingRules) -> Recognised:
    """Cities of this round (dictionary table CITIES) among `known` ones of earlier rounds (columns `KNOWN`).

    One GCoM row is one city. Else the same name in the same country is one city, or the same id with a name
    not too different, unless both are linked to GCoM rows and these differ. An id that two different cities
    bear becomes a finding.
    """
    pairs: set[tuple[str, int]] = set()
    findings: dict[tuple[str, str], Finding] = {}
    for row in _candidates(cities, known, linking).iter_rows(named=True):
        here = {name: row[name] for name in (*KNOWN[1:], "name_key")}
        there = {name: row[f"{name}_known"] for name in (*KNOWN[1:], "name_key")}
        if _same_city(here, there):
            pairs.add((row["application_id"], row["known"]))
        elif here["city_id"] == there["city_id"]:
            findings[row["application_id"], row["round"]] = _id_of_two_cities(row)
    schema = {"application_id": pl.String(), "known": pl.Int64()}
    frame = pl.DataFrame(sorted(pairs), schema=schema, orient="row")
    return Recognised(frame, findings_frame(findings.values()))


def _candidates(cities: pl.DataFrame, known: pl.DataFrame, linking: LinkingRules) -> pl.DataFrame:
    """Pairs of cities that share a GCoM row, a name or an id; columns of the earlier city end in `_known`."""
    numbered = known.select(KNOWN).with_row_index("known")
    names = numbered.select(pl.col("city_name").fill_null("").alias("name"), "country_iso3")
    keys = name_keys(names.with_row_index("id"), linking).alias("name_key")
    numbered = numbered.with_columns(keys)
    joined = [
        cities.join(numbered, left_on=key, right_on=key, how="inner", coalesce=False, suffix="_known")
        for key in ("gcom_id", "name_key", "city_id")
    ]
    pair = ("application_id", "known")
    return pl.concat(joined).unique(pair).sort(pair)


def _same_city(here: City, there: City) -> bool:
    if here["gcom_id"] and there["gcom_id"]:
        return here["gcom_id"] == there["gcom_id"]
    if here["country_iso3"] != there["country_iso3"]:
        return False
    names = [(city["city_name"] or "").casefold() for city in (here, there)]
    alike = fuzz.ratio(*names) >= SAME_NAME
    return here["name_key"] == there["name_key"] or (here["city_id"] == there["city_id"] and alike)


def _id_of_two_cities(row: Mapping[str, str | None]) -> Finding:
    message = (
        f"The id {row['city_id']} names {row['city_name']} here and {row['city_name_known']} "
        f"in round {row['round']}; they are taken for two cities."
    )
    return Finding(
        "applications", "one_id_one_city", message, row_key=row["application_id"], column="city_id"
    )


def earlier_applications(
    cities: pl.DataFrame, rounds: Mapping[str, Mapping[str, pl.DataFrame]], linking: LinkingRules
) -> pl.DataFrame:
    """Every earlier application of a city that applies now, and what became of it.

    `cities` are this round's (dictionary table CITIES); `rounds` maps each earlier round to the published
    tables of its latest version. Forms that were set aside carry no city and are not found. Returns the
    dictionary's EARLIER_APPLICATIONS.
    """
    parts = [_of_round(round_id, tables) for round_id, tables in sorted(rounds.items())]
    if not parts:
        return EARLIER_APPLICATIONS.empty()
    known = pl.concat(parts).with_row_index("known").cast({"known": pl.Int64()})
    pairs = recognise(cities, known, linking).pairs
    named = known.rename({"application_id": "earlier_application_id", "round": "earlier_round"})
    return EARLIER_APPLICATIONS.conform(pairs.join(named, on="known"))


def _of_round(round_id: str, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row for each application of an earlier round, with what became of it (`became`, `detail`)."""
    applications = tables["applications"].filter(pl.col("city_id").is_not_null())
    states = tables["twinnings"].select("twinning_id", twinning="state")
    placed = tables["twinning_members"].join(states, on="twinning_id")
    parts = (
        own_gcom_ids(tables["crosscheck"]),
        tables["eligibility"].select("application_id", "status", "reasons"),
        placed.select("application_id", "twinning_id", "twinning"),
        tables["unplaced"].select("application_id", unplaced="reason"),
    )
    for part in parts:
        applications = applications.join(part, on="application_id", how="left")
    superseded = pl.col("state") == "superseded"
    in_twinning = pl.col("twinning").is_not_null()
    not_selectable = ~pl.col("status").is_in(SELECTABLE)
    return applications.select(
        pl.lit(round_id).alias("round"),
        *("application_id", "city_id", "city_name", "country_iso3", "gcom_id", "twinning_id"),
        became=pl.when(pl.col("state") != "accepted")
        .then("state")
        .when(in_twinning)
        .then("twinning")
        .when(not_selectable)
        .then("status")
        .otherwise(pl.lit("unplaced")),
        detail=pl.coalesce(
            pl.when(superseded).then(pl.format("in favour of {}", "superseded_by")),
            pl.when(in_twinning).then(pl.format("twinning {}", "twinning_id")),
            "unplaced",
            pl.when(not_selectable).then("reasons"),
        ),
    )


def own_gcom_ids(crosscheck: pl.DataFrame) -> pl.DataFrame:
    """`application_id` and `gcom_id` where the applicant itself is linked.

    A consortium has one link for each member, and none of them is the consortium's own.
    """
    gcom = crosscheck.filter(pl.col("register") == "gcom")
    alone = gcom.filter(pl.len().over("application_id") == 1)
    linked = alone.filter(pl.col("outcome") == "linked")
    return linked.select("application_id", pl.col("register_id").alias("gcom_id"))
