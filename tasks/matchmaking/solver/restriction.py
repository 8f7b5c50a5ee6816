"""A restriction: what is asked of a selection beyond the instance itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.matchmaking.solver.master_problem import Bounds


@dataclass(frozen=True)
class Restriction:
    """City numbers that must be chosen, and positions of groups that must not be."""

    required: Sequence[int] = ()
    excluded: Sequence[int] = ()

    @property
    def bounds(self) -> Bounds:
        """The bounds of the required cities in a master problem."""
        return dict.fromkeys(self.required, (1.0, 1.0))


NO_RESTRICTION = Restriction()
