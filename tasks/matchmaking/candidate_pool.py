"""The candidates of a round and the remaining capacity: the step between the ranking and the matchmaking.

Only applications that can be selected take part. A city in a confirmed twinning of an earlier round takes no
part, and the capacity that such twinnings used is subtracted (FAQ 3.8).

Belongs here: who is a candidate and how much is left to give. Must stay out: who fits with whom.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from programme.programme import Programme
from programme.rounds import Round
from programme.vocabulary import TOPIC_OTHER
from tasks.eligibility.earlier_rounds import recognise
from warehouse.dictionary.working import CANDIDATES

_TOPICS = [f"topic_{n}" for n in (1, 2, 3)]


@dataclass(frozen=True)
class CandidatePool:
    """Who may be matched, and the remaining capacity in twinnings and cities.

    `candidates` is dictionary CANDIDATES, one row an application; `taken` maps applications whose city has a
    place already to the id of the earlier twinning; `findings` is dictionary FINDINGS.
    """

    candidates: pl.DataFrame
    max_twinnings: int
    max_cities: int
    taken: dict[str, str]
    findings: pl.DataFrame


def candidate_pool(
    judged: tuple[pl.DataFrame, pl.DataFrame],
    ranking: pl.DataFrame,
    submissions: pl.DataFrame,
    cities: pl.DataFrame,
    earlier: pl.DataFrame,
    programme: Programme,
    round_: Round,
) -> CandidatePool:
    """The candidate pool of a round.

    `judged` holds the tables applications and eligibility; `earlier` the cities of confirmed twinnings of
    earlier rounds (dictionary EARLIER). The remaining capacity is the smaller of what the round may give out
    and what the whole programme has left (FAQ 3.8).
    """
    rounds = programme.rounds
    taken, findings = _taken(judged[1], cities, earlier, programme.linking)
    waiting = ranking.filter(~pl.col("application_id").is_in(list(taken)))
    used_twinnings = earlier["twinning_id"].n_unique()
    return CandidatePool(
        _candidates(waiting, judged, submissions),
        max(0, min(round_.max_twinnings, rounds.max_twinnings - used_twinnings)),
        max(0, min(round_.max_cities, rounds.max_cities - earlier.height)),
        taken,
        findings,
    )


def _candidates(
    ranking: pl.DataFrame, judged: tuple[pl.DataFrame, pl.DataFrame], submissions: pl.DataFrame
) -> pl.DataFrame:
    """The ranked applications with their forms and the registers' word on their cities (CANDIDATES)."""
    applications, eligibility = judged
    rows = (
        ranking.join(eligibility.select("application_id", "status"), on="application_id")
        .join(applications.drop(_TOPICS), on="application_id")
        .join(
            submissions.drop("population", "applicant_type", "country_iso3", "row"),
            left_on="application_id",
            right_on="submission_id",
        )
        .with_columns(
            (pl.col("status") == "tentative").alias("tentative"),
            *(pl.when(pl.col(name) != TOPIC_OTHER).then(pl.col(name)).alias(name) for name in _TOPICS),
            pl.coalesce("city_name", "city_name_right").alias("city_name"),
            pl.lit(None, dtype=pl.List(pl.String())).alias("topics_out_of_place"),
        )
    )
    return CANDIDATES.conform(rows)


def _taken(
    eligibility: pl.DataFrame, cities: pl.DataFrame, earlier: pl.DataFrame, linking: LinkingRules
) -> tuple[dict[str, str], pl.DataFrame]:
    """Applications whose city is in a confirmed twinning, with the latest such twinning; and findings.

    A finding names an id that was given to two cities.
    """
    judged = cities.join(eligibility.select("application_id"), on="application_id", how="semi")
    ordered = earlier.sort("round", "twinning_id", "city_id")
    found = recognise(judged, ordered, linking)
    return {
        application: ordered["twinning_id"][known] for application, known in found.pairs.iter_rows()
    }, found.findings
