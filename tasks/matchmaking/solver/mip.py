"""HiGHS' own mixed-integer solver, over the few groups that could be in a better selection.

It takes over where our branch and bound does not finish within its nodes, which is rare.

Belongs here: handing over and reading back.
"""

from __future__ import annotations

import numpy as np

from tasks.matchmaking.solver.incumbent import Incumbent
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.master_problem import MasterProblem, Rows
from tasks.matchmaking.solver.restriction import Restriction

EVERY_NODE = 2**31 - 1
"""HiGHS' number for no limit of nodes."""
INTEGER = 1
"""HiGHS' number for a variable that must be whole."""


def integer_optimum(
    instance: Instance, rows: Rows, restriction: Restriction, known: Incumbent, most_nodes: int | None = None
) -> Incumbent:
    """The best selection of the groups at `rows` under a restriction; `known` where it is not better.

    It is not exhausted where more than `most_nodes` nodes would have to be searched.
    """
    master = MasterProblem(instance)
    master.add_groups(np.setdiff1d(rows, np.array(restriction.excluded, np.intp)))
    master.set_bounds(restriction.bounds)
    highs = master.highs
    for option, value in (
        ("presolve", "choose"),
        ("solver", "choose"),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", instance.least_gain),
        ("mip_feasibility_tolerance", 1e-8),
        ("mip_max_nodes", EVERY_NODE if most_nodes is None else most_nodes),
    ):
        highs.setOptionValue(option, value)
    columns = np.arange(master.first_group, master.first_group + len(master.columns), dtype=np.int32)
    highs.changeColsIntegrality(len(columns), columns, np.full(len(columns), INTEGER, np.uint8))
    solved = master.solve_whole()
    exhausted = master.is_settled
    if solved is None or solved.value <= known.objective + instance.least_gain:
        return Incumbent(known.chosen, known.objective, exhausted)
    return Incumbent(master.selection(solved), solved.value, exhausted)
