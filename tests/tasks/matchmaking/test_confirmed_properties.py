"""Whatever is decided, whoever drops out and returns, in whatever order two rounds are processed: confirmed
pairs stay together, and no city is given two places.
"""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tasks.matchmaking.rounds import FIRST, SECOND, World

ROUNDS = st.sampled_from((FIRST, SECOND))
NUMBER = st.integers(0, 7)
STEPS = st.one_of(
    st.tuples(st.just("process"), ROUNDS, NUMBER),
    st.tuples(st.just("process"), ROUNDS, NUMBER),
    st.tuples(st.just("confirm"), ROUNDS, NUMBER),
    st.tuples(st.just("confirm"), ROUNDS, NUMBER),
    st.tuples(st.just("leave"), ROUNDS, NUMBER),
    st.tuples(st.just("return"), ROUNDS, NUMBER),
    st.tuples(st.just("release"), ROUNDS, NUMBER),
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
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


def process(world: World, round_id: str) -> None:
    before, released = world.confirmed(round_id), released_in(world, round_id)
    done = world.process(round_id)
    after = world.confirmed(round_id)
    if not done:
        assert after == before
        assert all("city2city decide" in text or "Undo or change" in text for text in world.stops)
        return
    together = {pair for cities in after.values() for pair in combinations(sorted(cities), 2)}
    selectable = {f"C{k}" for k in range(world.n) if k not in world.out[round_id]}
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


def released_in(world: World, round_id: str) -> set[str]:
    return {str(row["subject"]) for row in world.decided[round_id] if row["kind"] == "release"}


def released_cities(world: World, round_id: str) -> set[str]:
    """Cities of twinnings that were released since the round's latest version."""
    confirmed = world.confirmed(round_id)
    return {city for name in released_in(world, round_id) for city in confirmed.get(name, ())}
