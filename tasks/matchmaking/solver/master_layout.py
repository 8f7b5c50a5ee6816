"""Which variable of the master problem is which, and the bounds it has when nothing is imposed on it.

Variables in order: one a city (selected or not), one a topic (number of its twinnings), the totals of
twinnings and of cities, one unmet obligation a city, the balance, then the groups.

Belongs here: numbering. Must stay out: the linear program itself
(`tasks/matchmaking/solver/master_problem.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from tasks.matchmaking.solver.instance import Instance


@dataclass(frozen=True)
class MasterLayout:
    """The variables of an instance's master problem; the same however many groups become known."""

    instance: Instance

    @property
    def cities(self) -> slice:
        """The variables that say which cities are selected."""
        return slice(0, self.instance.n_cities)

    @property
    def topics(self) -> slice:
        """The variables that say how many twinnings each topic has."""
        return slice(self.instance.n_cities, self.instance.n_cities + self.instance.n_topics)

    @property
    def totals(self) -> slice:
        """The variables that say how many twinnings and how many cities there are in all."""
        return slice(self.topics.stop, self.topics.stop + 2)

    @property
    def unmet(self) -> slice:
        """The variables that say which required cities are not selected."""
        return slice(self.totals.stop, self.totals.stop + self.instance.n_cities)

    def own_bounds(self, variable: int, infinity: float) -> tuple[float, float]:
        """Lower and upper bound of a variable when nothing is imposed on it."""
        capacity = self.instance.capacity
        if variable < self.cities.stop:
            return (1.0 if variable in self.instance.required else 0.0), 1.0
        if variable < self.totals.stop - 1:
            return 0.0, float(capacity.max_twinnings)
        if variable < self.totals.stop:
            return 0.0, float(capacity.max_cities)
        return 0.0, 1.0 if variable < self.unmet.stop else infinity
