"""Rounds whose truth is known: quality, severity and noise are drawn, scores are what evaluators with that
severity would give.

The parameters are those by which the correction is judged: 150 applications, 6 evaluators, 3 reviews each,
five criteria; true quality sd 0.8 plus 0.4 a criterion, severity sd 0.6, noise sd 0.4 a review and 0.7 a
score, rounded to 0-5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from programme.vocabulary import CRITERIA
from tasks.scoring.severity.mixed_model import Floats


@dataclass(frozen=True)
class Simulated:
    """`counted` as `SelectedReviews.counted`; `quality` [application, criterion] and `severity` [evaluator]
    in steps of the scale.
    """

    counted: pl.DataFrame
    quality: Floats
    severity: Floats
    scores: Floats
    panels: np.ndarray


def simulate(
    seed: int,
    *,
    severity_sd: float = 0.6,
    n_applications: int = 150,
    n_evaluators: int = 6,
    n_reviews: int = 3,
    centre: float = 2.5,
) -> Simulated:
    """One round; panels are drawn at random, so that evaluators share applications."""
    rng = np.random.default_rng(seed)
    n_criteria = len(CRITERIA)
    quality = rng.normal(0, 0.8, n_applications)[:, None] + rng.normal(0, 0.4, (n_applications, n_criteria))
    severity = rng.normal(0, severity_sd, n_evaluators)
    panels = np.stack([rng.permutation(n_evaluators)[:n_reviews] for _ in range(n_applications)])
    noise = rng.normal(0, 0.4, (n_applications, n_reviews))[:, :, None] + rng.normal(
        0, 0.7, (n_applications, n_reviews, n_criteria)
    )
    scores = np.clip(np.rint(centre + quality[:, None, :] - severity[panels][:, :, None] + noise), 0, 5)
    return Simulated(counted_of(scores, panels), quality, severity, scores, panels)


def counted_of(scores: Floats, panels: np.ndarray) -> pl.DataFrame:
    """Scores [application, review, criterion] of panels [application, review] as they are counted."""
    n_applications, n_reviews, n_criteria = scores.shape
    return pl.DataFrame(
        {
            "application_id": [
                f"A{i:03d}" for i in np.repeat(np.arange(n_applications), n_reviews * n_criteria)
            ],
            "evaluator_id": [f"E{e:03d}" for e in np.repeat(panels.ravel(), n_criteria)],
            "criterion": list(CRITERIA) * (n_applications * n_reviews),
            "score": scores.ravel(),
        }
    ).with_columns((pl.col("score") * 10_000).cast(pl.Int64).alias("units"))


def kendall_distance(truth: Floats, judged: Floats) -> float:
    """Part of all pairs in which the judged order differs from the true one; an undecided pair counts
    half.
    """
    i, j = np.triu_indices(len(truth), 1)
    agreement = (truth[i] - truth[j]) * (judged[i] - judged[j])
    return float((agreement < 0).mean() + 0.5 * (judged[i] == judged[j]).mean())
