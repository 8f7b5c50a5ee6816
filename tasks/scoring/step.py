"""The step as a procedure: what the form says, what evaluators say, points, ranking.

Belongs here: the order of the parts and what they hand on. Must stay out: arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.rubric import Rubric
from programme.vocabulary import SELECTABLE
from tasks.scoring.explanation import explain
from tasks.scoring.form_evidence import form_evidence
from tasks.scoring.points import compared, correct, judgements, ranking, ranking_compared, scores, to_points
from tasks.scoring.reviews.conflicts import undeclared
from tasks.scoring.reviews.counted import sort_out
from tasks.scoring.severity.calibration import calibrate
from tasks.scoring.severity.rank_intervals import certainty
from warehouse.dictionary.inputs import DECISIONS, EVALUATORS
from warehouse.dictionary.published import FINDINGS


@dataclass(frozen=True)
class Scored:
    """What scoring hands on: the tables `scores`, `ranking` and `findings` of a snapshot, and the working
    tables behind them.

    `counted` (the evaluators' scores that count, `reviews.Reviews.counted`) and `severities` speak of persons
    and stay in the restricted area.
    """

    scores: pl.DataFrame
    ranking: pl.DataFrame
    findings: pl.DataFrame
    counted: pl.DataFrame
    form_evidence: pl.DataFrame
    calibrated: pl.DataFrame
    ranking_compared: pl.DataFrame
    severities: pl.DataFrame
    rank_intervals: pl.DataFrame
    close_pairs: pl.DataFrame
    explanations: pl.DataFrame


def score(
    submissions: pl.DataFrame,
    eligibility: pl.DataFrame,
    evaluations: pl.DataFrame,
    rubric: Rubric,
    *,
    evaluators: pl.DataFrame | None = None,
    decisions: pl.DataFrame | None = None,
    places: int | None = None,
) -> Scored:
    """Points and rank of every application in `eligibility` (FAQ 3.5).

    `submissions`, `evaluations` and `eligibility` are canonical tables (`warehouse/dictionary`);
    `evaluations` may be empty. `evaluators` is the round's list (dictionary table; null or empty: everyone is
    known, and signs of a conflict cannot be seen), `decisions` those that stand (they may dismiss such a
    sign); `places` is how many cities can be selected, for the pairs near the cut-off. Every application in
    `eligibility` gets scores; only those eligible or tentative are ranked. Nothing in the evaluations stops
    the step: a row that cannot count becomes a finding.
    """
    applications = eligibility["application_id"].unique().sort()
    known = EVALUATORS.empty() if evaluators is None else evaluators
    reviews = sort_out(
        evaluations,
        applications,
        submissions["submission_id"],
        None if known.is_empty() else known["evaluator_id"],
    )
    standing = submissions.filter(pl.col("submission_id").is_in(applications.implode())).unique(
        "submission_id", keep="last", maintain_order=True
    )
    signs = undeclared(
        reviews.counted,
        standing,
        known,
        DECISIONS.empty() if decisions is None else decisions,
        rubric.assignment,
    )
    evidence = form_evidence(standing, rubric)
    calibration = calibrate(reviews.usable, rubric)
    raw_judged = judgements(applications, evidence, reviews.counted, rubric)
    judged = correct(raw_judged, calibration.corrections)
    raw, corrected = to_points(raw_judged), to_points(judged)
    counts = corrected if rubric.calibration.enabled else raw
    selectable = eligibility.filter(pl.col("status").is_in(SELECTABLE))["application_id"]
    ranked = ranking(counts, selectable, rubric)
    sure = certainty(counts, reviews.counted, calibration.noise, ranked, rubric, places)
    return Scored(
        scores=scores(counts),
        ranking=ranked,
        findings=FINDINGS.conform(pl.concat([reviews.findings, signs])),
        counted=reviews.counted,
        form_evidence=evidence,
        calibrated=compared(raw, corrected),
        ranking_compared=ranking_compared(raw, corrected, selectable),
        severities=calibration.severities,
        rank_intervals=sure.intervals,
        close_pairs=sure.close_pairs,
        explanations=explain(counts, evidence, rubric),
    )
