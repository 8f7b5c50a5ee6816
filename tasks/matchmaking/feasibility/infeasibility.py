"""Whether people's decisions can hold together, and if not, a smallest set of them that cannot.

Belongs here: feasibility of decisions among themselves and with the programme's hard rules. Must stay out:
the value of anything. The hard rules of a pair also hold in every three it is part of, so pins can hold
together if and only if each connected set of pinned cities is itself a group that may be formed, and the
groups fit the capacity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations, product

from tasks.matchmaking.problem import Capacity, Confirmation, Constraints, Forbid, Pin, Withdrawal
from tasks.matchmaking.value.aspects import Group
from tasks.matchmaking.value.facts import Facts
from tasks.matchmaking.value.hard_rules import possible_topics

Item = Pin | Forbid | Withdrawal | Confirmation | Capacity


@dataclass(frozen=True)
class Clash:
    """Decisions that cannot all hold, while any one fewer of them could; together with the programme's hard
    rules.
    """

    items: tuple[Item, ...]

    @property
    def message(self) -> str:
        """The clash in one sentence."""
        listed = "; ".join(describe(item) for item in self.items)
        if len(self.items) == 1:
            return f"This cannot be done under the programme's hard rules (common topic, shared hours, no repeated funding, group size): {listed}."
        return f"These cannot all hold: {listed}. Undo or change one of them."


def describe(item: Item) -> str:
    """One decision (or the capacity) in words."""
    match item:
        case Pin():
            return f"{item.source} pins {item.city_a} and {item.city_b} together{_on(item.topic)}"
        case Forbid():
            return f"{item.source} keeps {item.city_a} and {item.city_b} apart{_on(item.topic)}"
        case Withdrawal():
            return f"{item.source} withdraws {item.city_id}"
        case Confirmation():
            return f"{item.source} confirms the twinning {item.twinning_id} of {', '.join(item.cities)} on {item.topic}"
        case Capacity():
            return f"at most {item.max_twinnings} twinnings and {item.max_cities} cities are left"


def _on(topic: str | None) -> str:
    return f" on {topic}" if topic else ""


def clashes(constraints: Constraints, capacity: Capacity, facts: Facts) -> tuple[Clash, ...]:
    """Smallest clashing sets, each found after the ones before were taken away; none where everything can
    hold.

    Incumbent by leaving out one decision after the other, the latest first, and keeping those without which the
    rest would hold: so an old decision is named only if it is needed to explain the clash.
    """
    items: list[Item] = [
        *constraints.confirmations,
        *constraints.withdrawals,
        *constraints.forbids,
        *constraints.pins,
        capacity,
    ]
    found = []
    while not holds(items, facts):
        smallest = _smallest(items, lambda some: holds(some, facts))
        found.append(Clash(tuple(smallest)))
        items = [item for item in items if item not in smallest]
    return tuple(found)


def _smallest(items: list[Item], holds_together: Callable[[list[Item]], bool]) -> list[Item]:
    kept = list(items)
    for item in items:
        without = [other for other in kept if other is not item]
        if not holds_together(without):
            kept = without
    return kept


def holds(items: Iterable[Item], facts: Facts) -> bool:
    """Whether a selection exists in which all of these hold."""
    pins, forbids, withdrawn, confirmed, capacities = _sorted_out(items)
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
    if any(part & withdrawn or not _can_be_formed(part, free_pins, forbids, facts) for part in parts):
        return False
    cities = len(taken) + sum(len(part) for part in parts)
    return all(
        len(fixed) + len(parts) <= item.max_twinnings and cities <= item.max_cities for item in capacities
    )


def _sorted_out(
    items: Iterable[Item],
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
    """Cities that pins join, directly or through others, in order of the pins."""
    parts: list[set[str]] = []
    for pin in pins:
        joined = [part for part in parts if part & {pin.city_a, pin.city_b}]
        parts = [part for part in parts if part not in joined] + [
            set().union({pin.city_a, pin.city_b}, *joined)
        ]
    return parts


def _can_be_formed(cities: set[str], pins: list[Pin], forbids: list[Forbid], facts: Facts) -> bool:
    """Whether these cities, and no others, may be one twinning on a topic their pins allow."""
    if len(cities) > facts.rules.largest_group:
        return False
    wanted = {pin.topic for pin in pins if pin.city_a in cities and pin.topic}
    return any(
        wanted <= {topic} and not _apart(cities, topic, forbids)
        for group in groups_of(cities, facts)
        for topic in possible_topics(group, facts)
    )


def groups_of(cities: Iterable[str], facts: Facts) -> list[Group]:
    """The groups of applications that stand for these cities (one, unless a city applied twice)."""
    return [
        tuple(sorted(group)) for group in product(*(facts.by_city.get(city, ()) for city in sorted(cities)))
    ]


def _apart(cities: Iterable[str], topic: str, forbids: list[Forbid]) -> bool:
    pairs = {frozenset(pair) for pair in combinations(sorted(cities), 2)}
    return any(
        frozenset((item.city_a, item.city_b)) in pairs and item.topic in (None, topic) for item in forbids
    )
