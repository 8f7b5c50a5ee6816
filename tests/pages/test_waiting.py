"""Each open point says whose it is, and the command that answers it with its ids filled in."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from flows.cli import COMMANDS
from pages.views.waiting import CHAIR, COMMITTEE, OFFICE, owner_of, waiting_by_owner, with_commands
from programme.vocabulary import OPEN_POINT_KINDS, OpenPointKind
from tasks.decisions.kinds import KINDS

ROUND = "2026-01"


def point(kind: OpenPointKind, subject: str = "S-1", about: str | None = "mandate") -> dict[str, Any]:
    known = {"city_name": "Turin", "country_iso3": "ITA", "evidence": "blank"}
    return {"kind": kind, "subject": subject, "about": about, **known}


@pytest.mark.parametrize("kind", OPEN_POINT_KINDS)
def test_every_kind_has_an_owner_and_a_command_that_exists(kind: OpenPointKind) -> None:
    (row,) = with_commands([point(kind)], ROUND)
    assert row["owner"] in (OFFICE, COMMITTEE, CHAIR)
    program, command, round_id, *rest = shlex.split(row["command"])
    assert (program, round_id) == ("city2city", ROUND)
    assert command in COMMANDS
    if command == "decide":
        assert rest[0] in KINDS
        assert "S-1" in rest
        assert {"--reason", "--by"} <= set(rest)


@pytest.mark.parametrize(
    "subject", ["S 1", "S;rm -rf /", "S-1:St. Mary's", "$(id)"], ids=["blank", "two", "quote", "shell"]
)
def test_an_id_is_one_word_of_the_command(subject: str) -> None:
    (row,) = with_commands([point("rule", subject)], ROUND)
    assert shlex.split(row["command"])[4] == subject


def test_what_waits_is_told_by_owner() -> None:
    lines = waiting_by_owner([point("rule"), point("rule", "S-2"), point("unconfirmed", "T-1", None)])
    assert lines == [
        "For the committee: 1 open point: unconfirmed 1.",
        "For the office: 2 open points: rule 2.",
    ]
    assert owner_of("disputed") == CHAIR
