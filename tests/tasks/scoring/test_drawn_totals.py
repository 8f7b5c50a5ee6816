"""Totals under drawn errors: an evaluator's error moves what that evaluator read, by the part they have in
it, and nothing else.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.rubric_evidence import SCALE_MAXIMUM
from tasks.scoring.severity.calibration import Noise
from tasks.scoring.severity.drawn_totals import errors_under, judgements_of

EVALUATORS = ("E1", "E2", "E3", "E4")
readers = st.lists(st.sampled_from(EVALUATORS), unique=True, max_size=4)


def arrays_of(panels, rubric):
    """`panels`: for each application and criterion who read it; without anybody the form itself counts."""
    judged, counted = [], []
    for number, of_criteria in enumerate(panels):
        for order, (criterion, who) in enumerate(zip(rubric.by_id, of_criteria, strict=True)):
            key = {"application_id": f"A{number:02}", "criterion": criterion}
            source, n = ("evaluators", len(who)) if who else ("form", 1)
            judged.append(key | {"order": order, "source": source, "n": n, "sum_units": 0})
            counted += [key | {"evaluator_id": one} for one in who]
    schema = {"application_id": pl.String, "criterion": pl.String, "evaluator_id": pl.String}
    noise = Noise(0.0, 0.0, EVALUATORS, np.zeros((4, 4)))
    ids = [f"A{number:02}" for number in range(len(panels))]
    reviews = pl.DataFrame(counted, schema=schema).sample(fraction=1.0, shuffle=True, seed=1)
    return judgements_of(pl.DataFrame(judged), reviews, noise, ids, rubric)


@settings(max_examples=60)
@given(data=st.data(), one_weight_for_all=st.booleans())
def test_the_error_of_a_total_is_the_weighed_mean_of_its_readers_errors(data, one_weight_for_all, rubric):
    n = len(rubric.by_id)
    panels = data.draw(st.lists(st.lists(readers, min_size=n, max_size=n), min_size=1, max_size=5))
    draws = np.random.default_rng(data.draw(st.integers(0, 99)))
    effects = draws.normal(size=(3, len(EVALUATORS)))
    weights = draws.uniform(1, 40, size=(1 if one_weight_for_all else 3, n))
    found = errors_under(arrays_of(panels, rubric), weights, np.zeros((3, len(panels))), effects)
    for draw in range(3):
        for number, of_criteria in enumerate(panels):
            expected = sum(
                weight / SCALE_MAXIMUM * np.mean([effects[draw, EVALUATORS.index(one)] for one in who])
                for weight, who in zip(weights[draw % len(weights)], of_criteria, strict=True)
                if who
            )
            np.testing.assert_allclose(found[draw, number], expected, atol=1e-12)
