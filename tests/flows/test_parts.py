"""Parts that other processes may do: the settings, the files, and the same answers as in one process."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from flows.context import AppContext, open_context
from flows.parts import work
from flows.parts.linking import by_country, link_in_parts
from flows.parts.settings import PartSettings, part_settings
from flows.parts.spread import parts
from flows.preload import load_gazetteer
from flows.settings import read_settings
from programme.problems import ProblemsError
from programme.programme import Programme
from tasks.crosscheck.linkage.index import build_index
from tasks.crosscheck.linkage.linker import link_names
from tests.tasks.crosscheck.conftest import small_register

SETTINGS: dict[str, tuple[dict[str, str], PartSettings]] = {
    "nothing": ({}, PartSettings()),
    "threads": ({"TASK_RUNNER": "threads", "DASK_ADDRESS": "tcp://a:1"}, PartSettings()),
    "processes of this machine": (
        {"TASK_RUNNER": "dask", "DASK_WORKERS": "3", "DASK_MEMORY": "1.5 GiB"},
        PartSettings(True, None, 3, "1.5 GiB"),
    ),
    "a scheduler": (
        {"TASK_RUNNER": " Dask ", "DASK_ADDRESS": "tls://host:8786", "DASK_WORKERS": "1"},
        PartSettings(True, "tls://host:8786", 1, "4GiB"),
    ),
}


@pytest.mark.parametrize(("given", "meant"), SETTINGS.values(), ids=SETTINGS)
def test_settings(given: dict[str, str], meant: PartSettings) -> None:
    assert part_settings(given) == meant


WRONG: dict[str, tuple[dict[str, str], set[str]]] = {
    "another runner": ({"TASK_RUNNER": "ray"}, {"CITY2CITY_TASK_RUNNER"}),
    "all of it at once": (
        {"TASK_RUNNER": "dask", "DASK_WORKERS": "0", "DASK_MEMORY": "much", "DASK_ADDRESS": "host"},
        {"CITY2CITY_DASK_WORKERS", "CITY2CITY_DASK_MEMORY", "CITY2CITY_DASK_ADDRESS"},
    ),
}


@pytest.mark.parametrize(("given", "where"), WRONG.values(), ids=WRONG)
def test_wrong_settings_are_told_by_their_variable(given: dict[str, str], where: set[str]) -> None:
    with pytest.raises(ProblemsError) as caught:
        part_settings(given)
    assert {one.where for one in caught.value.problems} == where


@pytest.fixture
def context(tmp_path: Path, cache_folder: Path) -> AppContext:
    return open_context(
        read_settings({"CITY2CITY_DATA": str(tmp_path), "CITY2CITY_CACHE": str(cache_folder)})
    )


def test_each_country_is_in_one_share() -> None:
    names = pl.DataFrame({"country_iso3": ["FIN", "FRA", None, "FIN", "GHA", None, "FIN"]})
    shares = by_country(names, 2)
    assert sum(share.height for share in shares) == names.height
    homes = [set(share["country_iso3"].to_list()) for share in shares]
    assert len(homes) == 2
    assert not homes[0] & homes[1]


@pytest.mark.long
def test_linking_in_parts_gives_the_same_answers(context: AppContext, programme: Programme) -> None:
    register, rules = small_register(), programme.linking
    gazetteer = load_gazetteer(context.settings.cache)
    index = build_index(register, gazetteer, rules)
    names = register.select("name", "country_iso3").vstack(
        pl.DataFrame(
            {"name": ["Nowhere", None], "country_iso3": ["FIN", None]}, schema_overrides={"name": pl.String}
        )
    )
    queries = names.sample(fraction=1, shuffle=True, seed=1).with_row_index("n")
    queries = queries.select(query_id=pl.col("n").cast(pl.String), name="name", country_iso3="country_iso3")
    link, before = link_in_parts(context, PartSettings()), left_of(context)
    for some in (queries, queries.clear()):
        assert_frame_equal(link(some, register, index, rules), link_names(some, index, rules))
    assert left_of(context) <= before, "files of parts are removed"


def left_of(context: AppContext) -> set[Path]:
    return set((context.settings.cache / "parts").glob("*"))


def test_what_a_killed_process_left_is_removed_after_a_day(context: AppContext, tmp_path: Path) -> None:
    left = context.settings.cache / "parts" / tmp_path.name
    left.mkdir(parents=True)
    with parts(context, PartSettings()):
        assert left.exists()
    os.utime(left, (0, 0))
    with parts(context, PartSettings()):
        assert not left.exists()


def test_a_part_that_was_done_is_not_done_again(context: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    monkeypatch.setitem(work.KINDS, "replay", (__name__, "_counted"))  # type: ignore[arg-type]
    monkeypatch.setattr(f"{__name__}._DONE", done)
    with parts(context, PartSettings()) as given:
        assert given.file(b"some") == given.file(b"some") != given.file(b"other")
        asked = [{"kind": "replay", "n": n} for n in (1, 2, 1)]
        assert [json.loads(one) for one in given.done(asked)] == [1, 2, 1]
        assert given.done(asked[:1]) == [b"1"]
    assert done == [1, 2]


_DONE: list[object] = []


def _counted(about: dict[str, object], _folder: Path) -> bytes:
    _DONE.append(about["n"])
    return json.dumps(about["n"]).encode()
