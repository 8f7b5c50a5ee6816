from __future__ import annotations

import polars as pl
import pytest

from programme.linking import LinkingRules
from tasks.crosscheck.linkage import evidence
from tasks.crosscheck.linkage.explain import HOLDS, TIER_WORDS, evidence_in_words

NOTHING = {**dict.fromkeys(evidence.DELTAS, 0.0), **dict.fromkeys(HOLDS, False)}
PIECES = {
    "both_delta": ["both_names"],
    "place_delta": ["same_place", "other_place", "other_near"],
    "population_delta": ["population_agrees", "population_differs", "population_elsewhere"],
    "region_delta": ["region_agrees", "region_differs"],
    "level_delta": ["level_differs"],
    "aside_delta": ["aside_unknown"],
}


@pytest.mark.parametrize(
    ("column", "piece"), [(c, piece) for c, pieces in PIECES.items() for piece in pieces]
)
def test_every_piece_is_told_with_its_points(column: str, piece: str, rules: LinkingRules) -> None:
    points = getattr(rules.points, piece)
    frame = pl.DataFrame([{"tier": "exact", "points": 100.0, **NOTHING, column: float(points)}])
    words = frame.select(evidence_in_words(rules)).item()
    assert words.startswith(f"{TIER_WORDS['exact']} (100 points); ")
    assert words.endswith(f"({points:+g})")
    assert words.count(";") == 1


@pytest.mark.parametrize("column", HOLDS)
def test_what_makes_a_person_decide_is_told(column: str, rules: LinkingRules) -> None:
    frame = pl.DataFrame([{"tier": "exact", "points": 100.0, **NOTHING, column: True}])
    assert frame.select(evidence_in_words(rules)).item().endswith(HOLDS[column])


def test_without_other_evidence_only_the_name_is_told(rules: LinkingRules) -> None:
    frame = pl.DataFrame([{"tier": tier, "points": 90.4, **NOTHING} for tier in TIER_WORDS])
    words = frame.select(evidence_in_words(rules)).to_series().to_list()
    assert words == [f"{text} (90 points)" for text in TIER_WORDS.values()]
