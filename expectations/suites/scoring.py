"""What scoring must look like: tables `scores` and `ranking`. All of it is computed by us, so all is
`stop`."""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite
from great_expectations.expectations.row_conditions import Column

from expectations.limits import RoundLimits
from expectations.suites.common import (
    Expectations,
    application_once,
    expected,
    filled_only_where,
    same,
    suite,
    true,
)
from expectations.suites.dictionary import cells_as_described
from programme.vocabulary import CRITERIA
from warehouse.dictionary.published import RANKING, SCORES

OURS = "computed by us from the form and the reviews: a fault of ours if it does not hold"


def scores(limits: RoundLimits) -> ExpectationSuite:
    """The points of each application in each criterion."""
    del limits
    return suite("scores", cells_as_described(SCORES), _criteria(), _points(), _reviews())


def _criteria() -> Expectations:
    return [
        *expected(
            "criterion_once",
            "stop",
            OURS,
            "criterion",
            "the criterion was scored more than once",
            gxe.ExpectCompoundColumnsToBeUnique(column_list=list(SCORES.key), ignore_row_if="never"),
        ),
        *expected(
            "every_criterion_scored",
            "stop",
            "totals are comparable only if all rest on the same criteria",
            "criterion",
            f"{{criteria_scored}} of the {len(CRITERIA)} criteria were scored",
            gxe.ExpectColumnValuesToBeInSet(column="criteria_scored", value_set=[len(CRITERIA)]),
        ),
        *expected(
            "application_judged",
            "stop",
            OURS,
            "application_id",
            "there is no status of this application",
            true("judged"),
        ),
    ]


def _points() -> Expectations:
    return [
        *expected(
            "points_within_maximum",
            "stop",
            "no criterion may weigh more than the rubric says",
            "points",
            "{points} points; at most {max_points}",
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="most_points", column_B="points", or_equal=True
            ),
        ),
        *expected(
            "same_measure_for_all",
            "stop",
            "all applications are measured alike",
            "max_points",
            "maximum or weight of {criterion} differs from that of other applications",
            true("same_measure"),
        ),
    ]


def _reviews() -> Expectations:
    by_evaluators = Column("source") == "evaluators"
    several, fewer = Column("n_reviews") >= 2, Column("n_reviews") < 2
    return [
        *expected(
            "evaluators_have_reviews",
            "stop",
            OURS,
            "source",
            "the points are said to be the evaluators', and there are no reviews",
            gxe.ExpectColumnValuesToBeBetween(column="n_reviews", min_value=1, row_condition=by_evaluators),
        ),
        *expected(
            "spread_of_two_or_more",
            "stop",
            OURS,
            "spread",
            "{n_reviews} reviews, and the spread is {spread}",
            *filled_only_where("spread", several, fewer),
        ),
    ]


def _totals_and_ranks() -> Expectations:
    """Totals, ranks and what is provisional follow from the points."""
    return [
        *expected(
            "total_is_sum",
            "stop",
            OURS,
            "total",
            "the total is {total}; the points sum to {points_sum}",
            true("total_is_sum"),
        ),
        *expected(
            "rank_follows_total",
            "stop",
            OURS,
            "rank",
            "the rank is {rank}; by its total it is {expected_rank}",
            same("rank", "expected_rank"),
        ),
        *expected(
            "form_only_is_provisional",
            "stop",
            "a total that rests on the form alone is provisional",
            "provisional",
            "a criterion rests on the form alone, and the total is not provisional",
            true("provisional_if_form_only"),
        ),
    ]


def ranking(limits: RoundLimits) -> ExpectationSuite:
    """The order of the applications that may be selected."""
    del limits
    return suite(
        "ranking",
        cells_as_described(RANKING),
        application_once(OURS),
        expected(
            "ranked_if_selectable",
            "stop",
            "only eligible and tentative applications take part, and all of them do",
            "application_id",
            "the status is {status}, and the rank is {rank}",
            true("ranked_and_selectable"),
        ),
        _totals_and_ranks(),
    )
