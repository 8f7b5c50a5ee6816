"""A suite as JSON, for an auditor: native expectations with their severity, reason and message."""

from __future__ import annotations

import json

import pytest

from expectations.check import STAGE_NAMES, stage_suites
from expectations.show import main, suite_as_json

NAMES = sorted({suite.name for stage in STAGE_NAMES for suite in stage_suites(stage)})


@pytest.mark.parametrize("name", NAMES)
def test_every_suite_can_be_shown(name: str) -> None:
    suite = json.loads(suite_as_json(name))
    assert suite["name"] == name
    for item in suite["expectations"]:
        assert item["type"].startswith("expect_")
        assert item["severity"] in ("critical", "warning")
        assert item["notes"]
        assert set(item["meta"]) == {"name", "column", "message"}


def test_the_limits_are_those_of_the_round() -> None:
    assert suite_as_json("submissions", "2025-07") == suite_as_json("submissions")
    assert suite_as_json("submissions", "2026-01") != suite_as_json("submissions")


def test_an_unknown_suite_is_told_the_known_ones() -> None:
    with pytest.raises(KeyError, match="cohort"):
        suite_as_json("dreams")


def test_it_prints_one_suite_and_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["selectable"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "selectable"
    assert main([]) == 2
    assert "SUITE" in capsys.readouterr().err
