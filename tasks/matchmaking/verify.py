"""Whether a finished selection keeps every rule and is worth what it says, judged from its tables alone.

Belongs here: an independent judgement. It uses the definitions of the aspects and the hard rules for one
group at a time, and imports neither the solver nor the enumeration nor the topic tables, so that a mistake
there cannot hide here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.problem import Constraints, MatchingProblem
from tasks.matchmaking.value.aspects.registry import aspect_values
from tasks.matchmaking.value.contexts import context_of
from tasks.matchmaking.value.facts import Facts, Group, facts_of
from tasks.matchmaking.value.hard_rules import broken_beside_worth
from tasks.matchmaking.value.minimum_worth import below_minimum
from warehouse.dictionary.findings import Finding

Row = dict[str, object]


def verify(
    problem: MatchingProblem,
    twinnings: pl.DataFrame,
    members: pl.DataFrame,
    unplaced: pl.DataFrame,
    balance: pl.DataFrame | None = None,
) -> list[Finding]:
    """Findings of severity `stop` about a selection; none where it keeps every rule, decision and capacity.

    `twinnings`, `members`, `unplaced` and `balance` are dictionary TWINNINGS, TWINNING_MEMBERS, UNPLACED and
    BALANCE; without a balance none is judged.
    """
    facts = facts_of(problem)
    groups = _groups(twinnings, members, facts)
    found = [
        finding
        for row in twinnings.iter_rows(named=True)
        for finding in _about_twinning(row, groups[row["twinning_id"]], facts, problem.constraints)
    ]
    found += _about_capacity(problem, twinnings, members)
    found += _about_places(problem, members, unplaced)
    if balance is not None:
        found += _about_balance(twinnings, members, balance, facts)
    if not twinnings.is_empty():
        found += _about_decisions(problem, twinnings, members)
    return found


def _groups(twinnings: pl.DataFrame, members: pl.DataFrame, facts: Facts) -> dict[str, Group]:
    """Twinning id to the indices of its members that are candidates."""
    number = {one.application_id: i for i, one in enumerate(facts.applicants)}
    found: dict[str, list[int]] = {name: [] for name in twinnings.get_column("twinning_id")}
    for name, application_id in members.select("twinning_id", "application_id").iter_rows():
        if name in found and application_id in number:
            found[name].append(number[application_id])
    return {name: tuple(sorted(group)) for name, group in found.items()}


def _about_twinning(row: Row, group: Group, facts: Facts, constraints: Constraints) -> Iterator[Finding]:
    """Its cities, the hard rules and its value."""
    name, topic = str(row["twinning_id"]), str(row["topic"])
    if len(group) != row["n_cities"]:
        what = f"{row['n_cities']} cities announced, {len(group)} found"
        yield _finding("twinning_has_its_cities", name, "n_cities", what)
        return
    if row["state"] == "proposed":
        yield from _about_rules(name, group, topic, facts, constraints)
    if len(group) > 1:
        yield from _about_value(row, group, facts)
    if row["conditional"] != any(facts.applicants[i].tentative for i in group):
        what = f"{row['conditional']} announced"
        yield _finding("conditional_where_a_member_is_tentative", name, "conditional", what)


def _about_rules(
    name: str, group: Group, topic: str, facts: Facts, constraints: Constraints
) -> Iterator[Finding]:
    """The hard rules, and the minimum worth unless pins ask for just these cities."""
    if broken := broken_beside_worth(group, topic, facts):
        yield _finding("twinning_keeps_the_hard_rules", name, None, broken.words)
    elif below := below_minimum(group, topic, facts):
        joined = _joined({facts.applicants[i].city_id for i in group}, constraints)
        if not joined:
            yield _finding("twinning_keeps_the_minimum_worth", name, None, f"{below.rule}: {below.words}")


def _joined(cities: set[str], constraints: Constraints) -> bool:
    """Whether pins join all of these cities, directly or through each other."""
    pairs = [{one.city_a, one.city_b} for one in constraints.pins]
    reached = {min(cities)}
    for _ in cities:
        reached = reached.union(*(pair for pair in pairs if pair & reached and pair <= cities))
    return reached == cities


def _about_value(row: Row, group: Group, facts: Facts) -> Iterator[Finding]:
    """Every aspect as recomputed, and the value as their exact sum."""
    name, announced = str(row["twinning_id"]), dict[str, float]()
    for aspect, value in aspect_values(group, str(row["topic"]), facts).items():
        column, points = f"aspect_{aspect}", value.steps / STEPS_PER_POINT
        announced[column] = float(str(row[column]))
        if announced[column] != points:
            what = f"{announced[column]} announced, {points} recomputed"
            yield _finding("aspect_is_as_recomputed", name, column, what)
    if row["value"] != sum(announced.values()):
        what = f"{row['value']} is not the sum of the aspects"
        yield _finding("value_is_the_sum_of_its_aspects", name, "value", what)


def _about_capacity(
    problem: MatchingProblem, twinnings: pl.DataFrame, members: pl.DataFrame
) -> Iterator[Finding]:
    capacity = problem.capacity
    for n, most, unit in (
        (twinnings.height, capacity.max_twinnings, "twinnings"),
        (members.height, capacity.max_cities, "cities"),
    ):
        if n > most:
            yield _finding("capacity_is_kept", None, None, f"{n} {unit}, at most {most} are left")


def _about_balance(
    twinnings: pl.DataFrame, members: pl.DataFrame, balance: pl.DataFrame, facts: Facts
) -> Iterator[Finding]:
    """Every class counted anew, over all rounds together, and none left out."""
    counted: Counter[tuple[str, str | None]] = Counter()
    topics = {one.twinning: one.topic for one in facts.elsewhere}
    counted.update(("topic", topic) for topic in [*twinnings.get_column("topic"), *topics.values()])
    placed = set(members.get_column("application_id"))
    here = [one for one in facts.applicants if one.application_id in placed]
    for subject in (one for one in facts.rules.balance if one != "topic"):
        counted.update((subject, context_of(subject, one, facts.rules)) for one in here)
        counted.update((subject, context_of(subject, one, facts.rules)) for one in facts.elsewhere)
    announced = {(row["subject"], row["class"]): row for row in balance.iter_rows(named=True)}
    judged = {key: n for key, n in counted.items() if key[0] in facts.rules.balance and key[1] is not None}
    for key in sorted({*announced, *judged}, key=str):
        row, n = announced.get(key), judged.get(key, 0)
        if row is None or row["selected"] != n:
            what = f"{key[0]} {key[1]}: {row['selected'] if row else 'nothing'} announced, {n} counted"
            yield _finding("balance_is_as_counted", None, "selected", what)
        elif row["missed"] != max(0, row["least"] - n, n - row["most"]):
            what = f"{key[0]} {key[1]}: {row['missed']} missed, of {n} with {row['least']} to {row['most']}"
            yield _finding("balance_is_as_counted", None, "missed", what)


def _about_places(
    problem: MatchingProblem, members: pl.DataFrame, unplaced: pl.DataFrame
) -> Iterator[Finding]:
    """No city twice, and every candidate either placed or not."""
    for city, times in sorted(Counter(members.get_column("city_id")).items()):
        if times > 1:
            yield _finding("one_twinning_a_city", None, "city_id", f"{city} is in {times} twinnings")
    placed, waiting = (set(frame.get_column("application_id")) for frame in (members, unplaced))
    every = set(problem.candidates.get_column("application_id"))
    for application in sorted((placed & waiting) | (every ^ (placed | waiting))):
        what = f"{application} is not exactly once among placed and unplaced"
        yield _finding("every_candidate_is_placed_or_not", None, "application_id", what)


def _about_decisions(
    problem: MatchingProblem, twinnings: pl.DataFrame, members: pl.DataFrame
) -> Iterator[Finding]:
    """Pins and forbids, withdrawals and confirmations."""
    constraints, cities = problem.constraints, set(problem.candidates.get_column("city_id"))
    topic_of = dict(twinnings.select("twinning_id", "topic").iter_rows())
    state_of = dict(twinnings.select("twinning_id", "state").iter_rows())
    where: dict[str, str] = dict(members.select("city_id", "twinning_id").iter_rows())
    for pin in (one for one in constraints.pins if {one.city_a, one.city_b} <= cities):
        a, b = where.get(pin.city_a), where.get(pin.city_b)
        if a is None or a != b or pin.topic not in (None, topic_of[a]):
            what = f"{pin.source}: {pin.city_a} and {pin.city_b} are not together"
            yield _finding("pins_are_kept", a, None, what)
    for item in constraints.forbids:
        a, b = where.get(item.city_a), where.get(item.city_b)
        if a is not None and a == b and item.topic in (None, topic_of[a]):
            what = f"{item.source}: {item.city_a} and {item.city_b} are together"
            yield _finding("forbidden_pairs_are_apart", a, None, what)
    withdrawn = {item.city_id for item in constraints.withdrawals}
    members_of: dict[str, set[str]] = {}
    for city, name in where.items():
        members_of.setdefault(name, set()).add(city)
    for city in sorted(withdrawn & set(where)):
        what = f"{city} was withdrawn"
        yield _finding("withdrawn_cities_take_no_part", where[city], "city_id", what)
    for one in constraints.confirmations:
        remaining = (set(one.cities) & cities) - withdrawn
        standing = [
            members_of.get(name)
            for name, state in state_of.items()
            if state == "confirmed" and topic_of[name] == one.topic
        ]
        if len(remaining) > 1 and remaining not in standing:
            what = f"{one.source}: those that remain are not confirmed together on {one.topic}"
            yield _finding("confirmed_twinnings_stand", one.twinning_id, "state", what)


def _finding(expectation: str, twinning_id: str | None, column: str | None, what: str) -> Finding:
    return Finding.stop("twinnings", expectation, f"{what}.", row_key=twinning_id, column=column)
