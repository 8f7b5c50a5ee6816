"""What would have been enough: the fewest points, or one change of the form.

More points of its own score raise every twinning with a city alike. So an application is placed once it has
as many more as the whole selection would lose by taking it, exactly: with less the selection as it is, is
worth more. Another answer in the form changes its twinnings each in its own way. Prices of the proof tell
which answers could be enough, and solving again tells whether they are.

Belongs here: both, as dictionary SUFFICIENT. Must stay out: why it was not placed (`unplaced.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from math import floor

import numpy as np
import polars as pl

from programme.matchmaking import steps
from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.explain.losses import Losses
from tasks.matchmaking.explain.sufficient_change import Change, not_looked_at, score_in_words
from tasks.matchmaking.problem import MatchingProblem, Pin
from tasks.matchmaking.solver.large.priced_enumeration import PriceFilter, groups_worth_more
from tasks.matchmaking.solver.master_problem import MasterSolution
from tasks.matchmaking.solver.pricing import SLACK
from tasks.matchmaking.value.facts import Applicant, Facts, TopicInterest
from tasks.matchmaking.value.minimum_worth import below_minimum
from tasks.matchmaking.value.topic_table import PairTable, pair_table, topic_table
from warehouse.dictionary.near_selection import SUFFICIENT

UNIT = 0.01
"""Points of a selection score in which the fewest are told."""
MOST_POINTS = 110.0
"""A selection score has at most so many points (FAQ 3.5)."""
TRIED = 3
"""Answers of one kind that are solved again for one application, the most promising first."""
SOLVED = 100
"""Looks at all candidates that solving again counts for."""
LAST_TOPICS = 3
"""An application names so many topics."""


def sufficient_table(choice: Choice, losses: Losses) -> pl.DataFrame:
    """Dictionary SUFFICIENT of all applications that were not placed and have partners."""
    placed = {choice.facts.applicants[i].city_id for one in choice.all_twinnings for i in one.group}
    left = [i for i in choice.reduced.free if choice.facts.applicants[i].city_id not in placed]
    sought, found = Sought(choice, losses), dict[int, list[Change]]()
    for i in sorted(left, key=sought.distance, reverse=True):
        enough_work = sought.work < choice.problem.rules.limits.sufficient_work
        found[i] = list(sought.of(i)) if enough_work else [not_looked_at(choice, i)]
    return SUFFICIENT.frame([vars(one) for i in left for one in found[i]])


def points_more(choice: Choice, i: int, lost: int) -> float | None:
    """The fewest points more with which an application is worth `lost` steps more; None above the most."""
    rules, row = choice.problem.rules.selection, _row(choice.problem, choice.facts.applicants[i])
    total, wanted = float(str(row["total"])), choice.facts.applicants[i].score + lost
    if rules.points_per_point == 0:
        return None
    more = max(
        0, int((wanted - choice.facts.applicants[i].score - 1) / 64 / rules.points_per_point / UNIT) - 1
    )
    while total + more * UNIT <= MOST_POINTS:
        if steps((total + more * UNIT) * rules.points_per_point) >= wanted:
            return round(more * UNIT, 2)
        more += 1
    return None


def with_points(problem: MatchingProblem, application_id: str, more: float) -> MatchingProblem:
    """The problem in which one application has so many points more."""
    here = pl.col("application_id") == application_id
    return _changed(problem, total=pl.when(here).then(pl.col("total") + more).otherwise("total"))


def _changed(problem: MatchingProblem, **columns: pl.Expr) -> MatchingProblem:
    return replace(problem, candidates=problem.candidates.with_columns(**columns))


def _row(problem: MatchingProblem, one: Applicant) -> dict[str, object]:
    return problem.candidates.row(by_predicate=pl.col("application_id") == one.application_id, named=True)


def is_placed(problem: MatchingProblem, application_id: str) -> bool:
    """Whether the best selection of a problem has an application, by solving it."""
    return application_id in set(choose(problem, bonus_first=True).members["application_id"])


class Sought:
    """What is the same for all applications."""

    def __init__(self, choice: Choice, losses: Losses) -> None:
        self._choice, self._losses = choice, losses
        self._nearest = losses.nearest()
        self._solved: MasterSolution | None = losses.solved
        pairs = pair_table(choice.facts)
        self._pairs = replace(pairs, allowed=pairs.allowed.copy())
        self.work = 0

    def distance(self, i: int) -> tuple[float, int]:
        """How far an application is from a place (0 or less); the order of the applications breaks ties."""
        row = self._nearest.get(i)
        return (-math.inf if row is None else float(self._losses.distances[row]), -i)

    def _is_placed(self, problem: MatchingProblem, name: str) -> bool:
        self._count(SOLVED)
        return is_placed(problem, name)

    def _count(self, looks: int) -> None:
        """Count looks at all candidates."""
        self.work += looks * self._choice.problem.candidates.height

    def of(self, i: int) -> Iterator[Change]:
        """Every kind of change that would have been enough."""
        if i in self._nearest:
            yield from self._points(i)
        yield from self._first(i, self._topics(i))
        yield from self._first(i, self._jurisdictions(i))
        yield from self._hours(i)

    def _points(self, i: int) -> Iterator[Change]:
        loss = self._losses.with_city(i, self._nearest[i])
        if not loss.exact or loss.impossible:
            return
        choice, name = self._choice, self._choice.facts.applicants[i].application_id
        more = points_more(choice, i, loss.steps)
        if more is not None and not self._is_placed(with_points(choice.problem, name, more), name):
            more = points_more(choice, i, loss.steps + 1)  # at equal worth the tie went to the others
        if more is None:
            return
        reason = (
            f"With {more:.2f} points more of its own selection score it would have had a place, "
            "and not with fewer."
        )
        yield Change(name, "points", f"{more:.2f}", reason, score_in_words(more))

    def _first(self, i: int, tried: list[tuple[float, Change, MatchingProblem]]) -> Iterator[Change]:
        """The first of some changes that is enough, by solving again."""
        name = self._choice.facts.applicants[i].application_id
        best = sorted(tried, key=lambda one: (-one[0], one[1].value))[:TRIED]
        enough = next((change for _, change, problem in best if self._is_placed(problem, name)), None)
        if enough is not None:
            yield enough

    def _topics(self, i: int) -> list[tuple[float, Change, MatchingProblem]]:
        """Another topic in the place of its last one, or beside the others, with the same levels."""
        one = self._choice.facts.applicants[i]
        ordered = sorted(one.interests.items(), key=lambda item: item[1].priority)
        if not ordered:
            return []
        last, like = ordered[-1]
        replaces = len(ordered) >= LAST_TOPICS
        place = like.priority if replaces else len(ordered) + 1
        found = []
        for topic in self._choice.facts.topics:
            if topic in one.interests or topic in one.out_of_place:
                continue
            kept = {name: some for name, some in one.interests.items() if name != last or not replaces}
            interest = TopicInterest(place, like.need, like.experience)
            promise = self._promise(
                i, replace(one, interests={**kept, topic: interest}), [topic], self._pairs
            )
            if promise is not None:
                instead = f"instead of {last}" if replaces else "too"
                change = Change(
                    one.application_id,
                    "topic",
                    topic,
                    f"Had it chosen the topic {topic} {instead}, with the need and experience that it has on "
                    f"{last}, it would have had a place.",
                    f"Had your application named the topic {topic} {instead}, it would have been enough.",
                )
                found.append((promise, change, self._with_topic(one, topic, place, like)))
        return found

    def _with_topic(self, one: Applicant, topic: str, place: int, like: TopicInterest) -> MatchingProblem:
        here = pl.col("application_id") == one.application_id
        new = {"": topic, "_need": like.need, "_experience": like.experience}
        return _changed(
            self._choice.problem,
            **{
                f"topic_{place}{what}": pl.when(here).then(pl.lit(value)).otherwise(f"topic_{place}{what}")
                for what, value in new.items()
            },
        )

    def _jurisdictions(self, i: int) -> list[tuple[float, Change, MatchingProblem]]:
        one = self._choice.facts.applicants[i]
        if one.jurisdiction == "full":
            return []
        able = replace(one, jurisdiction="full")
        promise = self._promise(i, able, list(one.interests), pair_table(self._facts_with(i, able)))
        if promise is None:
            return []
        change = Change(
            one.application_id,
            "jurisdiction",
            "full",
            "With full jurisdiction it would have had a place.",
            "Full jurisdiction over the actions of the topic would have been enough.",
        )
        here = pl.col("application_id") == one.application_id
        column = pl.when(here).then(pl.lit("full")).otherwise("jurisdiction")
        return [(promise, change, _changed(self._choice.problem, jurisdiction=column))]

    def _facts_with(self, i: int, one: Applicant) -> Facts:
        people = self._choice.facts.applicants
        return replace(self._choice.facts, applicants=(*people[:i], one, *people[i + 1 :]))

    def _promise(
        self, i: int, one: Applicant, topics: list[str], pairs: PairTable, partner: int | None = None
    ) -> float | None:
        """How far the best twinning of a changed application is above its prices; None if too little.

        A selection with a group that is short of its prices by s is worth at most the bound less s. Only
        twinnings with `partner` count, where it is given.
        """
        solved, choice = self._solved, self._choice
        self._count(1)
        if solved is None:
            return None
        facts, n = self._facts_with(i, one), choice.instance.n_cities
        least = choice.solution.objective - solved.value - SLACK
        prices = np.append(solved.prices[:n], 0.0)[choice.instance.city_of]
        best: float | None = None
        for topic in topics:
            table = topic_table(topic, choice.reduced.free, facts, pairs)
            if i not in table.place or (partner is not None and partner not in table.place):
                continue
            others = np.delete(np.arange(len(table.members)), table.place[i])
            allowed = table.allowed.copy()
            far = np.zeros(len(table.members), bool)
            far[others] = ~table.allowed[table.place[i], others]
            allowed[far, :] = allowed[:, far] = False
            price = np.array([solved.prices[n + choice.facts.topics.index(topic)]])
            asked = PriceFilter(prices, price, least)
            near = replace(table, allowed=allowed)
            for block in groups_worth_more([near], facts.rules.largest_group, asked):
                having = block.take(block.has([i]))
                having = having if partner is None else having.take(having.has([partner]))
                if len(having):
                    paid = prices[having.first] + prices[having.second]
                    paid += np.where(having.third >= 0, prices[having.third], 0.0) + price[0]
                    over = float((having.worth - paid).max())
                    best = over if best is None else max(best, over)
        return best

    def _hours(self, i: int) -> Iterator[Change]:
        """More working hours shared with one other city, where too few of them keep the two apart."""
        choice, one, found = self._choice, self._choice.facts.applicants[i], list[tuple[float, int]]()
        for j in choice.reduced.free:
            other = choice.facts.applicants[j]
            if j == i or self._pairs.allowed[i, j] or other.city_id == one.city_id:
                continue
            common = [topic for topic in one.interests if other.takes_part_on(topic)]
            self._pairs.allowed[i, j] = self._pairs.allowed[j, i] = True
            promise = self._promise(i, one, common, self._pairs, j)
            self._pairs.allowed[i, j] = self._pairs.allowed[j, i] = False
            if promise is not None:
                found.append((promise, j))
        for _, j in sorted(found, key=lambda item: (-item[0], item[1]))[:TRIED]:
            if self._is_better_together(i, j):
                yield self._hours_with(i, j)
                return

    def _is_better_together(self, i: int, j: int) -> bool:
        """Whether the best selection with two together is worth more, if hours did not matter between them.

        A pin lets the minimum worth give way; a twinning that needs that is none.
        """
        choice, people = self._choice, self._choice.facts.applicants
        pin = Pin(people[i].city_id, people[j].city_id, None, "hours", ("shared_hours",))
        decided = choice.problem.constraints
        self._count(SOLVED)
        pinned = replace(choice.problem, constraints=replace(decided, pins=(*decided.pins, pin)))
        after = choose(pinned, bonus_first=True)
        if after.solution.chosen is None or after.problem.baseline is not choice.problem.baseline:
            return False
        together = [one for one in after.chosen if i in one.group]
        facts = replace(after.facts, waivers=decided.waivers)
        kept = all(below_minimum(one.group, one.topic, facts) is None for one in together)
        return kept and floor(after.solution.objective) > floor(choice.solution.objective)

    def _hours_with(self, i: int, j: int) -> Change:
        one, other = self._choice.facts.applicants[i], self._choice.facts.applicants[j]
        return Change(
            one.application_id,
            "hours",
            other.application_id,
            f"With enough working hours shared with {other.city_name} it would have had a place.",
            "With more working hours in common with a city that fits, it would have been enough.",
        )
