"""The correction where its model does not hold: it helps where evaluators differ, and hardly harms else."""

from __future__ import annotations

import numpy as np
import pytest

from programme.programme import read_programme
from programme.rubric import Rubric
from tasks.scoring.severity.calibration import calibrate
from tasks.scoring.severity.mixed_model import fit
from tests.benchmarks.bench_scores import distances
from tests.tasks.scoring.hard_rounds import HARD, two_panels

ROUNDS = 25


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return read_programme().rubric


@pytest.mark.parametrize("bridges", [3, 10, 30])
def test_the_better_applications_of_one_panel_are_not_taken_for_leniency(
    bridges: int, rubric: Rubric
) -> None:
    """Evaluators are compared by what they read in common alone; nobody here is severe."""
    found = []
    for seed in range(6):
        severities = calibrate(two_panels(seed, 0.0, bridges).counted, rubric).severities["severity"]
        found.append(abs(severities[:3].mean() - severities[3:].mean()))  # type: ignore[operator]
    assert np.mean(found) < 0.1


def test_the_example_of_the_page_by_hand() -> None:
    """docs/scoring.md: Ada and Ben read ten, Ben and Cem ten others; what Ada read alone says nothing."""
    quality = np.linspace(1, 4, 25)
    application = np.array([*range(10), *range(10), *range(10, 20), *range(10, 20), *range(20, 25)])
    evaluator = np.array([0] * 10 + [1] * 10 + [1] * 10 + [2] * 10 + [0] * 5)
    scores = quality[application] - 0.5 * (evaluator == 0) + 3.0 * (application >= 20)
    effect = fit(scores, np.ones(len(scores)), application, evaluator).effect
    assert effect == pytest.approx([-1 / 3, 1 / 6, 1 / 6], abs=0.001)


@pytest.mark.long
@pytest.mark.parametrize("name", HARD)
def test_the_correction_helps_the_severe_and_harms_nobody_by_much(name: str, rubric: Rubric) -> None:
    for severity_sd, most in ((0.6, 0.9), (0.0, 1.03)):
        raw, corrected = np.array(
            [distances(HARD[name](seed, severity_sd), rubric) for seed in range(ROUNDS)]
        ).mean(axis=0)
        assert corrected / raw <= most
