"""What is told about decisions."""

from __future__ import annotations

import pytest

from tasks.decisions.findings import undos_of_nothing, without_effect
from tests.tasks.decisions.making import ledger
from warehouse.dictionary.findings import Finding


def told(decision_id: str, message: str) -> Finding:
    return Finding("decisions", "decision_has_effect", message, decision_id, "subject", "warn")


def test_a_decision_without_effect_is_named_by_its_id():
    assert without_effect("d1", "names nobody") == told("d1", "The decision has no effect: it names nobody.")


CASES = [
    ("nothing", [], []),
    ("no undo", ["a withdraw S1 - -"], []),
    ("an undo of a decision", ["a withdraw S1 - -", "b undo a - -"], []),
    ("an undo of an undo", ["a withdraw S1 - -", "b undo a - -", "c undo b - -"], []),
    ("an undo recorded before its decision", ["b undo a - - 1", "a withdraw S1 - - 2"], []),
    ("an undo of nothing", ["a withdraw S1 - -", "b undo x - -"], ["b"]),
    ("an undo of a submission's id", ["a withdraw S1 - -", "b undo S1 - -"], ["b"]),
    ("two, by their ids", ["c undo x - -", "b undo y - -"], ["b", "c"]),
]


@pytest.mark.parametrize(("rows", "ids"), [pytest.param(*each[1:], id=each[0]) for each in CASES])
def test_undos_of_nothing(rows, ids):
    message = "The decision has no effect: it takes back a decision that is not recorded."
    assert undos_of_nothing(ledger(*rows)) == [told(id_, message) for id_ in ids]
