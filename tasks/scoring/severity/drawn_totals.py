"""Totals under drawn weights and drawn errors, of all applications in many draws at once.

Belongs here: arrays of the judgements, and what weights and errors make of them. Must stay out: drawing, and
what follows from the totals (`rank_intervals.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from programme.rubric import Rubric
from programme.rubric_evidence import SCALE_MAXIMUM
from tasks.scoring.fixed_point import UNIT
from tasks.scoring.severity.calibration import Noise
from tasks.scoring.severity.mixed_model import Floats, Ints


@dataclass(frozen=True)
class Judgements:
    """The judgements as arrays: applications in order of id, criteria in the rubric's order.

    `judgement` [application, criterion] 0-5; `shared` and `single` [application, criterion] the variances of
    its error that all criteria of an application share and that each has for itself; `seats` who judged.
    """

    ids: list[str]
    judgement: Floats
    shared: Floats
    single: Floats
    seats: tuple[_Seats, ...]


@dataclass(frozen=True)
class _Seats:
    """One seat at the panels of some applications: no application is in it twice.

    `application`, `criterion` and `evaluator` are positions; `part` [seat, 1] is the evaluator's part in the
    judgement. An application has as many seats as it has scores, however many evaluators there are: all of
    them for all applications would grow with the square of the round.
    """

    application: Ints
    criterion: Ints
    evaluator: Ints
    part: Floats


def judgements_of(
    judged: pl.DataFrame, counted: pl.DataFrame, noise: Noise, ids: list[str], rubric: Rubric
) -> Judgements:
    """The judgements of the applications `ids` (sorted) as arrays.

    `judged` are the judgements that count (`points.judgements`), `counted` the reviews behind them.
    """
    mine = judged.filter(pl.col("application_id").is_in(ids)).sort("application_id", "order")
    shape = (len(ids), len(rubric.by_id))
    by_evaluators = (mine["source"] == "evaluators").to_numpy().reshape(shape)
    n = mine["n"].cast(pl.Float64).to_numpy().reshape(shape)
    judged_by = counted.join(
        mine.filter(pl.col("source") == "evaluators"), on=("application_id", "criterion")
    )
    return Judgements(
        ids,
        judgement=mine["sum_units"].to_numpy().reshape(shape) / n / UNIT,
        shared=np.where(by_evaluators, noise.review_variance / n, 0.0),
        single=np.where(by_evaluators, noise.score_variance / n, rubric.rank_intervals.form_spread**2),
        seats=_seats(judged_by, ids, noise.evaluators),
    )


def _seats(judged_by: pl.DataFrame, ids: list[str], evaluators: tuple[str, ...]) -> tuple[_Seats, ...]:
    """The seats, in the order in which their parts are added up.

    `judged_by` has one row per score: application_id, evaluator_id, the criterion's `order` and `n`, the
    number of scores in the judgement.
    """
    ordered = judged_by.sort("order", "evaluator_id").with_columns(
        pl.int_range(pl.len()).over("application_id").alias("seat")
    )
    return tuple(
        _Seats(
            pl.Series(ids).search_sorted(some["application_id"]).to_numpy(),
            some["order"].to_numpy(),
            pl.Series(evaluators, dtype=pl.String).search_sorted(some["evaluator_id"]).to_numpy(),
            1.0 / some["n"].to_numpy()[:, None],
        )
        for some in ordered.partition_by("seat", maintain_order=True)
    )


def totals_under(arrays: Judgements, weights: Floats) -> Floats:
    """Totals [draw, application]."""
    return _product(weights / SCALE_MAXIMUM, arrays.judgement.T)


def errors_under(arrays: Judgements, weights: Floats, errors: Floats, effects: Floats) -> Floats:
    """Errors of the totals [draw, application].

    Whatever the weights, the noise of a total is normal, so one standard normal number a draw and application
    is enough, scaled by the standard deviation of the total under the draw's weights.
    """
    part = weights / SCALE_MAXIMUM
    variance = _product(part**2, arrays.single.T) + _product(part, np.sqrt(arrays.shared).T) ** 2
    noise: Floats = np.sqrt(variance) * errors + _severity(arrays, part, effects)
    return noise


def _severity(arrays: Judgements, part: Floats, effects: Floats) -> Floats:
    """What the errors of the evaluators' effects make of the totals [draw, application].

    `part` is [draw, criterion], or one row for all draws.
    """
    added = np.zeros((len(arrays.ids), len(effects)))
    by_criterion, by_evaluator = np.ascontiguousarray(part.T), np.ascontiguousarray(effects.T)
    for one in arrays.seats:
        added[one.application] += by_criterion[one.criterion] * by_evaluator[one.evaluator] * one.part
    return added.T


def _product(a: Floats, b: Floats) -> Floats:
    """The matrix product without BLAS: its threads wait for each other longer than these narrow matrices
    take, and its sums differ by processor.
    """
    product: Floats = np.einsum("ik,kj->ij", a, np.ascontiguousarray(b))
    return product
