"""Approvals: one person is one, as many as are needed, and never those alone who made the version."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tasks.decisions.approvals import (
    approvals,
    involved_people,
    is_enough,
    pinned_version,
    rollbacks_to_nothing,
)
from tasks.decisions.effective import effective_decisions
from tasks.decisions.people import same_person
from warehouse.dictionary.inputs import DECISIONS

START = datetime(2026, 1, 12, 9, tzinfo=UTC)
CONTENT = "a" * 64


def recorded(*lines: str):
    """Decisions as `kind version who [content letter]`; ids are d0, d1, …"""
    rows = []
    for place, line in enumerate(lines):
        kind, version, who, *content = line.split("/")
        rows.append(
            {
                "decision_id": f"d{place}",
                "kind": kind,
                "subject": version if kind in ("undo", "withdraw") else f"2026-01:{version}",
                "object": (content[0] * 64 if content else CONTENT) if "app" in kind else None,
                "reason": "r",
                "decided_by": who,
                "decided_at": START + timedelta(hours=place),
            }
        )
    return DECISIONS.frame(rows)


SAME = [
    ("Ann Smith", "ann  smith"),
    ("Smith, Ann", "Ann Smith"),
    ("José Núñez", "Jose Nunez"),
    ("Ömer", "omer"),
]
OTHER = [("Ann Smith", "Ann Smythe"), ("Ann", "Bob"), ("Ann Smith", "Ann"), ("李雷", "韩梅梅")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_person_is_one_however_the_name_is_written(one: str, other: str) -> None:
    assert same_person(one, other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_people_are_two(one: str, other: str) -> None:
    assert not same_person(one, other)


CASES = [
    pytest.param(["approve/1/Ann"], {1: ["Ann"]}, id="one"),
    pytest.param(["approve/1/Ann", "approve/1/Bob"], {1: ["Ann", "Bob"]}, id="two people"),
    pytest.param(["approve/1/Ann", "approve/1/ANN"], {1: ["ANN"]}, id="one person twice"),
    pytest.param(["approve/1/Ann", "approve/2/Ann"], {1: ["Ann"], 2: ["Ann"]}, id="two versions"),
    pytest.param(["approve/1/Ann", "approve/1/Bob", "revoke_approval/1/Cy"], {}, id="revoked by anybody"),
    pytest.param(["approve/1/Ann", "revoke_approval/1/Cy", "approve/1/Bob"], {1: ["Bob"]}, id="and again"),
    pytest.param(["approve/1/Ann", "revoke_approval/2/Cy"], {1: ["Ann"]}, id="another was revoked"),
    pytest.param(["approve/1/Ann", "undo/d0/Ann"], {}, id="undone"),
    pytest.param(
        ["approve/1/Ann", "revoke_approval/1/Cy", "undo/d1/Cy"], {1: ["Ann"]}, id="revocation undone"
    ),
    pytest.param(["approve/1/Ann/a", "approve/1/Bob/b"], {1: ["Bob"]}, id="of another content"),
]


@pytest.mark.parametrize(("lines", "expected"), CASES)
def test_who_approves(lines: list[str], expected: dict[int, list[str]]) -> None:
    found = approvals(effective_decisions(recorded(*lines)), "2026-01")
    assert {version: list(state.people) for version, state in found.items()} == expected
    assert approvals(effective_decisions(recorded(*lines)), "2025-07") == {}


ENOUGH = [
    pytest.param(["Ann"], 1, [], True, id="one of one"),
    pytest.param(["Ann"], 1, ["Bob"], True, id="somebody else made it"),
    pytest.param(["Ann"], 1, ["ann"], False, id="who made it alone"),
    pytest.param(["Ann"], 2, [], False, id="one of two"),
    pytest.param(["Ann", "Bob"], 2, ["Ann"], True, id="who made it and another"),
    pytest.param(["Ann", "Bob"], 2, ["Ann", "Bob"], False, id="both made it"),
    pytest.param([], 0, [], False, id="nobody"),
    pytest.param(["Ann"], 0, ["Ann"], True, id="none is needed"),
]


@pytest.mark.parametrize(("people", "needed", "involved", "expected"), ENOUGH)
def test_four_eyes(people: list[str], needed: int, involved: list[str], expected: bool) -> None:
    assert is_enough(people, needed, involved) is expected


def test_involved_are_the_starter_and_who_decided_something_that_is_in_the_version() -> None:
    made_with = recorded("withdraw/S1/Bob", "approve/1/Cy", "rollback/1/Di", "withdraw/S2/Bob")
    assert involved_people(made_with, ["Ann"]) == ("Ann", "Bob")


@pytest.mark.parametrize(
    ("lines", "pinned", "without_effect"),
    [
        pytest.param([], None, [], id="none"),
        pytest.param(["rollback/2/Ann"], 2, [], id="one"),
        pytest.param(["rollback/1/Ann", "rollback/2/Ann"], 2, [], id="the last"),
        pytest.param(["rollback/4/Ann"], None, ["d0"], id="never published"),
        pytest.param(["rollback/1/Ann", "rollback/4/Ann"], 1, ["d1"], id="a good one before"),
        pytest.param([f"rollback/{'9' * 60}/Ann"], None, ["d0"], id="a number of sixty digits"),
        pytest.param(["rollback/0/Ann"], None, ["d0"], id="version nought"),
    ],
)
def test_a_round_is_pinned_to_a_version_that_was_published(lines, pinned, without_effect):
    in_force = recorded(*lines)
    assert pinned_version(in_force, "2026-01", 3) == pinned
    assert [one.row_key for one in rollbacks_to_nothing(in_force, "2026-01", 3)] == without_effect


def test_a_rollback_of_another_round_pins_nothing():
    in_force = recorded("rollback/1/Ann")
    assert pinned_version(in_force, "2025-07", 3) is None
    assert [one.row_key for one in rollbacks_to_nothing(in_force, "2025-07", 3)] == ["d0"]
