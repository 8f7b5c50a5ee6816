"""How uncertain the ranking is: the ranks an application takes when what is uncertain is drawn again.

Two things are uncertain: what other evaluators would have said (noise of a review and of a score, and how
well severities are known), and the weights, which are a judgement themselves. Each is drawn many times, alone
and together; the interval of an application's ranks over the draws says how much its rank depends on them.

Belongs here: the draws and what follows from them. Must stay out: where the noise comes from
(`calibration.py`). Everything is drawn for all applications at once, from a generator whose seed is in the
rubric.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from programme.rubric import Rubric
from programme.rubric_evidence import SCALE_MAXIMUM
from tasks.scoring.fixed_point import DECIMALS, UNIT
from tasks.scoring.severity.calibration import Noise
from tasks.scoring.severity.mixed_model import Floats, Ints
from warehouse.dictionary.judging import CLOSE_PAIRS, RANK_INTERVALS

Ranks = NDArray[np.unsignedinteger[Any]]
"""In the smallest type that holds them: a hundred applications and thousands of draws then stay within the
processor's cache.
"""


AT_ONCE = 2_000_000
"""Totals (of one application in one draw) that are looked at at a time."""


@dataclass(frozen=True)
class RankUncertainty:
    """Tables RANK_INTERVALS and CLOSE_PAIRS."""

    intervals: pl.DataFrame
    close_pairs: pl.DataFrame


@dataclass(frozen=True)
class _Judgements:
    """The judgements as arrays: applications in order of id, criteria in the rubric's order.

    `judgement` [application, criterion] 0-5; `shared` and `single` [application, criterion] the variances of
    its error that all criteria of an application share and that each has for itself; `panel` [criterion,
    application, evaluator] the part each evaluator has in a judgement.
    """

    ids: list[str]
    judgement: Floats
    shared: Floats
    single: Floats
    panel: Floats


def rank_uncertainty(
    judged: pl.DataFrame,
    counted: pl.DataFrame,
    noise: Noise,
    ranking: pl.DataFrame,
    rubric: Rubric,
    places: int | None,
) -> RankUncertainty:
    """The intervals of ranks, and the pairs of applications that cannot be told apart.

    `judged` are the judgements that count (`points.judgements`, corrected where the correction counts),
    `counted` the reviews behind them, `ranking` the table RANKING; `places` is how many can be selected, None
    where there is no cut-off.
    """
    if ranking.is_empty():
        return RankUncertainty(RANK_INTERVALS.empty(), CLOSE_PAIRS.empty())
    arrays = _arrays(judged, counted, noise, ranking["application_id"].sort().to_list(), rubric)
    generator = np.random.Generator(np.random.PCG64(rubric.rank_intervals.seed))
    approved = np.array(list(rubric.weights.values()))
    drawn = _weights(approved, rubric, generator)
    errors = generator.standard_normal((rubric.rank_intervals.draws, len(arrays.ids)))
    effects = _effects(noise, rubric, generator)
    ranks = _drawn_ranks(arrays, approved, drawn, errors, effects)
    intervals = _intervals(arrays.ids, ranks, ranking, rubric, places)
    return RankUncertainty(intervals, _close_pairs(arrays.ids, errors, intervals, ranking, rubric, places))


def _drawn_ranks(
    arrays: _Judgements, approved: Floats, drawn: Floats, errors: Floats, effects: Floats
) -> dict[str, Ranks]:
    """The ranks [application, draw] under noise and weights together, and under each alone.

    `errors` become the totals under both. Some draws are looked at at a time: all of them at once would take
    a dozen arrays of draws times applications.
    """
    n_draws, n = errors.shape
    smallest = np.min_scalar_type(n)
    ranks: dict[str, Ranks] = {name: np.empty((n, n_draws), smallest) for name in ("", "noise_", "weights_")}
    at_once = max(1, AT_ONCE // n)
    for some in (slice(start, start + at_once) for start in range(0, n_draws, at_once)):
        usual = _totals(arrays, approved[None, :])
        noisy = usual + _noise(arrays, approved[None, :], errors[some], effects[some])
        weighed = _totals(arrays, drawn[some])
        both = weighed + _noise(arrays, drawn[some], errors[some], effects[some])
        for name, totals in (("", both), ("noise_", noisy), ("weights_", weighed)):
            ranks[name][:, some] = _ranks(totals)
        errors[some] = both
    return ranks


def _arrays(
    judged: pl.DataFrame, counted: pl.DataFrame, noise: Noise, ids: list[str], rubric: Rubric
) -> _Judgements:
    mine = judged.filter(pl.col("application_id").is_in(ids)).sort("application_id", "order")
    shape = (len(ids), len(rubric.by_id))
    by_evaluators = (mine["source"] == "evaluators").to_numpy().reshape(shape)
    n = mine["n"].cast(pl.Float64).to_numpy().reshape(shape)
    seats = counted.join(mine.filter(pl.col("source") == "evaluators"), on=("application_id", "criterion"))
    panel = np.zeros((shape[1], shape[0], len(noise.evaluators)))
    evaluator = pl.Series(noise.evaluators, dtype=pl.String).search_sorted(seats["evaluator_id"]).to_numpy()
    panel[
        seats["order"].to_numpy(), pl.Series(ids).search_sorted(seats["application_id"]).to_numpy(), evaluator
    ] = 1.0 / seats["n"].to_numpy()
    return _Judgements(
        ids,
        judgement=mine["sum_units"].to_numpy().reshape(shape) / n / UNIT,
        shared=np.where(by_evaluators, noise.review_variance / n, 0.0),
        single=np.where(by_evaluators, noise.score_variance / n, rubric.rank_intervals.form_spread**2),
        panel=panel,
    )


def _weights(approved: Floats, rubric: Rubric, generator: np.random.Generator) -> Floats:
    """Weights around the approved ones [draw, criterion]: log-normal, the four brought back to a sum of 100,
    the bonus never above its approved one.
    """
    drawn: Floats = approved * np.exp(
        rubric.rank_intervals.weight_spread
        * generator.standard_normal((rubric.rank_intervals.draws, len(approved)))
    )
    drawn[:, :-1] *= approved[:-1].sum() / drawn[:, :-1].sum(axis=1, keepdims=True)
    drawn[:, -1] = np.minimum(drawn[:, -1], approved[-1])
    return drawn


def _effects(noise: Noise, rubric: Rubric, generator: np.random.Generator) -> Floats:
    """Errors of the evaluators' effects [draw, evaluator], as sure as the model is of them.

    By Cholesky's root: unlike eigenvectors it is unique, so that every machine draws the same.
    """
    n_evaluators = len(noise.evaluators)
    root = np.linalg.cholesky(noise.effects + 1e-12 * np.eye(n_evaluators))
    effects: Floats = generator.standard_normal((rubric.rank_intervals.draws, n_evaluators)) @ root.T
    return effects


def _totals(arrays: _Judgements, weights: Floats) -> Floats:
    """Totals [draw, application]."""
    return _product(weights / SCALE_MAXIMUM, arrays.judgement.T)


def _noise(arrays: _Judgements, weights: Floats, errors: Floats, effects: Floats) -> Floats:
    """Errors of the totals [draw, application].

    Whatever the weights, the noise of a total is normal, so one standard normal number a draw and application
    is enough, scaled by the standard deviation of the total under the draw's weights.
    """
    part = weights / SCALE_MAXIMUM
    variance = _product(part**2, arrays.single.T) + _product(part, np.sqrt(arrays.shared).T) ** 2
    seats = arrays.panel.transpose(0, 2, 1).reshape(-1, len(arrays.ids))
    severity = _product((part[:, :, None] * effects[:, None, :]).reshape(len(effects), -1), seats)
    noise: Floats = np.sqrt(variance) * errors + severity
    return noise


def _product(a: Floats, b: Floats) -> Floats:
    """The matrix product without BLAS: its threads wait for each other longer than these narrow matrices
    take, and its sums differ by processor.
    """
    product: Floats = np.einsum("ik,kj->ij", a, np.ascontiguousarray(b))
    return product


def _ranks(totals: Floats) -> Ranks:
    """Ranks [application, draw], 1 the best, equal totals sharing the better one (less than a billionth apart
    is only arithmetic).
    """
    order = np.argsort(-totals, axis=1)
    ordered = np.take_along_axis(totals, order, axis=1)
    smallest = np.min_scalar_type(totals.shape[1])
    place = np.arange(1, totals.shape[1] + 1, dtype=smallest)
    place_or_tie = np.broadcast_to(place, order.shape).copy()
    place_or_tie[:, 1:][ordered[:, :-1] - ordered[:, 1:] < 1e-9] = 0
    ranks = np.empty(order.shape, smallest)
    np.put_along_axis(ranks, order, np.maximum.accumulate(place_or_tie, axis=1), axis=1)
    return ranks.T


def _between(ranks: Ranks, coverage: float) -> tuple[Ints, Ints]:
    """The middle part of each application's ranks over the draws: its lowest and highest."""
    n_draws = ranks.shape[1]
    outside = int(n_draws * (1 - coverage) / 2)
    ends = np.partition(ranks, [outside, n_draws - 1 - outside], axis=1)
    return ends[:, outside].astype(np.int64), ends[:, n_draws - 1 - outside].astype(np.int64)


def _intervals(
    ids: list[str], ranks: dict[str, Ranks], ranking: pl.DataFrame, rubric: Rubric, places: int | None
) -> pl.DataFrame:
    """Table RANK_INTERVALS. The rank an application has lies in its interval by definition, also where most
    draws would rank it lower.
    """
    columns: dict[str, Ints] = {}
    for name, drawn in ranks.items():
        columns[f"{name}low"], columns[f"{name}high"] = _between(drawn, rubric.rank_intervals.coverage)
    within = (
        pl.Series([None] * len(ids), dtype=pl.Float64)
        if places is None
        else pl.Series((ranks[""] <= places).mean(axis=1)).round(DECIMALS)
    )
    frame = pl.DataFrame({"application_id": ids} | columns).with_columns(within.alias("share_within"))
    frame = frame.join(ranking.select("application_id", "rank"), on="application_id")
    lows, highs = ([f"{name}{end}" for name in ranks] for end in ("low", "high"))
    contained = [pl.min_horizontal(c, "rank").alias(c) for c in lows] + [
        pl.max_horizontal(c, "rank").alias(c) for c in highs
    ]
    return RANK_INTERVALS.conform(frame.with_columns(contained))


def _close_pairs(
    ids: list[str],
    totals: Floats,
    intervals: pl.DataFrame,
    ranking: pl.DataFrame,
    rubric: Rubric,
    places: int | None,
) -> pl.DataFrame:
    """Table CLOSE_PAIRS: an application above the cut-off and one below it that change places in too many of
    the draws to be told apart.
    """
    if places is None or ranking.height <= places:
        return CLOSE_PAIRS.empty()
    near = intervals.filter((pl.col("low") <= places) & (pl.col("high") > places)).join(
        ranking.select("application_id", "total"), on="application_id"
    )
    inside, outside = near.filter(pl.col("rank") <= places), near.filter(pl.col("rank") > places)
    at = pl.Series(ids)
    above, below = (
        totals[:, at.search_sorted(side["application_id"]).to_numpy()] for side in (inside, outside)
    )
    shares = [(below > above[:, [one]]).mean(axis=0) for one in range(above.shape[1])]
    reversed_ = np.concatenate([np.zeros(0), *shares])
    sides = [
        side.select(pl.col("application_id", "total").name.suffix(suffix))
        for side, suffix in ((inside, "_above"), (outside, "_below"))
    ]
    pairs = (
        sides[0]
        .join(sides[1], how="cross", maintain_order="left_right")
        .with_columns(pl.Series("share_reversed", reversed_).round(DECIMALS))
    )
    return CLOSE_PAIRS.conform(
        pairs.filter(pl.col("share_reversed") > rubric.rank_intervals.indistinct).select(
            pl.col("application_id_above").alias("above"),
            pl.col("application_id_below").alias("below"),
            (pl.col("total_above") - pl.col("total_below")).round(DECIMALS).alias("points_apart"),
            "share_reversed",
        )
    )
