"""What the tests with hostile inputs share: relaxed rules, and an office on SQLite and on Postgres."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.small_round import relaxed_rules
from tests.warehouse.conftest import postgres_url

__all__ = ["postgres_url"]


@pytest.fixture(scope="session")
def rules_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rules in which no count and no gate stops a small round."""
    return relaxed_rules(tmp_path_factory.mktemp("rules") / "programme")
