"""Arithmetic in whole ten-thousandths."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.scoring.fixed_point import apportion, from_units, to_units


def test_every_number_of_points_is_the_nearest_floating_point_number():
    units = pl.DataFrame({"u": np.arange(0, 1_100_001)})
    back = units.select(from_units(pl.col("u")).alias("x"))
    assert (back["x"].to_numpy() == units["u"].to_numpy() / 10_000).all()
    assert back.select(to_units(pl.col("x")))["x"].equals(units["u"])


parts = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 10**18)), min_size=1, max_size=12)


@given(rows=parts, denominator=st.integers(1, 10**9))
def test_parts_sum_to_the_rounded_sum_and_none_is_a_unit_off(rows, denominator):
    frame = pl.DataFrame({"by": [r[0] for r in rows], "n": [r[1] for r in rows], "o": range(len(rows))})
    out = apportion(frame, by="by", numerator="n", denominator=denominator, order="o")
    for key in set(frame["by"]):
        mine = out.filter(pl.col("by") == key)
        exact = [Fraction(n, denominator) for n in mine["n"]]
        assert sum(mine["units"]) == int(sum(exact) + Fraction(1, 2))
        assert all(abs(Fraction(u) - e) < 1 for u, e in zip(mine["units"], exact, strict=True))
