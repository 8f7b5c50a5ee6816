"""The published content of the samples is the expected one, and a difference in any table is told."""

from __future__ import annotations

import json

import pytest

from tests.golden.hashes import HASHES, Hashes, differences, hashes
from warehouse.dictionary import PUBLISHED_TABLES

EXPECTED: Hashes = {"samples 2025-07": {"ranking": "a", "scores": "b"}, "samples 2026-01": {"ranking": "c"}}


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param(EXPECTED, [], id="same"),
        pytest.param({}, [], id="nothing-processed"),
        pytest.param({"samples 2026-01": {"ranking": "c"}}, [], id="one-round-left-out"),
        pytest.param(
            {"samples 2025-07": {"ranking": "x", "scores": "b"}},
            ["samples 2025-07: ranking: expected a, found x"],
            id="other-content",
        ),
        pytest.param(
            {"samples 2025-07": {"scores": "b"}},
            ["samples 2025-07: ranking: expected a, found None"],
            id="table-missing",
        ),
        pytest.param(
            {"samples 2026-01": {"ranking": "c", "scores": "d"}},
            ["samples 2026-01: scores: expected None, found d"],
            id="table-added",
        ),
        pytest.param(
            {"samples 2027-01": {"scores": "d", "ranking": "e"}},
            [
                "samples 2027-01: ranking: expected None, found e",
                "samples 2027-01: scores: expected None, found d",
            ],
            id="round-added",
        ),
    ],
)
def test_differences(found: Hashes, told: list[str]) -> None:
    assert differences(EXPECTED, found) == told


def test_every_published_table_has_a_kept_hash() -> None:
    kept: Hashes = json.loads(HASHES.read_text("utf-8"))
    assert sorted(kept) == [
        f"{name} {round_}" for name in ("realistic", "samples") for round_ in ("2025-07", "2026-01")
    ]
    assert all(set(tables) == set(PUBLISHED_TABLES) for tables in kept.values())


@pytest.mark.long
def test_the_samples_are_published_with_the_kept_content() -> None:
    kept: Hashes = json.loads(HASHES.read_text("utf-8"))
    wrong = differences(kept, hashes(realistic=False))
    assert not wrong, "\n".join(wrong)
