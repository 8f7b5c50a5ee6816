"""Which rows of the evaluations count, and what is said of the others."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.scoring.reviews.selected_reviews import select_reviews
from tests.examples import examples

SCORED = pl.Series(["A1", "A2"])
SENT = pl.Series(["A1", "A2", "A3"])
KNOWN = pl.Series(["E1", "E2", "E3"])

CASES = [
    pytest.param([("E1", "A9", "impact", 3)], "known_application", id="an application nobody sent"),
    pytest.param([("E9", "A1", "impact", 3)], "known_evaluator", id="an evaluator nobody knows"),
    pytest.param([("E1", "A1", "charm", 3)], "known_criterion", id="unknown criterion"),
    pytest.param([("E1", "A1", "impact", 5.5)], "score_in_scale", id="above the scale"),
    pytest.param([("E1", "A1", "impact", -1)], "score_in_scale", id="below the scale"),
    pytest.param([("E1", "A1", "impact", float("nan"))], "score_in_scale", id="not a number"),
    pytest.param([("E1", "A1", "impact", float("inf"))], "score_in_scale", id="infinite"),
    pytest.param([("E1", "A1", "impact", None)], "score_in_scale", id="no score"),
]


@pytest.mark.parametrize(("bad", "expectation"), CASES)
def test_a_bad_row_is_named_and_nothing_else_is_lost(bad, expectation, reviews):
    good = [("E1", "A1", "mandate", 4), ("E2", "A2", "impact", 2)]
    out = select_reviews(reviews(*good, *bad), applications=SCORED, sent=SENT, evaluators=KNOWN)
    assert [finding.expectation for finding in out.findings] == [expectation]
    assert [finding.row_key for finding in out.findings] == ["row 4"]
    assert [finding.severity for finding in out.findings] == ["warn"]
    assert out.counted.select("evaluator_id", "application_id", "criterion", "score").rows() == [
        ("E1", "A1", "mandate", 4.0),
        ("E2", "A2", "impact", 2.0),
    ]


def test_a_finding_repeats_nothing_of_the_cell(reviews):
    hostile = "<script>Jane Doe</script>"
    out = select_reviews(
        reviews((hostile, hostile, hostile, 3)), applications=SCORED, sent=SENT, evaluators=KNOWN
    )
    assert out.findings
    assert not any("Jane" in finding.message for finding in out.findings)


REPEATED = [
    pytest.param([(3, None), (3, None)], [3.0], ["same_score_once"], id="the same twice counts once"),
    pytest.param([(3, None), (4, None)], [], ["one_score_each"] * 2, id="different and undated: neither"),
    pytest.param(
        [(3, date(2026, 1, 2)), (4, date(2026, 1, 1))], [3.0], ["latest_score_counts"], id="the later counts"
    ),
    pytest.param([(3, date(2026, 1, 2)), (4, None)], [], ["one_score_each"] * 2, id="one undated: neither"),
    pytest.param(
        [(1, date(2026, 1, 1)), (3, date(2026, 1, 2)), (3, date(2026, 1, 2))],
        [3.0],
        ["latest_score_counts", "same_score_once"],
        id="three",
    ),
]


@pytest.mark.parametrize(("given", "counted", "expectations"), REPEATED)
def test_repeated_scores(given, counted, expectations, reviews):
    out = select_reviews(
        reviews(*(("E1", "A1", "impact", s, {"evaluated_at": d}) for s, d in given)),
        applications=SCORED,
        sent=SENT,
    )
    assert out.counted["score"].to_list() == counted
    assert sorted(finding.expectation for finding in out.findings) == sorted(expectations)


def test_one_declared_conflict_takes_the_whole_review_out(reviews):
    out = select_reviews(
        reviews(
            ("E1", "A1", "impact", 5, {"conflict": True}),
            ("E1", "A1", "mandate", 5),
            ("E1", "A2", "mandate", 4),
            ("E2", "A1", "mandate", 3),
        ),
        applications=SCORED,
        sent=SENT,
    )
    assert out.counted.select("evaluator_id", "application_id").rows() == [("E2", "A1"), ("E1", "A2")]
    assert out.findings == ()


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["E1", "E2", "E3"]),
        st.sampled_from(["A1", "A2"]),
        st.sampled_from(["impact", "mandate", None]),
        st.one_of(st.none(), st.integers(0, 5)),
        st.fixed_dictionaries(
            {"conflict": st.booleans(), "evaluated_at": st.dates(date(2026, 1, 1), date(2026, 1, 9))}
        ),
    ).filter(lambda row: row[2] is not None or row[4]["conflict"]),
    max_size=20,
)
"""Only a declaration may name no criterion; the reading of the file sees to it."""


@settings(max_examples=examples(40))
@given(rows=ROWS, seed=st.randoms(use_true_random=False))
def test_no_conflict_is_scored_whatever_was_written_when_and_in_which_order(reviews, rows, seed):
    declared = {(evaluator, application) for evaluator, application, *_, more in rows if more["conflict"]}
    shuffled = seed.sample(rows, len(rows))
    out = select_reviews(reviews(*shuffled), applications=SCORED, sent=SENT, evaluators=KNOWN)
    assert not declared & set(out.counted.select("evaluator_id", "application_id").rows())
    others = [row for row in shuffled if row[:2] not in declared]
    alone = select_reviews(reviews(*others), applications=SCORED, sent=SENT, evaluators=KNOWN)
    columns = ("evaluator_id", "application_id", "criterion", "score")
    assert sorted(out.counted.select(columns).rows()) == sorted(alone.counted.select(columns).rows())


def test_scores_out_of_play_are_told_once_an_application_and_still_speak_of_their_evaluator(reviews):
    out = select_reviews(
        reviews(("E1", "A3", "impact", 3), ("E1", "A3", "mandate", 2), ("E1", "A1", "impact", 1)),
        applications=SCORED,
        sent=SENT,
        evaluators=KNOWN,
    )
    (finding,) = out.findings
    assert (finding.expectation, finding.row_key) == ("application_in_play", "application A3")
    assert "its 2 scores" in finding.message
    assert (out.counted.height, out.usable.height) == (1, 3)


def test_without_a_list_everyone_is_known(reviews):
    assert (
        select_reviews(reviews(("Nobody", "A1", "impact", 5)), applications=SCORED, sent=SENT).counted.height
        == 1
    )


DECLARATIONS = [
    ("known to both sides", "E1", "A1", []),
    ("for a form that takes no further part", "E1", "A3", []),
    ("an application nobody sent", "E1", "A9", ["conflict_known_application"]),
    ("an evaluator nobody knows", "E9", "A1", ["conflict_known_evaluator"]),
]


@pytest.mark.parametrize(
    ("evaluator", "application", "expectations"),
    [pytest.param(*each[1:], id=each[0]) for each in DECLARATIONS],
)
def test_a_declaration_needs_no_score_and_is_told_where_it_keeps_nobody_away(
    evaluator, application, expectations, reviews
):
    declared = (evaluator, application, None, None, {"conflict": True})
    out = select_reviews(
        reviews(declared, ("E1", "A1", "impact", 4), ("E2", "A1", "impact", 3)),
        applications=SCORED,
        sent=SENT,
        evaluators=KNOWN,
    )
    assert [finding.expectation for finding in out.findings] == expectations
    assert not any(evaluator in finding.message for finding in out.findings)
    taken_out = (evaluator, application) == ("E1", "A1")
    assert out.counted["evaluator_id"].to_list() == (["E2"] if taken_out else ["E1", "E2"])
