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
from tasks.scoring.fixed_point import DECIMALS
from tasks.scoring.severity.calibration import Noise
from tasks.scoring.severity.drawn_totals import Judgements, errors_under, judgements_of, totals_under
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
    arrays = judgements_of(judged, counted, noise, ranking["application_id"].sort().to_list(), rubric)
    generator = np.random.Generator(np.random.PCG64(rubric.rank_intervals.seed))
    approved = np.array(list(rubric.weights.values()))
    drawn = _weights(approved, rubric, generator)
    errors = generator.standard_normal((rubric.rank_intervals.draws, len(arrays.ids)))
    effects = _effects(noise, rubric, generator)
    ranks = _drawn_ranks(arrays, approved, drawn, errors, effects)
    intervals = _intervals(arrays.ids, ranks, ranking, rubric, places)
    return RankUncertainty(intervals, _close_pairs(arrays.ids, errors, intervals, ranking, rubric, places))


def _drawn_ranks(
    arrays: Judgements, approved: Floats, drawn: Floats, errors: Floats, effects: Floats
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
        usual = totals_under(arrays, approved[None, :])
        noisy = usual + errors_under(arrays, approved[None, :], errors[some], effects[some])
        weighed = totals_under(arrays, drawn[some])
        both = weighed + errors_under(arrays, drawn[some], errors[some], effects[some])
        for name, totals in (("", both), ("noise_", noisy), ("weights_", weighed)):
            ranks[name][:, some] = _ranks(totals)
        errors[some] = both
    return ranks


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
