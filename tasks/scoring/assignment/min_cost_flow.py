"""The one place that asks a solver for an assignment: a transport problem, solved exactly by HiGHS.

    maximise   sum value[a,e] x[a,e]
    subject to sum_e x[a,e] = k           for every application a
               low <= sum_a x[a,e] <= high  for every evaluator e
               0 <= x[a,e] <= 1, x[a,e] = 0 where a conflict forbids it

The matrix is that of a network, so every corner of the feasible set is whole-numbered (Hoffman and Kruskal
1956) and the simplex method, which ends in a corner, gives an exact optimum without branching.

Belongs here: this linear programme. Must stay out: what the values mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tasks.scoring.severity.mixed_model import Bools, Ints

if TYPE_CHECKING:
    from highspy import HighsLp


def best_flow(value: Ints, allowed: Bools, per_application: int, low: int, high: int) -> Bools | None:
    """The best assignment [application, evaluator]; None where none meets the conditions."""
    import highspy  # noqa: PLC0415  (only the command that assigns needs the solver)

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", "simplex")
    solver.setOptionValue("threads", 1)
    # Values are scaled to 1 below; the least difference between two of them is still some ten times this.
    solver.setOptionValue("dual_feasibility_tolerance", 1e-10)
    solver.passModel(_model(value, allowed, per_application, low, high))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    chosen = np.zeros(allowed.shape, dtype=bool)
    chosen[allowed] = np.array(solver.getSolution().col_value) > 0.5
    return chosen


def _model(value: Ints, allowed: Bools, per_application: int, low: int, high: int) -> HighsLp:
    """One column for each allowed pair; the rows are the applications, then the evaluators."""
    from highspy import HighsLp, MatrixFormat  # noqa: PLC0415

    n_applications, n_evaluators = allowed.shape
    application, evaluator = np.nonzero(allowed)
    model = HighsLp()
    model.num_col_, model.num_row_ = len(application), n_applications + n_evaluators
    model.col_cost_ = -value[allowed] / max(1, int(np.abs(value).max()))
    model.col_lower_, model.col_upper_ = np.zeros(len(application)), np.ones(len(application))
    model.row_lower_ = np.concatenate(
        [np.full(n_applications, per_application), np.full(n_evaluators, low)]
    ).astype(float)
    model.row_upper_ = np.concatenate(
        [np.full(n_applications, per_application), np.full(n_evaluators, high)]
    ).astype(float)
    model.a_matrix_.format_ = MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * len(application) + 1, 2)
    model.a_matrix_.index_ = np.stack([application, n_applications + evaluator], axis=1).ravel()
    model.a_matrix_.value_ = np.ones(2 * len(application))
    return model
