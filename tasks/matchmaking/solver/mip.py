"""HiGHS' own mixed-integer solver, over the few groups that could be in a better selection.

It takes over where our branch and bound does not finish within its nodes, which is rare.

Belongs here: handing over and reading back.
"""

from __future__ import annotations

import numpy as np

from tasks.matchmaking.solver.incumbent import TOLERANCE, Incumbent
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.master_problem import MasterProblem, Rows
from tasks.matchmaking.solver.restriction import Restriction

INTEGER = 1
"""HiGHS' number for a variable that must be whole."""


def integer_optimum(instance: Instance, rows: Rows, restriction: Restriction, known: Incumbent) -> Incumbent:
    """The best selection of the groups at `rows` under a restriction; `known` where it is not better."""
    master = MasterProblem(instance)
    master.add_groups(np.setdiff1d(rows, np.array(restriction.excluded, np.intp)))
    master.set_bounds(restriction.bounds)
    highs = master.highs
    for option, value in (
        ("presolve", "choose"),
        ("solver", "choose"),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", TOLERANCE),
        ("mip_feasibility_tolerance", 1e-8),
    ):
        highs.setOptionValue(option, value)
    columns = np.arange(master.first_group, master.first_group + len(master.columns), dtype=np.int32)
    highs.changeColsIntegrality(len(columns), columns, np.full(len(columns), INTEGER, np.uint8))
    solved = master.solve()
    if solved is None or solved.value <= known.objective + TOLERANCE:
        return Incumbent(known.chosen, known.objective, True)
    return Incumbent(master.selection(solved), solved.value, True)
