"""What scoring must look like: tables `scores` and `ranking`. All computed by us, so all `stop`."""

from __future__ import annotations

import polars as pl

from expectations.derived import TOLERANCE, ranking_with_scores, scores_with_peers
from expectations.model import Limits, Rule, Suite
from expectations.vocabulary import described, dictionary_rule, only_with, rows, unique
from programme.vocabulary import CRITERIA
from warehouse.dictionary.published import RANKING, SCORES

OURS = "computed by us from the form and the reviews: a fault of ours if it does not hold"


def suites(limits: Limits) -> tuple[Suite, ...]:
    """Columns as described, points, ranking."""
    del limits
    return (
        described(("scores", "ranking")),
        Suite(
            "scores",
            "scores",
            ("scores", "eligibility"),
            scores_with_peers,
            ("application_id", "criterion"),
            _scores(),
        ),
        Suite(
            "ranking",
            "ranking",
            ("scores", "ranking", "eligibility"),
            ranking_with_scores,
            ("application_id",),
            _ranking(),
        ),
    )


def _scores() -> tuple[Rule, ...]:
    return (
        dictionary_rule(SCORES),
        rows("criterion_once", "stop", OURS, "criterion", unique("application_id", "criterion"), "the criterion was scored more than once"),
        rows("every_criterion_scored", "stop", "totals are comparable only if all rest on the same criteria", "criterion",
             pl.col("criteria_scored") == len(CRITERIA), f"{{criteria_scored}} of the {len(CRITERIA)} criteria were scored"),
        rows("points_within_maximum", "stop", "no criterion may weigh more than the rubric says", "points",
             pl.col("points") <= pl.col("max_points") + TOLERANCE, "{points} points; at most {max_points}"),
        rows("same_measure_for_all", "stop", "all applications are measured alike", "max_points", pl.col("same_measure"),
             "maximum or weight of {criterion} differs from that of other applications"),
        rows("evaluators_have_reviews", "stop", OURS, "source", (pl.col("source") != "evaluators") | (pl.col("n_reviews") > 0),
             "the points are said to be the evaluators', and there are no reviews"),
        rows("spread_of_two_or_more", "stop", OURS, "spread", only_with("spread", pl.col("n_reviews") >= 2),
             "{n_reviews} reviews, and the spread is {spread}"),
        rows("application_judged", "stop", OURS, "application_id", pl.col("judged"), "there is no status of this application"),
    )  # fmt: skip


def _ranking() -> tuple[Rule, ...]:
    return (
        dictionary_rule(RANKING),
        rows("application_once", "stop", OURS, "application_id", unique("application_id"), "the application is there more than once"),
        rows("ranked_if_selectable", "stop", "only eligible and tentative applications take part, and all of them do", "application_id",
             pl.col("rank").is_not_null() & pl.col("selectable"), "the status is {status}, and the rank is {rank}"),
        rows("total_is_sum", "stop", OURS, "total", (pl.col("total") - pl.col("points_sum")).abs() <= TOLERANCE,
             "the total is {total}; the points sum to {points_sum}"),
        rows("rank_follows_total", "stop", OURS, "rank", pl.col("rank") == pl.col("expected_rank"), "the rank is {rank}; by its total it is {expected_rank}"),
        rows("form_only_is_provisional", "stop", "a total that rests on the form alone is provisional", "provisional",
             pl.col("provisional") | ~pl.col("rests_on_form"), "a criterion rests on the form alone, and the total is not provisional"),
    )  # fmt: skip
