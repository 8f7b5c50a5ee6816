"""The gates: when each is closed, what is said, and what an acceptance lets pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from programme.problems import ProblemsError
from programme.rounds import Gates
from programme.vocabulary import GATES
from tasks.publish.gates import GateFacts, Unsettled, check_accepted, judge_gates

AFTER = datetime(2026, 1, 9, 6, tzinfo=UTC)
IDS = frozenset(f"S{n}" for n in range(100))


@pytest.fixture(scope="session")
def whole(programme) -> GateFacts:
    """A round in which every gate is open."""
    return GateFacts(
        round=programme.rounds.get("2026-01"),
        now=AFTER,
        evaluations=50,
        evaluations_before=50,
        evaluations_expected="applications were handed out to evaluators",
        applications=IDS,
        applications_before=IDS,
        twinnings=8,
        twinnings_before=8,
    )


CLOSED = [
    pytest.param("call_open", {"now": AFTER.replace(day=8)}, "8 January 2026", id="the last day"),
    pytest.param("evaluations_missing", {"evaluations": 0}, "there are none", id="no scores"),
    pytest.param("evaluations_missing", {"evaluations": 49}, "only 49", id="one score less"),
    pytest.param(
        "evaluations_missing", {"evaluations": 0, "evaluations_before": None}, "none", id="none at first"
    ),
    pytest.param(
        "earlier_round_unsettled",
        {"unsettled": (Unsettled("2025-07", "T-1", "Pune, Quito"),)},
        "city2city decide 2025-07 confirm",
        id="one proposed before",
    ),
    pytest.param(
        "applications_fell",
        {"applications": frozenset(sorted(IDS)[:89])},
        "11 of 100 applications",
        id="eleven of a hundred gone",
    ),
    pytest.param(
        "applications_fell",
        {"applications": frozenset(f"X{n}" for n in range(100))},
        "100 of 100",
        id="the file of another round",
    ),
    pytest.param(
        "share_set_aside",
        {"lost": {"share_set_aside": "forms.csv: 3 of 10 rows (30%) could not be used"}},
        "3 of 10 rows (30%) could not be used",
        id="a third set aside",
    ),
    pytest.param("no_twinnings", {"twinnings": 0}, "has 8 twinnings", id="nothing after something"),
    pytest.param("ledger_incomplete", {"ledger_gaps": ("2 are missing.",)}, "missing", id="lost decisions"),
]
OPEN = [
    pytest.param({}, id="as last time"),
    pytest.param({"evaluations_expected": None, "evaluations": 0}, id="no scores expected"),
    pytest.param({"evaluations": 60}, id="more scores"),
    pytest.param({"applications": frozenset(sorted(IDS)[:90])}, id="ten of a hundred gone"),
    pytest.param({"applications": IDS | {"S100"}}, id="a new one"),
    pytest.param({"applications_before": None, "twinnings_before": None, "twinnings": 0}, id="the first"),
]


@pytest.mark.parametrize(("gate", "facts", "says"), CLOSED)
def test_a_closed_gate_says_what_was_found_and_does_what_the_rules_say(gate, facts, says, whole) -> None:
    told = replace(whole, **facts)
    for severity in ("stop", "warn"):
        if gate == "ledger_incomplete" and severity == "warn":
            continue
        answer = judge_gates(told, Gates(**{gate: severity}), ())
        (found,) = answer.stops if severity == "stop" else answer.warnings
        assert (found.expectation, found.severity) == (gate, severity)
        assert says in found.message
        assert not (answer.warnings if severity == "stop" else answer.stops)


@pytest.mark.parametrize("facts", OPEN)
def test_an_open_gate_says_nothing(facts, whole) -> None:
    assert judge_gates(replace(whole, **facts), Gates(), ()) == judge_gates(whole, Gates(), ())
    assert not judge_gates(whole, Gates(), ()).stops


def test_the_defaults_are_those_of_the_rules_file(programme) -> None:
    assert programme.rounds.gates == Gates()
    assert {gate for gate in GATES if Gates().severity(gate) == "warn"} == {"evaluations_missing"}


def test_an_accepted_gate_lets_pass_and_what_was_not_needed_is_told(whole) -> None:
    closed = replace(whole, now=AFTER.replace(day=8), twinnings=0)
    answer = judge_gates(closed, Gates(), ("call_open", "applications_fell", "evaluations_missing"))
    assert [one.expectation for one in answer.stops] == ["no_twinnings"]
    assert answer.let_pass == ("call_open",)
    assert answer.not_needed == ("evaluations_missing", "applications_fell")


def test_a_lost_ledger_lets_nobody_pass(whole) -> None:
    answer = judge_gates(replace(whole, ledger_gaps=("Two are missing.",)), Gates(), GATES)
    assert [one.expectation for one in answer.stops] == ["ledger_incomplete"]
    assert "Nobody can let this gate pass" in answer.stops[0].message


REFUSED = [
    pytest.param(("back_door",), "why", "one of call_open", id="no such gate"),
    pytest.param(("call_open",), None, "no reason", id="no reason"),
    pytest.param(("call_open",), "  ", "no reason", id="a blank reason"),
    pytest.param(("ledger_incomplete",), "why", "nobody can accept", id="the ledger"),
]


@pytest.mark.parametrize(("accepted", "reason", "says"), REFUSED)
def test_what_cannot_be_accepted_is_refused(accepted, reason, says) -> None:
    with pytest.raises(ProblemsError) as refused:
        check_accepted(accepted, reason)
    assert says in str(refused.value)


def test_no_acceptance_needs_no_reason() -> None:
    check_accepted((), None)
    check_accepted(("call_open",), "the office decided so")
