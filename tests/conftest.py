"""What all tests share: where the realistic data would be, and the rules the program ships with."""

from __future__ import annotations

from pathlib import Path

import pytest

from programme.programme import Programme, read_programme

SHARED_DATA = Path(__file__).parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the realistic inputs; they are not part of the product, so tests that use them are skipped
    where it is absent.
    """
    if not SHARED_DATA.is_dir():
        pytest.skip("the realistic inputs (../shared/data) are not here")
    return SHARED_DATA


@pytest.fixture(scope="session")
def programme() -> Programme:
    """The rules the program ships with."""
    return read_programme()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that start a Prefect server come first: they wait more than they compute, the other worker goes
    on meanwhile.
    """
    items.sort(key=lambda item: item.get_closest_marker("prefect") is None)
