"""The whole gazetteer, made once for all tests and kept in pytest's own cache, and a small register."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from flows.caches import load_gazetteer
from programme.linking import LinkingRules
from programme.programme import Programme
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.crosscheck.linkage.linker import link_names
from tests.tasks.crosscheck.making import Ask, small_register


@pytest.fixture(scope="session")
def rules(programme: Programme) -> LinkingRules:
    return programme.linking


@pytest.fixture(scope="session")
def gazetteer(cache_folder: Path) -> Gazetteer:
    return load_gazetteer(cache_folder)


@pytest.fixture(scope="session")
def register() -> pl.DataFrame:
    return small_register()


@pytest.fixture(scope="session")
def index(register: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> RegisterIndex:
    return build_index(register, gazetteer, rules)


@pytest.fixture(scope="session")
def ask(index: RegisterIndex, rules: LinkingRules) -> Ask:
    """Link one name to the small register."""

    def one(name: str | None, country_iso3: str | None, **more: object) -> dict[str, object]:
        row = {"query_id": "q", "name": name, "country_iso3": country_iso3, **more}
        schema = {"query_id": pl.String, "name": pl.String, "country_iso3": pl.String}
        return link_names(pl.DataFrame([row], schema_overrides=schema), index, rules).row(0, named=True)

    return one
