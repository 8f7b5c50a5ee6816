"""The additive model of evaluators and applications: variances by REML, severities by BLUP.

    y[i,e] = mu + a[i] + s[e] + r[i,e]        a ~ (0, var_a), s ~ (0, var_s), r ~ (0, var_r / w)

for the review of application i by evaluator e; w is the part of the criteria the review covers. The variances
are those of largest restricted likelihood (REML: Patterson and Thompson, Biometrika 58, 1971), and the s are
predicted as best linear unbiased predictions (BLUP) by Henderson's mixed model equations (Henderson,
Biometrics 31, 1975): an evaluator's difference from the others is believed in so far as it is large against
the noise and rests on many reviews.

Belongs here: the numerical model over plain arrays. Must stay out: which scores go in, what is done with a
severity (`calibration.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# The ratios var_r/var_a and var_r/var_s are searched on grids of their logarithms, each a refinement of the
# one before. A grid rather than a gradient method: it cannot stop half-way, and tiny differences between
# processors cannot lead it elsewhere.
_APPLICATION_GRID = np.linspace(-5.0, 7.0, 25)
_EVALUATOR_GRID = np.linspace(-5.0, 10.0, 61)
_REFINEMENTS = 2
_FINE = 9
_NO_VARIANCE = 1e-9


@dataclass(frozen=True)
class Fit:
    """The result of the model about the evaluators.

    `effect[e]` is by how much evaluator e scores above the average of these evaluators (steps of the scale;
    the effects sum to 0), `covariance` that of the errors of these predictions, `var_application`,
    `var_evaluator`, `var_review` the variances (squared steps).
    """

    effect: Floats
    covariance: Floats
    var_application: float
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
class _Sums:
    """The cross-products everything follows from: columns are the evaluators, then y, then the intercept."""

    all_reviews: Floats
    by_application: Floats
    weight: Floats
    n: int


@dataclass(frozen=True)
class _Candidate:
    """One pair of variance ratios and what follows from it."""

    criterion: float
    log_a: float
    log_s: float
    normal: Floats
    right: Floats
    squares: float


def fit(y: Floats, weight: Floats, application: Ints, evaluator: Ints) -> Fit:
    """Fit the model to reviews: `y` their mean score, `weight` (0, 1], `application` and `evaluator` codes 0,
    1, ...

    Where the reviews cannot tell evaluators apart (fewer than two evaluators, no variation, fewer than three
    reviews) all effects are 0.
    """
    n_evaluators = int(evaluator.max(initial=-1)) + 1
    if n_evaluators < 2 or len(y) < 3 or float(np.ptp(y)) < _NO_VARIANCE:
        return Fit(np.zeros(n_evaluators), np.zeros((n_evaluators, n_evaluators)), 0.0, 0.0, 0.0)
    best = _search(_sums(y, weight, application, evaluator, n_evaluators))
    ratio = np.exp(best.log_s)
    inverse = np.linalg.inv(best.normal + ratio * np.eye(n_evaluators))
    var_review = best.squares / (len(y) - 1)
    return Fit(
        effect=inverse @ best.right,
        covariance=var_review * (inverse + inverse.T) / 2,
        var_application=float(var_review / np.exp(best.log_a)),
        var_evaluator=float(var_review / ratio),
        var_review=float(var_review),
    )


def _sums(y: Floats, weight: Floats, application: Ints, evaluator: Ints, n_evaluators: int) -> _Sums:
    n, n_applications = len(y), int(application.max()) + 1
    columns = np.zeros((n, n_evaluators + 2))
    columns[np.arange(n), evaluator] = 1.0
    columns[:, -2] = y
    columns[:, -1] = 1.0
    weighted = columns * weight[:, None]
    by_application = np.zeros((n_applications, n_evaluators + 2))
    np.add.at(by_application, application, weighted)
    return _Sums(columns.T @ weighted, by_application, by_application[:, -1].copy(), n)


def _search(sums: _Sums) -> _Candidate:
    grid_a, grid_s = _APPLICATION_GRID, _EVALUATOR_GRID
    best = _best_of(sums, grid_a, grid_s)
    for _ in range(_REFINEMENTS):
        grid_a, grid_s = (
            _around(at, grid[1] - grid[0]) for at, grid in ((best.log_a, grid_a), (best.log_s, grid_s))
        )
        best = min(best, _best_of(sums, grid_a, grid_s), key=lambda candidate: candidate.criterion)
    return best


def _around(centre: float, step: float) -> Floats:
    return np.linspace(centre - step, centre + step, _FINE)


def _best_of(sums: _Sums, grid_a: Floats, grid_s: Floats) -> _Candidate:
    return min(
        (_profile(sums, float(log_a), grid_s) for log_a in grid_a), key=lambda candidate: candidate.criterion
    )


def _profile(sums: _Sums, log_a: float, grid_s: Floats) -> _Candidate:
    """The best of `grid_s` for one ratio of the applications: -2 log restricted likelihood, up to a constant.

    Absorbing the applications and the intercept leaves normal equations of the evaluators alone; with their
    eigenvalues every ratio of the evaluators costs a few multiplications.
    """
    ratio = np.exp(log_a)
    absorbed = sums.all_reviews - sums.by_application.T @ (
        sums.by_application / (ratio + sums.weight)[:, None]
    )
    mean = absorbed[-1, -1]
    projected = absorbed - np.outer(absorbed[:, -1], absorbed[-1, :]) / mean
    normal, right, total = projected[:-2, :-2], projected[:-2, -2], projected[-2, -2]
    values, vectors = np.linalg.eigh(normal)
    values, turned = np.maximum(values, 0.0), vectors.T @ right
    ratios = np.exp(grid_s)[:, None]
    squares = np.maximum(total - (turned**2 / (ratios + values)).sum(axis=1), _NO_VARIANCE)
    criterion = (
        np.log1p(sums.weight / ratio).sum()
        + np.log(mean)
        + np.log1p(values / ratios).sum(axis=1)
        + (sums.n - 1) * np.log(squares)
    )
    at = int(criterion.argmin())
    return _Candidate(float(criterion[at]), log_a, float(grid_s[at]), normal, right, float(squares[at]))
