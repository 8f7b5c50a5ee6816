"""Kendall's rank correlation with an interval, and how many pairs of figures an interval needs.

Tau-b (M. G. Kendall, The treatment of ties in ranking problems, Biometrika 33 (1945) 239-251) counts pairs
that are in the same order in both lists, less those that are not. The interval is Fisher's: artanh of tau is
nearly normal with the variance 0.437 / (n - 4) (E. C. Fieller, H. O. Hartley, E. S. Pearson, Tests for rank
correlation coefficients, Biometrika 44 (1957) 470-481), good from about 10 on where tau is below 0.8 (D. G.
Bonett, T. A. Wright, Sample size requirements for estimating Pearson, Kendall and Spearman correlations,
Psychometrika 65 (2000) 23-28).

Belongs here: figures. Must stay out: what they are of (`learned.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NORMAL = 1.959963984540054
"""Between minus and plus so many standard deviations lie 95 percent of a normal distribution."""
VARIANCE = 0.437
HALF_WIDTH = 0.4
"""An interval around 0 that is wider than this to each side says too little."""


@dataclass(frozen=True)
class Correlation:
    """Tau-b and the ends of its interval of 95 percent, all -1 to 1."""

    tau: float
    low: float
    high: float


def needed(half_width: float = HALF_WIDTH) -> int:
    """The fewest pairs of figures with which the interval of a tau of 0 is at most so wide to each side."""
    return math.ceil(4 + VARIANCE * (NORMAL / math.atanh(half_width)) ** 2)


def tau_b(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Kendall's tau-b of two lists of figures; None where all figures of one are equal."""
    signs = [np.sign(np.subtract.outer(some, some)) for some in (np.asarray(one), np.asarray(other))]
    differ = [float(np.abs(some).sum()) for some in signs]
    if min(differ) == 0:
        return None
    return float((signs[0] * signs[1]).sum()) / math.sqrt(differ[0] * differ[1])


def correlation(one: Sequence[float], other: Sequence[float]) -> Correlation | None:
    """Tau-b of two lists with its interval; None where there are fewer than five pairs, or one list is flat.

    A tau of 1 has no artanh: it counts as one pair of all being half in order for the interval.
    """
    n, tau = len(one), tau_b(one, other)
    if tau is None or n < 5:
        return None
    most = 1 - 1 / (n * (n - 1) / 2)
    middle, reach = math.atanh(max(-most, min(most, tau))), NORMAL * math.sqrt(VARIANCE / (n - 4))
    return Correlation(tau, min(tau, math.tanh(middle - reach)), max(tau, math.tanh(middle + reach)))
