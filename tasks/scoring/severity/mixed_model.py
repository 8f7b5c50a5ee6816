"""The additive model of evaluators and applications: variances by REML, severities by BLUP.

    y[i,e] = a[i] + s[e] + r[i,e]        a fixed, s ~ (0, var_s), r ~ (0, var_r / w)

for the review of application i by evaluator e; w is the part of the criteria the review covers. Evaluators
are compared by what they read in common and by nothing else: the applications are fixed, whatever they are
like. If they were drawn from one population too, that the readers of one panel got better applications than
those of another would count as leniency (recovery of inter-block information, Yates, Annals of Eugenics 10,
1940; it asks for panels that are drawn by lot). The variances are those of largest restricted likelihood
(REML: Patterson and Thompson, Biometrika 58, 1971), and the s are predicted as best linear unbiased
predictions (BLUP) by Henderson's mixed model equations (Henderson, Biometrics 31, 1975): an evaluator's
difference from the others is believed in so far as it is large against the noise and rests on many reviews.

Belongs here: the numerical model over plain arrays. Must stay out: which scores go in, what is done with a
severity (`calibration.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# The ratio var_r/var_s is searched on a grid of its logarithm, each a refinement of the one before. A grid
# rather than a gradient method: it cannot stop half-way, and tiny differences between processors cannot lead
# it elsewhere.
_EVALUATOR_GRID = np.linspace(-5.0, 10.0, 61)
_REFINEMENTS = 2
_FINE = 9
_NO_VARIANCE = 1e-9
_ALIKE = 1e-9
"""Ratios whose likelihoods differ by less are equally likely; then the largest, under which evaluators differ
least, is taken. With one degree of freedom all are, and rounding would choose.
"""


@dataclass(frozen=True)
class Fit:
    """The result of the model about the evaluators.

    `effect[e]` is by how much evaluator e scores above the average of these evaluators (steps of the scale;
    the effects sum to 0), `covariance` that of the errors of these predictions, `var_evaluator` and
    `var_review` the variances (squared steps).
    """

    effect: Floats
    covariance: Floats
    var_evaluator: float
    var_review: float

    @property
    def standard_error(self) -> Floats:
        """Standard error of each effect, as a difference from the average of these evaluators.

        What all of them share changes no ranking.
        """
        centring = np.eye(len(self.effect)) - 1.0 / max(len(self.effect), 1)
        centred = centring @ self.covariance @ centring
        errors: Floats = np.sqrt(np.maximum(np.diag(centred), 0.0))
        return errors


@dataclass(frozen=True)
class _Within:
    """What the reviews say of the evaluators within the applications: normal equations and their right side.

    `total` is the sum of squares of the reviews about their applications' means, on `freedom` degrees.
    """

    normal: Floats
    right: Floats
    total: float
    freedom: int


@dataclass(frozen=True)
class _Candidate:
    """One ratio of variances, and what follows from it."""

    criterion: float
    log_s: float
    squares: float


def fit(y: Floats, weight: Floats, application: Ints, evaluator: Ints) -> Fit:
    """Fit the model to reviews: `y` their mean score, `weight` (0, 1], `application` and `evaluator` codes 0,
    1, ...

    Where the reviews cannot tell evaluators apart (fewer than two evaluators, no variation, fewer than three
    reviews) all effects are 0.
    """
    n_evaluators = int(evaluator.max(initial=-1)) + 1
    nothing = Fit(np.zeros(n_evaluators), np.zeros((n_evaluators, n_evaluators)), 0.0, 0.0)
    if n_evaluators < 2 or len(y) < 3 or float(np.ptp(y)) < _NO_VARIANCE:
        return nothing
    within = _within(y, weight, application, evaluator, n_evaluators)
    if within.freedom < 1:
        return nothing
    best = _search(within)
    ratio = np.exp(best.log_s)
    inverse = np.linalg.inv(within.normal + ratio * np.eye(n_evaluators))
    var_review = best.squares / within.freedom
    return Fit(
        effect=inverse @ within.right,
        covariance=var_review * (inverse + inverse.T) / 2,
        var_evaluator=float(var_review / ratio),
        var_review=float(var_review),
    )


def _within(y: Floats, weight: Floats, application: Ints, evaluator: Ints, n_evaluators: int) -> _Within:
    """Sums within the applications: what all reviews of one have in common is taken away."""
    n, n_applications = len(y), int(application.max()) + 1
    weights, sums = (np.zeros(n_applications) for _ in range(2))
    np.add.at(weights, application, weight)
    np.add.at(sums, application, weight * y)
    right, normal = np.zeros(n_evaluators), np.zeros((n_evaluators, n_evaluators))
    np.add.at(right, evaluator, weight * (y - (sums / weights)[application]))
    np.add.at(normal, (evaluator, evaluator), weight)
    order = np.lexsort((evaluator, application))
    for one, other in _pairs_of_one_application(application[order]):
        i, j = order[one], order[other]
        shared = weight[i] * weight[j] / weights[application[i]]
        np.subtract.at(normal, (evaluator[i], evaluator[j]), shared)
        if one is not other:
            np.subtract.at(normal, (evaluator[j], evaluator[i]), shared)
    total = float((weight * y**2).sum() - (sums**2 / weights).sum())
    return _Within(normal, right, total, n - n_applications)


def _pairs_of_one_application(ordered: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Positions of two reviews of one application, each pair once, also of a review with itself.

    `ordered` are the reviews' applications, ascending. Only panels are looked at, not all evaluators for all
    applications, so a round ten times as large takes ten times as long.
    """
    every = np.arange(len(ordered))
    yield every, every
    for apart in range(1, len(ordered)):
        first = np.flatnonzero(ordered[:-apart] == ordered[apart:])
        if not len(first):
            return
        yield first, first + apart


def _search(within: _Within) -> _Candidate:
    grid = _EVALUATOR_GRID
    best = _best_of(within, grid)
    for _ in range(_REFINEMENTS):
        grid = _around(best.log_s, grid[1] - grid[0])
        finer = _best_of(within, grid)
        best = finer if finer.criterion < best.criterion - _ALIKE else best
    return best


def _around(centre: float, step: float) -> Floats:
    return np.linspace(centre - step, centre + step, _FINE)


def _best_of(within: _Within, grid: Floats) -> _Candidate:
    """The best ratio of a grid, of equal ones the largest: -2 log restricted likelihood, up to a constant.

    With the eigenvalues of the normal equations every ratio costs a few multiplications.
    """
    values, vectors = np.linalg.eigh(within.normal)
    values, turned = np.maximum(values, 0.0), vectors.T @ within.right
    ratios = np.exp(grid)[:, None]
    squares = np.maximum(within.total - (turned**2 / (ratios + values)).sum(axis=1), _NO_VARIANCE)
    criterion = np.log1p(values / ratios).sum(axis=1) + within.freedom * np.log(squares)
    at = int(np.flatnonzero(criterion <= criterion.min() + _ALIKE)[-1])
    return _Candidate(float(criterion[at]), float(grid[at]), float(squares[at]))
