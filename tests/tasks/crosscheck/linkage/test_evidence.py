"""Each piece of evidence for and against a candidate, one at a time."""

from __future__ import annotations

import polars as pl
import pytest

from programme.linking import LinkingRules
from tasks.crosscheck.linkage import evidence
from tasks.crosscheck.linkage.inhabitants import with_population
from tasks.crosscheck.linkage.other_places import with_place

Row = dict[str, object]
PAIR: Row = {
    "id": 0,
    "row": 0,
    "tier": "stripped",
    "points": 96.0,
    "place": 1,
    "place_population": 100_000,
    "place_km": 1.0,
    "similar_name": None,
    "row_population": 100_000,
    "query_population": 100_000,
    "query_worded": False,
    "query_upper": False,
    "region_delta": 0.0,
    "position_delta": 0.0,
    "own_points": None,
    "place_delta": 0.0,
    "by_alias": None,
    "place_latitude": None,
    "place_longitude": None,
    "regions": None,
}
SCHEMA = {
    "id": pl.UInt32,
    "place": pl.Int32,
    "place_population": pl.Int64,
    "place_km": pl.Float64,
    "similar_name": pl.String,
    "own_points": pl.Float64,
    "by_alias": pl.Boolean,
    "place_latitude": pl.Float64,
    "place_longitude": pl.Float64,
    "regions": pl.List(pl.String),
    "row_population": pl.Int64,
    "query_population": pl.Int64,
}
PLACES = {
    "id": pl.UInt32,
    "place": pl.Int32,
    "place_points": pl.Float64,
    "place_size": pl.Int64,
    "similar_name": pl.String,
    "by_whole": pl.Boolean,
    "main_whole": pl.Boolean,
    "at_latitude": pl.Float64,
    "at_longitude": pl.Float64,
}


def pairs(**more: object) -> pl.DataFrame:
    return pl.DataFrame([{**PAIR, **more}], schema_overrides=SCHEMA)


def places(*rows: tuple[int, float, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [(0, *row, None, False, False, None, None) for row in rows], schema=PLACES, orient="row"
    )


PLACE: dict[str, tuple[Row, list[tuple[int, float, int]], str | None]] = {
    "the row's own place": ({}, [(1, 96.0, 100_000)], "same_place"),
    "no place": ({}, [], None),
    "a place that fits better": ({"points": 90.0}, [(2, 96.0, 5_000)], "other_place"),
    "a place that fits a little better": ({"points": 90.0}, [(2, 91.0, 5_000)], None),
    "a better place beside the own": (
        {"points": 90.0},
        [(1, 90.0, 100_000), (2, 96.0, 5_000)],
        "other_place",
    ),
    "another place as near as a similar name": ({"tier": "fuzzy"}, [(2, 96.0, 5_000)], "other_near"),
    "another place farther than a similar name": ({"tier": "fuzzy"}, [(2, 94.0, 5_000)], None),
    "a village against an alias of a city": (
        {"tier": "alias", "points": 88.0},
        [(2, 96.0, 1_999)],
        None,
    ),
    "a larger village": ({"tier": "alias", "points": 88.0}, [(2, 96.0, 2_001)], "other_place"),
    "a village against the city's own name": ({"points": 88.0}, [(2, 96.0, 1_999)], "other_place"),
    "a row without a place": ({"place": None, "points": 90.0}, [(2, 96.0, 5_000)], "other_place"),
}


@pytest.mark.parametrize(("pair", "named", "expected"), PLACE.values(), ids=PLACE.keys())
def test_places(
    pair: Row, named: list[tuple[int, float, int]], expected: str | None, rules: LinkingRules
) -> None:
    delta = with_place(pairs(**pair).drop("own_points"), places(*named), rules)["place_delta"].item()
    assert delta == (getattr(rules.points, expected) if expected else 0)


@pytest.mark.parametrize(
    ("delta", "size", "kept"),
    [
        pytest.param("other_near", 40_000, False, id="a near name whose place has other inhabitants"),
        pytest.param("other_near", 90_000, True, id="a near name whose place has about the same"),
        pytest.param("other_place", 5_000, False, id="a place of the whole text, and far fewer inhabitants"),
        pytest.param("other_place", 40_000, True, id="a place of the whole text, and fewer"),
    ],
)
def test_a_figure_takes_back_what_another_place_says(
    delta: str, size: int, kept: bool, rules: LinkingRules
) -> None:
    points = getattr(rules.points, delta)
    judged = with_population(pairs(place_delta=points), places((1, 96.0, 100_000), (2, 99.0, size)), rules)
    assert judged["place_delta"].item() == (points if kept else 0)


NAMESAKES = [(1, 96.0, 100_000), (2, 96.0, 5_000)]
FAR, NEAR = 500.0, 1.0
POPULATION: dict[str, tuple[Row, list[tuple[int, float, int]], str | None]] = {
    "the same": ({}, [], "population_agrees"),
    "at the factor": ({"query_population": 200_000}, [], "population_agrees"),
    "beyond it": ({"query_population": 201_000}, [], None),
    "far beyond": ({"query_population": 1_201_000}, [], "population_differs"),
    "not far enough": ({"query_population": 1_199_000}, [], None),
    "unknown in the query": ({"query_population": None}, NAMESAKES, None),
    "unknown in the register, known of the place": ({"row_population": None}, [], "population_agrees"),
    "known of nothing": ({"row_population": None, "place_population": None}, [], None),
    "zero": ({"query_population": 0, "row_population": 0}, [], "population_agrees"),
    "that of another place": ({"query_population": 5_500}, NAMESAKES, "population_elsewhere"),
    "that of a place that fits less": (
        {"query_population": 5_500},
        [(1, 96.0, 100_000), (2, 90.0, 5_000)],
        "population_differs",
    ),
    "that of another place, but the state agrees": (
        {"query_population": 5_500, "region_delta": 6.0},
        NAMESAKES,
        "population_differs",
    ),
    "the place's figure does not count where the register is far from it": (
        {"row_population": 10_000, "place_km": FAR},
        [],
        None,
    ),
    "nor where both have about the same figure": (
        {"row_population": 150_000, "query_population": 100_000, "place_km": FAR},
        [(1, 96.0, 100_000)],
        "population_elsewhere",
    ),
    "but in the state of the row it does": (
        {"query_population": 100_000, "place_km": FAR, "row_population": None, "regions": ["USA-CT"]},
        [],
        "population_agrees",
    ),
    "a place without a figure contradicts nothing": (
        {"place_population": 0, "place_km": FAR},
        [],
        "population_agrees",
    ),
    "the place's figure, where the register contradicts it and is near": (
        {"row_population": 30_000, "place_km": NEAR},
        [],
        "population_agrees",
    ),
    "the register's figure is another place's, for a municipality": (
        {"row_population": 1_300_000, "place_km": NEAR, "query_worded": True},
        NAMESAKES,
        "population_agrees",
    ),
    "the same, but perhaps a hamlet": (
        {"row_population": 1_300_000, "place_km": NEAR},
        NAMESAKES,
        "population_elsewhere",
    ),
}


@pytest.mark.parametrize(("pair", "named", "expected"), POPULATION.values(), ids=POPULATION.keys())
def test_populations(
    pair: Row, named: list[tuple[int, float, int]], expected: str | None, rules: LinkingRules
) -> None:
    delta = with_population(pairs(**pair), places(*named), rules)["population_delta"].item()
    assert delta == (getattr(rules.points, expected) if expected else 0)


FITS: dict[str, tuple[Row, list[tuple[int, float, int]], str | None]] = {
    "exactly its own": ({}, [(2, 96.0, 90_000)], None),
    "a little nearer to its own": ({"query_population": 96_000}, [(2, 96.0, 90_000)], "hold_figure"),
    "clearly nearer to its own": ({"query_population": 96_000}, [(2, 96.0, 80_000)], None),
    "nearer to the other": ({"query_population": 92_000}, [(2, 96.0, 90_000)], "hold_figure"),
    "no figure, a larger namesake": ({"query_population": None}, [(2, 96.0, 120_000)], "hold_larger"),
    "no figure, as large": ({"query_population": None}, [(2, 96.0, 100_000)], "hold_larger"),
    "no figure, a smaller one": ({"query_population": None}, [(2, 96.0, 90_000)], None),
    "no figure, a larger one by an alias": ({"query_population": None}, [(2, 90.0, 900_000)], None),
    "no figure, but the state agrees": (
        {"query_population": None, "region_delta": 6.0},
        [(2, 96.0, 900_000)],
        None,
    ),
    "no figure, but the position agrees": (
        {"query_population": None, "position_delta": 6.0},
        [(2, 96.0, 900_000)],
        None,
    ),
}


@pytest.mark.parametrize(("pair", "named", "held"), FITS.values(), ids=FITS.keys())
def test_whom_a_figure_fits(
    pair: Row, named: list[tuple[int, float, int]], held: str | None, rules: LinkingRules
) -> None:
    made = with_population(pairs(**pair), places(*named), rules)
    found = [column for column in ("hold_figure", "hold_larger") if made[column].item()]
    assert found == ([held] if held else [])


REGIONS: dict[str, tuple[list[str], list[str] | None, str | None]] = {
    "the same code": (["USA-OR"], ["USA-OR"], "region_agrees"),
    "another code": (["USA-OR"], ["USA-ME"], "region_differs"),
    "one of several": (["USA-OR", "x"], ["x"], "region_agrees"),
    "two names without codes": (["piedmont"], ["cuneo"], None),
    "a code and a name": (["USA-OR"], ["cuneo"], None),
    "none known of the row": (["USA-OR"], None, None),
    "none named": ([], ["USA-OR"], None),
}


@pytest.mark.parametrize(("named", "own", "expected"), REGIONS.values(), ids=REGIONS.keys())
def test_regions(named: list[str], own: list[str] | None, expected: str | None, rules: LinkingRules) -> None:
    frame = pl.DataFrame(
        {"id": [0] * len(named), "region": named}, schema={"id": pl.UInt32, "region": pl.String}
    )
    asked = pairs().with_columns(regions=pl.lit(own, dtype=pl.List(pl.String)))
    delta = evidence.with_region(asked, frame, rules)["region_delta"].item()
    assert delta == (getattr(rules.points, expected) if expected else 0)


@pytest.mark.parametrize(
    ("points", "named", "held"),
    [(96.0, "ARG", True), (99.0, "ARG", False), (96.0, None, False)],
)
def test_countries(points: float, named: str | None, held: bool, rules: LinkingRules) -> None:
    foreign = pl.DataFrame({"id": [0], "named_iso3": [named]}, schema_overrides={"id": pl.UInt32})
    assert evidence.with_country(pairs(points=points), foreign, rules)["hold_country"].item() == held


LEVELS: dict[str, tuple[Row, bool]] = {
    "both are cities": ({}, False),
    "both are provinces": ({"upper": True, "query_upper": True}, False),
    "the query is a province": ({"query_upper": True}, True),
    "the row is a province, and places have the name": ({"upper": True, "own_points": 90.0}, True),
    "the row is a county, and no place has the name": ({"upper": True}, False),
    "the row says so before its name": ({"upper": True, "upper_first": True}, True),
    "the very same text": ({"query_upper": True, "tier": "folded"}, False),
}


@pytest.mark.parametrize(("pair", "differs"), LEVELS.values(), ids=LEVELS.keys())
def test_levels(pair: Row, differs: bool, rules: LinkingRules) -> None:
    facts: Row = {
        "upper": False,
        "upper_first": False,
        "query_upper": False,
        "own_points": None,
        "other_points": None,
    }
    schema = {"own_points": pl.Float64, "other_points": pl.Float64}
    frame = pl.DataFrame([{**PAIR, **facts, **pair}], schema_overrides={**SCHEMA, **schema})
    delta = evidence.with_level(frame, rules)["level_delta"].item()
    assert delta == (rules.points.level_differs if differs else 0)


ASIDES: dict[str, tuple[Row, list[tuple[int, float, int]], bool]] = {
    "several places have the name": ({}, NAMESAKES, True),
    "one place has it": ({}, NAMESAKES[:1], False),
    "the whole text is the row's name": ({"points": 99.0}, NAMESAKES, False),
    "the state agrees": ({"region_delta": 6.0}, NAMESAKES, False),
    "it is another name of the row": ({"both_delta": 4.0}, NAMESAKES, False),
}


@pytest.mark.parametrize(("pair", "named", "unknown"), ASIDES.values(), ids=ASIDES.keys())
def test_asides(pair: Row, named: list[tuple[int, float, int]], unknown: bool, rules: LinkingRules) -> None:
    frame = pl.DataFrame([{**PAIR, "both_delta": 0.0, **pair}], schema_overrides=SCHEMA).with_columns(
        named_regions=pl.lit(None, dtype=pl.List(pl.String)), regions=pl.lit(None, dtype=pl.List(pl.String))
    )
    aside = pl.DataFrame({"id": [0]}, schema={"id": pl.UInt32})
    delta = evidence.with_aside(frame, aside, places(*named), rules)["aside_delta"].item()
    assert delta == (rules.points.aside_unknown if unknown else 0)
    assert evidence.with_aside(frame, aside.clear(), places(*named), rules)["aside_delta"].item() == 0


def test_likeness_only_orders() -> None:
    frame = pl.DataFrame(
        {"query_head": ["torino", "torino", ""], "head": ["torino", "xyz", ""], "nearness": [0.0] * 3}
    )
    nearness = evidence.with_likeness(frame)["nearness"].to_list()
    assert nearness == [0.0, -evidence.MOST_DISSIMILAR, 0.0]
