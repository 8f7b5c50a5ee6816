"""Decisions that cannot hold together: which are named, and in which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from programme.vocabulary import HARD_RULES
from tasks.matchmaking.feasibility.infeasibility import (
    Requirement,
    describe,
    infeasible_subsets,
    is_feasible,
    pinned_sets,
)
from tasks.matchmaking.problem import Capacity, Confirmation, Constraints, Forbid, Pin, Withdrawal
from tasks.matchmaking.value.facts import EarlierCooperation, TopicInterest
from tests.tasks.matchmaking.applicants import TOPIC, applicant, facts

FIRST, BOTH = TopicInterest(1, 3, 3), {TOPIC: TopicInterest(1, 3, 3), "ports": TopicInterest(2, 3, 3)}
PEOPLE = facts(
    applicant(0, interests=BOTH),
    applicant(1, interests=BOTH),
    applicant(2, interests=BOTH),
    applicant(3, interests=BOTH),
    applicant(4, interests={"finance": FIRST}),
    applicant(5, interests=BOTH, utc_offset=780),
)
"""C0 to C3 can all be together on cooling and ports; C4 shares no topic, C5 no hours with anybody."""
ROOM = Capacity(2, 5)


def pin(a: int, b: int, topic: str | None = None) -> Pin:
    return Pin(f"C{a}", f"C{b}", topic, f"p{a}{b}{topic or ''}")


def forbid(a: int, b: int, topic: str | None = None) -> Forbid:
    return Forbid(f"C{a}", f"C{b}", topic, f"f{a}{b}{topic or ''}")


def confirm(*cities: int, topic: str = TOPIC) -> Confirmation:
    name = "".join(map(str, cities))
    return Confirmation(f"T{name}", topic, tuple(f"C{k}" for k in cities), f"c{name}")


W0 = Withdrawal("C0", "w0")

FEASIBLE = [
    ("nothing", ()),
    ("a chain of three", (pin(0, 1), pin(1, 2))),
    ("two pairs", (pin(0, 1), pin(2, 3))),
    ("together on one topic, apart on the other", (pin(0, 1, TOPIC), forbid(0, 1, "ports"))),
    ("one topic is left", (pin(0, 1), forbid(0, 1, "ports"))),
    ("a pin without a topic takes that of another", (pin(0, 1, TOPIC), pin(1, 2))),
    ("a pin within a confirmed twinning", (confirm(0, 1), pin(0, 1, TOPIC))),
    ("a confirmed twinning may break a hard rule", (confirm(0, 5),)),
    ("forbidden with somebody else", (confirm(0, 1), forbid(1, 2))),
    ("confirmed, and forbidden on another topic", (confirm(0, 1), forbid(0, 1, "ports"))),
    ("a withdrawal of a free city", (W0, pin(1, 2))),
]


@pytest.mark.parametrize("items", [pytest.param(items, id=name) for name, items in FEASIBLE])
def test_what_can_hold_together(items: tuple) -> None:
    assert is_feasible((*items, ROOM), PEOPLE)


INFEASIBLE = [
    ("pinned and forbidden", (pin(0, 1), forbid(0, 1)), {"p01", "f01"}),
    ("forbidden on all their topics", (pin(0, 1), forbid(0, 1, TOPIC), forbid(1, 0, "ports")), 3),
    ("two topics", (pin(0, 1, TOPIC), pin(0, 1, "ports")), 2),
    ("two topics in a chain", (pin(0, 1, TOPIC), pin(1, 2, "ports")), 2),
    ("four cities", (pin(0, 1), pin(1, 2), pin(2, 3)), 3),
    ("no common topic", (pin(0, 4), forbid(1, 2)), {"p04"}),
    ("no shared hours", (pin(0, 5),), {"p05"}),
    ("a withdrawn city is pinned", (pin(0, 1), W0), {"p01", "w0"}),
    ("forbidden within a chain", (pin(0, 1), pin(1, 2), forbid(0, 2)), {"p01", "p12", "f02"}),
    ("confirmed twice", (confirm(0, 1), confirm(0, 2)), {"c01", "c02"}),
    ("confirmed and forbidden", (confirm(0, 1), forbid(0, 1)), {"c01", "f01"}),
    ("confirmed, pinned to another", (confirm(0, 1), pin(1, 2)), {"c01", "p12"}),
    ("confirmed, pinned on another topic", (confirm(0, 1), pin(0, 1, "ports")), {"c01", "p01ports"}),
]


@pytest.mark.parametrize(
    ("items", "named"), [pytest.param(items, named, id=name) for name, items, named in INFEASIBLE]
)
def test_what_cannot_hold_is_named_and_nothing_else(items: tuple, named: set[str] | int) -> None:
    constraints = Constraints(
        pins=tuple(one for one in items if isinstance(one, Pin)),
        forbids=(forbid(2, 4), *(one for one in items if isinstance(one, Forbid))),
        withdrawals=tuple(one for one in items if isinstance(one, Withdrawal)),
        confirmations=tuple(one for one in items if isinstance(one, Confirmation)),
    )
    (subset,) = infeasible_subsets(constraints, ROOM, PEOPLE)
    sources = {one.source for one in subset.items if not isinstance(one, Capacity)}
    assert sources == named if isinstance(named, set) else len(sources) == named
    for left_out in subset.items:
        assert is_feasible([one for one in subset.items if one is not left_out], PEOPLE)


@pytest.mark.parametrize(
    ("room", "words"),
    [
        pytest.param(Capacity(1, 5), "at most 1 twinnings and 5 cities are left", id="twinnings"),
        pytest.param(Capacity(2, 3), "at most 2 twinnings and 3 cities are left", id="cities"),
    ],
)
def test_a_capacity_too_small_for_the_pins_is_named(room: Capacity, words: str) -> None:
    (subset,) = infeasible_subsets(Constraints(pins=(pin(0, 1), pin(2, 3))), room, PEOPLE)
    assert subset.message == (
        f"These cannot all hold: p01 pins C0 and C1 together; p23 pins C2 and C3 together; {words}. "
        "Undo or change one of them."
    )


def test_two_conflicts_are_told_apart() -> None:
    constraints = Constraints(pins=(pin(0, 4), pin(1, 2)), forbids=(forbid(1, 2),))
    first, second = infeasible_subsets(constraints, ROOM, PEOPLE)
    assert {first.message, second.message} == {
        "p04 pins C0 and C4 together. That breaks a hard rule of the programme: common_topic, they chose "
        "no topic in common. Undo the pin. The rule common_topic cannot be overridden.",
        "These cannot all hold: f12 keeps C1 and C2 apart; p12 pins C1 and C2 together. "
        "Undo or change one of them.",
    }


def test_a_pin_that_breaks_a_hard_rule_is_told_the_rule_and_the_figure() -> None:
    (subset,) = infeasible_subsets(Constraints(pins=(pin(0, 5),)), ROOM, PEOPLE)
    assert subset.message == (
        "p05 pins C0 and C5 together. That breaks a hard rule of the programme: shared_hours, A and F share "
        "0 working hours, fewer than 3. Undo the pin, or insist on it: record it again with --override "
        "shared_hours."
    )


def test_pins_that_break_a_rule_only_together_name_it_too() -> None:
    people = facts(
        *(applicant(k, utc_offset=60 + 240 * k) for k in range(3)),
    )
    (subset,) = infeasible_subsets(Constraints(pins=(pin(0, 1), pin(1, 2))), ROOM, people)
    assert subset.message == (
        "These cannot all hold: p01 pins C0 and C1 together; p12 pins C1 and C2 together. That breaks a hard "
        "rule of the programme: shared_hours, A and C share 0 working hours, fewer than 3. Undo one of them, "
        "or insist on it: record it again with --override shared_hours."
    )


FUNDED = {(0, 1): (EarlierCooperation(TOPIC, funded=True),)}
INSISTED = [
    pytest.param({"utc_offset": 780}, {}, ["shared_hours"], id="hours"),
    pytest.param({}, FUNDED, ["funded_together"], id="funded"),
    pytest.param({"utc_offset": 780}, FUNDED, ["shared_hours", "funded_together"], id="both"),
]


@pytest.mark.parametrize(("changes", "cooperations", "rules"), INSISTED)
def test_a_pin_holds_once_every_rule_it_breaks_is_overridden(
    changes: dict[str, object], cooperations, rules: list[str]
) -> None:
    people = facts(applicant(0), applicant(1, **changes), cooperations=cooperations)
    pins = Constraints(pins=(pin(0, 1),))
    (subset,) = infeasible_subsets(pins, ROOM, people)
    assert [one.rule for one in subset.broken] == rules
    for rule in rules:
        left = replace(people, overridden={(0, 1): frozenset({*rules} - {rule})})
        (subset,) = infeasible_subsets(pins, ROOM, left)
        assert [one.rule for one in subset.broken] == [rule]
    assert not infeasible_subsets(pins, ROOM, replace(people, overridden={(0, 1): frozenset(rules)}))


def test_what_a_twinning_is_cannot_be_overridden() -> None:
    every = dict.fromkeys([(0, 4)], frozenset(HARD_RULES))
    (subset,) = infeasible_subsets(Constraints(pins=(pin(0, 4),)), ROOM, replace(PEOPLE, overridden=every))
    assert "The rule common_topic cannot be overridden." in subset.message


WORDS = [
    (pin(0, 1, "ports"), "p01ports pins C0 and C1 together on ports"),
    (forbid(0, 1), "f01 keeps C0 and C1 apart"),
    (W0, "w0 withdraws C0"),
    (confirm(0, 1), "c01 confirms the twinning T01 of C0, C1 on cooling"),
    (ROOM, "at most 2 twinnings and 5 cities are left"),
]


@pytest.mark.parametrize(("item", "words"), WORDS, ids=[type(item).__name__ for item, _ in WORDS])
def test_every_kind_in_words(item: Requirement, words: str) -> None:
    assert describe(item) == words


def test_pins_connect_cities_in_any_order() -> None:
    assert pinned_sets([pin(0, 1), pin(2, 3), pin(3, 1)]) == [{"C0", "C1", "C2", "C3"}]
    assert pinned_sets([pin(0, 1), pin(2, 3)]) == [{"C0", "C1"}, {"C2", "C3"}]
