"""Who may be matched, and what the programme has left to give.

Belongs here: the step between the ranking and the matchmaking: only eligible and tentative applications take part, a city already in a
confirmed twinning of an earlier round does not, and what those twinnings used is no longer there (programme design, capacity). Must stay out: who fits with whom.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from rapidfuzz import fuzz

from programme.linking import LinkingRules
from programme.programme import Programme
from programme.rounds import Round
from tasks.crosscheck.names import name_keys
from warehouse.dictionary.published import FINDINGS
from warehouse.dictionary.working import CANDIDATES

SAME_NAME = 60.0
"""Least similarity (rapidfuzz ratio, 0-100) of two names under one cohort id for it to be one city renamed or respelt; below, the id was given twice."""

_TOPICS = [f"topic_{n}" for n in (1, 2, 3)]


@dataclass(frozen=True)
class Field:
    """`candidates` (dictionary CANDIDATES), the room left, the cities that are taken already (application id to the earlier twinning), and findings."""

    candidates: pl.DataFrame
    max_twinnings: int
    max_cities: int
    taken: dict[str, str]
    findings: pl.DataFrame


def field(
    judged: tuple[pl.DataFrame, pl.DataFrame],
    ranking: pl.DataFrame,
    submissions: pl.DataFrame,
    cities: pl.DataFrame,
    earlier: pl.DataFrame,
    programme: Programme,
    round_: Round,
) -> Field:
    """The field of candidates of a round.

    `judged` holds the tables applications and eligibility; `earlier` the cities of confirmed twinnings of earlier rounds (dictionary EARLIER).
    The room is the smaller of what the round may give out and what the whole programme has left (FAQ 3.8).
    """
    applications, eligibility = judged
    rounds = programme.rounds
    taken, findings = _taken(eligibility, cities, earlier, programme.linking)
    used_twinnings = earlier["twinning_id"].n_unique()
    rows = (
        ranking.filter(~pl.col("application_id").is_in(list(taken)))
        .join(eligibility.select("application_id", "status"), on="application_id")
        .join(applications.drop(_TOPICS), on="application_id")
        .join(submissions.drop("population", "applicant_type", "country_iso3", "row"), left_on="application_id", right_on="submission_id")
        .with_columns(
            (pl.col("status") == "tentative").alias("tentative"),
            *(pl.when(pl.col(name) != "other").then(pl.col(name)).alias(name) for name in _TOPICS),
            pl.coalesce("city_name", "city_name_right").alias("city_name"),
        )
    )
    return Field(
        CANDIDATES.conform(rows),
        max(0, min(round_.max_twinnings, rounds.max_twinnings - used_twinnings)),
        max(0, min(round_.max_cities, rounds.max_cities - earlier.height)),
        taken,
        FINDINGS.frame(findings),
    )


def _taken(
    eligibility: pl.DataFrame, cities: pl.DataFrame, earlier: pl.DataFrame, linking: LinkingRules
) -> tuple[dict[str, str], list[dict[str, object]]]:
    """Applications whose city is in a confirmed twinning already: known by its GCoM row, its name in its country, or its id."""
    by_gcom = {row["gcom_id"]: row for row in earlier.iter_rows(named=True) if row["gcom_id"]}
    names = earlier.select(pl.col("city_name").fill_null("").alias("name"), "country_iso3").with_row_index("id")
    by_name = dict(zip(name_keys(names, linking), earlier.iter_rows(named=True), strict=True))
    by_id = {row["city_id"]: row for row in earlier.iter_rows(named=True)}
    taken: dict[str, str] = {}
    findings: list[dict[str, object]] = []
    for row in cities.join(eligibility.select("application_id"), on="application_id", how="semi").iter_rows(named=True):
        same = by_gcom.get(row["gcom_id"]) or by_name.get(row["name_key"])
        if same is None and (namesake := by_id.get(row["city_id"])):
            if _one_city(row, namesake):
                same = namesake
            else:
                findings.append(_reused(row, namesake))
        if same is not None:
            taken[row["application_id"]] = same["twinning_id"]
    return taken, findings


def _one_city(row: dict[str, str], other: dict[str, str]) -> bool:
    if row["country_iso3"] != other["country_iso3"] or (row["gcom_id"] and other["gcom_id"]):
        return False
    return fuzz.ratio((row["city_name"] or "").casefold(), (other["city_name"] or "").casefold()) >= SAME_NAME


def _reused(row: dict[str, str], other: dict[str, str]) -> dict[str, object]:
    return {
        "table": "applications",
        "expectation": "one_id_one_city",
        "severity": "warn",
        "row_key": row["application_id"],
        "column": "city_id",
        "message": f"The id {row['city_id']} names {row['city_name']} here and {other['city_name']} in round {other['round']}; they are taken for two cities.",
    }
