"""The verifier's findings, each whole, about a selection that is put together here without the solver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import polars as pl
import pytest

from programme.counts import listed
from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.problem import Capacity, Confirmation, Constraints, Forbid, Pin, Withdrawal
from tasks.matchmaking.value.aspects.registry import aspect_values
from tasks.matchmaking.value.facts import Group, facts_of
from tasks.matchmaking.value.hard_rules import possible_topics
from tasks.matchmaking.verify import verify
from tests.tasks.matchmaking.making import invented
from warehouse.dictionary.findings import Finding
from warehouse.dictionary.published import TWINNING_MEMBERS, TWINNINGS, UNPLACED

Selection = dict[str, pl.DataFrame]
Change = Callable[[Selection], Selection]


@pytest.fixture(scope="module")
def problem():
    return invented(14, 3, capacity=Capacity(2, 5))


@pytest.fixture(scope="module")
def right(problem) -> Selection:
    """T1 of two cities and T2 of three; everybody else is unplaced."""
    facts = facts_of(problem)

    def first(size: int, taken: set[int]) -> tuple[Group, str]:
        free = [i for i in range(len(facts.applicants)) if i not in taken]
        return next(
            (group, topics[0])
            for group in combinations(free, size)
            if (topics := possible_topics(group, facts))
        )

    three, topic_of_three = first(3, set())
    two, topic_of_two = first(2, set(three))
    rows, members = [], []
    for name, group, topic in (("T1", two, topic_of_two), ("T2", three, topic_of_three)):
        aspects = {
            f"aspect_{aspect}": value.steps / STEPS_PER_POINT
            for aspect, value in aspect_values(group, topic, facts).items()
        }
        rows.append(
            {
                "twinning_id": name,
                "topic": topic,
                "n_cities": len(group),
                "value": sum(aspects.values()),
                "state": "proposed",
                "conditional": any(facts.applicants[i].tentative for i in group),
                **aspects,
            }
        )
        members += [
            {"twinning_id": name, "application_id": one.application_id, "city_id": one.city_id}
            for one in (facts.applicants[i] for i in group)
        ]
    placed = {row["application_id"] for row in members}
    others = [one.application_id for one in facts.applicants if one.application_id not in placed]
    return {
        "twinnings": TWINNINGS.frame(rows),
        "members": TWINNING_MEMBERS.frame(members),
        "unplaced": UNPLACED.frame([{"application_id": name, "reason": "No room."} for name in others]),
    }


def found(problem, selection: Selection, **constraints: object) -> list[Finding]:
    decided = replace(problem, constraints=Constraints(**constraints))  # type: ignore[arg-type]
    return verify(decided, selection["twinnings"], selection["members"], selection["unplaced"])


def stop(expectation: str, twinning: str | None, column: str | None, what: str) -> Finding:
    return Finding("twinnings", expectation, f"{what}.", twinning, column, "stop")


def in_t1(selection: Selection, **columns: object) -> Selection:
    here = pl.col("twinning_id") == "T1"
    changed = [
        pl.when(here).then(to if isinstance(to, pl.Expr) else pl.lit(to)).otherwise(name).alias(name)
        for name, to in columns.items()
    ]
    return {**selection, "twinnings": selection["twinnings"].with_columns(changed)}


def cities(selection: Selection, twinning: str) -> list[str]:
    return selection["members"].filter(twinning_id=twinning)["city_id"].sort().to_list()


def test_a_selection_that_keeps_every_rule_has_no_finding(problem, right):
    assert found(problem, right) == []


def test_cities_announced(problem, right):
    assert found(problem, in_t1(right, n_cities=3)) == [
        stop("twinning_has_its_cities", "T1", "n_cities", "3 cities announced, 2 found")
    ]


def test_a_hard_rule(problem, right):
    three = right["members"].filter(twinning_id="T2")["application_id"].to_list()
    names = problem.candidates.filter(pl.col("application_id").is_in(three))["city_name"].to_list()
    moved = {**right, "twinnings": right["twinnings"].with_columns(topic=pl.lit("nonsense"))}
    (rule,) = [one for one in found(problem, moved) if one.row_key == "T2" and one.column is None]
    assert rule == stop(
        "twinning_keeps_the_hard_rules",
        "T2",
        None,
        f"{listed(names)} did not choose the topic nonsense",
    )
    confirmed = {**moved, "twinnings": moved["twinnings"].with_columns(state=pl.lit("confirmed"))}
    assert [one for one in found(problem, confirmed) if one.column is None] == []


def test_an_aspect_and_the_value(problem, right):
    hours, value = right["twinnings"].filter(twinning_id="T1").select("aspect_hours", "value").row(0)
    both = in_t1(right, aspect_hours=hours + 1, value=value + 1)
    aspect = stop(
        "aspect_is_as_recomputed", "T1", "aspect_hours", f"{hours + 1} announced, {hours} recomputed"
    )
    assert found(problem, both) == [aspect]
    total = stop(
        "value_is_the_sum_of_its_aspects", "T1", "value", f"{value + 1} is not the sum of the aspects"
    )
    assert found(problem, in_t1(right, value=value + 1)) == [total]


def test_conditional(problem, right):
    said = right["twinnings"].filter(twinning_id="T1")["conditional"].item()
    assert found(problem, in_t1(right, conditional=not said)) == [
        stop("conditional_where_a_member_is_tentative", "T1", "conditional", f"{not said} announced")
    ]


@pytest.mark.parametrize(
    ("capacity", "what"),
    [
        (Capacity(1, 5), "2 twinnings, at most 1 are left"),
        (Capacity(2, 4), "5 cities, at most 4 are left"),
    ],
)
def test_capacity(problem, right, capacity, what):
    assert found(replace(problem, capacity=capacity), right) == [stop("capacity_is_kept", None, None, what)]


def test_a_city_in_two_twinnings(problem, right):
    one, other = cities(right, "T1")[0], cities(right, "T2")[0]
    twice = {**right, "members": right["members"].with_columns(pl.col("city_id").replace(other, one))}
    assert found(problem, twice) == [stop("one_twinning_a_city", None, "city_id", f"{one} is in 2 twinnings")]


def test_everybody_is_placed_or_not(problem, right):
    left_out, both = right["unplaced"]["application_id"].to_list()[:2]
    placed = right["members"]["application_id"].to_list()[0]
    unplaced = right["unplaced"].with_columns(
        pl.col("application_id").replace({left_out: placed, both: "nobody"})
    )
    text = "{} is not exactly once among placed and unplaced"
    assert found(problem, {**right, "unplaced": unplaced}) == [
        stop("every_candidate_is_placed_or_not", None, "application_id", text.format(name))
        for name in sorted([left_out, placed, both, "nobody"])
    ]


def test_pins(problem, right):
    (a, b), other = cities(right, "T1"), cities(right, "T2")[0]
    nowhere = problem.candidates.filter(application_id=right["unplaced"]["application_id"][0])[
        "city_id"
    ].item()
    apart = "decision d1: {} and {} are not together"
    assert found(problem, right, pins=(Pin(a, b, None, "decision d1"),)) == []
    assert found(problem, right, pins=(Pin(a, "no candidate", None, "decision d1"),)) == []
    for pin, twinning in (
        (Pin(a, other, None, "decision d1"), "T1"),
        (Pin(a, b, "nonsense", "decision d1"), "T1"),
        (Pin(nowhere, a, None, "decision d1"), None),
        (Pin(nowhere, nowhere, None, "decision d1"), None),
    ):
        told = stop("pins_are_kept", twinning, None, apart.format(pin.city_a, pin.city_b))
        assert found(problem, right, pins=(pin,)) == [told]
    topic = right["twinnings"].filter(twinning_id="T1")["topic"].item()
    assert found(problem, right, pins=(Pin(a, b, topic, "decision d1"),)) == []


def test_forbidden_pairs(problem, right):
    (a, b), other = cities(right, "T1"), cities(right, "T2")[0]
    topic = right["twinnings"].filter(twinning_id="T1")["topic"].item()
    together = stop("forbidden_pairs_are_apart", "T1", None, f"decision d1: {a} and {b} are together")
    for forbidden in (None, topic):
        assert found(problem, right, forbids=(Forbid(a, b, forbidden, "decision d1"),)) == [together]
    for pair in ((a, b, "nonsense"), (a, other, None), ("nobody", "nothing", None)):
        assert found(problem, right, forbids=(Forbid(*pair, "decision d1"),)) == []


def test_withdrawn_cities(problem, right):
    (a, b), other = cities(right, "T1"), cities(right, "T2")[0]
    gone = tuple(Withdrawal(city, "w") for city in (other, a, "no candidate"))
    assert found(problem, right, withdrawals=gone) == [
        stop("withdrawn_cities_take_no_part", twinning, "city_id", f"{city} was withdrawn")
        for city, twinning in sorted([(a, "T1"), (other, "T2")])
    ]
    assert b not in {a, other}


def test_confirmed_twinnings(problem, right):
    both, other = cities(right, "T1"), cities(right, "T2")[0]
    topic = right["twinnings"].filter(twinning_id="T1")["topic"].item()
    what = f"decision d1: those that remain are not confirmed together on {topic}"
    told = stop("confirmed_twinnings_stand", "T9", "state", what)
    confirmed = in_t1(right, state="confirmed")
    together = Confirmation("T9", topic, tuple(both), "decision d1")
    torn = Confirmation("T9", topic, (both[0], other), "decision d1")
    dissolved = Confirmation("T9", topic, (both[0], "nowhere"), "decision d1")
    moved = replace(together, topic="another topic")
    assert found(problem, confirmed, confirmations=(together,)) == []
    assert found(problem, right, confirmations=(together,)) == [told]
    assert [one.row_key for one in found(problem, confirmed, confirmations=(moved,))] == ["T9"]
    assert found(problem, confirmed, confirmations=(torn,)) == [told]
    assert found(problem, confirmed, confirmations=(dissolved,)) == []
    gone = (Withdrawal("nowhere", "w"),)
    assert found(problem, confirmed, confirmations=(torn,), withdrawals=gone) == [told]
    withdrawn = found(problem, right, confirmations=(together,), withdrawals=(Withdrawal(both[0], "w"),))
    assert [one.expectation for one in withdrawn] == ["withdrawn_cities_take_no_part"]


def test_a_member_of_no_twinning_and_one_that_is_no_candidate_count_for_none(problem, right):
    stray = right["members"].with_columns(
        pl.col("application_id").replace(right["members"]["application_id"][0], "x")
    )
    expectations = [one.expectation for one in found(problem, {**right, "members": stray})]
    assert expectations[0] == "twinning_has_its_cities"
    lost = right["members"].with_columns(pl.col("twinning_id").replace("T2", "T3"))
    told = stop("twinning_has_its_cities", "T2", "n_cities", "3 cities announced, 0 found")
    assert found(problem, {**right, "members": lost}) == [told]
