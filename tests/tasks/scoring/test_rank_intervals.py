"""Intervals of ranks: they contain the truth as often as they claim, say which uncertainty is the cause, and
are drawn the same every time.
"""

from __future__ import annotations

import runpy
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from programme.vocabulary import CRITERIA
from tasks.scoring.severity.rank_intervals import _ranks
from tasks.scoring.step import score
from warehouse.dictionary.inputs import EVALUATIONS

simulate = SimpleNamespace(
    **runpy.run_path(str(Path(__file__).with_name("simulation.py")), run_name="simulation")
).simulate


@pytest.fixture(scope="module")
def run(forms, judged_eligible):
    def go(round_, rubric, **options):
        ids = round_.counted["application_id"].unique().sort().to_list()
        blank = [
            pl.lit(None, dtype=t).alias(n)
            for n, t in (("conflict", pl.Boolean), ("evaluated_at", pl.Date), ("comment", pl.String))
        ]
        rows = round_.counted.select(
            pl.col("application_id").alias("submission_id"), "evaluator_id", "criterion", "score"
        ).with_row_index("row", 2)
        return score(
            forms(*({"submission_id": i} for i in ids)),
            judged_eligible(*ids),
            EVALUATIONS.conform(rows.with_columns(blank)),
            rubric,
            **options,
        )

    return go


def test_nine_of_ten_intervals_contain_the_true_rank(run, rubric):
    weights = np.array([rubric.weights[name] for name in CRITERIA])
    inside = []
    for seed in range(6):
        round_ = simulate(seed)
        table = run(round_, rubric).rank_intervals.sort("application_id")
        true_rank = (-(round_.quality @ weights)).argsort().argsort() + 1
        inside.extend(
            (table["noise_low"].to_numpy() <= true_rank) & (true_rank <= table["noise_high"].to_numpy())
        )
    assert 0.8 <= np.mean(inside) <= 0.98


def test_every_rank_lies_in_its_intervals_and_blame_adds_up(run, rubric):
    table = run(simulate(1, n_applications=60), rubric).rank_intervals
    for name in ("", "noise_", "weights_"):
        assert ((table[f"{name}low"] <= table["rank"]) & (table["rank"] <= table[f"{name}high"])).all()
    width = {name: (table[f"{name}high"] - table[f"{name}low"]).mean() for name in ("", "noise_", "weights_")}
    assert width["weights_"] < width["noise_"] <= width[""] * 1.05
    assert table["share_within"].null_count() == table.height


def test_more_reviews_make_surer(run, rubric):
    few, many = (run(simulate(2, n_applications=60, n_reviews=n), rubric).rank_intervals for n in (2, 6))
    assert (many["noise_high"] - many["noise_low"]).mean() < 0.9 * (
        few["noise_high"] - few["noise_low"]
    ).mean()


def test_the_same_round_gives_the_same_intervals(run, rubric):
    a, b = (run(simulate(3, n_applications=40), rubric, places=10) for _ in range(2))
    assert a.rank_intervals.equals(b.rank_intervals)
    assert a.close_pairs.equals(b.close_pairs)


def test_close_pairs_straddle_the_cut_off_and_are_close(run, rubric):
    out = run(simulate(4, n_applications=60), rubric, places=20)
    rank = dict(out.ranking.select("application_id", "rank").iter_rows())
    assert not out.close_pairs.is_empty()
    for above, below, apart, reversed_ in out.close_pairs.iter_rows():
        assert rank[above] <= 20 < rank[below]
        assert apart >= 0
        assert rubric.rank_intervals.indistinct < reversed_ < 0.6
    assert out.rank_intervals["share_within"].sum() == pytest.approx(20, abs=0.5)


def test_a_clear_cut_off_has_no_close_pairs(forms, judged_eligible, reviews, rubric):
    rows = [(e, f"A{a}", c, 5 if a <= 3 else 0) for e in ("E1", "E2") for a in range(1, 9) for c in CRITERIA]
    out = score(
        forms(*({} for _ in range(8))),
        judged_eligible(*(f"A{a}" for a in range(1, 9))),
        reviews(*rows),
        rubric,
        places=3,
    )
    assert out.close_pairs.is_empty()
    assert out.rank_intervals.sort("application_id")["share_within"].to_list() == [1.0] * 3 + [0.0] * 5


def test_where_all_can_be_selected_there_is_no_cut_off(forms, judged_eligible, reviews, rubric):
    out = score(forms({}, {}), judged_eligible("A1", "A2"), reviews(), rubric, places=2)
    assert out.close_pairs.is_empty()


def test_a_form_alone_is_less_sure_than_reviews(forms, judged_eligible, reviews, rubric):
    applications = [f"A{a}" for a in range(1, 21)]
    stages = ["idea", "planned", "feasibility", "pilot", "scaling"]
    form = forms(
        *({"action_stage": stages[a % 5], "jurisdiction": "full" if a % 2 else "partial"} for a in range(20))
    )
    out = score(form, judged_eligible(*applications), reviews(), rubric)
    assert ((out.rank_intervals["noise_high"] - out.rank_intervals["noise_low"]) >= 5).all()


def test_ranks_share_ties_and_start_at_one():
    totals = np.array([[3.0, 1.0, 3.0 + 1e-12, 0.5], [0.0, 0.0, 0.0, 0.0], [1.0, 2.0, 3.0, 4.0]])
    assert _ranks(totals).T.tolist() == [[1, 3, 1, 4], [1, 1, 1, 1], [4, 3, 2, 1]]


def test_the_draws_do_not_depend_on_the_clock_or_global_state(run, rubric):
    round_ = simulate(6, n_applications=30)
    first = run(round_, rubric).rank_intervals
    np.random.seed(int(time.time()) % 2**32)
    assert run(round_, rubric).rank_intervals.equals(first)
