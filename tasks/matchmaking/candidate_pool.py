"""Who may be matched, and what the programme has left to give.

Belongs here: the step between the ranking and the matchmaking: only eligible and tentative applications take
part, a city already in a confirmed twinning of an earlier round does not, and what those twinnings used is no
longer there (programme design, capacity). Must stay out: who fits with whom.
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
    """`candidates` (dictionary CANDIDATES), the room left, the cities that are taken already (application id
    to the earlier twinning), and findings.
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
    """The field of candidates of a round.

    `judged` holds the tables applications and eligibility; `earlier` the cities of confirmed twinnings of
    earlier rounds (dictionary EARLIER). The room is the smaller of what the round may give out and what the
    whole programme has left (FAQ 3.8).
    """
    applications, eligibility = judged
    rounds = programme.rounds
    taken, findings = _taken(eligibility, cities, earlier, programme.linking)
    used_twinnings = earlier["twinning_id"].n_unique()
    rows = (
        ranking.filter(~pl.col("application_id").is_in(list(taken)))
        .join(eligibility.select("application_id", "status"), on="application_id")
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
        )
    )
    return CandidatePool(
        CANDIDATES.conform(rows),
        max(0, min(round_.max_twinnings, rounds.max_twinnings - used_twinnings)),
        max(0, min(round_.max_cities, rounds.max_cities - earlier.height)),
        taken,
        findings,
    )


def _taken(
    eligibility: pl.DataFrame, cities: pl.DataFrame, earlier: pl.DataFrame, linking: LinkingRules
) -> tuple[dict[str, str], pl.DataFrame]:
    """Applications whose city is in a confirmed twinning already, with that twinning (the latest), and
    findings about ids that were given twice.
    """
    judged = cities.join(eligibility.select("application_id"), on="application_id", how="semi")
    ordered = earlier.sort("round", "twinning_id", "city_id")
    found = recognise(judged, ordered, linking)
    return {
        application: ordered["twinning_id"][known] for application, known in found.pairs.iter_rows()
    }, found.findings
