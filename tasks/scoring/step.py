"""The step: from forms and evaluations to the points and the rank of each application (FAQ 3.5).

Belongs here: the order of the parts and what they hand on. Must stay out: arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.rubric import Rubric
from programme.vocabulary import SELECTABLE
from tasks.scoring.explanation import explain
from tasks.scoring.form_evidence import form_evidence
from tasks.scoring.points import (
    apply_corrections,
    judgements,
    points_compared,
    ranking,
    ranking_compared,
    scores,
    to_points,
)
from tasks.scoring.reviews.conflicts import undeclared_conflicts
from tasks.scoring.reviews.selected_reviews import SelectedReviews, select_reviews
from tasks.scoring.severity.calibration import calibrate
from tasks.scoring.severity.rank_intervals import rank_uncertainty
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.inputs import DECISIONS, EVALUATORS


@dataclass(frozen=True)
class Scored:
    """What scoring hands on: the tables `scores`, `ranking` and `findings`, and the working tables behind
    them.

    `counted` (the evaluators' scores that count, `SelectedReviews.counted`) and `severities` are about
    persons and stay in the restricted area; the others are of the dictionary
    (`warehouse/dictionary/judging.py`).
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

    `submissions`, `eligibility` and `evaluations` (which may be empty) are tables of the dictionary.
    `evaluators` is the round's list: without one everyone is known, and signs of a conflict cannot be seen.
    `decisions` are those in force, which may dismiss such a sign. `places` is how many cities can be
    selected, for the pairs near the cut-off. Every application in `eligibility` gets scores; only those
    eligible or tentative are ranked. A row of the evaluations that cannot count becomes a finding.
    """
    applications = eligibility["application_id"].unique().sort()
    selectable = eligibility.filter(pl.col("status").is_in(SELECTABLE))["application_id"]
    known = EVALUATORS.empty() if evaluators is None else evaluators
    in_force = DECISIONS.empty() if decisions is None else decisions
    in_play = submissions.filter(pl.col("submission_id").is_in(applications.implode()))
    forms = in_play.unique("submission_id", keep="last", maintain_order=True)
    reviews = select_reviews(
        evaluations,
        applications=applications,
        sent=submissions["submission_id"],
        evaluators=None if known.is_empty() else known["evaluator_id"],
    )
    signs = undeclared_conflicts(reviews.counted, forms, known, in_force, rubric.assignment)
    evidence = form_evidence(forms, rubric)
    return _scored(applications, selectable, evidence, reviews, signs, rubric, places)


def _scored(
    applications: pl.Series,
    selectable: pl.Series,
    evidence: pl.DataFrame,
    reviews: SelectedReviews,
    signs: list[Finding],
    rubric: Rubric,
    places: int | None,
) -> Scored:
    """From the form's evidence and the reviews to points, ranks, and how uncertain the ranks are."""
    calibration = calibrate(reviews.usable, rubric)
    judged = judgements(applications, evidence, reviews.counted, rubric)
    raw, corrected = to_points(judged), to_points(apply_corrections(judged, calibration.corrections))
    counts = corrected if rubric.calibration.enabled else raw
    ranked = ranking(counts, selectable, rubric)
    uncertainty = rank_uncertainty(counts, reviews.counted, calibration.noise, ranked, rubric, places)
    return Scored(
        scores=scores(counts),
        ranking=ranked,
        findings=findings_frame([*reviews.findings, *signs]),
        counted=reviews.counted,
        form_evidence=evidence,
        calibrated=points_compared(raw, corrected),
        ranking_compared=ranking_compared(raw, corrected, selectable),
        severities=calibration.severities,
        rank_intervals=uncertainty.intervals,
        close_pairs=uncertainty.close_pairs,
        explanations=explain(counts, evidence, rubric),
    )
