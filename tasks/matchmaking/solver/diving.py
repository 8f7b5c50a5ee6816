"""A diving heuristic: a good selection fast, from a fractional solution of the master problem.

Belongs here: the dive. Must stay out: any proof.
"""

from __future__ import annotations

import numpy as np

from tasks.matchmaking.solver.incumbent import NO_INCUMBENT, Incumbent
from tasks.matchmaking.solver.master_problem import INTEGRALITY, Bounds, MasterProblem, MasterSolution

DEAD_ENDS = 12
"""So often a dive may find that the likeliest group has no room, before it is given up."""
IN, OUT = (1.0, 1.0), (0.0, 0.0)


def dive(master: MasterProblem, base: Bounds, solved: MasterSolution) -> Incumbent:
    """Take the group chosen in the largest part whole, again and again, until all are whole.

    A group is ruled out only where there is no room for it or an obligation could no longer be met. The
    answer is NO_INCUMBENT where nothing fits or the dive was given up; the master problem is left with the
    bounds `base`.
    """
    first, applied, now, dead_ends = master.first_group, dict[int, tuple[float, float]](), solved, 0
    chosen, met = master.selection(now), master.all_met(now)
    while chosen is None and dead_ends <= DEAD_ENDS:
        parts = np.where(now.variables[first:] < 1 - INTEGRALITY, now.variables[first:], 0.0)
        variable = first + int(np.argmax(parts))
        again = None
        for bounds in (IN, OUT):
            applied[variable] = bounds
            master.set_bounds({variable: bounds})
            again = master.solve()
            if again is not None and (master.all_met(again) or not met):
                break
            dead_ends += 1
        if again is None:
            break
        now, chosen = again, master.selection(again)
    master.move_bounds(base, applied, {})
    return NO_INCUMBENT if chosen is None else Incumbent(chosen, now.value, False)
