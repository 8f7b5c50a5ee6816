"""HiGHS' own integer solver, over the few groups that could be in a better selection: for the rare choice
that our search cannot finish.

Belongs here: handing over and reading back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tasks.matchmaking.solver.branch_and_bound import TOLERANCE, Incumbent
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.master_problem import Relaxation, Rows

INTEGER = 1


def integer_optimum(
    instance: Instance, rows: Rows, must: Sequence[int], without: Sequence[int], known: Incumbent
) -> Incumbent:
    """The best selection of the groups at `rows` with the cities `must`; `known` where it is not better than
    that.
    """
    relaxation = Relaxation(instance)
    relaxation.add(np.setdiff1d(rows, np.array(without, np.intp)))
    relaxation.bound(dict.fromkeys(must, (1.0, 1.0)))
    highs = relaxation.highs
    for option, value in (
        ("presolve", "choose"),
        ("solver", "choose"),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", TOLERANCE),
        ("mip_feasibility_tolerance", 1e-8),
    ):
        highs.setOptionValue(option, value)
    columns = np.arange(
        relaxation.first_group, relaxation.first_group + len(relaxation.columns), dtype=np.int32
    )
    highs.changeColsIntegrality(len(columns), columns, np.full(len(columns), INTEGER, np.uint8))
    solved = relaxation.solve()
    if solved is None or solved.value <= known.objective + TOLERANCE:
        return Incumbent(known.chosen, known.objective, True)
    return Incumbent(relaxation.selection(solved), solved.value, True)
