"""Credits in whole rounds: where they come from, how they are kept and told, and that off means nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import programme
from flows.context import open_context
from flows.replay import replay
from flows.settings import read_settings
from samples.bundle import copy_inputs
from tests.flows.office import Office
from tests.flows.test_decide import ask_json
from warehouse.snapshots import read_package
from warehouse.snapshots.verify import verify_version

pytestmark = pytest.mark.long
FIRST, SECOND = "2025-07", "2026-01"


@pytest.fixture
def fair(tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose rules give credits."""
    folder = tmp_path / "rules"
    shutil.copytree(Path(programme.__file__).parent, folder)
    path = folder / "matchmaking.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("[fairness]\nenabled = false", "[fairness]\nenabled = true"), "utf-8")
    monkeypatch.setenv("CITY2CITY_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CITY2CITY_CACHE", str(cache_folder))
    monkeypatch.setenv("CITY2CITY_PROGRAMME", str(folder))
    copy_inputs(tmp_path / "data" / "inputs")
    office = Office(open_context(read_settings()), tmp_path / "data" / "inputs")
    assert office.context.programme.matchmaking.fairness.enabled
    return office


def test_credits_come_from_the_round_before_and_are_kept_told_and_replayed(
    fair: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    fair.run(FIRST)
    assert "credits" not in read_package(fair.context.storage, FIRST, 1)["inputs"]
    fair.confirm_all(FIRST)
    first = fair.run(FIRST).version
    version = fair.run(SECOND).version
    package = read_package(fair.context.storage, SECOND, version)
    assert "credits" in package["inputs"]
    facts = fair.tables(SECOND, version)["matching_facts"].filter(what="credit")
    content = read_package(fair.context.storage, FIRST, first)["content"]
    assert set(facts["subject"]) == {f"{FIRST}:{first}:{content}"}
    assert verify_version(fair.context.storage, SECOND, version) == []
    assert replay(fair.context, SECOND, version).differing == ()
    classes = set(facts["object"])
    every = fair.tables(SECOND, version)["matching_facts"]
    of = every.filter(what="class").filter(every.filter(what="class")["object"].is_in(classes))
    told = ask_json(capsys, "explain", SECOND, of["subject"][0])["credits"]
    assert told
    assert f"round {FIRST}, version {first}" in told[0]["words"]
    fair.run(FIRST, "again")
    assert replay(fair.context, SECOND, version).differing == ()


def test_where_the_round_before_has_no_version_it_is_said(fair: Office) -> None:
    version = fair.run(SECOND, "test", "earlier_round_unsettled").version
    found = fair.tables(SECOND, version)["findings"].filter(expectation="credits_are_known")
    assert found["message"].to_list() == [
        f"Round {FIRST} has no version, so it gives no credit to any class."
    ]
    assert "credits" in read_package(fair.context.storage, SECOND, version)["inputs"]
    assert replay(fair.context, SECOND, version).differing == ()


def test_switched_off_they_are_no_input_and_no_fact(processed: Office) -> None:
    processed.confirm_all(FIRST)
    processed.run(FIRST)
    version = processed.run(SECOND).version
    assert "credits" not in read_package(processed.context.storage, SECOND, version)["inputs"]
    assert processed.tables(SECOND, version)["matching_facts"].filter(what="credit").is_empty()
