"""A pin that breaks a hard rule, from the command to the version: refused with the figure, or insisted on."""

from __future__ import annotations

from itertools import combinations

import pytest

from flows.replay import replay
from flows.what_if import latest_problem
from tasks.matchmaking.value.facts import facts_of
from tasks.matchmaking.value.hard_rules import rules_beside_worth
from tests.flows.office import Office
from tests.flows.test_cli import run_main
from warehouse.snapshots.verify import verify_version

BY = ("--reason", "the mayors agreed on evening sessions", "--by", "committee")


@pytest.fixture
def far_apart(processed: Office) -> tuple[str, str]:
    """Two candidates of the first round whose only broken rule is that they share too few hours."""
    _, problem = latest_problem(processed.context, "2025-07")
    facts = facts_of(problem)
    for i, j in combinations(range(len(facts.applicants)), 2):
        one, other = facts.applicants[i], facts.applicants[j]
        for topic in {*one.interests} & {*other.interests}:
            if [broken.rule for broken in rules_beside_worth((i, j), topic, facts)] == ["shared_hours"]:
                return one.application_id, other.application_id
    raise AssertionError("no such pair")


def _pins(office: Office) -> list[dict[str, object]]:
    """What was recorded of these two cities."""
    decisions = office.context.ledger.decisions("2025-07")
    return decisions.filter(decided_by="committee").to_dicts()


@pytest.mark.long
def test_a_pin_that_breaks_a_hard_rule_is_refused_or_insisted_on(
    processed: Office, far_apart: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    pin = ("decide", "2025-07", "pin", *far_apart)
    assert run_main(*pin, *BY) == 2
    refusal = capsys.readouterr().err
    assert "shared_hours" in refusal
    assert "working hours, fewer than 3" in refusal
    assert "--override shared_hours" in refusal
    assert _pins(processed) == []

    assert run_main(*pin, *BY, "--override", "shared_hours") == 0
    (recorded,) = _pins(processed)
    assert (recorded["kind"], recorded["value"]) == ("pin", "override shared_hours")

    assert processed.run("2025-07").version == 2
    tables = processed.tables("2025-07", 2)
    members = dict(tables["twinning_members"].select("application_id", "twinning_id").iter_rows())
    together = members[far_apart[0]]
    assert members[far_apart[1]] == together
    told = tables["findings"].filter(expectation="hard_rules_hold_unless_overridden")
    assert told["row_key"].to_list() == [together]
    assert "shared_hours" in told["message"].item()
    assert verify_version(processed.context.storage, "2025-07", 2) == []
    assert replay(processed.context, "2025-07", 2).differing == ()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("forbid", "S1", "S2", "--override", "shared_hours"), "for a pin", id="not a pin"),
        pytest.param(
            ("pin", "S1", "S2", "--override", "common_topic"), "shared_hours, funded_together", id="never"
        ),
    ],
)
def test_an_override_that_means_nothing_is_refused(
    office: Office, arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_main("decide", "2025-07", *arguments, *BY) == 2
    assert told in capsys.readouterr().err
    assert _pins(office) == []
