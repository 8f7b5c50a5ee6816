"""Plans that are nearly as good as the selection: all of them where they are few, else a sample.

A plan is a selection that is worth at most a stated share less. Few cities have few plans, which are
enumerated; prices of the proof cut off what is worth less. Where there are too many, a walk draws some: it
goes from plan to plan by putting one group in, out, or in the place of another, each as likely as its way
back, so that in the long run it is at every plan it can reach equally often (Metropolis et al. 1953).

Belongs here: finding plans. Must stay out: what is told of them (`alternatives.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from tasks.matchmaking.certificate.certify import objective_of
from tasks.matchmaking.certificate.counting import Counting, rows_of
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.solver.master_problem import MasterSolution, Rows
from tasks.matchmaking.solver.pricing import SLACK, ColumnPool

Plan = frozenset[int]
"""Positions of groups in the instance."""
_Partial = tuple[int, float, tuple[int, ...], frozenset[int]]
"""Cities decided, steps lost at least, the groups, and the cities they take."""
MOST_PLANS, MOST_LOOKS = 5_000, 60_000
"""Plans up to which all are enumerated, and partial plans that may be looked at for that."""
HALF = 0.5
DRAWN, STEPS_BETWEEN = 1_000, 40
"""Plans of a sample, and steps of the walk from one to the next."""


@dataclass(frozen=True)
class NearEqual:
    """The plans within `limit` steps of the selection, the selection among them.

    `complete` says that there are no others. Otherwise they are a sample, and a plan may be there more than
    once.
    """

    limit: int
    plans: list[Plan]
    complete: bool


def near_equal(choice: Choice, share: float) -> NearEqual:
    """The plans that are worth at most `share` (0 to 1) of the objective less than the selection."""
    instance, chosen = choice.instance, choice.solution.chosen or ()
    solved = choice.solver.priced_out()
    if solved is None or not chosen:
        return NearEqual(0, [Plan(chosen)], complete=not chosen)
    objective = objective_of(instance, chosen)
    limit = int(abs(objective) * share)
    pool = ColumnPool(instance)
    rows = pool.could_improve(solved, choice.solver.master.cuts, objective - limit - SLACK)
    worth = _Worth(choice, np.union1d(rows, np.array(chosen, np.intp)))
    every = list(_enumerated(worth, choice, solved, objective - limit))
    if every and every[-1] is not None:
        return NearEqual(limit, [one for one in every if one is not None], complete=True)
    return NearEqual(
        limit, list(_walk(worth, Plan(chosen), objective - limit, choice.problem.seed)), complete=False
    )


@dataclass
class _Worth:
    """What plans are worth, kept up to date while groups come and go."""

    choice: Choice
    rows: Rows
    members: dict[int, tuple[int, ...]] = field(init=False)
    plan: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        instance = self.choice.instance
        groups = instance.groups.take(self.rows)
        counting = Counting(instance, groups)
        named = [row for row in rows_of(instance, []) if row.name == "class"]
        self._wanted = [(int(row.least), int(row.most), int(row.cost)) for row in named]
        table = (
            np.stack([counting.times(row) for row in named], axis=1) if named else np.zeros((len(groups), 0))
        )
        ids = self.rows.tolist()
        self._times = dict(zip(ids, table.astype(int).tolist(), strict=True))
        self._worth = dict(zip(ids, groups.worth.tolist(), strict=True))
        self.members = {
            k: tuple(c for c in some if c >= 0)
            for k, some in zip(ids, counting.members.tolist(), strict=True)
        }
        self._counts, self._value = [0] * len(named), 0
        self.at: dict[int, int] = {}

    def put(self, k: int) -> None:
        """Put a group in."""
        self.plan.add(k)
        self._change(k, 1)
        self.at.update(dict.fromkeys(self.members[k], k))

    def take(self, k: int) -> None:
        """Take a group out."""
        self.plan.remove(k)
        self._change(k, -1)
        for city in self.members[k]:
            del self.at[city]

    def _change(self, k: int, sign: int) -> None:
        self._value += sign * self._worth[k]
        for number, times in enumerate(self._times[k]):
            self._counts[number] += sign * times

    def objective(self) -> int:
        """Worth less balance, in steps."""
        cost = 0
        for count, (least, most, price) in zip(self._counts, self._wanted, strict=True):
            cost += price * max(0, least - count, count - most)
        return self._value - cost

    def is_plan(self, plan: tuple[int, ...], least: int) -> bool:
        """Whether some groups are a plan worth at least `least`; none may be in before, and none is after."""
        for k in plan:
            self.put(k)
        good = self.fits() and self.objective() >= least
        for k in plan:
            self.take(k)
        return good

    def fits(self) -> bool:
        """Whether capacity and obligations hold."""
        instance = self.choice.instance
        capacity, required = instance.capacity, instance.required
        room = len(self.plan) <= capacity.max_twinnings and len(self.at) <= capacity.max_cities
        return room and all(city in self.at for city in required)


def _enumerated(worth: _Worth, choice: Choice, solved: MasterSolution, least: int) -> Iterator[Plan | None]:
    """Every plan worth at least `least`; None last where they are too many.

    City after city: it has no place, or one of its groups whose other cities come later. A plan is worth at
    most the bound less what its groups fall short of their prices.
    """
    reduced = ColumnPool(choice.instance, worth.rows).reduced_costs(solved, choice.solver.master.cuts)
    short = dict(zip(worth.rows.tolist(), (-reduced).tolist(), strict=True))
    by_first: dict[int, list[int]] = {}
    for k, cities in sorted(worth.members.items()):
        by_first.setdefault(min(cities), []).append(k)
    order, slack = sorted(by_first), solved.value + SLACK + 1.0 - least
    looks, found = 0, 0
    stack: list[_Partial] = [(0, 0.0, (), frozenset())]
    while stack:
        at, lost, plan, used = stack.pop()
        looks += 1
        if looks > MOST_LOOKS or found > MOST_PLANS:
            yield None
            return
        if at == len(order):
            if worth.is_plan(plan, least):
                found += 1
                yield Plan(plan)
            continue
        stack.append((at + 1, lost, plan, used))
        free = order[at] not in used and len(plan) < choice.instance.capacity.max_twinnings
        for k in by_first[order[at]] if free else ():
            more, members = lost + max(0.0, short[k]), worth.members[k]
            room = len(used) + len(members) <= choice.instance.capacity.max_cities
            if more <= slack and room and used.isdisjoint(members):
                stack.append((at + 1, more, (*plan, k), used | frozenset(members)))


def _walk(worth: _Worth, start: Plan, least: int, seed: int) -> Iterator[Plan]:
    """Plans on a random walk from the selection; the selection is the first."""
    draw = np.random.default_rng(seed)
    for k in sorted(start):
        worth.put(k)
    yield start
    ids = worth.rows.tolist()
    for _ in range(DRAWN - 1):
        for k, other in zip(
            draw.integers(len(ids), size=STEPS_BETWEEN).tolist(),
            draw.random(STEPS_BETWEEN).tolist(),
            strict=True,
        ):
            _step(worth, ids[k], other, least)
        yield Plan(worth.plan)


def _step(worth: _Worth, k: int, other: float, least: int) -> None:
    """Put a group in, or out, or in the place of one other, if that is a plan again."""
    gone, come = [k], list[int]()
    if k not in worth.plan:
        gone, come = sorted({worth.at[city] for city in worth.members[k] if city in worth.at}), [k]
    swaps = not gone and other < HALF
    if len(gone) > 1 or (not come and other < HALF) or (swaps and not worth.plan):
        return
    if swaps:  # half of the free ones come in the place of any other, half beside them
        gone = [sorted(worth.plan)[int(other / HALF * len(worth.plan))]]
    for one in gone:
        worth.take(one)
    for one in come:
        worth.put(one)
    if not worth.fits() or worth.objective() < least:
        for one in come:
            worth.take(one)
        for one in gone:
            worth.put(one)


def far_apart(found: NearEqual, choice: Choice, many: int) -> list[Plan]:
    """The selection and the plans that differ most from it and from each other, at most `many`."""
    picked = [Plan(choice.solution.chosen or ())]
    left = sorted(set(found.plans) - set(picked), key=sorted)

    def apart(plan: Plan) -> int:
        return min(len(plan ^ one) for one in picked)

    while left and len(picked) < many:
        farthest = max(left, key=apart)  # of equal ones the first
        picked.append(farthest)
        left.remove(farthest)
    return picked
