"""The map: where things are, lines over its edge, and numbers that hide nothing."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.components.map.arcs import along, arc
from pages.components.map.projection import HEIGHT, WIDTH, project
from pages.components.map.world_map import RADIUS, MapCity, MapTwinning, world_map
from tests.pages.making import PLACES

positions = st.tuples(st.floats(-55, 80), st.floats(-180, 180))
AUCKLAND, SANTIAGO, SUVA, VANCOUVER = (-36.85, 174.76), (-33.46, -70.65), (-18.14, 178.44), (49.25, -123.12)
PORTO, MALTA = (41.15, -8.61), (35.9, 14.51)


def drawn(number: int, *cities: tuple[float, float]) -> MapTwinning:
    names = tuple(f"City {number}.{n}" for n in range(len(cities)))
    places = tuple(MapCity(name, at) for name, at in zip(names, cities, strict=True))
    return MapTwinning(number, f"T-{number}", "Ports", "hue-1 solid", names, places)


@given(positions)
def test_every_place_where_people_live_is_on_the_drawing(position: tuple[float, float]) -> None:
    x, y = project(*position)
    assert 0 <= x <= WIDTH
    assert 0 <= y <= HEIGHT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param((0, 11), (0, 12), id="east-is-right"),
        pytest.param((0, 179), (0, -171), id="beyond-the-date-line-is-further-right"),
        pytest.param((0, -168), (0, -100), id="alaska-is-left"),
    ],
)
def test_longitudes_lie_from_left_to_right(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert project(*one)[0] < project(*other)[0]


@pytest.mark.parametrize(
    ("start", "end", "lines"),
    [
        pytest.param(PORTO, MALTA, 1, id="near"),
        pytest.param(AUCKLAND, SANTIAGO, 2, id="over-the-pacific"),
        pytest.param(SANTIAGO, AUCKLAND, 2, id="over-the-pacific-backwards"),
        pytest.param(SUVA, VANCOUVER, 2, id="over-the-pacific-northward"),
        pytest.param(PORTO, PORTO, 1, id="the-same-place"),
        pytest.param((0.0, 0.0), (0.0, 180.0), 2, id="opposite-places"),
    ],
)
def test_a_line_goes_the_shorter_way_round(
    start: tuple[float, float], end: tuple[float, float], lines: int
) -> None:
    found = arc(start, end)
    assert len(found) == lines
    assert found[0][0] == pytest.approx(project(*start))
    assert found[-1][-1] == pytest.approx(project(*end))
    if lines == 2:
        assert {round(found[0][-1][0] / WIDTH), round(found[1][0][0] / WIDTH)} == {0, 1}
        assert found[0][-1][1] == pytest.approx(found[1][0][1])


@given(positions, positions)
def test_a_line_never_jumps_over_the_drawing(start: tuple[float, float], end: tuple[float, float]) -> None:
    for line in arc(start, end):
        assert max(abs(a[0] - b[0]) for a, b in pairwise(line)) < 20
        assert all(-5 < y < HEIGHT for _, y in line)


def test_a_number_stands_on_its_line_or_beside_it() -> None:
    (one,) = world_map([drawn(1, PORTO, MALTA)]).twinnings
    near = min(
        ((one.x - x) ** 2 + (one.y - y) ** 2) ** 0.5
        for x, y in (along(arc(PORTO, MALTA), share / 50)[0] for share in range(51))
    )
    assert near <= 22.5


def test_the_numbers_of_24_twinnings_can_be_read() -> None:
    cities = [(latitude, longitude) for _, _, _, latitude, longitude, _ in PLACES]
    several = [
        drawn(n + 1, *((cities[(n + m) % 12][0] - n // 12 * 2, cities[(n + m) % 12][1]) for m in (0, 1)))
        for n in range(24)
    ]
    discs = [(one.x, one.y) for one in world_map(several).twinnings]
    apart = [((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5 for a, b in combinations(discs, 2)]
    assert min(apart) > RADIUS
    assert sum(one < 2 * RADIUS for one in apart) <= 2
    assert all(RADIUS <= x <= WIDTH - RADIUS and RADIUS <= y <= HEIGHT - RADIUS for x, y in discs)


def test_a_name_stays_on_the_drawing() -> None:
    several = [drawn(1, SUVA, AUCKLAND), drawn(2, (64.2, -51.7), (78.0, 15.0))]
    for one in world_map(several).twinnings:
        assert one.name.x >= 0
        assert one.name.x + one.name.width <= WIDTH
        assert one.name.y >= 0
        assert one.name.y + one.name.height <= HEIGHT


def test_of_three_cities_two_sides_are_drawn() -> None:
    (one,) = world_map([drawn(1, PORTO, MALTA, (51.05, 3.72))]).twinnings
    assert one.path.count("M") == 2
    assert len(one.dots) == 3


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        pytest.param(35.9, 14.4, id="malta"),
        pytest.param(3.2, 73.2, id="maldives"),
        pytest.param(13.2, -59.5, id="barbados"),
        pytest.param(-21.2, -175.2, id="tonga"),
        pytest.param(1.35, 103.8, id="singapore"),
    ],
)
def test_small_islands_are_seen(latitude: float, longitude: float) -> None:
    x, y = project(latitude, longitude)
    islands = world_map([]).islands
    assert min(((x - at[0]) ** 2 + (y - at[1]) ** 2) ** 0.5 for at in islands) < 6


def test_a_twinning_of_unknown_positions_is_not_drawn() -> None:
    assert world_map([drawn(1)]).twinnings == ()
    (one,) = world_map([drawn(2, PORTO)]).twinnings
    assert one.path == ""
    assert len(one.dots) == 1
