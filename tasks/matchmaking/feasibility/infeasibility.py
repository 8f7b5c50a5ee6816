"""Whether people's decisions can hold together, and if not, an irreducible infeasible subset of them.

The hard rules of a pair also hold in every group of three it is part of. So pins can hold together if and
only if each connected set of pinned cities is itself a group that may be formed, and the groups fit the
capacity.

Belongs here: feasibility of decisions among themselves and with the programme's hard rules. Must stay out:
the value of anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from programme.counts import listed
from programme.vocabulary import OVERRIDABLE_RULES
from tasks.matchmaking.problem import Capacity, Confirmation, Constraints, Forbid, Pin, Withdrawal
from tasks.matchmaking.value.broken_rule import BrokenRule
from tasks.matchmaking.value.facts import Facts
from tasks.matchmaking.value.hard_rules import possible_topics, rules_beside_worth
from tasks.matchmaking.value.minimum_worth import all_below_minimum

Requirement = Pin | Forbid | Withdrawal | Confirmation | Capacity


@dataclass(frozen=True)
class InfeasibleSubset:
    """Decisions that cannot all hold under the hard rules, while they could without any one of them."""

    items: tuple[Requirement, ...]
    broken: tuple[BrokenRule, ...] = ()
    """Of pins alone: the hard rules that they break."""

    @property
    def message(self) -> str:
        """What cannot hold, in one sentence."""
        listed = "; ".join(describe(item) for item in self.items)
        if self.broken:
            several = len(self.items) > 1
            them, undo = ("These cannot all hold: ", "Undo one of them") if several else ("", "Undo the pin")
            rules = "; ".join(f"{one.rule}, {one.words}" for one in self.broken)
            breaks = f"That breaks a hard rule of the programme: {rules}."
            return f"{them}{listed}. {breaks} {remedy(self.broken, undo)}"
        if len(self.items) == 1:
            return (
                "This cannot be done under the programme's hard rules (common topic, shared hours, "
                f"no repeated funding, group size): {listed}."
            )
        return f"These cannot all hold: {listed}. Undo or change one of them."


def describe(item: Requirement) -> str:
    """One decision (or the capacity) in words."""
    match item:
        case Pin():
            return f"{item.source} pins {item.city_a} and {item.city_b} together{_on(item.topic)}"
        case Forbid():
            return f"{item.source} keeps {item.city_a} and {item.city_b} apart{_on(item.topic)}"
        case Withdrawal():
            return f"{item.source} withdraws {item.city_id}"
        case Confirmation():
            cities = ", ".join(item.cities)
            return f"{item.source} confirms the twinning {item.twinning_id} of {cities} on {item.topic}"
        case Capacity():
            return f"at most {item.max_twinnings} twinnings and {item.max_cities} cities are left"


def _on(topic: str | None) -> str:
    return f" on {topic}" if topic else ""


def infeasible_subsets(
    constraints: Constraints, capacity: Capacity, facts: Facts
) -> tuple[InfeasibleSubset, ...]:
    """Irreducible infeasible subsets of the decisions and the capacity; none where everything can hold.

    Each is found among what is left after the ones before were taken away, by the deletion filter (J. W.
    Chinneck, E. W. Dravnieks, ORSA Journal on Computing 3 (1991) 157-168): one decision after the other is
    left out for good unless the rest can hold without it. Of each kind the earliest is tried first, so it is
    named only where it is needed to explain the conflict.
    """
    items: list[Requirement] = [
        *constraints.confirmations,
        *constraints.withdrawals,
        *constraints.forbids,
        *constraints.pins,
        capacity,
    ]
    found = []
    while not is_feasible(items, facts):
        irreducible = _deletion_filter(items, lambda some: is_feasible(some, facts))
        found.append(InfeasibleSubset(tuple(irreducible), _rules_broken(irreducible, facts)))
        items = [item for item in items if item not in irreducible]
    return tuple(found)


def remedy(broken: Sequence[BrokenRule], undo: str = "Undo the pin") -> str:
    """What a person can do about pins that break these hard rules."""
    rules = list(dict.fromkeys(one.rule for one in broken))
    never = [rule for rule in rules if rule not in OVERRIDABLE_RULES]
    if never:
        return f"{undo}. The rule {listed(never)} cannot be overridden."
    insisting = " ".join(f"--override {rule}" for rule in rules)
    return f"{undo}, or insist on it: record it again with {insisting}."


def rules_broken_by(pins: Sequence[Pin], facts: Facts) -> tuple[BrokenRule, ...]:
    """The hard rules that pinned cities break by themselves, on the topic where they break the fewest.

    None where they keep all rules on some topic, or where their topics clash.
    """
    cities = {city for pin in pins for city in (pin.city_a, pin.city_b)}
    wanted = {pin.topic for pin in pins if pin.topic}
    if len(wanted) > 1:
        return ()
    groups, topics = facts.groups_of(cities), sorted(wanted) or facts.topics
    found = [tuple(rules_beside_worth(group, topic, facts)) for group in groups for topic in topics]
    shared = [some for some in found if all(one.rule != "common_topic" for one in some)]
    if found and not shared and not wanted:
        return (BrokenRule("common_topic", "they chose no topic in common"),)
    return min(shared or found, key=len, default=())


def below_minimum_of(pins: Sequence[Pin], facts: Facts) -> tuple[BrokenRule, ...]:
    """The rules of the minimum worth that pinned cities break by themselves, on the topic where they break
    the fewest; none where they keep them on some topic, or may be on no topic at all."""
    wanted = {pin.topic for pin in pins if pin.topic}
    groups = facts.groups_of({city for pin in pins for city in (pin.city_a, pin.city_b)})
    found = [
        tuple(all_below_minimum(group, topic, facts))
        for group in groups
        if len(group) > 1
        for topic in possible_topics(group, facts, worth=False)
        if wanted <= {topic}
    ]
    return min(found, key=len, default=())


def _rules_broken(items: list[Requirement], facts: Facts) -> tuple[BrokenRule, ...]:
    """The hard rules that break a set of pins; nothing for a set with anything else in it."""
    pins = [item for item in items if isinstance(item, Pin)]
    return rules_broken_by(pins, facts) if len(pins) == len(items) else ()


def _deletion_filter(
    items: list[Requirement], feasible: Callable[[list[Requirement]], bool]
) -> list[Requirement]:
    kept = list(items)
    for item in items:
        without = [other for other in kept if other is not item]
        if not feasible(without):
            kept = without
    return kept


def is_feasible(items: Iterable[Requirement], facts: Facts) -> bool:
    """Whether a selection exists in which all of these hold."""
    pins, forbids, withdrawn, confirmed, capacities = _by_kind(items)
    fixed = [(set(item.cities), item.topic) for item in confirmed]
    taken = [city for cities, _ in fixed for city in cities]
    if len(set(taken)) < len(taken) or any(_apart(cities, topic, forbids) for cities, topic in fixed):
        return False
    free_pins = []
    for pin in pins:
        ours = [(cities, topic) for cities, topic in fixed if {pin.city_a, pin.city_b} & cities]
        if not ours:
            free_pins.append(pin)
        elif any(
            not {pin.city_a, pin.city_b} <= cities or pin.topic not in (None, topic) for cities, topic in ours
        ):
            return False
    parts = pinned_sets(free_pins)
    if any(part & withdrawn or not can_be_formed(part, free_pins, forbids, facts) for part in parts):
        return False
    cities = len(taken) + sum(len(part) for part in parts)
    return all(
        len(fixed) + len(parts) <= item.max_twinnings and cities <= item.max_cities for item in capacities
    )


def _by_kind(
    items: Iterable[Requirement],
) -> tuple[list[Pin], list[Forbid], set[str], list[Confirmation], list[Capacity]]:
    every = list(items)
    return (
        [item for item in every if isinstance(item, Pin)],
        [item for item in every if isinstance(item, Forbid)],
        {item.city_id for item in every if isinstance(item, Withdrawal)},
        [item for item in every if isinstance(item, Confirmation)],
        [item for item in every if isinstance(item, Capacity)],
    )


def pinned_sets(pins: Iterable[Pin]) -> list[set[str]]:
    """Sets of cities that pins connect, directly or through others, in order of the pins."""
    parts: list[set[str]] = []
    for pin in pins:
        joined = [part for part in parts if part & {pin.city_a, pin.city_b}]
        parts = [part for part in parts if part not in joined] + [
            set().union({pin.city_a, pin.city_b}, *joined)
        ]
    return parts


def can_be_formed(
    cities: set[str], pins: Iterable[Pin], forbids: Iterable[Forbid], facts: Facts, *, worth: bool = False
) -> bool:
    """Whether these cities, and no others, may be one twinning on a topic their pins allow.

    A pin is not broken by the minimum worth, so that counts only where it is asked for (`worth`).
    """
    if len(cities) > facts.rules.largest_group:
        return False
    wanted = {pin.topic for pin in pins if pin.city_a in cities and pin.topic}
    return any(
        wanted <= {topic} and not _apart(cities, topic, forbids)
        for group in facts.groups_of(cities)
        for topic in possible_topics(group, facts, worth=worth)
    )


def _apart(cities: Iterable[str], topic: str, forbids: Iterable[Forbid]) -> bool:
    pairs = {frozenset(pair) for pair in combinations(sorted(cities), 2)}
    return any(
        frozenset((item.city_a, item.city_b)) in pairs and item.topic in (None, topic) for item in forbids
    )
