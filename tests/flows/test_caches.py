"""The gazetteer and the indexes are made once, found again, and never taken for those of other inputs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import polars as pl
import pytest

from flows import caches
from programme.linking import LinkingRules
from programme.programme import Programme
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.encoding import index_key
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tests.tasks.crosscheck.making import small_gazetteer, small_register


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return small_gazetteer()


@pytest.fixture(scope="module")
def rules(programme: Programme) -> LinkingRules:
    return programme.linking


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch, gazetteer: Gazetteer) -> list[str]:
    """Every building of a gazetteer or an index; the gazetteer is a small one."""
    made: list[str] = []

    def gazetteer_built() -> Gazetteer:
        made.append("gazetteer")
        return gazetteer

    def index_built(register: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> RegisterIndex:
        made.append("index")
        return build_index(register, gazetteer, rules)

    monkeypatch.setattr(caches, "build_gazetteer", gazetteer_built)
    monkeypatch.setattr(caches, "build_index", index_built)
    return made


def frames(index: RegisterIndex) -> list[list[tuple[object, ...]]]:
    return [frame.rows() for frame in (index.rows, index.keys, index.names.frame, index.divisions)]


def test_an_index_from_disk_is_the_one_that_was_made(
    gazetteer: Gazetteer, rules: LinkingRules, tmp_path: Path, builds: list[str]
) -> None:
    made = caches.load_index(small_register(), gazetteer, rules, tmp_path)
    kept = caches.load_index(small_register(), gazetteer, rules, tmp_path)
    assert frames(kept) == frames(made)
    assert builds == ["index"]


def test_without_a_folder_nothing_is_kept(
    gazetteer: Gazetteer, rules: LinkingRules, builds: list[str]
) -> None:
    for _ in range(2):
        caches.load_index(small_register(), gazetteer, rules, None)
        caches.load_gazetteer(None)
    assert builds == ["index", "gazetteer"] * 2


def test_another_register_or_rule_has_another_name(rules: LinkingRules) -> None:
    register = small_register()
    changed = register.with_columns(population=pl.col("population") + 1)
    other_rules = rules.model_copy(update={"link_points": rules.link_points + 1})
    keys = {index_key(register, rules), index_key(changed, rules), index_key(register, other_rules)}
    assert len(keys) == 3


def test_a_column_that_no_index_reads_changes_no_name(rules: LinkingRules) -> None:
    register = small_register()
    more = register.with_columns(status=pl.lit("active")).select("status", *register.columns)
    assert index_key(more, rules) == index_key(register, rules)


def test_only_the_newest_indexes_are_kept(
    gazetteer: Gazetteer, rules: LinkingRules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "INDEXES_KEPT", 2)
    for people in range(4):
        register = small_register().with_columns(population=pl.lit(people))
        caches.load_index(register, gazetteer, rules, tmp_path)
    assert len(list(tmp_path.glob("index-*.bin"))) == 2


def test_the_gazetteer_is_made_once(
    gazetteer: Gazetteer, tmp_path: Path, builds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here in this process, as if the process of its own could not be started."""

    def no_process(*_: object, **__: object) -> None:
        raise OSError("no process")

    monkeypatch.setattr(subprocess, "run", no_process)
    for _ in range(2):
        loaded = caches.load_gazetteer(tmp_path)
        for name in ("places", "names", "spellings", "words"):
            assert getattr(loaded, name).equals(getattr(gazetteer, name)), name
    assert builds == ["gazetteer"]


def test_the_gazetteer_is_made_in_a_process_of_its_own(
    tmp_path: Path, builds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: commands.append(command))
    caches.load_gazetteer(tmp_path)
    caches.load_gazetteer(tmp_path)
    assert [command[1:] for command in commands] == [["-P", "-m", "flows.caches", str(tmp_path)]]
