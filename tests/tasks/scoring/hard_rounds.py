"""Simulated rounds in which the model of the correction does not hold, or knows little.

Reviews that are missing because of what they would have said, panels of which one got the better
applications, few applications in common, and an evaluator who scores by country.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from programme.vocabulary import CRITERIA
from tests.tasks.scoring.simulation import Simulated, counted_of, simulate

GAP = 1.0
"""Steps by which the applications of one of two panels are better."""
LEAST_REVIEWS = 2
"""Reviews that every application keeps."""


def without_weak_ones(round_: Simulated, evaluators: int) -> Simulated:
    """Some evaluators leave out the weaker half of what they were given."""
    means = round_.scores.mean(axis=2)
    gone = np.zeros(means.shape, bool)
    for evaluator in range(evaluators):
        given = round_.panels == evaluator
        gone |= given & (means <= np.median(means[given]))
    return _left_out(round_, gone)


def without_low_scores(round_: Simulated, seed: int, share: float = 0.25) -> Simulated:
    """So many reviews are missing, the rather the lower they are."""
    means = round_.scores.mean(axis=2)
    odds = 1 / (1 + np.exp(2 * (means - means.mean()) / means.std()))
    draw = np.random.default_rng(seed + 10_000)
    return _left_out(round_, draw.random(means.shape) < odds * share / odds.mean())


def _left_out(round_: Simulated, gone: np.ndarray) -> Simulated:
    kept = ~gone
    for row in kept:
        row[np.flatnonzero(~row)[: max(0, LEAST_REVIEWS - row.sum())]] = True
    which = pl.Series(np.repeat(kept.ravel(), len(CRITERIA)))
    return replace(round_, counted=round_.counted.filter(which))


def two_panels(seed: int, severity_sd: float, bridges: int) -> Simulated:
    """Three evaluators read one half, three the better half; so many applications are read across."""
    rng = np.random.default_rng(seed)
    plain = simulate(seed, severity_sd=severity_sd, n_reviews=2)
    n, n_reviews = plain.panels.shape
    better = np.arange(n) % 2
    quality = plain.quality + (GAP * (better - 0.5))[:, None]
    panels = np.stack([rng.permutation(3)[:n_reviews] + 3 * half for half in better])
    for at in rng.permutation(n)[:bridges]:
        panels[at] = rng.permutation(6)[:n_reviews]
    noise = rng.normal(0, 0.4, (n, n_reviews))[:, :, None] + rng.normal(0, 0.7, (n, n_reviews, len(CRITERIA)))
    scores = 2.5 + quality[:, None, :] - plain.severity[panels][:, :, None] + noise
    scores = np.clip(np.rint(scores), 0, 5)
    return Simulated(counted_of(scores, panels), quality, plain.severity, scores, panels)


def by_country(round_: Simulated, seed: int, favour: float) -> Simulated:
    """One evaluator gives applications of some countries (three in ten) so many steps more."""
    mine = np.random.default_rng(seed + 20_000).random(len(round_.scores)) < 0.3
    scores = round_.scores.copy()
    here = (round_.panels == 0) & mine[:, None]
    scores[here] = np.clip(scores[here] + favour, 0, 5)
    return replace(round_, counted=counted_of(scores, round_.panels), scores=scores)


def _few_in_common(seed: int, severity_sd: float) -> Simulated:
    return simulate(seed, severity_sd=severity_sd, n_applications=60, n_evaluators=20, n_reviews=2)


def _small(seed: int, severity_sd: float) -> Simulated:
    return simulate(seed, severity_sd=severity_sd, n_applications=30, n_evaluators=12, n_reviews=2)


HARD: dict[str, Callable[[int, float], Simulated]] = {
    "low reviews missing, a quarter": lambda seed, sd: without_low_scores(
        simulate(seed, severity_sd=sd, n_reviews=4), seed
    ),
    "one evaluator leaves out the weaker half": lambda seed, sd: without_weak_ones(
        simulate(seed, severity_sd=sd, n_reviews=4), 1
    ),
    "three of six leave out the weaker half": lambda seed, sd: without_weak_ones(
        simulate(seed, severity_sd=sd, n_reviews=4), 3
    ),
    "two panels, 3 applications in common": lambda seed, sd: two_panels(seed, sd, 3),
    "two panels, 10 applications in common": lambda seed, sd: two_panels(seed, sd, 10),
    "two panels, 30 applications in common": lambda seed, sd: two_panels(seed, sd, 30),
    "20 evaluators, 6 applications each": _few_in_common,
    "12 evaluators, 5 applications each": _small,
    "one favours some countries by 2 steps": lambda seed, sd: by_country(
        simulate(seed, severity_sd=sd), seed, 2.0
    ),
    "one disfavours some countries by 2 steps": lambda seed, sd: by_country(
        simulate(seed, severity_sd=sd), seed, -2.0
    ),
}
"""Every hard round by what is hard about it, from a seed and the standard deviation of the severities."""
