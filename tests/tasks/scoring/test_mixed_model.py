"""The additive model: its sums are those of the whole design, and what cannot be known is no severity."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.scoring.severity.mixed_model import _within, fit


@st.composite
def reviews(draw):
    """Codes of applications and evaluators, each at least once, in any order; scores and weights."""
    n_evaluators = draw(st.integers(1, 6))
    panels = draw(
        st.lists(st.sets(st.integers(0, n_evaluators - 1), min_size=1), min_size=1, max_size=8).map(list)
    )
    rows = draw(st.permutations([(a, e) for a, panel in enumerate(panels) for e in sorted(panel)]))
    application, evaluator = (np.array(some) for some in zip(*rows, strict=True))
    evaluator = np.unique(evaluator, return_inverse=True)[1]
    numbers = np.random.default_rng(draw(st.integers(0, 999)))
    return numbers.normal(size=len(rows)), numbers.choice([0.4, 0.8, 1.0], len(rows)), application, evaluator


@settings(max_examples=80)
@given(reviews())
def test_the_normal_equations_are_those_of_the_whole_design_with_the_applications_swept_out(some):
    y, weight, application, evaluator = some
    n_evaluators, n_applications = int(evaluator.max()) + 1, int(application.max()) + 1
    design = np.column_stack([np.eye(n_evaluators)[evaluator], y])
    nuisance, root = np.eye(n_applications)[application], np.sqrt(weight)[:, None]
    seen = root * nuisance
    left = root * design - seen @ np.linalg.lstsq(seen, root * design, rcond=None)[0]
    expected = left.T @ left
    found = _within(y, weight, application, evaluator, n_evaluators)
    np.testing.assert_allclose(found.normal, expected[:-1, :-1], atol=1e-9)
    np.testing.assert_allclose(found.right, expected[:-1, -1], atol=1e-9)
    np.testing.assert_allclose(found.total, expected[-1, -1], atol=1e-9)
    assert found.freedom == len(y) - n_applications


@pytest.mark.parametrize("lenient", [0, 1], ids=["the first", "the second"])
def test_one_difference_alone_is_no_severity(lenient):
    """Two evaluators who disagree once: severity and noise explain it equally well."""
    y = np.array([3.0, 2.0, 4.0])
    y[lenient] += 1.5
    found = fit(y, np.ones(3), np.array([0, 0, 1]), np.array([0, 1, 0]))
    np.testing.assert_allclose(found.effect, 0.0, atol=1e-3)
