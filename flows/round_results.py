"""What the steps of a round hand on: frozen results, and the tables taken from them by name.

Belongs here: shapes, and which result becomes which table. Must stay out: the order of the steps
(`procedure.py`) and anything that is written (`publishing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from flows.round_inputs import RoundInputs
from tasks.crosscheck.step import Crosschecked
from tasks.decisions.approvals import rollbacks_to_nothing
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.findings import undos_of_nothing
from tasks.eligibility.judge import Judged
from tasks.ingest.step import Inputs
from tasks.matchmaking.candidate_pool import CandidatePool
from tasks.matchmaking.explain.part_f import known_cities, preferences_table
from tasks.matchmaking.problem import MatchingResult
from tasks.scoring.step import Scored
from warehouse.dictionary import RUN_INPUTS
from warehouse.dictionary.findings import findings_frame
from warehouse.dictionary.published import FINDINGS, UNPLACED


@dataclass(frozen=True)
class AssessedRound:
    """A round up to eligibility: all that the early scan needs.

    `decisions` are the decisions in force (dictionary table DECISIONS), those about an edited answer brought
    to its new id; `in_force` are the same as they were recorded, which is how a version keeps them.
    `findings` are those of the expectations about the inputs; `only_told` those of reading the file of
    decisions, which no version keeps; `carried` maps a form carried over to the round it was sent in.
    """

    inputs: Inputs
    decisions: pl.DataFrame
    linked: Crosschecked
    judged: Judged
    findings: pl.DataFrame
    in_force: pl.DataFrame
    only_told: pl.DataFrame
    carried: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RoundResult:
    """A whole round: the published tables but `changes` (`tables`), and the working results behind them.

    `without_effect` are findings about decisions that change nothing, and about the reading of the file of
    decisions; they are told and not published.
    """

    assessed: AssessedRound
    scored: Scored
    pool: CandidatePool
    matched: MatchingResult
    tables: Mapping[str, pl.DataFrame] = field(repr=False)
    without_effect: pl.DataFrame = field(default_factory=FINDINGS.empty, repr=False)


def with_nothing(result: RoundResult, round_inputs: RoundInputs, latest: int | None) -> RoundResult:
    """The result with what is told of recorded decisions that take back or go back to nothing.

    `latest` is the number of the round's newest version.
    """
    recorded = round_inputs.all_decisions(result.assessed.inputs.decisions)
    in_force, round_id = decisions_in_force(recorded), round_inputs.round.id
    nothing = [*undos_of_nothing(recorded), *rollbacks_to_nothing(in_force, round_id, latest)]
    told = pl.concat([result.without_effect, findings_frame(nothing)]).unique(maintain_order=True)
    return replace(result, without_effect=told)


def input_tables(inputs: Inputs) -> dict[str, pl.DataFrame]:
    """The canonical inputs by table name."""
    return {name: getattr(inputs, name) for name in RUN_INPUTS}


def linked_tables(linked: Crosschecked) -> dict[str, pl.DataFrame]:
    """The working tables of the cross-check by name."""
    return {
        "cities": linked.cities,
        "named_partners": linked.preferences,
        "cooperations": linked.cooperations,
    }


def scan_tables(assessed: AssessedRound) -> dict[str, pl.DataFrame]:
    """The published tables that exist after the first steps."""
    judged = assessed.judged
    found = [
        assessed.findings,
        assessed.only_told,
        assessed.inputs.findings,
        assessed.linked.findings,
        judged.findings,
    ]
    return {
        "applications": judged.applications,
        "crosscheck": assessed.linked.crosscheck,
        "eligibility_checks": judged.checks,
        "eligibility": judged.eligibility,
        "findings": FINDINGS.conform(pl.concat(found).unique(maintain_order=True)),
    }


def result_tables(
    assessed: AssessedRound, scored: Scored, pool: CandidatePool, matched: MatchingResult
) -> dict[str, pl.DataFrame]:
    """The published tables of a whole round, but `findings` and `changes`."""
    return {
        "applications": assessed.judged.applications,
        "crosscheck": assessed.linked.crosscheck,
        "eligibility_checks": assessed.judged.checks,
        "eligibility": assessed.judged.eligibility,
        "scores": scored.scores,
        "ranking": scored.ranking,
        "twinnings": matched.twinnings,
        "twinning_members": matched.twinning_members,
        "matching_facts": matched.matching_facts,
        "certificate": matched.certificate,
        "unplaced": UNPLACED.conform(pl.concat([matched.unplaced, _in_earlier_twinnings(scored, pool)])),
        "preferences": preferences_table(
            assessed.linked.preferences,
            matched.preferences,
            known_cities(
                assessed.judged.eligibility,
                assessed.judged.applications,
                assessed.inputs.cohort,
                pool.taken,
            ),
        ),
    }


def chosen_tables(
    assessed: AssessedRound, scored: Scored, twinnings: pl.DataFrame, members: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The tables that facts are taken from, where nobody asks why an application is unplaced."""
    waiting = scored.ranking.join(members, on="application_id", how="anti").select("application_id")
    return {
        "applications": assessed.judged.applications,
        "crosscheck": assessed.linked.crosscheck,
        "eligibility_checks": assessed.judged.checks,
        "eligibility": assessed.judged.eligibility,
        "scores": scored.scores,
        "ranking": scored.ranking,
        "twinnings": twinnings,
        "twinning_members": members,
        "unplaced": UNPLACED.frame(waiting.to_dicts()),
    }


def _in_earlier_twinnings(scored: Scored, pool: CandidatePool) -> pl.DataFrame:
    """Ranked applications that take no part because their city is confirmed in another round."""
    ranked = set(scored.ranking["application_id"])
    rows: list[dict[str, object]] = [
        {
            "application_id": application,
            "kind": "earlier_twinning",
            "reason": "Its city is in the confirmed twinning "
            f"{twinning} of round {pool.taken_in[application]}.",
            "message": "Your city already has a place in a confirmed twinning of another round.",
            "regret": None,
        }
        for application, twinning in sorted(pool.taken.items())
        if application in ranked
    ]
    return UNPLACED.frame(rows)
