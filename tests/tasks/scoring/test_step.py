"""The step as a whole: sources, points, totals, ranks."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.vocabulary import CRITERIA
from tasks.scoring.step import score
from tests.examples import examples
from warehouse.dictionary.inputs import DECISIONS, EVALUATIONS, EVALUATORS
from warehouse.dictionary.published import FINDINGS, RANKING, SCORES

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def scored_one(out, criterion, application="A1"):
    return out.scores.row(
        by_predicate=(pl.col("application_id") == application) & (pl.col("criterion") == criterion),
        named=True,
    )


def test_without_evaluators_the_form_counts_and_all_is_provisional(forms, judged_eligible, rubric):
    out = score(
        forms({"jurisdiction": "full", "mandate": "official_letter"}),
        judged_eligible("A1"),
        EVALUATIONS.empty(),
        rubric,
    )
    mandate = scored_one(out, "mandate")
    assert (
        mandate["points"],
        mandate["max_points"],
        mandate["source"],
        mandate["n_reviews"],
        mandate["spread"],
    ) == (25.0, 25.0, "form", 0, None)
    assert out.ranking.row(0, named=True) == {
        "application_id": "A1",
        "total": 25.0,
        "rank": 1,
        "provisional": True,
        "disputed": False,
    }


def test_one_review_is_too_few_and_two_take_the_place_of_the_form(forms, judged_eligible, reviews, rubric):
    form, who = forms({"jurisdiction": "full"}), judged_eligible("A1")
    one = scored_one(score(form, who, reviews(("E1", "A1", "mandate", 5)), rubric), "mandate")
    two = scored_one(
        score(form, who, reviews(("E1", "A1", "mandate", 5), ("E2", "A1", "mandate", 2)), rubric), "mandate"
    )
    assert (one["source"], one["n_reviews"], one["points"]) == ("form", 1, 17.5)
    assert (two["source"], two["n_reviews"], two["points"], two["spread"]) == ("evaluators", 2, 17.5, 3.0)


def test_a_missing_review_is_not_a_zero(forms, judged_eligible, reviews, rubric):
    rows = [
        (e, a, c, 4)
        for e in ("E1", "E2", "E3")
        for a in ("A1", "A2")
        for c in CRITERIA
        if (e, a) != ("E3", "A2")
    ]
    out = score(forms({}, {}), judged_eligible("A1", "A2"), reviews(*rows), rubric)
    assert out.ranking["rank"].to_list() == [1, 1]
    assert out.ranking["provisional"].to_list() == [False, False]


def test_only_those_that_can_be_selected_are_ranked_and_all_are_scored(forms, judged_eligible, rubric):
    who = judged_eligible("A1", "A2", "A3", "A4", A2="tentative", A3="needs_review", A4="ineligible")
    out = score(forms({}, {}, {}, {}), who, EVALUATIONS.empty(), rubric)
    assert out.ranking["application_id"].to_list() == ["A1", "A2"]
    assert out.scores.height == 4 * 5


def test_a_spread_beyond_the_limit_is_disputed(forms, judged_eligible, reviews, rubric):
    rows = [
        ("E1", "A1", "impact", 1),
        ("E2", "A1", "impact", 4),
        ("E1", "A2", "impact", 1),
        ("E2", "A2", "impact", 3),
    ]
    out = score(forms({}, {}), judged_eligible("A1", "A2"), reviews(*rows), rubric)
    assert out.ranking["disputed"].to_list() == [True, False]


def test_nothing_in_nothing_out(rubric, forms, judged_eligible):
    out = score(forms(), judged_eligible(), EVALUATIONS.empty(), rubric)
    assert out.scores.equals(SCORES.empty())
    assert out.ranking.equals(RANKING.empty())
    assert out.findings.equals(FINDINGS.empty())


def test_equal_sums_are_equal_totals_whatever_the_rounding(forms, judged_eligible, reviews, rubric):
    """Thirds: mandate 2+0 of 15 against 1+1 would differ by 0.0001 if each criterion were rounded by
    itself.
    """
    given = {"A1": {"mandate": 2, "added_value": 0}, "A2": {"mandate": 1, "added_value": 1}}
    rows = [
        (e, a, c, given[a].get(c, 0) if e == "E1" else 0)
        for a in given
        for e in ("E1", "E2", "E3")
        for c in CRITERIA
    ]
    out = score(forms({}, {}), judged_eligible("A1", "A2"), reviews(*rows), rubric)
    assert out.ranking["total"].to_list() == [3.3333, 3.3333]
    assert out.ranking["rank"].to_list() == [1, 1]


SIGNS = [
    pytest.param({"country_iso3": "KEN"}, {}, ["application A1"], id="same country"),
    pytest.param({"email": "x@kisumu.example"}, {}, ["application A1"], id="same employer"),
    pytest.param({"ties": "Kisumu"}, {}, ["application A1"], id="declared tie to the city"),
    pytest.param(
        {"country_iso3": "KEN"},
        {"conflict": True},
        [],
        id="declared: the scores are out and nothing is to be asked",
    ),
    pytest.param({"country_iso3": "FRA"}, {}, [], id="no sign"),
]


@pytest.mark.parametrize(("about", "declared", "expected"), SIGNS)
def test_a_sign_of_a_conflict_that_was_not_declared_is_a_finding(
    about, declared, expected, forms, judged_eligible, reviews, rubric
):
    form = forms({"city_name": "Kisumu", "country_iso3": "KEN", "contact_email": "a@kisumu.example"})
    listed = EVALUATORS.frame([{"row": 2, "evaluator_id": "Jane"} | about, {"row": 3, "evaluator_id": "E2"}])
    rows = [("Jane", "A1", "impact", 5, declared), ("E2", "A1", "impact", 3)]
    out = score(form, judged_eligible("A1"), reviews(*rows), rubric, evaluators=listed)
    assert out.findings["row_key"].to_list() == expected
    assert not out.findings["message"].str.contains("Jane|@").any()
    dismissed = {
        "decision_id": "d",
        "kind": "no_conflict",
        "subject": "A1",
        "object": "Jane",
        "reason": "-",
        "decided_by": "-",
        "decided_at": NOW,
    }
    calm = score(
        form,
        judged_eligible("A1"),
        reviews(*rows),
        rubric,
        evaluators=listed,
        decisions=DECISIONS.frame([dismissed]),
    )
    assert calm.findings.is_empty()


def test_an_evaluator_who_is_not_listed_does_not_count(forms, judged_eligible, reviews, rubric):
    listed = EVALUATORS.frame([{"row": 2, "evaluator_id": "E1"}])
    out = score(
        forms({}),
        judged_eligible("A1"),
        reviews(("E1", "A1", "impact", 5), ("E9", "A1", "impact", 1)),
        rubric,
        evaluators=listed,
    )
    assert scored_one(out, "impact")["n_reviews"] == 1
    assert out.findings["expectation"].to_list() == ["known_evaluator"]


marks = st.lists(
    st.tuples(
        st.sampled_from(["E1", "E2", "E3", "E4"]),
        st.sampled_from(["A1", "A2", "A3"]),
        st.sampled_from(CRITERIA),
        st.integers(0, 5),
    ),
    max_size=60,
    unique_by=lambda row: row[:3],
)
SHARED = settings(max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture])


@SHARED
@given(rows=marks)
def test_totals_are_the_exact_sums_and_stay_within_bounds(rows, forms, judged_eligible, reviews, rubric):
    out = score(
        forms({"lessons": "x " * 9}, {}, {}), judged_eligible("A1", "A2", "A3"), reviews(*rows), rubric
    )
    sums = (
        out.scores.group_by("application_id")
        .agg((pl.col("points") * 10_000).round().cast(pl.Int64).sum())
        .sort("application_id")
    )
    assert (out.ranking["total"] * 10_000).round().cast(pl.Int64).to_list() == sums["points"].to_list()
    assert out.scores.filter((pl.col("points") < 0) | (pl.col("points") > pl.col("max_points"))).is_empty()


@SHARED
@given(rows=marks)
def test_previous_experience_only_adds(rows, forms, judged_eligible, reviews, rubric):
    without = [row for row in rows if row[2] != "previous_experience"]
    form, who = forms({}, {}, {}), judged_eligible("A1", "A2", "A3")
    more, less = (score(form, who, reviews(*given), rubric).ranking for given in (rows, without))
    assert (more["total"] >= less["total"] - 1e-4).all()


@SHARED
@given(rows=marks, seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, seed, forms, judged_eligible, reviews, rubric):
    shuffled = seed.sample(rows, len(rows))
    form, who = forms({}, {}, {}), judged_eligible("A1", "A2", "A3")
    a, b = (score(form, who, reviews(*given), rubric) for given in (rows, shuffled))
    assert a.scores.equals(b.scores)
    assert a.ranking.equals(b.ranking)
