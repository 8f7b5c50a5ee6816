"""Which solver a reduced problem gets: one that holds all groups, or the one for calls of thousands.

Belongs here: this choice; callers need not know that there are two.
"""

from __future__ import annotations

from tasks.matchmaking.feasibility.reduced_problem import ReducedProblem
from tasks.matchmaking.problem import BaselineTwinnings
from tasks.matchmaking.solver.column_generation import NO_LIMITS, ColumnGeneration, Limits
from tasks.matchmaking.solver.decided_tables import decided_tables
from tasks.matchmaking.solver.enumeration import enumerate_groups
from tasks.matchmaking.solver.instance import instance_of
from tasks.matchmaking.solver.large.large_call import LargeCall, too_many_groups


def solver_of(
    reduced: ReducedProblem, baseline: BaselineTwinnings, limits: Limits = NO_LIMITS
) -> ColumnGeneration:
    """The solver of what decisions leave to choose, with a bonus for what the baseline had."""
    tables = decided_tables(reduced, baseline)
    if too_many_groups(tables):
        return LargeCall(reduced, tables, limits)
    groups = enumerate_groups(tables, reduced.facts.rules.largest_group)
    return ColumnGeneration(instance_of(reduced, groups), limits)
