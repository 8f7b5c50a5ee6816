"""From scored candidates to an outcome: thresholds, the lead, rows that are one city, and the words."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.linking import LinkingRules
from programme.programme import Programme
from tasks.crosscheck.linkage.decide import NO_CANDIDATE, decide
from tasks.crosscheck.linkage.linker import LINK_SCHEMA

CANDIDATES = pl.Schema(
    {
        "id": pl.UInt32(),
        "register_id": pl.String(),
        "row_name": pl.String(),
        "score": pl.Float64(),
        "said": pl.String(),
        "tier": pl.String(),
        "place_delta": pl.Float64(),
        "skeleton": pl.String(),
        "upper": pl.Boolean(),
        "place": pl.Int32(),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
        "row_population": pl.Int64(),
        "nearness": pl.Float64(),
        "held": pl.Boolean(),
        "query_population": pl.Int64(),
        "body": pl.String(),
        "query_body": pl.String(),
        "regions": pl.List(pl.String()),
    }
)
Row = dict[str, object]


def row(register_id: str, score: float, **more: object) -> Row:
    own: Row = {
        "id": 0,
        "register_id": register_id,
        "row_name": f"Name {register_id}",
        "score": score,
        "said": "said",
        "tier": "exact",
        "place_delta": 0.0,
        "skeleton": register_id,
        "upper": False,
        "nearness": 0.0,
        "held": False,
        "body": "city",
        "query_body": "city",
    }
    return {**own, **more}


def decided(
    rows: Sequence[Row], rules: LinkingRules, whole: str = "name", country: str | None = "ITA"
) -> Row:
    queries = pl.DataFrame({"id": [0], "query_id": ["q"]}, schema={"id": pl.UInt32, "query_id": pl.String})
    schema = {"id": pl.UInt32, "whole": pl.String, "country_iso3": pl.String}
    names = pl.DataFrame([(0, whole, country)], schema=schema, orient="row")
    made = decide(queries, names, pl.DataFrame(list(rows), schema=CANDIDATES), rules)
    assert made.schema == LINK_SCHEMA
    return made.row(0, named=True)


SAME: Row = {"skeleton": "same"}
OUTCOMES: dict[str, tuple[list[Row], str, str | None]] = {
    "at the threshold": ([row("A", 80)], "linked", "A"),
    "below it": ([row("A", 79.9)], "review", None),
    "at the lower threshold": ([row("A", 66)], "review", None),
    "below that": ([row("A", 65.9)], "none", None),
    "none": ([], "none", None),
    "a lead that is enough": ([row("A", 90), row("B", 86)], "linked", "A"),
    "a lead that is too small": ([row("A", 90), row("B", 86.1)], "review", None),
    "two rows of one place": ([row("A", 90, place=1), row("B", 90, place=1)], "linked", "A"),
    "one place, but one is its province": (
        [row("A", 90, place=1), row("B", 90, place=1, upper=True)],
        "review",
        None,
    ),
    "one name, nothing known": ([row("A", 90, **SAME), row("B", 90, **SAME)], "linked", "A"),
    "one name, inhabitants alike": (
        [row("A", 90, **SAME, row_population=100), row("B", 90, **SAME, row_population=150)],
        "linked",
        "B",
    ),
    "one name, inhabitants unlike": (
        [row("A", 90, **SAME, row_population=100), row("B", 90, **SAME, row_population=160)],
        "review",
        None,
    ),
    "one name, near each other": (
        [
            row("A", 90, **SAME, latitude=45.0, longitude=7.0, row_population=400),
            row("B", 90, **SAME, latitude=45.1, longitude=7.0, row_population=900),
        ],
        "linked",
        "B",
    ),
    "one name, far from each other": (
        [
            row("A", 90, **SAME, latitude=45.0, longitude=7.0),
            row("B", 90, **SAME, latitude=46.0, longitude=7.0),
        ],
        "review",
        None,
    ),
    "one name, two places": ([row("A", 90, **SAME, place=1), row("B", 90, **SAME, place=2)], "review", None),
    "the better match of one city": ([row("A", 90, place=1), row("B", 95, place=1)], "linked", "B"),
    "something else makes a person decide": ([row("A", 100, held=True)], "review", None),
    "of one city, the kind of body that is stated": (
        [row("A", 93, place=1, body="larger"), row("B", 90, place=1)],
        "linked",
        "B",
    ),
    "of one city, the inhabitants that fit": (
        [
            row("A", 93, place=1, query_population=100, row_population=300),
            row("B", 90, place=1, query_population=100, row_population=110),
        ],
        "linked",
        "B",
    ),
    "of one city, two kinds of bodies and neither stated": (
        [row("A", 93, place=1, body="larger"), row("B", 92, place=1, body="part")],
        "review",
        None,
    ),
    "the same, but the inhabitants decide": (
        [
            row("A", 93, place=1, body="larger", query_population=100, row_population=300),
            row("B", 92, place=1, body="part", query_population=100, row_population=110),
        ],
        "linked",
        "B",
    ),
    "one place, but two provinces": (
        [row("A", 90, place=1, regions=["bahia"]), row("B", 90, place=1, regions=["parana"])],
        "review",
        None,
    ),
    "a similar name that a third place weakens is still a rival": (
        [row("A", 90), row("B", 76, tier="fuzzy", place_delta=-12.0)],
        "review",
        None,
    ),
    "another name that is weakened is none": (
        [row("A", 90), row("B", 76, tier="exact", place_delta=-12.0)],
        "linked",
        "A",
    ),
}


@pytest.mark.parametrize(("rows", "outcome", "register_id"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_the_outcome(rows: list[Row], outcome: str, register_id: str | None, rules: LinkingRules) -> None:
    for order in (rows, rows[::-1]):
        made = decided(order, rules)
        assert (made["outcome"], made["register_id"]) == (outcome, register_id), made["evidence"]


CONFIDENCE = [
    ([row("A", 100)], 1.0),
    ([row("A", 110)], 1.0),
    ([row("A", 80)], 0.8),
    ([row("A", 90), row("B", 87)], 0.675),
    ([row("A", 90), row("B", 90)], 0.45),
    ([], 0.0),
]


@pytest.mark.parametrize(("rows", "confidence"), CONFIDENCE)
def test_the_confidence_falls_with_the_score_and_the_lead(
    rows: list[Row], confidence: float, rules: LinkingRules
) -> None:
    assert decided(rows, rules)["confidence"] == pytest.approx(confidence)


WORDS: dict[str, tuple[list[Row], str]] = {
    "linked": ([row("A", 90)], "Name A (A): said"),
    "linked, with a rival": (
        [row("A", 95), row("B", 70)],
        "Name A (A): said; next: Name B (B) with 70 points",
    ),
    "linked, a weak rival is not told": ([row("A", 95), row("B", 60)], "Name A (A): said"),
    "one of two rows": (
        [row("A", 90, place=1), row("B", 90, place=1)],
        "Name A (A): said; 2 rows of the register are this city: the kind of body, then the inhabitants, "
        "then the best match, then the lowest id decided",
    ),
    "for a person": (
        [row("A", 70), row("B", 68)],
        "not sure which; candidates: Name A (A) 70 points, said | Name B (B) 68 points, said",
    ),
    "too weak": ([row("A", 50)], "no candidate is good enough; nearest: Name A (A): said"),
    "nothing": ([], NO_CANDIDATE),
}


@pytest.mark.parametrize(("rows", "words"), WORDS.values(), ids=WORDS.keys())
def test_the_words(rows: list[Row], words: str, rules: LinkingRules) -> None:
    assert decided(rows, rules)["evidence"] == words


def test_the_words_for_nothing_say_why(rules: LinkingRules) -> None:
    assert "country" in str(decided([], rules, country=None)["evidence"])
    assert "letter" in str(decided([], rules, whole="")["evidence"])


def test_a_person_sees_the_best_candidates_only(rules: LinkingRules) -> None:
    candidates = decided([row(f"R{n}", 60 + n) for n in range(8)], rules)["candidates"]
    assert isinstance(candidates, list)
    assert [one["register_id"] for one in candidates] == ["R7", "R6", "R5", "R4", "R3"]


SCORES = st.lists(st.floats(40, 110).map(lambda score: round(score, 1)), min_size=1, max_size=6)


@settings(max_examples=40)
@given(scores=SCORES, data=st.data())
def test_the_order_of_candidates_does_not_matter(
    scores: list[float], data: st.DataObject, programme: Programme
) -> None:
    rows = [row(f"R{n}", score) for n, score in enumerate(scores)]
    turned = data.draw(st.permutations(rows))
    assert decided(turned, programme.linking) == decided(rows, programme.linking)
