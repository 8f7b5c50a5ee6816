"""Which human decisions stand."""

from __future__ import annotations

import pytest

from programme.vocabulary import DECISION_KINDS
from tasks.decisions.effective import effective_decisions, of_kinds
from tests.tasks.decisions.making import ledger
from warehouse.dictionary.inputs import DECISIONS

CASES = [
    ("nothing", [], []),
    ("one", ["a link S1 cohort U1"], ["a"]),
    ("a later link on the same register", ["a link S1 cohort U1", "b link S1 cohort U2"], ["b"]),
    ("another register is another matter", ["a link S1 cohort U1", "b link S1 gcom G1"], ["a", "b"]),
    ("another member is another matter", ["a link S1:One gcom G1", "b link S1:Two gcom G1"], ["a", "b"]),
    ("no_link after link", ["a link S1 cohort U1", "b no_link S1 cohort -"], ["b"]),
    ("link after no_link", ["a no_link S1 cohort -", "b link S1 cohort U1"], ["b"]),
    ("by recording, not by claimed time", ["a link S1 cohort U1 5", "b link S1 cohort U2 3"], ["b"]),
    ("a far future claimed", ["a link S1 cohort U1 9999", "b link S1 cohort U2 3"], ["b"]),
    ("equal times: the last recorded", ["b link S1 cohort U1 1", "a link S1 cohort U2 1"], ["a"]),
    ("another rule is another matter", ["a rule S1 mandate met", "b rule S1 topic met"], ["a", "b"]),
    ("a later outcome", ["a rule S1 mandate met", "b rule S1 mandate not_met"], ["b"]),
    ("withdraw and accept_late are two matters", ["a accept_late S1 - -", "b withdraw S1 - -"], ["a", "b"]),
    ("release after confirm", ["a confirm T1 - -", "b release T1 - -"], ["b"]),
    ("confirm after release", ["a release T1 - -", "b confirm T1 - -"], ["b"]),
    ("merge of other pairs", ["a merge S1 S2 -", "b merge S1 S3 -"], ["a", "b"]),
    ("forbid after pin", ["a pin S1 S2 -", "b forbid S1 S2 -"], ["b"]),
    ("the pair the other way round", ["a pin S1 S2 -", "b forbid S2 S1 -"], ["b"]),
    ("forbidden on two topics", ["a forbid S1 S2 cooling", "b forbid S1 S2 ports"], ["a", "b"]),
    ("together on one, apart on another", ["a pin S1 S2 cooling", "b forbid S2 S1 ports"], ["a", "b"]),
    ("together on two: the later", ["a pin S1 S2 cooling", "b pin S2 S1 ports"], ["b"]),
    ("apart on one, then on all", ["a forbid S1 S2 cooling", "b forbid S1 S2 -"], ["b"]),
    ("apart on all, then together on one", ["a forbid S1 S2 -", "b pin S1 S2 cooling"], ["b"]),
    (
        "apart on two, then together on one of them",
        ["a forbid S1 S2 cooling", "b forbid S1 S2 ports", "c pin S1 S2 ports"],
        ["a", "c"],
    ),
    ("undone", ["a withdraw S1 - -", "b undo a - -"], []),
    ("an undo undone", ["a withdraw S1 - -", "b undo a - -", "c undo b - -"], ["a"]),
    (
        "an undo undone, and that undone",
        ["a withdraw S1 - -", "b undo a - -", "c undo b - -", "d undo c - -"],
        [],
    ),
    ("an undo undone on the same day", ["a withdraw S1 - - 1", "z undo a - - 1", "b undo z - - 1"], ["a"]),
    ("one of two undos undone", ["a withdraw S1 - -", "b undo a - -", "c undo a - -", "d undo b - -"], []),
    (
        "the later undone: the earlier stands again",
        ["a rule S1 mandate met", "b rule S1 mandate not_met", "c undo b - -"],
        ["a"],
    ),
    ("undo of what is not there", ["a withdraw S1 - -", "b undo x - -"], ["a"]),
    ("undos in a circle take nothing back", ["a undo b - -", "b undo a - -", "c withdraw S1 - -"], ["c"]),
]


@pytest.mark.parametrize(("rows", "ids"), [pytest.param(*each[1:], id=each[0]) for each in CASES])
def test_what_stands(rows, ids):
    found = effective_decisions(ledger(*rows))
    assert found["decision_id"].to_list() == ids
    assert found.schema == DECISIONS.schema


def test_a_long_chain_of_undos_is_followed():
    chain = ["a withdraw S1 - -", "u0 undo a - -", *(f"u{n} undo u{n - 1} - -" for n in range(1, 2000))]
    assert effective_decisions(ledger(*chain))["decision_id"].to_list() == ["a"]


def test_a_step_picks_its_kinds_in_order_of_recording():
    rows = ledger("a pin S1 S2 - 3", "b withdraw S1 - - 1", "d forbid S1 S2 - 2", "c forbid S1 S3 - 2")
    assert of_kinds(rows, ("pin", "forbid"))["decision_id"].to_list() == ["a", "d", "c"]
    assert of_kinds(rows, ()).is_empty()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rule S1 mandate met", "rule S2 mandate met"),
        ("confirm T1 - -", "confirm T2 - -"),
        ("no_conflict S1 E1 -", "no_conflict S1 E2 -"),
        ("no_link S1 cohort -", "link S1 gcom G1"),
        ("pin S1 S2 -", "pin S1 S3 -"),
        ("accept_late S1 - -", "withdraw S1 - -"),
    ],
)
def test_decisions_on_different_matters_are_in_force_together(one, other):
    assert effective_decisions(ledger(f"a {one}", f"b {other}"))["decision_id"].to_list() == ["a", "b"]


@pytest.mark.parametrize("kind", [kind for kind in DECISION_KINDS if kind != "undo"])
def test_of_two_decisions_on_one_matter_the_later_is_in_force(kind):
    rows = ledger(f"a {kind} S1 S2 cooling 1", f"b {kind} S1 S2 cooling 2")
    assert effective_decisions(rows)["decision_id"].to_list() == ["b"]
