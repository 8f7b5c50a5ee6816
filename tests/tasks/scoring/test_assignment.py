"""An assignment is proven without the solver, is the best there is, and says what stands in its way."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from programme.problems import ProblemsError
from tasks.ingest.cells.choices import choices_of
from tasks.scoring.assignment.assign import AssignmentRequest, assign, check_assignment, expertise
from tasks.scoring.assignment.min_cost_flow import best_flow
from tests.examples import examples
from warehouse.dictionary.inputs import EVALUATORS
from warehouse.dictionary.judging import ASSIGNMENT, CONFLICTS


@pytest.fixture(scope="session")
def topics(programme):
    return choices_of({topic.id: (topic.label,) for topic in programme.topics.topics}, 85)


FIRST = {
    "mobility": "mobility",
    "ports; data": "ports",
    "100% renewable energy generation & technologies": "renewables",
    "cooling;lighting": "cooling",
    "hydrogen": "hydrogen",
    "finance": "finance",
}
TOPICS = list(FIRST)


def request_of(n_applications, experts, conflicts=(), per_application=3, load_difference=1):
    """Application n asks first for what expert n (modulo their number) knows, then for data."""
    wanted = [FIRST.get(experts[n % len(experts)], "data") for n in range(n_applications)]
    applications = pl.DataFrame(
        {
            "application_id": [f"A{n:03d}" for n in range(n_applications)],
            "topic_1": wanted,
            "topic_2": ["data"] * n_applications,
            "topic_3": None,
        },
        schema=dict.fromkeys(("application_id", "topic_1", "topic_2", "topic_3"), pl.String),
    )
    evaluators = EVALUATORS.frame(
        [{"row": n, "evaluator_id": f"E{n:02d}", "expertise": text} for n, text in enumerate(experts)]
    )
    found = CONFLICTS.frame(
        [
            {
                "application_id": f"A{a:03d}",
                "evaluator_id": f"E{e:02d}",
                "kind": "same_country",
                "dismissed": False,
            }
            for a, e in conflicts
        ]
    )
    return AssignmentRequest(
        applications, evaluators, found, per_application, load_difference, ASSIGNMENT.empty()
    )


def evaluator_loads(assignment):
    return assignment.group_by("evaluator_id").len().sort("evaluator_id")["len"].to_list()


def test_a_usual_round(topics, rubric):
    request = request_of(115, TOPICS, conflicts=[(a, a % 6) for a in range(0, 115, 4)])
    found = assign(request, topics, rubric.assignment)
    assert found.group_by("application_id").len()["len"].unique().to_list() == [3]
    assert max(evaluator_loads(found)) - min(evaluator_loads(found)) <= 1
    pairs = set(found.select("application_id", "evaluator_id").rows())
    assert not pairs & set(request.conflicts.select("application_id", "evaluator_id").rows())
    assert found.equals(assign(request, topics, rubric.assignment))


def test_experts_get_their_topic(topics, rubric):
    found = assign(request_of(12, TOPICS, per_application=1), topics, rubric.assignment)
    assert (found["topic_match"] >= 4).all()


def test_evaluators_share_applications_with_all_others(topics, rubric):
    """Severities can only be compared through common applications."""
    found = assign(request_of(60, ["data"] * 6), topics, rubric.assignment)
    panels = found.group_by("application_id").agg(pl.col("evaluator_id").sort())["evaluator_id"].to_list()
    shared = {pair for panel in panels for pair in combinations(panel, 2)}
    assert len(shared) == 15


sizes = st.tuples(st.integers(1, 7), st.integers(1, 5), st.integers(1, 3), st.integers(1, 2))


@settings(max_examples=examples(25))
@given(size=sizes, data=st.data())
def test_the_flow_is_as_good_as_any_assignment(size, data):
    """Against a general mixed-integer solver, on random values and conflicts."""
    n_applications, n_evaluators, k, width = size
    cells = n_applications * n_evaluators
    value = np.array(
        data.draw(st.lists(st.integers(0, 50), min_size=cells, max_size=cells)), dtype=np.int64
    ).reshape(n_applications, -1)
    allowed = np.array(
        data.draw(st.lists(st.booleans(), min_size=cells, max_size=cells)), dtype=bool
    ).reshape(n_applications, -1)
    low = n_applications * k // n_evaluators
    found = best_flow(value, allowed, k, low, low + width)
    rows = [
        np.kron(np.eye(n_applications), np.ones(n_evaluators)),
        np.kron(np.ones(n_applications), np.eye(n_evaluators)),
    ]
    limits = [LinearConstraint(rows[0], k, k), LinearConstraint(rows[1], low, low + width)]
    other = milp(
        -value.ravel(),
        constraints=limits,
        bounds=Bounds(0, allowed.ravel().astype(float)),
        integrality=np.ones(cells),
    )
    assert (found is None) == (not other.success)
    if found is not None:
        assert value[found].sum() == round(-other.fun)
        loads_ = found.sum(axis=0)
        assert (found.sum(axis=1) == k).all()
        assert not (found & ~allowed).any()
        assert low <= loads_.min()
        assert loads_.max() <= low + width


def test_a_second_assignment_moves_only_what_it_must(topics, rubric):
    request = request_of(30, TOPICS)
    first = assign(request, topics, rubric.assignment)
    gone, person = first.row(0)[:2]
    late = CONFLICTS.frame(
        [{"application_id": gone, "evaluator_id": person, "kind": "employer", "dismissed": False}]
    )
    second = assign(replace(request, conflicts=late, previous=first), topics, rubric.assignment)
    kept = set(first.rows()) & set(second.rows())
    assert (gone, person) not in {row[:2] for row in second.rows()}
    assert len(kept) >= 90 - 3


def test_dismissed_conflicts_do_not_count(topics, rubric):
    request = request_of(4, ["data"] * 3, conflicts=[(0, 0)])
    with pytest.raises(ProblemsError):
        assign(request, topics, rubric.assignment)
    dismissed = request.conflicts.with_columns(dismissed=pl.lit(value=True))
    assert assign(replace(request, conflicts=dismissed), topics, rubric.assignment).height == 12


IMPOSSIBLE = [
    pytest.param(
        request_of(4, ["data"] * 2),
        ["2 evaluators", "at least 3", "--per-application"],
        id="too few evaluators",
    ),
    pytest.param(
        request_of(4, ["data"] * 4, conflicts=[(1, 0), (1, 2)]),
        ["application A001", "2 of 4 evaluators", "E00: same country; E02: same country", "no_conflict"],
        id="one application with too many conflicts",
    ),
    pytest.param(
        request_of(20, ["data"] * 10, conflicts=list(product(range(20), range(8)))),
        ["12 more applications"],
        id="many of them are counted",
    ),
    pytest.param(
        request_of(20, ["data"] * 5, conflicts=[(a, 0) for a in range(15)]),
        ["E00 at most 5 (same country with 15)", "--max-difference 9", "at most 1 apart"],
        id="loads that cannot be even",
    ),
]


@pytest.mark.parametrize(("request_", "parts"), IMPOSSIBLE)
def test_what_to_relax_is_named(request_, parts, topics, rubric):
    with pytest.raises(ProblemsError) as caught:
        assign(request_, topics, rubric.assignment)
    for part in parts:
        assert part in str(caught.value)


def test_the_named_relaxation_is_enough_and_one_less_is_not(topics, rubric):
    request = request_of(20, ["data"] * 5, conflicts=[(a, 0) for a in range(15)])
    found = assign(replace(request, load_difference=9), topics, rubric.assignment)
    assert max(evaluator_loads(found)) - min(evaluator_loads(found)) == 9
    with pytest.raises(ProblemsError):
        assign(replace(request, load_difference=8), topics, rubric.assignment)


def test_no_application_needs_nobody(topics, rubric):
    assert assign(request_of(0, []), topics, rubric.assignment).equals(ASSIGNMENT.empty())


BROKEN = [
    pytest.param([[1, 1], [1, 0]], "too many or too few", id="a review missing"),
    pytest.param([[1, 1], [1, 1]], "conflict", id="a conflict"),
    pytest.param([[1, 1, 0], [1, 1, 0], [1, 1, 0]], "further apart", id="unbalanced"),
]


@pytest.mark.parametrize(("chosen", "message"), BROKEN)
def test_the_proof_refuses_what_is_wrong(chosen, message):
    table = np.array(chosen, dtype=bool)
    allowed = np.ones_like(table)
    allowed[-1, -1] = False
    with pytest.raises(RuntimeError, match=message):
        check_assignment(table, allowed, 2, 1)


def test_expertise_is_read_by_id_and_wording(topics):
    assert expertise("Mobility, electric vehicle grid & storage; hydrogen", topics) == (
        "mobility",
        "hydrogen",
    )
    assert expertise("basket weaving", topics) == ()
    assert expertise(None, topics) == ()
