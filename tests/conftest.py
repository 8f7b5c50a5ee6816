"""What all tests share: where the realistic data would be, and the rules the program ships with."""

from __future__ import annotations

from pathlib import Path

import pytest

from programme.programme import Programme, read_programme


def find_shared_data() -> Path:
    """The folder `shared/data` beside the repository, or beside a folder above it."""
    places = [folder / "shared" / "data" for folder in Path(__file__).parents[2:]]
    return next((place for place in places if place.is_dir()), places[0])


SHARED_DATA = find_shared_data()


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
