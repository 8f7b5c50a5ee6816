"""The decisions in force as constraints, and what is told of those without effect."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tasks.decisions.effective import effective_decisions
from tasks.matchmaking.constraints import constraints_from
from tasks.matchmaking.problem import (
    BaselineTwinnings,
    Confirmation,
    Constraints,
    Forbid,
    Pin,
    Waiver,
    Withdrawal,
)
from warehouse.dictionary.inputs import DECISIONS
from warehouse.dictionary.published import TWINNING_MEMBERS, TWINNINGS
from warehouse.dictionary.working import CANDIDATES

CANDIDATE_ROWS = [{"application_id": f"A{k}", "city_id": f"C{k}"} for k in range(1, 6)] + [
    {"application_id": "A1b", "city_id": "C1"}
]
BASELINE = BaselineTwinnings(
    TWINNINGS.frame([{"twinning_id": "T1", "topic": "ports"}]),
    TWINNING_MEMBERS.frame([{"twinning_id": "T1", "city_id": city} for city in ("C4", "C3")]),
)


def constraints(*lines: str) -> Constraints:
    """The constraints of decisions written as `id kind subject object value`, a dash for a blank."""
    rows = []
    for day, line in enumerate(lines, 1):
        names = ("decision_id", "kind", "subject", "object", "value")
        cells = [None if cell == "-" else cell for cell in line.split()]
        moment = datetime(2025, 9, day, tzinfo=UTC)
        made_by = {"reason": "r", "decided_by": "x", "decided_at": moment}
        rows.append(dict(zip(names, cells, strict=True)) | made_by)
    effective = effective_decisions(DECISIONS.frame(rows))
    return constraints_from(effective, CANDIDATES.frame(CANDIDATE_ROWS), BASELINE)


CASES = [
    ("nothing", [], Constraints()),
    (
        "a rule waived for an application",
        ["d1 waive A2 least_gain -"],
        Constraints(waivers=(Waiver("least_gain", ("C2",), None, "decision d1"),)),
    ),
    (
        "two rules waived for one city",
        ["d1 waive C2 least_gain -", "d2 waive C2 some_jurisdiction -", "d3 waive C2 least_gain -"],
        Constraints(
            waivers=(
                Waiver("some_jurisdiction", ("C2",), None, "decision d2"),
                Waiver("least_gain", ("C2",), None, "decision d3"),
            )
        ),
    ),
    (
        "a rule waived for a twinning",
        ["d1 waive T1 most_of_one_country -"],
        Constraints(waivers=(Waiver("most_of_one_country", ("C3", "C4"), "ports", "decision d1"),)),
    ),
    (
        "a pin of applications is one of cities",
        ["d1 pin A1 A2 -"],
        Constraints(pins=(Pin("C1", "C2", None, "decision d1"),)),
    ),
    (
        "cities may be named by their own ids",
        ["d1 forbid C1 A2 ports"],
        Constraints(forbids=(Forbid("C1", "C2", "ports", "decision d1"),)),
    ),
    (
        "a later decision on the same cities under other names",
        ["d1 pin A1 A2 -", "d2 forbid C2 C1 -"],
        Constraints(forbids=(Forbid("C2", "C1", None, "decision d2"),)),
    ),
    (
        "apart on two topics",
        ["d1 forbid A1 A2 ports", "d2 forbid C1 C2 cooling"],
        Constraints(
            forbids=(
                Forbid("C1", "C2", "ports", "decision d1"),
                Forbid("C1", "C2", "cooling", "decision d2"),
            )
        ),
    ),
    (
        "a city that applied twice is withdrawn once",
        ["d1 withdraw A1 - -", "d2 withdraw A1b - -"],
        Constraints(withdrawals=(Withdrawal("C1", "decision d2"),)),
    ),
    ("a withdrawal of who takes no part asks for nothing", ["d1 withdraw A9 - -"], Constraints()),
    (
        "a confirmation",
        ["d1 confirm T1 - -"],
        Constraints(confirmations=(Confirmation("T1", "ports", ("C3", "C4"), "decision d1"),)),
    ),
    ("released", ["d1 confirm T1 - -", "d2 release T1 - -"], Constraints()),
    ("undone", ["d1 pin A1 A2 -", "d2 undo d1 - -"], Constraints()),
    ("other kinds are passed over", ["d1 rule A1 mandate met", "d2 link A1 gcom G1"], Constraints()),
]


@pytest.mark.parametrize(
    ("lines", "expected"), [pytest.param(lines, expected, id=name) for name, lines, expected in CASES]
)
def test_what_is_asked_of_the_matching(lines: list[str], expected: Constraints) -> None:
    assert constraints(*lines) == expected


WITHOUT_EFFECT = [
    (
        "nobody by that id",
        "d1 pin A1 A9 -",
        "object",
        "The pin decision d1 names A9, which does not take part in the matching; without effect.",
    ),
    (
        "nobody at all",
        "d1 forbid A1 - -",
        "object",
        "The forbid decision d1 names nobody, which does not take part in the matching; without effect.",
    ),
    (
        "one city twice",
        "d1 pin A1 A1b -",
        "object",
        "The pin decision d1 names the city C1 twice; without effect.",
    ),
    (
        "a waiver for nobody",
        "d1 waive A9 least_gain -",
        "subject",
        "The waive decision d1 names A9, which neither takes part in the matching nor is a twinning of this "
        "round; without effect.",
    ),
    (
        "a rule that cannot be waived",
        "d1 waive A1 one_city -",
        "object",
        "The waive decision d1 names the rule one_city; only least_gain, some_jurisdiction, "
        "most_of_one_country can be waived; without effect.",
    ),
    (
        "a twinning that is not there",
        "d1 confirm T9 - -",
        "subject",
        "The confirm decision d1 confirms the twinning T9, which no version of this round has; "
        "without effect.",
    ),
]


@pytest.mark.parametrize(
    ("line", "column", "message"), [pytest.param(*rest, id=name) for name, *rest in WITHOUT_EFFECT]
)
def test_a_decision_about_what_is_not_there_is_told(line: str, column: str, message: str) -> None:
    found = constraints(line)
    (finding,) = found.findings
    assert (finding.row_key, finding.column, finding.message) == ("d1", column, message)
    assert (finding.table, finding.severity) == ("decisions", "warn")
    assert (found.pins, found.forbids, found.confirmations, found.waivers) == ((), (), (), ())
