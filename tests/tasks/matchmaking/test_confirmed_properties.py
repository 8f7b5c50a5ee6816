"""Whatever is decided, whoever drops out and returns, in whatever order two rounds are processed: confirmed
pairs stay together, and no city is given two places.
"""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.vocabulary import MINIMUM_WORTH_RULES
from tasks.decisions.confirmations import decisions_in_force
from tests.examples import examples
from tests.tasks.matchmaking.rounds import FIRST, SECOND, World

ROUNDS = st.sampled_from((FIRST, SECOND))
NUMBER = st.integers(0, 7)
SETTLES = ("city2city decide", "Undo or change", "Undo the pin", "cannot be done")
"""What a round that stops tells about settling it."""
STEPS = st.one_of(
    st.tuples(st.just("process"), ROUNDS, NUMBER),
    st.tuples(st.just("process"), ROUNDS, NUMBER),
    st.tuples(st.just("confirm"), ROUNDS, NUMBER),
    st.tuples(st.just("confirm"), ROUNDS, NUMBER),
    st.tuples(st.just("leave"), ROUNDS, NUMBER),
    st.tuples(st.just("return"), ROUNDS, NUMBER),
    st.tuples(st.just("release"), ROUNDS, NUMBER),
    st.tuples(st.sampled_from(("pin", "forbid", "withdraw", "waive", "undo")), ROUNDS, NUMBER),
)


@pytest.mark.long
@settings(max_examples=examples(5), derandomize=True)
@given(steps=st.lists(STEPS, min_size=4, max_size=16))
def test_confirmed_pairs_stay_and_no_city_is_there_twice(steps: list[tuple[str, str, int]]) -> None:
    world = World(8)
    world.process(FIRST)
    for what, round_id, number in steps:
        take(world, what, round_id, number)


def take(world: World, what: str, round_id: str, number: int) -> None:
    """One step; a confirmation is recorded unchecked, as from a decisions file."""
    if what == "process":
        process(world, round_id)
    elif what == "leave":
        world.out[round_id].add(number)
    elif what == "return":
        world.out[round_id].discard(number)
    elif what == "confirm" and (ids := world.proposed(round_id)):
        world.decide(round_id, "confirm", ids[number % len(ids)])
    elif what == "release" and (ids := sorted(world.confirmed(round_id))):
        world.decide(round_id, "release", ids[number % len(ids)])
    elif what in ("pin", "forbid"):
        world.decide(
            round_id, what, f"C{number}", f"C{(number + 1 + len(world.decided[round_id])) % world.n}"
        )
    elif what == "withdraw":
        world.decide(round_id, "withdraw", application(round_id, number))
    elif what == "waive":
        rule = MINIMUM_WORTH_RULES[number % 3]
        world.decide(round_id, "waive", application(round_id, number), rule)
    elif what == "undo" and world.decided[round_id]:
        some = [row for row in world.decided[round_id] if row["kind"] not in ("confirm", "release", "undo")]
        if some:
            world.decide(round_id, "undo", str(some[number % len(some)]["decision_id"]))


def application(round_id: str, number: int) -> str:
    return f"{round_id[:4]}-{number}"


def process(world: World, round_id: str) -> None:
    before, released = world.confirmed(round_id), released_in(world, round_id)
    done = world.process(round_id)
    after = world.confirmed(round_id)
    if not done:
        assert after == before
        assert world.stops
        assert all(any(word in text for word in SETTLES) for text in world.stops), world.stops
        return
    together = {pair for cities in after.values() for pair in combinations(sorted(cities), 2)}
    selectable = {f"C{k}" for k in range(world.n) if k not in world.out[round_id]}
    selectable -= {f"C{name.split('-')[1]}" for name in withdrawn_in(world, round_id)}
    for name, cities in before.items():
        if name not in released:
            for pair in combinations(sorted(cities & selectable), 2):
                assert pair in together, (name, pair, after)
    everywhere = [
        city for one in (FIRST, SECOND) for cities in world.confirmed(one).values() for city in cities
    ]
    assert len(everywhere) == len(set(everywhere)), everywhere
    other = SECOND if round_id == FIRST else FIRST
    taken = {city for cities in world.confirmed(other).values() for city in cities}
    assert not taken & set(world.tables[round_id]["twinning_members"]["city_id"]) - released_cities(
        world, other
    )


def withdrawn_in(world: World, round_id: str) -> list[str]:
    in_force = decisions_in_force(world.recorded(round_id))
    return in_force.filter(kind="withdraw")["subject"].to_list()


def released_in(world: World, round_id: str) -> set[str]:
    return {str(row["subject"]) for row in world.decided[round_id] if row["kind"] == "release"}


def released_cities(world: World, round_id: str) -> set[str]:
    """Cities of twinnings that were released since the round's latest version."""
    confirmed = world.confirmed(round_id)
    return {city for name in released_in(world, round_id) for city in confirmed.get(name, ())}
