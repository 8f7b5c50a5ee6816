"""What would change if: the problem solved again with a few decisions more, and only the difference told.

Belongs here: the question and its answer. Must stay out: reading and printing (`flows/commands/what_if.py`),
and keeping the problem (`tasks/matchmaking/problem_json.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from programme.problems import Problem, ProblemsError
from tasks.matchmaking.choice import Choice, choose, proof_of, worth_without_bonus
from tasks.matchmaking.explain.insisted_pins import insisted_pins
from tasks.matchmaking.problem import Capacity, Constraints, Forbid, MatchingProblem, Pin, Proof, Withdrawal
from tasks.matchmaking.value.twinning import Twinning

Row = dict[str, Any]


@dataclass(frozen=True)
class Changes:
    """What is asked.

    Pairs to keep together or apart and cities to leave out, each city by submission id, city id, or a name
    that only one city has; and the most twinnings (None: as many as before). `pins_on` are pairs to keep
    together on a topic, which is the third.
    """

    pins: Sequence[tuple[str, str]] = ()
    pins_on: Sequence[tuple[str, str, str]] = ()
    forbids: Sequence[tuple[str, str]] = ()
    excluded: Sequence[str] = ()
    max_twinnings: int | None = None


@dataclass(frozen=True)
class Difference:
    """The answer.

    `twinnings` are those that would go or come (rows of what, twinning_id, topic, cities, value); `places`
    the applications that would lose or gain a place (rows of what, application_id, city); `balance` the
    classes that would count differently (rows of subject, class, least, most, before, after and cost in
    points). `before` and `after` are the worth of the selection (value less balance, points), `proof` is that
    of the one after. `given_way` names recorded decisions about the same pairs that were set aside, and
    `clashes` says why nothing can be chosen, `insisted` which rules of the minimum worth give way to pins.
    """

    twinnings: tuple[Row, ...]
    places: tuple[Row, ...]
    balance: tuple[Row, ...]
    before: float
    after: float
    proof: Proof
    given_way: tuple[str, ...]
    clashes: tuple[str, ...]
    insisted: tuple[str, ...] = ()


def what_if(problem: MatchingProblem, changes: Changes) -> Difference:
    """Solve the problem as it is and with the changes, and compare.

    Raises `ProblemsError` naming every city that takes no part in the matching or could be several.
    """
    asked = changed(problem, changes)
    before, after = choose(problem), choose(asked)
    gone, come = ({one.twinning_id: one for one in each.all_twinnings} for each in (before, after))
    rows = [_twinning("gone", gone[name], before) for name in gone if name not in come]
    rows += [_twinning("new", come[name], after) for name in come if name not in gone]
    return Difference(
        twinnings=tuple(sorted(rows, key=lambda row: (row["what"], row["twinning_id"]))),
        places=tuple(_places(before, after)),
        balance=tuple(_balance(before, after)),
        before=worth_without_bonus(before),
        after=worth_without_bonus(after),
        proof=proof_of(after, with_free_gain=False),
        given_way=_given_way(problem.constraints, asked.constraints),
        clashes=tuple(one.message for one in after.reduced.infeasible_subsets),
        insisted=tuple(one.message for one in insisted_pins(after)),
    )


def balance_of(problem: MatchingProblem) -> tuple[Row, ...]:
    """Every class of the balance as the selection has it now (rows of dictionary BALANCE)."""
    return tuple(choose(problem).balance.to_dicts())


def _balance(before: Choice, after: Choice) -> list[Row]:
    had = {(row["subject"], row["class"]): row for row in before.balance.to_dicts()}
    rows = []
    for row in after.balance.to_dicts():
        old = had.get((row["subject"], row["class"]), row)
        if old["selected"] != row["selected"]:
            shown = {name: row[name] for name in ("subject", "class", "least", "most")}
            rows.append(shown | {"before": old["selected"], "after": row["selected"], "cost": row["cost"]})
    return rows


def _given_way(old: Constraints, new: Constraints) -> tuple[str, ...]:
    """The recorded decisions that a question about the same pair sets aside."""
    before, after = (
        {one.source for one in some.pins} | {one.source for one in some.forbids} for some in (old, new)
    )
    return tuple(sorted(before - after))


def changed(problem: MatchingProblem, changes: Changes) -> MatchingProblem:
    """The problem with the changes; what it had of the same pair before gives way."""
    city_of = _Named(problem)
    asked_pins = [*((pair, None) for pair in changes.pins), *((one[:2], one[2]) for one in changes.pins_on)]
    pins = [Pin(*city_of.pair(pair, "--pin"), topic, "--pin") for pair, topic in asked_pins]
    forbids = [Forbid(*city_of.pair(pair, "--forbid"), None, "--forbid") for pair in changes.forbids]
    excluded = [Withdrawal(city_of.one(name, "--exclude"), "--exclude") for name in changes.excluded]
    if city_of.problems:
        raise ProblemsError(city_of.problems)
    asked = {frozenset((one.city_a, one.city_b)) for some in (pins, forbids) for one in some}
    old = problem.constraints
    constraints = replace(
        old,
        pins=(*(one for one in old.pins if frozenset((one.city_a, one.city_b)) not in asked), *pins),
        forbids=(*(one for one in old.forbids if frozenset((one.city_a, one.city_b)) not in asked), *forbids),
        withdrawals=(*old.withdrawals, *excluded),
    )
    most = problem.capacity.max_twinnings if changes.max_twinnings is None else changes.max_twinnings
    return replace(problem, constraints=constraints, capacity=Capacity(most, problem.capacity.max_cities))


class _Named:
    """Finds the cities people name, and gathers what cannot be found."""

    def __init__(self, problem: MatchingProblem) -> None:
        self.problems: list[Problem] = []
        self._found: dict[str, set[str]] = {}
        for application_id, city_id, name in problem.candidates.select(
            "application_id", "city_id", "city_name"
        ).iter_rows():
            for key in (application_id, city_id, name.casefold()):
                self._found.setdefault(key, set()).add(city_id)

    def one(self, name: str, where: str) -> str:
        """City id of a city named by submission id, city id or name."""
        cities = self._found.get(name.strip()) or self._found.get(name.strip().casefold()) or set()
        if len(cities) == 1:
            return next(iter(cities))
        found = f"{name!r}, which " + (
            f"could be {' or '.join(sorted(cities))}" if cities else "takes no part in the matching"
        )
        self.problems.append(
            Problem(
                found,
                "the submission id, the city id or the name of one candidate",
                where,
                "See the tables ranking and applications for the ids.",
            )
        )
        return ""

    def pair(self, pair: tuple[str, str], where: str) -> tuple[str, str]:
        """City ids of two different cities."""
        a, b = self.one(pair[0], where), self.one(pair[1], where)
        if a and a == b:
            self.problems.append(
                Problem(f"the city {a} twice", "two different cities", where, "Name two cities, as A+B.")
            )
        return a, b


def _twinning(what: str, one: Twinning, choice: Choice) -> Row:
    value = choice.twinnings.filter(twinning_id=one.twinning_id).item(0, "value")
    cities = ", ".join(choice.facts.applicants[i].city_name for i in one.group)
    return {
        "what": what,
        "twinning_id": one.twinning_id,
        "topic": one.topic,
        "cities": cities,
        "value": round(float(value), 2),
    }


def _places(before: Choice, after: Choice) -> list[Row]:
    had, has = (
        {choice.facts.applicants[i].application_id for one in choice.all_twinnings for i in one.group}
        for choice in (before, after)
    )
    names = {one.application_id: one.city_name for one in before.facts.applicants}
    lost = [
        {"what": "no longer placed", "application_id": name, "city": names[name]}
        for name in sorted(had - has)
    ]
    return lost + [
        {"what": "newly placed", "application_id": name, "city": names[name]} for name in sorted(has - had)
    ]
