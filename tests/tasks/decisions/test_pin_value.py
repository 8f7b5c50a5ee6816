"""What the value of a pin says, written and read."""

from __future__ import annotations

import pytest

from tasks.decisions.effective import effective_decisions
from tasks.decisions.kinds import mistakes
from tasks.decisions.pin_value import PinValue, pin_value, read_pin_value
from tests.tasks.decisions.making import ledger

VALUES = [
    pytest.param(None, PinValue(), id="nothing"),
    pytest.param("ports", PinValue("ports"), id="topic"),
    pytest.param("override shared_hours", PinValue(None, ("shared_hours",)), id="rule"),
    pytest.param(
        "ports; override funded_together, shared_hours",
        PinValue("ports", ("funded_together", "shared_hours")),
        id="topic and rules",
    ),
]


@pytest.mark.parametrize(("written", "read"), VALUES)
def test_a_value_is_written_as_it_is_read(written: str | None, read: PinValue) -> None:
    assert read_pin_value(written) == read
    assert pin_value(read.topic, read.overrides) == written


@pytest.mark.parametrize(
    "value",
    ["override common_topic", "ports; override hours", "override", "override shared_hours, one_city"],
)
def test_a_rule_that_cannot_be_overridden_is_refused(value: str) -> None:
    (mistake,) = mistakes("pin", "S1", "S2", value)
    assert mistake.column == "value"
    assert "shared_hours, funded_together" in mistake.expected


def test_a_pin_that_is_insisted_on_replaces_the_plain_one() -> None:
    recorded = ledger("a pin S1 S2 ports", "b pin S1 S2 ports")
    insisted = recorded.with_columns(value=recorded["value"] + "; override shared_hours")
    assert effective_decisions(insisted)["decision_id"].to_list() == ["b"]
    beside = ledger("a forbid S1 S2 data", "b pin S1 S2 ports")
    values = beside["value"].to_list()
    with_rule = beside.with_columns(
        value=beside["value"].replace(values[1], f"{values[1]}; override shared_hours")
    )
    assert effective_decisions(with_rule)["decision_id"].to_list() == ["a", "b"]
