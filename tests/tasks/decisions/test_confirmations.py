"""What a confirmation is about, and which confirmations are in force under whatever id they are named."""

from __future__ import annotations

import polars as pl
import pytest

from tasks.decisions.confirmations import (
    Member,
    TwinningContent,
    completed,
    content_of,
    decisions_in_force,
    members_of,
    members_text,
)
from tests.tasks.decisions.making import ledger

THREE = TwinningContent("cooling", (Member("A1", "C1"), Member("A2", "C2"), Member("A3", "C3")))
PAIR = TwinningContent("cooling", THREE.members[:2])
KNOWN = {"T3": THREE, "T2": PAIR, "P": TwinningContent("ports", PAIR.members)}


@pytest.mark.parametrize(
    "members",
    [
        pytest.param(THREE.members, id="plain"),
        pytest.param((Member("A;1", "KEN:a=b"), Member("50%", "C 2")), id="signs that stand between members"),
    ],
)
def test_members_are_read_as_they_were_written(members: tuple[Member, ...]) -> None:
    assert members_of(members_text(members)) == members


def test_a_name_alone_is_the_application_and_the_city() -> None:
    assert members_of("A1; C2 ;") == (Member("A1", "A1"), Member("C2", "C2"))
    assert content_of("cooling", " ; ") is None


IN_FORCE = [
    ("confirmed", ["a confirm T3 - -"], ["a"]),
    ("released by the id of those that remain", ["a confirm T3 - -", "b release T2 - -"], ["b"]),
    ("released before", ["a release T2 - -", "b confirm T3 - -"], ["a", "b"]),
    ("another topic is another twinning", ["a confirm T3 - -", "b release P - -"], ["a", "b"]),
    ("the pair's release is not that of three", ["a confirm T2 - -", "b release T3 - -"], ["a", "b"]),
    (
        "released and confirmed again",
        ["a confirm T3 - -", "b release T2 - -", "c confirm T3 - -"],
        ["b", "c"],
    ),
    ("nobody knows it", ["a confirm T9 - -", "b release T8 - -"], ["a", "b"]),
]


@pytest.mark.parametrize(("lines", "ids"), [pytest.param(*rest, id=name) for name, *rest in IN_FORCE])
def test_in_force(lines: list[str], ids: list[str]) -> None:
    recorded = completed(ledger(*lines), KNOWN.get)
    assert decisions_in_force(recorded)["decision_id"].to_list() == ids


def test_what_a_decision_says_itself_is_not_looked_up() -> None:
    said = ledger("a confirm T3 - -").with_columns(topic=pl.lit("ports"), members=pl.lit("A7=C7; A8=C8"))
    assert completed(said, KNOWN.get).equals(said)
    assert completed(ledger("a confirm T9 - -"), KNOWN.get)["members"].to_list() == [None]


def test_a_waiver_holds_the_twinning_it_names() -> None:
    """One that names an application holds none."""
    known = completed(ledger("a waive T2 least_gain -", "b waive A1 least_gain -"), KNOWN.get)
    assert known["topic"].to_list() == ["cooling", None]
    assert known["members"].to_list() == ["A1=C1; A2=C2", None]
