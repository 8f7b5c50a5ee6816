"""Whether a finished selection keeps every rule and is worth what it says, judged from the tables alone.

Belongs here: an independent judgement. It does not import the solver, the enumeration or the arrays, so that
a mistake there cannot hide here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.problem import MatchingProblem
from tasks.matchmaking.value.aspects import parts_of
from tasks.matchmaking.value.facts import Facts, facts_of
from tasks.matchmaking.value.hard_rules import why_not
from warehouse.dictionary.published import FINDINGS

Finding = dict[str, object]


def verify(
    problem: MatchingProblem, twinnings: pl.DataFrame, members: pl.DataFrame, unplaced: pl.DataFrame
) -> pl.DataFrame:
    """Findings (dictionary FINDINGS, severity stop) about a selection; none where it keeps every rule,
    decision and capacity.
    """
    facts = facts_of(problem)
    groups = _groups(twinnings, members, facts)
    found = [
        *_each_twinning(twinnings, groups, facts),
        *_together(problem, twinnings, members, unplaced),
        *_decisions(problem, twinnings, members),
    ]
    return FINDINGS.frame(found)


def _groups(twinnings: pl.DataFrame, members: pl.DataFrame, facts: Facts) -> dict[str, tuple[int, ...]]:
    number = {one.application_id: i for i, one in enumerate(facts.applicants)}
    found: dict[str, list[int]] = {name: [] for name in twinnings.get_column("twinning_id")}
    for name, application_id in members.select("twinning_id", "application_id").iter_rows():
        if name in found and application_id in number:
            found[name].append(number[application_id])
    return {name: tuple(sorted(group)) for name, group in found.items()}


def _each_twinning(
    twinnings: pl.DataFrame, groups: dict[str, tuple[int, ...]], facts: Facts
) -> Iterator[Finding]:
    for row in twinnings.iter_rows(named=True):
        name, topic, group = row["twinning_id"], row["topic"], groups[row["twinning_id"]]
        if len(group) != row["n_cities"]:
            yield _finding(
                "twinning_has_its_cities",
                name,
                "n_cities",
                f"{row['n_cities']} cities announced, {len(group)} found",
            )
            continue
        if row["state"] == "proposed" and (reason := why_not(group, topic, facts)):
            yield _finding("twinning_keeps_the_hard_rules", name, None, reason)
        parts = parts_of(group, topic, facts)
        for aspect, part in parts.items():
            if row[f"aspect_{aspect}"] != part.steps / STEPS_PER_POINT:
                yield _finding(
                    "aspect_is_as_recomputed",
                    name,
                    f"aspect_{aspect}",
                    f"{row[f'aspect_{aspect}']} announced, {part.steps / 64} recomputed",
                )
        if row["value"] != sum(row[f"aspect_{aspect}"] for aspect in parts):
            yield _finding(
                "value_is_the_sum_of_its_aspects",
                name,
                "value",
                f"{row['value']} is not the sum of the aspects",
            )
        if row["conditional"] != any(facts.applicants[i].tentative for i in group):
            yield _finding(
                "conditional_where_a_member_is_tentative",
                name,
                "conditional",
                f"{row['conditional']} announced",
            )


def _together(
    problem: MatchingProblem, twinnings: pl.DataFrame, members: pl.DataFrame, unplaced: pl.DataFrame
) -> Iterator[Finding]:
    if twinnings.height > problem.capacity.max_twinnings:
        yield _finding(
            "capacity_is_kept",
            None,
            None,
            f"{twinnings.height} twinnings, at most {problem.capacity.max_twinnings} are left",
        )
    if members.height > problem.capacity.max_cities:
        yield _finding(
            "capacity_is_kept",
            None,
            None,
            f"{members.height} cities, at most {problem.capacity.max_cities} are left",
        )
    for city, times in sorted(Counter(members.get_column("city_id")).items()):
        if times > 1:
            yield _finding("one_twinning_a_city", None, "city_id", f"{city} is in {times} twinnings")
    placed, waiting = (set(frame.get_column("application_id")) for frame in (members, unplaced))
    every = set(problem.candidates.get_column("application_id"))
    for application in sorted((placed & waiting) | (every - placed - waiting) | ((placed | waiting) - every)):
        yield _finding(
            "every_candidate_is_placed_or_not",
            None,
            "application_id",
            f"{application} is not exactly once among placed and unplaced",
        )


def _decisions(problem: MatchingProblem, twinnings: pl.DataFrame, members: pl.DataFrame) -> Iterator[Finding]:
    constraints, cities = problem.constraints, set(problem.candidates.get_column("city_id"))
    topic_of = dict(twinnings.select("twinning_id", "topic").iter_rows())
    state_of = dict(twinnings.select("twinning_id", "state").iter_rows())
    where = dict(members.select("city_id", "twinning_id").iter_rows())
    if twinnings.is_empty():
        return
    for pin in (one for one in constraints.pins if {one.city_a, one.city_b} <= cities):
        a, b = where.get(pin.city_a), where.get(pin.city_b)
        if a is None or a != b or pin.topic not in (None, topic_of[a]):
            yield _finding(
                "pins_are_kept", a, None, f"{pin.source}: {pin.city_a} and {pin.city_b} are not together"
            )
    for item in constraints.forbids:
        a, b = where.get(item.city_a), where.get(item.city_b)
        if a is not None and a == b and item.topic in (None, topic_of[a]):
            yield _finding(
                "forbidden_pairs_are_apart",
                a,
                None,
                f"{item.source}: {item.city_a} and {item.city_b} are together",
            )
    withdrawn = {item.city_id for item in constraints.withdrawals}
    for city in sorted(withdrawn & set(where)):
        yield _finding("withdrawn_cities_take_no_part", where[city], "city_id", f"{city} was withdrawn")
    for one in constraints.confirmations:
        can_stand = not withdrawn & set(one.cities)
        together = {where.get(city) for city in one.cities}
        if (
            can_stand
            and None not in together
            and (len(together) > 1 or state_of[min(together, key=str)] != "confirmed")
        ):
            yield _finding(
                "confirmed_twinnings_stand",
                one.twinning_id,
                "state",
                f"{one.source}: not chosen as it was confirmed",
            )


def _finding(expectation: str, row_key: object, column: str | None, what: str) -> Finding:
    return {
        "table": "twinnings",
        "expectation": expectation,
        "severity": "stop",
        "row_key": row_key,
        "column": column,
        "message": f"{what}.",
    }
