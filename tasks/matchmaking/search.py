"""Branch and bound over the known groups: depth first from the relaxation, each node solved from where the last one stood.

Belongs here: the search. Must stay out: which groups have to be known for its answer to be the best of all (`solver.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tasks.matchmaking.cuts import most_open_pair, violated_cuts
from tasks.matchmaking.relaxation import FRACTION, Bounds, Relaxation, Relaxed

TOLERANCE = 1e-6
"""A selection counts as better only if it is worth more by this; a tenth of the smallest difference tie-breakers make."""

CUT_ROUNDS = 4
"""Times a node's relaxation is cut before branching."""
OUT, IN = (0.0, 0.0), (1.0, 1.0)
Node = dict[int, tuple[float, float]]


@dataclass(frozen=True)
class Found:
    """The best selection found (None if none was better than what was known), its objective, and whether nothing better can exist."""

    chosen: tuple[int, ...] | None
    objective: float
    exhausted: bool


NOTHING = Found(None, -math.inf, False)


def search(relaxation: Relaxation, base: Bounds, known: Found, most_nodes: int) -> Found:
    """Look for a selection better than `known` under the bounds `base`, at most over `most_nodes` nodes."""
    best, stack, nodes, applied = known, [(Node(), math.inf)], 0, Node()
    while stack and nodes < most_nodes:
        node, hoped = stack.pop()
        if hoped <= best.objective + TOLERANCE:
            continue
        _move(relaxation, base, applied, node)
        applied = node
        relaxed = _cut_down(relaxation, best.objective)
        nodes += 1
        if relaxed is None or relaxed.value <= best.objective + TOLERANCE:
            continue
        chosen = relaxation.selection(relaxed)
        if chosen is None:
            stack += [(node | branch, relaxed.value) for branch in _branches(relaxation, relaxed)]
        else:
            best = Found(chosen, relaxed.value, False)
    exhausted = all(hoped <= best.objective + TOLERANCE for _, hoped in stack)
    _move(relaxation, base, applied, Node())
    return Found(best.chosen, best.objective, exhausted)


def _cut_down(relaxation: Relaxation, known: float) -> Relaxed | None:
    """Solve and cut until nothing is violated, or the node cannot hold anything better than `known`."""
    relaxed = relaxation.solve()
    for _ in range(CUT_ROUNDS):
        if relaxed is None or relaxed.value <= known + TOLERANCE:
            break
        cuts = violated_cuts(relaxation, relaxed)
        if not cuts:
            break
        relaxation.cut(cuts)
        relaxed = relaxation.solve()
    return relaxed


def _move(relaxation: Relaxation, base: Bounds, left: Node, entered: Node) -> None:
    """From one node's bounds to another's."""
    gone = [variable for variable in left if variable not in entered]
    relaxation.free({variable: (0.0, 0.0) for variable in gone if variable not in base})
    relaxation.bound({variable: base[variable] for variable in gone if variable in base})
    relaxation.bound({variable: bounds for variable, bounds in entered.items() if left.get(variable) != bounds})


def _branches(relaxation: Relaxation, relaxed: Relaxed) -> list[Node]:
    """Two branches that share out all selections, the likelier one last: on a variable that is in part (a total, else a city, else the count
    of a topic); else on two cities, apart or together; else on a group (the same cities on one topic or another), out or in.
    """
    for variables in (relaxation.totals, relaxation.cities, relaxation.topics):
        values = relaxed.variables[variables]
        in_part = np.minimum(values - np.floor(values), np.ceil(values) - values)
        if in_part.max(initial=0.0) > FRACTION:
            return _around(variables.start + int(np.argmax(in_part)), relaxation, relaxed)
    first = relaxation.first_group
    pair = most_open_pair(relaxation, relaxed)
    if pair is not None:
        having = [(k, len({*pair} & {*relaxation.cities_of(k)})) for k in range(len(relaxation.columns))]
        return [{first + k: OUT for k, n in having if n == 2}, {first + k: OUT for k, n in having if n == 1}]
    parts = relaxed.variables[first:]
    variable = first + int(np.argmax(np.minimum(parts, 1 - parts)))
    return [{variable: OUT}, {variable: IN}]


def _around(variable: int, relaxation: Relaxation, relaxed: Relaxed) -> list[Node]:
    """At most the whole number below the variable's value, or at least the one above; the nearer one last."""
    value, (lower, upper) = float(relaxed.variables[variable]), relaxation.own_bounds(variable)
    down, up = Node({variable: (lower, math.floor(value))}), Node({variable: (math.ceil(value), upper)})
    return [up, down] if value % 1 < 0.5 else [down, up]


def dive(relaxation: Relaxation, base: Bounds, relaxed: Relaxed) -> Found:
    """A good selection fast: the group chosen in the largest part is taken whole, until all are whole or nothing fits."""
    first, applied, now = relaxation.first_group, Node(), relaxed
    chosen, met = relaxation.selection(now), relaxation.all_met(now)
    while chosen is None:
        parts = np.where(now.variables[first:] < 1 - FRACTION, now.variables[first:], 0.0)
        variable = first + int(np.argmax(parts))
        again = None
        for bounds in (IN, OUT):  # out only where there is no room for it, or an obligation could no longer be met
            applied[variable] = bounds
            relaxation.bound({variable: bounds})
            again = relaxation.solve()
            if again is not None and (relaxation.all_met(again) or not met):
                break
        if again is None:
            break
        now, chosen = again, relaxation.selection(again)
    _move(relaxation, base, applied, Node())
    return NOTHING if chosen is None else Found(chosen, now.value, False)
