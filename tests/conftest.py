"""What all tests share: the realistic data, the rules the program ships with, what is made once for a run."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.caches import load_gazetteer
from programme.programme import Programme, read_programme
from tests.examples import register_profiles


def find_shared_data() -> Path:
    """The folder `shared/data` beside the repository, or beside a folder above it."""
    places = [folder / "shared" / "data" for folder in Path(__file__).parents[2:]]
    return next((place for place in places if place.is_dir()), places[0])


SHARED_DATA = find_shared_data()
register_profiles()


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


@contextmanager
def one_worker(folder: Path) -> Iterator[None]:
    """Let one test process at a time work on a folder, so that a second one finds what the first one made."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all processes of this run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def cache_folder(pytestconfig: pytest.Config) -> Path:
    """The folder of rebuildable caches, with the gazetteer in it; kept with pytest's own cache."""
    folder = Path(pytestconfig.cache.mkdir("city2city"))
    with one_worker(folder):
        load_gazetteer(folder)
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that start a Prefect server come first: they wait more than they compute, the other worker goes
    on meanwhile.
    """
    items.sort(key=lambda item: item.get_closest_marker("prefect") is None)
