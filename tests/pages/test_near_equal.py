"""What the report says of plans that are nearly as good."""

from __future__ import annotations

import pytest

from pages.report import internal_report, public_report
from pages.views.twinnings import twinnings
from programme.programme import Programme
from tests.pages.making import made
from warehouse.dictionary import WORKING_TABLES

SENSITIVITY = {"twinning_id": "T-0", "margin": 2.5, "robustness": 0.9, "scenarios": 200}


def plan(status: str, share: float, words: str, *, every: bool, proven: bool) -> dict[str, object]:
    told = {"status": status, "share": share, "words": words, "proven": proven, "every_plan": every}
    return told | {
        "kind": "twinning",
        "subject": "T-0",
        "plan": 0,
        "there": True,
        "loss": 0.0,
        "plans": 40,
    }


@pytest.mark.parametrize(
    ("row", "words"),
    [
        pytest.param(
            plan("fixed", 1.0, "Porto and Bologna on data", every=True, proven=True),
            "Fixed: it is in all 40 plans that are nearly as good.",
            id="fixed",
        ),
        pytest.param(
            plan("fixed", 1.0, "Porto and Bologna on data", every=False, proven=False),
            "Fixed: it is in 40 random ones of the plans that are nearly as good, as far as they show.",
            id="fixed in a sample",
        ),
        pytest.param(
            plan("replaceable", 0.25, "Porto and Bologna; instead Porto and Suva", every=True, proven=True),
            "Replaceable: it is in 25% of all 40 plans that are nearly as good. Instead: Porto and Suva.",
            id="replaceable",
        ),
        pytest.param(
            plan("replaceable", 0.25, "Porto and Bologna on data", every=False, proven=True),
            "Replaceable: it is in 25% of 40 random ones of the plans that are nearly as good.",
            id="nothing instead",
        ),
    ],
)
def test_a_twinning_is_fixed_or_replaceable(row: dict[str, object], words: str, programme: Programme) -> None:
    data = made(programme, alternatives=[row], twinning_sensitivity=[SENSITIVITY])
    first, second = twinnings(data.tables, data.working, programme, data.round_)
    assert first.firmness is not None
    assert first.firmness.near_equal == words
    assert second.firmness is None
    assert words in internal_report(data)
    assert "nearly as good" not in public_report(data)


def test_what_was_not_worked_out_is_not_told(programme: Programme) -> None:
    data = made(programme, twinning_sensitivity=[SENSITIVITY])
    first, _ = twinnings(data.tables, data.working, programme, data.round_)
    assert first.firmness is not None
    assert first.firmness.near_equal is None
    assert WORKING_TABLES["alternatives"].empty().is_empty()
