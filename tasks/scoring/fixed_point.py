"""Points in whole ten-thousandths, so that a total is an exact sum and every machine gets the same digits.

Belongs here: the unit, and division without a rounding that could make two equal totals differ. Must stay
out: what is scored.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import polars as pl

UNIT = 10_000
"""Ten-thousandths of a point (and of a step of the 0-5 scale): the grain of everything that is published."""
DECIMALS = 4


def to_units(value: pl.Expr) -> pl.Expr:
    """A number as whole ten-thousandths, halves away from zero."""
    return (value * UNIT).round(0, mode="half_away_from_zero").cast(pl.Int64)


def from_units(units: pl.Expr) -> pl.Expr:
    """Whole ten-thousandths as the nearest floating-point number.

    Rounded again because polars divides by a constant through its reciprocal, which for a third of all values
    is one bit off.
    """
    return (units / UNIT).round(DECIMALS)


def common_denominator(counts: Iterable[int]) -> int:
    """The smallest number every count divides: fractions over it can be added and compared exactly."""
    return math.lcm(*(count for count in counts if count > 0)) or 1


def apportion(frame: pl.DataFrame, *, by: str, numerator: str, denominator: int, order: str) -> pl.DataFrame:
    """Whole units whose sum over each `by` is the rounded sum of the exact fractions; adds `units` (Int64).

    Rounding every part by itself can make two equal sums differ by a unit and so rank one city before another
    without a reason. Here the sum is rounded once (half up) and the parts get their floor, the units still
    missing going to the largest remainders, ties by `order` (the method of largest remainders, Hamilton
    1792). A part differs from its exact value by less than one unit. `numerator` holds non-negative whole
    numbers over `denominator`.
    """
    exact = pl.col(numerator).cast(pl.Int128)
    whole, rest = exact // denominator, exact % denominator
    missing = (2 * exact.sum() + denominator) // (2 * denominator) - whole.sum()
    largest_first = pl.struct(denominator - rest, pl.col(order)).rank("ordinal").over(by)
    one_more = largest_first.cast(pl.Int64) <= missing.cast(pl.Int64).over(by)
    return frame.with_columns((whole.cast(pl.Int64) + one_more.cast(pl.Int64)).alias("units"))
