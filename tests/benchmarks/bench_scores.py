"""How much nearer to the truth the corrected ranking is than the raw mean's, over 200 simulated rounds.

Prints two figures: with severe and lenient evaluators (the corrected ranking's Kendall distance to the truth
should be at least 15 % lower) and without any severity (it should be at most 1 % higher); the same for rounds
in which the model does not hold; and the time of the whole step on one round.
"""

# ruff: noqa: T201  (a benchmark speaks by printing)

from __future__ import annotations

import time

import numpy as np
import polars as pl

from programme.programme import read_programme
from programme.rubric import Rubric
from programme.vocabulary import CRITERIA
from tasks.scoring.points import apply_corrections, judgements, to_points
from tasks.scoring.severity.calibration import calibrate
from tasks.scoring.step import score
from tests.tasks.scoring.hard_rounds import HARD
from tests.tasks.scoring.simulation import Simulated, kendall_distance, simulate
from warehouse.dictionary.inputs import EVALUATIONS, SUBMISSIONS
from warehouse.dictionary.judging import FORM_EVIDENCE
from warehouse.dictionary.published import ELIGIBILITY

SEEDS = 200


def distances(round_: Simulated, rubric: Rubric) -> tuple[float, float]:
    """Kendall distance to the truth of the raw and of the corrected totals."""
    truth = round_.quality @ np.array([rubric.weights[name] for name in CRITERIA])
    applications = round_.counted["application_id"].unique().sort()
    judged = judgements(applications, FORM_EVIDENCE.empty(), round_.counted, rubric)
    corrected = apply_corrections(judged, calibrate(round_.counted, rubric).corrections)
    raw, better = (_totals(to_points(frame)) for frame in (judged, corrected))
    return kendall_distance(truth, raw), kendall_distance(truth, better)


def _totals(pointed: pl.DataFrame) -> np.ndarray:
    return (
        pointed.group_by("application_id")
        .agg(pl.col("units").sum())
        .sort("application_id")["units"]
        .to_numpy()
    )


def compare(severity_sd: float, rubric: Rubric, hard: str = "") -> None:
    """Print both distances, averaged over the seeds, and the round in which the correction did worst."""
    make = HARD.get(hard, lambda seed, sd: simulate(seed, severity_sd=sd))
    every = np.array([distances(make(seed, severity_sd), rubric) for seed in range(SEEDS)])
    raw, corrected = every.mean(axis=0)
    change, worst = (corrected / raw - 1) * 100, ((every[:, 1] / every[:, 0]).max() - 1) * 100
    distances_ = f"raw {raw:.4f}, corrected {corrected:.4f}, {change:+.1f} %, worst round {worst:+.0f} %"
    print(f"{hard or 'as the model says'}, severity sd {severity_sd:.1f}: {distances_} ({SEEDS} rounds)")


def whole_step(rubric: Rubric, n_applications: int) -> None:
    """Print the time of the whole step, median of 7."""
    counted = simulate(0, n_applications=n_applications).counted
    evaluations = counted.select(
        pl.col("application_id").alias("submission_id"), "evaluator_id", "criterion", "score"
    ).with_row_index("row", 2)
    blank = [pl.lit(None).alias(name) for name in ("comment", "conflict", "evaluated_at")]
    ids = counted["application_id"].unique().sort()
    forms = SUBMISSIONS.frame(
        [
            {
                "row": n,
                "submission_id": i,
                "city_name": i,
                "country": "x",
                "applicant_type": "city",
                "topic_1": "data",
            }
            for n, i in enumerate(ids, 2)
        ]
    )
    eligibility = ELIGIBILITY.frame(
        [{"application_id": i, "city_id": i, "status": "eligible", "reasons": ""} for i in ids]
    )
    times = []
    for _ in range(7):
        start = time.perf_counter()
        score(forms, eligibility, EVALUATIONS.conform(evaluations.with_columns(blank)), rubric)
        times.append(time.perf_counter() - start)
    print(f"whole step, {n_applications} applications: {np.median(times):.3f} s (first {times[0]:.3f} s)")


if __name__ == "__main__":
    shipped = read_programme().rubric
    compare(0.6, shipped)
    compare(0.0, shipped)
    for name in HARD:
        compare(0.6, shipped, name)
        compare(0.0, shipped, name)
    whole_step(shipped, 115)
    whole_step(shipped, 150)
