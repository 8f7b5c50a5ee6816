"""What the matchmaking is given: the candidates, and the problem it solves.

Belongs here: putting the problem together from the results of the earlier steps. Must stay out: solving it
(`tasks/matchmaking`).
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from flows.published_versions import PublishedVersion, empty_tables
from flows.round_inputs import RoundInputs
from flows.round_results import AssessedRound
from tasks.eligibility.topic_places import with_topics_out_of_place
from tasks.matchmaking.candidate_pool import CandidatePool, candidate_pool
from tasks.matchmaking.constraints import constraints_from
from tasks.matchmaking.problem import BaselineTwinnings, Capacity, MatchingProblem
from tasks.scoring.step import Scored
from warehouse.dictionary.published import TWINNING_MEMBERS, TWINNINGS

SEED = 20250701
"""Start of the random draws of the matchmaking (robustness of twinnings): the day the programme was launched.
Never the clock.
"""


def candidates_of(round_inputs: RoundInputs, assessed: AssessedRound, scored: Scored) -> CandidatePool:
    """Who may be matched, and the capacity that is left."""
    pool = candidate_pool(
        judged=(assessed.judged.applications, assessed.judged.eligibility),
        ranking=scored.ranking,
        submissions=assessed.inputs.submissions,
        cities=assessed.linked.cities,
        earlier=round_inputs.confirmed_cities,
        programme=round_inputs.programme,
        round_=round_inputs.round,
        decisions=assessed.decisions,
    )
    return replace(pool, candidates=with_topics_out_of_place(pool.candidates, assessed.judged.topic_places))


def matching_problem(
    round_inputs: RoundInputs,
    assessed: AssessedRound,
    pool: CandidatePool,
    previous: PublishedVersion | None,
) -> MatchingProblem:
    """The problem the matchmaking solves.

    The twinnings of the approved version stay where they can. `previous` is the version that names the
    twinnings decisions speak of; None before the first. No version that nobody approved counts for more.
    """
    tables = previous.tables if previous else empty_tables()
    named = BaselineTwinnings(tables["twinnings"], tables["twinning_members"])
    return MatchingProblem(
        round_id=round_inputs.round.id,
        candidates=pool.candidates,
        preferences=assessed.linked.preferences,
        cooperations=assessed.linked.cooperations,
        constraints=constraints_from(assessed.decisions, pool.candidates, named, pool.whereabouts),
        capacity=Capacity(pool.max_twinnings, pool.max_cities),
        rules=round_inputs.programme.matchmaking,
        starts=round_inputs.round.twinnings_start,
        baseline=_approved(round_inputs.approved),
        elsewhere=pool.elsewhere,
        credits=round_inputs.credits,
        seed=SEED,
    )


def _approved(rows: pl.DataFrame) -> BaselineTwinnings:
    """The twinnings of the approved version; of what they were worth, nothing is needed."""
    return BaselineTwinnings(
        TWINNINGS.frame(rows.unique("twinning_id").select("twinning_id", "topic").to_dicts()),
        TWINNING_MEMBERS.frame(rows.select("twinning_id", "application_id", "city_id").to_dicts()),
    )
