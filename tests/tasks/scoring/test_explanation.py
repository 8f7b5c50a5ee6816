"""What a city that was not chosen can be told."""

from __future__ import annotations

import polars as pl
import pytest

from programme.vocabulary import CRITERIA
from tasks.scoring.step import score

CASES = [
    pytest.param(
        {"jurisdiction": "full"}, "mandate", "official letter", id="the reason that lost most is named"
    ),
    pytest.param({"mandate": "official_letter"}, "mandate", "plan of how the gap", id="another reason"),
    pytest.param(
        {"jurisdiction": "full", "mandate": "official_letter"}, "mandate", "Nothing", id="nothing to add"
    ),
    pytest.param(
        {"stakeholders": ["finance"], "engagement_status": "ongoing"},
        "engagement",
        "more kinds of stakeholders",
        id="stakeholders",
    ),
]


def told(out, criterion, application="A1"):
    return out.explanations.row(
        by_predicate=(pl.col("application_id") == application) & (pl.col("criterion") == criterion),
        named=True,
    )


@pytest.mark.parametrize(("answers", "criterion", "part"), CASES)
def test_what_would_have_raised_the_forms_points(
    answers, criterion, part, forms, judged_eligible, reviews, rubric
):
    assert (
        part in told(score(forms(answers), judged_eligible("A1"), reviews(), rubric), criterion)["raise_by"]
    )


def test_evaluators_points_are_explained_in_the_rubrics_own_words(forms, judged_eligible, reviews, rubric):
    rows = [("E1", "A1", "impact", 3), ("E2", "A1", "impact", 4)]
    row = told(score(forms({}), judged_eligible("A1"), reviews(*rows), rubric), "impact")
    assert row["basis"] == "the mean of 2 evaluators' scores, 3.5 of 5"
    assert rubric.criteria.impact.scale[4] in row["raise_by"]
    assert "would have given 3.0 points more" in row["raise_by"]
    assert (row["points"], row["contribution"]) == (21.0, 1.0)


STEPS = [
    pytest.param((3, 3), 4, "6.0", id="on a step"),
    pytest.param((3, 4), 4, "3.0", id="half a step below"),
    pytest.param((2.8, 2.9), 4, "6.9", id="just below a step counts as on it"),
    pytest.param((4.9, 4.9), None, None, id="just below the last step"),
]


@pytest.mark.parametrize(("given", "step", "gain"), STEPS)
def test_the_advice_is_a_step_worth_taking(given, step, gain, forms, judged_eligible, reviews, rubric):
    rows = [(f"E{n}", "A1", "impact", each) for n, each in enumerate(given)]
    said = told(score(forms({}), judged_eligible("A1"), reviews(*rows), rubric), "impact")["raise_by"]
    if step is None:
        assert said.startswith("Nothing:")
    else:
        assert said.startswith(f"For {step} of 5 the rubric asks: {rubric.criteria.impact.scale[step]}")
        assert said.endswith(f"That would have given {gain} points more.")


def test_a_correction_is_owned_up_to(forms, judged_eligible, reviews, rubric):
    """E1 is two steps more severe than E2 and E3; who was read by E1 is told that this was taken into
    account.
    """
    panels = {
        f"A{n}": ("E1", "E2") if n % 3 == 0 else ("E2", "E3") if n % 3 == 1 else ("E1", "E3")
        for n in range(1, 31)
    }
    rows = [
        (e, a, c, 2 - (a > "A2") + (0 if e == "E1" else 2))
        for a, panel in panels.items()
        for e in panel
        for c in CRITERIA
    ]
    out = score(forms(*({} for _ in panels)), judged_eligible(*panels), reviews(*rows), rubric)
    assert "score more strictly than the others" in told(out, "impact", "A3")["basis"]
    assert out.severities.filter(pl.col("evaluator_id") == "E1")["severity"].item() > 1


def test_contributions_sum_to_one_and_nobody_is_left_out(forms, judged_eligible, reviews, rubric):
    out = score(
        forms({"jurisdiction": "full", "lessons": "x " * 9}, {}),
        judged_eligible("A1", "A2"),
        reviews(),
        rubric,
    )
    sums = (
        out.explanations.group_by("application_id").agg(pl.col("contribution").sum()).sort("application_id")
    )
    assert sums["contribution"].to_list() == [1.0, 0.0]
    assert out.explanations.height == 10
    assert out.explanations["raise_by"].str.len_chars().min() > 10


def test_no_evaluator_is_named(forms, judged_eligible, reviews, rubric):
    out = score(
        forms({}),
        judged_eligible("A1"),
        reviews(("Jane", "A1", "impact", 3), ("Joe", "A1", "impact", 4)),
        rubric,
    )
    assert (
        not out.explanations.select(pl.any_horizontal(pl.col("basis", "raise_by").str.contains("Jane|Joe")))
        .to_series()
        .any()
    )
