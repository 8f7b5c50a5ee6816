from __future__ import annotations

import pytest

from expectations.check import STAGES, check
from expectations.model import Limits
from warehouse.dictionary.published import FINDINGS


@pytest.mark.parametrize("stage", STAGES)
def test_a_valid_round_has_no_findings(stage, world, limits: Limits) -> None:
    found = check(stage, world, limits)
    assert found.to_dicts() == []
    assert found.schema == FINDINGS.schema
