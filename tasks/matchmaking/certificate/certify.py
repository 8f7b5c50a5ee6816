"""The certificate of a choice: prices for all groups, the few groups that remain, and a tree over these.

First every group gets prices. A selection with a group that falls short of its prices is worth less by as
much, so that most groups cannot be in a better one. The tree is about the others.

Belongs here: both parts, and their statements (dictionary CERTIFICATE). Must stay out: the premises
(`premises.py`) and checking (`warehouse/snapshots/certificate.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from tasks.matchmaking.certificate.counting import Counting, Prices, is_three, rows_of
from tasks.matchmaking.certificate.premises import class_name
from tasks.matchmaking.certificate.relaxation import PARTS, Relaxation
from tasks.matchmaking.certificate.tree import Tree, grow
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.solver.cut import Cut
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.large.large_call import LargeCall
from tasks.matchmaking.solver.master_problem import Floats, MasterSolution, Rows
from tasks.matchmaking.value.arrays import Wide
from warehouse.dictionary.certificate import CERTIFICATE

FIRST_GROUPS, MORE_GROUPS = 2_000, 1_000
"""Groups that are priced at first, and at most so many more each time; those that could matter are few."""
MOST_PRICINGS = 20
MOST_NEAR = 20_000
"""Above this many groups that could be in a better selection there is no tree, and the bound is told."""
MOST_WORK = 60_000
"""Work of the tree in simplex iterations."""
Statement = tuple[str, str, str, int]
"""Item, what, object, value."""


@dataclass(frozen=True)
class Certificate:
    """What is claimed and the proof.

    `objective` and `bound` are in steps, `excess` (what a group is worth above its prices at most) and the
    prices `every` in parts of a step; `first` has the rows that are priced. `near` counts the groups that
    could be in a better selection. Where there are none or too many, there is no `tree` and no `relaxation`.
    """

    objective: int
    bound: int
    excess: int
    every: Prices
    first: Relaxation
    near: int
    relaxation: Relaxation | None = None
    tree: Tree | None = None


def certificate_table(
    choice: Choice, premises: pl.DataFrame, distances: Floats, solved: MasterSolution | None
) -> pl.DataFrame:
    """Dictionary CERTIFICATE of a choice; empty where nothing could be chosen.

    `premises` are dictionary MATCHING_FACTS; `distances` say how far each group of the instance is from being
    selected, and `solved` is the solution that they come from.
    """
    found = certify(choice, distances, solved)
    if found is None:
        return CERTIFICATE.empty()
    rows = [*_statements(found, choice), ("claim", "facts", facts_hash(premises.rows()), 0)]
    return CERTIFICATE.conform(pl.DataFrame(rows, schema=CERTIFICATE.schema, orient="row"))


def facts_hash(rows: list[tuple[object, ...]]) -> str:
    """One hash over all facts, in their order."""
    text = "\n".join("\t".join(map(str, row)) for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()


def certify(choice: Choice, distances: Floats, solved: MasterSolution | None) -> Certificate | None:
    """The certificate of a choice; None where nothing could be chosen."""
    instance, chosen = choice.instance, choice.solution.chosen
    if chosen is None or solved is None:
        return None
    objective, large = objective_of(instance, chosen), isinstance(choice.solver, LargeCall)
    threes = [] if large else [one for one in choice.solver.master.cuts if is_three(one)]
    first, every, reduced = _as_solved(instance, solved) if large else _priced(instance, distances, threes)
    excess = max(0, int(reduced.max(initial=0)))
    if isinstance(choice.solver, LargeCall):
        excess = max(excess, _excess_elsewhere(choice.solver, first, every))
    most, fixed = instance.capacity.max_twinnings, first.fixed(every, {})
    whole = (fixed + most * excess) // PARTS
    near = np.flatnonzero(reduced >= (objective + 1) * PARTS - fixed - max(0, most - 1) * excess)
    if whole <= objective or large or len(near) > MOST_NEAR:
        return Certificate(objective, max(whole, objective), excess, every, first, 0)
    relaxation = Relaxation(instance, instance.groups.take(near), threes)
    tree = grow(relaxation, objective, MOST_WORK)
    bound = max(objective, min(whole, tree.bound))
    return Certificate(objective, bound, excess, every, first, len(near), relaxation, tree)


def objective_of(instance: Instance, chosen: tuple[int, ...]) -> int:
    """Worth less balance of some groups, in whole steps."""
    groups = instance.groups.take(np.array(chosen, np.intp))
    total = int(groups.worth.sum())
    counting = Counting(instance, groups)
    for row in rows_of(instance, []):
        if row.name == "class":
            n = int(counting.times(row).sum())
            total -= round(row.cost) * max(0, round(row.least) - n, n - round(row.most))
    return total


def _priced(instance: Instance, distances: Floats, cuts: list[Cut]) -> tuple[Relaxation, Prices, Wide]:
    """Prices for all groups, with what each is worth above them.

    The relaxation knows few groups; those that are worth more than its prices become known, until none are.
    """
    n, every = len(instance.groups), Counting(instance, instance.groups)
    rows: Rows = np.arange(n)
    if n > FIRST_GROUPS:
        rows = np.sort(np.argpartition(-distances, FIRST_GROUPS)[:FIRST_GROUPS])
    for _ in range(MOST_PRICINGS):
        relaxation = Relaxation(instance, instance.groups.take(rows), cuts)
        relaxation.solve({})
        prices = relaxation.prices({})
        reduced = relaxation.reduced(prices, every)
        more = np.setdiff1d(np.flatnonzero(reduced > PARTS // 64), rows)
        if len(more) == 0:
            break
        more = more[np.argsort(-reduced[more], kind="stable")[:MORE_GROUPS]]
        rows = np.union1d(rows, more)
    return relaxation, prices, reduced


def _as_solved(instance: Instance, solved: MasterSolution) -> tuple[Relaxation, Prices, Wide]:
    """The solver's own prices for all groups: where they are not all held, its enumeration priced them in."""
    relaxation = Relaxation(instance, instance.groups.take(np.zeros(0, np.intp)), [])
    n, totals = instance.n_cities, instance.n_cities + instance.n_topics
    shared = np.full(n, solved.duals[totals + 1])
    for one, dual in zip(instance.classes, solved.duals[totals + 2 :], strict=False):
        if one.subject != "topic":
            shared[one.members] += dual
    own = {"twinnings": solved.duals[totals], "cities": solved.duals[totals + 1]}
    duals = np.zeros(len(relaxation.rows))
    for number, row in enumerate(relaxation.rows):
        if row.name == "city":
            duals[number] = solved.duals[row.of] - shared[row.of]
        elif row.name == "class":
            duals[number] = solved.duals[totals + 2 + row.of]
        else:
            duals[number] = own.get(row.name, 0.0)
    relaxation.take(duals)
    prices = relaxation.prices({})
    return relaxation, prices, relaxation.reduced(prices, Counting(instance, instance.groups))


def _excess_elsewhere(solver: LargeCall, first: Relaxation, prices: Prices) -> int:
    """What a group that is not held is worth above its prices at most, in parts of a step."""
    n = first.instance.n_cities
    of_city, of_topic = np.zeros(n), np.zeros(first.instance.n_topics)
    classes = first.instance.classes
    for number, price in prices.items():
        row = first.rows[number]
        match row.name:
            case "city":
                of_city[row.of] += price / PARTS
            case "twinnings":
                of_topic += price / PARTS
            case "cities":
                of_city += price / PARTS
            case "class" if classes[row.of].subject == "topic":
                of_topic[classes[row.of].members] += price / PARTS
            case "class":
                of_city[classes[row.of].members] += price / PARTS
    more = solver.worth_more(of_city, of_topic)
    return max(0, int(first.reduced(prices, Counting(first.instance, more)).max(initial=0)))


def _statements(found: Certificate, choice: Choice) -> Iterator[Statement]:
    yield ("claim", "objective", "", found.objective)
    yield ("claim", "bound", "", found.bound)
    yield ("claim", "near", "", found.near)
    yield ("claim", "excess", "", found.excess)
    yield ("claim", "fixed", "", found.first.fixed(found.every, {}))
    names = _Names(choice)
    yield from names.prices("every", found.first, found.every)
    if found.tree is not None and found.relaxation is not None:
        for name, (row, most) in found.tree.splits.items():
            yield (f"node {name}", "at_most", names.of_row(found.relaxation, row), most)
        for name, leaf in found.tree.leaves.items():
            yield (f"node {name}", "bound", "", leaf.bound)
            yield from names.prices(f"node {name}", found.relaxation, leaf.prices)
    yield from names.counts()


class _Names:
    """How rows are named in the certificate; each cut that is named gets a number."""

    def __init__(self, choice: Choice) -> None:
        self._topics, self._classes = choice.facts.topics, choice.instance.classes
        self._cities = sorted(choice.facts.by_city)
        self._numbers: dict[Cut, int] = {}
        self._members = {
            tuple(one.members.tolist()): class_name(one.subject, one.name)
            for one in self._classes
            if one.subject != "topic" and len(one.members) > 3
        }

    def of_row(self, relaxation: Relaxation, number: int) -> str:
        """The name of a row."""
        row = relaxation.rows[number]
        if row.cut is not None:
            return f"count {self._numbers.setdefault(row.cut, len(self._numbers) + 1)}"
        if row.name == "city":
            return f"city {self._cities[row.of]}"
        if row.name in {"class", "wants"}:
            one = self._classes[row.of]
            return f"{row.name} {class_name(one.subject, one.name)}"
        return row.name

    def prices(self, item: str, relaxation: Relaxation, prices: Prices) -> Iterator[Statement]:
        """The prices of a node."""
        return ((item, "price", self.of_row(relaxation, number), price) for number, price in prices.items())

    def counts(self) -> Iterator[Statement]:
        """What each numbered cut counts."""
        every = tuple(range(len(self._cities)))
        for cut, number in self._numbers.items():
            item = f"count {number}"
            yield (item, "enough", "", cut.enough)
            yield (item, "most", "", cut.most)
            if cut.topic is not None:
                yield (item, "topic", self._topics[cut.topic], 1)
            if cut.alone:
                yield (item, "alone", "", 1)
            if cut.cities == every:
                yield (item, "cities", "", 1)
            elif cut.cities in self._members:
                yield (item, "class", self._members[cut.cities], 1)
            else:
                yield from ((item, "city", self._cities[city], 1) for city in cut.cities)
