"""The tests of decisions read small files as the tests of ingest do."""

from tests.tasks.ingest.conftest import read, round_

__all__ = ["read", "round_"]
