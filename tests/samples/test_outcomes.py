"""What the FAQ's rules make of each troubled application: an oracle written from the rules, not from what the
program once said.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.caches import load_gazetteer
from samples.bundle import INPUTS
from samples.calls import FIRST_CALL, SECOND_CALL
from tasks.crosscheck.step import crosscheck
from tasks.decisions.effective import effective_decisions
from tasks.eligibility.judge import EligibilityInputs, Judged, judge
from tasks.ingest.step import SourceFile, read_all
from warehouse.sandbox import open_in_sandbox

CALLS = {call.round_id: call for call in (FIRST_CALL, SECOND_CALL)}


@pytest.fixture(scope="module")
def judged(programme, cache_folder: Path) -> dict[str, Judged]:
    gazetteer = load_gazetteer(cache_folder)
    results = {}
    for round_ in programme.rounds.rounds:
        sources = [
            SourceFile(path.stem, path.name, path.read_bytes())
            for path in sorted((INPUTS / round_.id).iterdir())
        ]
        inputs = read_all(sources, programme, round_, open_binary=open_in_sandbox)
        decisions = effective_decisions(inputs.decisions)
        linked = crosscheck(
            inputs.submissions,
            inputs.cohort,
            inputs.gcom,
            inputs.collaborations,
            decisions,
            programme,
            gazetteer,
        )
        evidence = EligibilityInputs(
            inputs.submissions,
            inputs.set_aside,
            linked.cities,
            linked.crosscheck,
            inputs.cohort,
            inputs.gcom,
            decisions,
        )
        results[round_.id] = judge(evidence, programme=programme, round_=round_, register_versions={})
    return results


STATES = [
    ("2025-07", "Quito early", "superseded"),
    ("2025-07", "Quito EC", "accepted"),
    ("2025-07", "Istanbul TR", "accepted"),
    ("2025-07", "Istanbul second department", "accepted"),
    ("2025-07", "Utrecht NL", "accepted"),
    ("2025-07", "Windhoek", "accepted"),
    ("2025-07", "Dakar SN", "late"),
    ("2025-07", "Rosario AR", "late"),
    ("2025-07", "Abidjan CI", "accepted"),
    ("2025-07", "Port Louis MU", "set_aside"),
    ("2025-07", "Antananarivo MG", "set_aside"),
    ("2025-07", "Makassar ID", "withdrawn"),
    ("2026-01", "Gothenburg SE", "accepted"),
    ("2026-01", "Halifax CA", "late"),
    ("2026-01", "Davao planning", "superseded"),
    ("2026-01", "Davao PH", "accepted"),
    ("2026-01", "Auckland NZ", "withdrawn"),
    ("2026-01", "Antananarivo MG", "set_aside"),
]


@pytest.mark.parametrize(
    ("round_id", "handle", "state"), STATES, ids=[f"{case[0]}-{case[1]}" for case in STATES]
)
def test_state(judged, round_id: str, handle: str, state: str) -> None:
    states = dict(judged[round_id].applications.select("application_id", "state").iter_rows())
    assert states[CALLS[round_id].submission_id(handle)] == state


STATUSES = [
    ("2025-07", "Medellín CO", "eligible", 1, {}),
    ("2025-07", "Munich DE", "eligible", 1, {}),
    ("2025-07", "Durban ZA", "eligible", 1, {}),
    ("2025-07", "Kobe JP", "eligible", 1, {}),
    ("2025-07", "Windhoek", "eligible", 1, {}),
    ("2025-07", "Springfield US #2", "eligible", 1, {}),
    ("2025-07", "Khulna BD", "eligible", 1, {}),
    ("2025-07", "Turku FI", "eligible", 1, {}),
    ("2025-07", "Da Nang VN", "tentative", 2, {"cohort": "conditional"}),
    ("2025-07", "Tallinn EE", "tentative", 2, {"cohort": "conditional"}),
    ("2025-07", "Rabat MA", "tentative", 2, {"cohort": "conditional", "gcom": "conditional"}),
    ("2025-07", "Kaunas LT", "tentative", 3, {"cohort": "conditional"}),
    ("2025-07", "Peine DE", "ineligible", 2, {"cohort": "conditional", "population": "not_met"}),
    ("2025-07", "Juigalpa NI", "tentative", 2, {"cohort": "conditional"}),
    ("2025-07", "Dunaújváros HU", "tentative", 2, {"cohort": "conditional"}),
    ("2025-07", "Doetinchem NL", "needs_review", 2, {"cohort": "conditional", "population": "unclear"}),
    ("2025-07", "Romagna", "tentative", 2, {"cohort": "conditional"}),
    ("2025-07", "Lago", "needs_review", 2, {"cohort": "conditional", "gcom": "unclear"}),
    ("2025-07", "Braga PT", "tentative", 1, {"local_government": "conditional"}),
    ("2025-07", "Leuven BE", "needs_review", 1, {"local_government": "unclear", "mandate": "unclear"}),
    ("2025-07", "Kigali RW", "ineligible", 1, {"local_government": "not_met", "mandate": "not_met"}),
    ("2025-07", "Tipitapa NI", "ineligible", None, {"cohort": "not_met"}),
    ("2025-07", "Plovdiv BG", "ineligible", None, {"cohort": "not_met"}),
    ("2025-07", "Skopje MK", "ineligible", None, {"cohort": "not_met", "gcom": "conditional"}),
    ("2025-07", "San Fernando PH", "needs_review", None, {"cohort": "unclear", "gcom": "unclear"}),
    ("2025-07", "Abidjan CI", "needs_review", 1, {"on_time": "unclear"}),
    ("2026-01", "Tallinn EE", "eligible", 1, {}),
    ("2026-01", "Rabat MA", "tentative", 2, {"cohort": "conditional", "gcom": "conditional"}),
    ("2026-01", "Fortaleza BR", "tentative", 3, {"cohort": "conditional"}),
    ("2026-01", "Cebu City PH", "tentative", 2, {"cohort": "conditional"}),
    ("2026-01", "Suva FJ", "tentative", 2, {"cohort": "conditional", "gcom": "conditional"}),
    ("2026-01", "Portland US", "needs_review", None, {"cohort": "unclear", "gcom": "unclear"}),
    ("2026-01", "Victoria PH", "ineligible", 2, {"cohort": "conditional", "gcom": "not_met"}),
    ("2026-01", "Gothenburg SE", "eligible", 1, {}),
    ("2026-01", "Peine DE", "needs_review", 2, {"cohort": "conditional", "population": "unclear"}),
    ("2026-01", "Lago", "tentative", 2, {"cohort": "conditional", "gcom": "conditional"}),
    ("2026-01", "Maputo MZ", "tentative", 1, {"local_government": "conditional"}),
    ("2026-01", "Sousse TN", "ineligible", 1, {"motivation": "not_met", "participation": "unclear"}),
]


@pytest.mark.parametrize(
    ("round_id", "handle", "status", "scenario", "not_simply_met"),
    STATUSES,
    ids=[f"{case[0]}-{case[1]}" for case in STATUSES],
)
def test_status(
    judged, round_id: str, handle: str, status: str, scenario: int | None, not_simply_met: dict[str, str]
) -> None:
    key = CALLS[round_id].submission_id(handle)
    row = next(
        row for row in judged[round_id].eligibility.iter_rows(named=True) if row["application_id"] == key
    )
    checks = judged[round_id].checks.select("application_id", "rule", "outcome").iter_rows()
    assert {
        rule: outcome
        for application, rule, outcome in checks
        if application == key and outcome not in ("met", "not_applicable")
    } == not_simply_met
    assert (row["status"], row["scenario"]) == (status, scenario)


@pytest.mark.parametrize(("round_id", "at_least"), [("2025-07", 30), ("2026-01", 24)])
def test_enough_applications_can_be_matched(judged, round_id: str, at_least: int) -> None:
    statuses = judged[round_id].eligibility["status"].to_list()
    assert sum(status in ("eligible", "tentative") for status in statuses) >= at_least
