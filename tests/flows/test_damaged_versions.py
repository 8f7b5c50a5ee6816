"""One damaged file of a version: other rounds go on, every command says what is damaged and what repairs it,
and the repair gives back the same bytes.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from desk.app import make_app
from flows import repair_sources
from flows.context import open_context
from flows.repairing import make_good_for_run
from flows.settings import DeskSettings, read_settings
from tests.conftest import one_worker
from tests.desk.conftest import worker
from tests.flows.damage import DAMAGES, FILES, OTHER, ROUND, bytes_below, make_season
from tests.flows.office import Office
from tests.flows.test_decide import ask, ask_json
from warehouse.snapshots import read_approved
from warehouse.snapshots.verify import verify_version

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]
SHOWN = ("datapackage.json", "applications.parquet", "twinnings.parquet", "changes.parquet")
READS = {"applications.parquet", "datapackage.json", "twinnings.parquet"}
"""Files without which no command about a version can answer."""


@pytest.fixture(scope="session")
def season_folder(run_folder: Path, cache_folder: Path) -> Path:
    folder = run_folder / "season"
    with one_worker(run_folder):
        if not folder.exists():
            make_season(folder, cache_folder)
    return folder


@pytest.fixture
def season(
    tmp_path: Path, season_folder: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Office:
    shutil.copytree(season_folder, tmp_path / "season")
    for name, place in (("DATA", "data"), ("PROGRAMME", "rules")):
        monkeypatch.setenv(f"CITY2CITY_{name}", str(tmp_path / "season" / place))
    monkeypatch.setenv("CITY2CITY_CACHE", str(cache_folder))
    return Office(open_context(read_settings()), tmp_path / "season" / "data" / "inputs")


_MADE: dict[object, Any] = {}


@pytest.fixture
def made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a version is made again from does not change with the file that is damaged: it is made once."""
    made_again = repair_sources.made_again

    def remembered(context: Any, round_id: str, origin: Any, parent: Any, published: Any) -> Any:
        key = (round_id, tuple(sorted(origin.inputs.items())), parent and parent.version, published is None)
        if key not in _MADE:
            _MADE[key] = made_again(context, round_id, origin, parent, published)
        return _MADE[key]

    monkeypatch.setattr(repair_sources, "made_again", remembered)


def folder_of(office: Office, version: int = 2) -> Path:
    return office.inputs.parent / f"snapshots/round={ROUND}/version={version:04d}"


def damage(office: Office, how: str, name: str, version: int = 2) -> Path:
    path = folder_of(office, version) / name
    DAMAGES[how](path)
    return path


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", FILES)
@pytest.mark.usefixtures("made_once")
def test_a_damaged_file_is_told_and_rebuilt(
    season: Office, capsys: pytest.CaptureFixture[str], name: str, how: str
) -> None:
    top = season.inputs.parent / "snapshots"
    before = bytes_below(top)
    path = damage(season, how, name)
    damaged = bytes_below(path) if path.is_dir() else path.read_bytes() if path.exists() else None
    mine, other = ask_json(capsys, "status")
    if name in READS:
        assert f"Rebuild it: city2city repair {ROUND} 2" in " ".join(mine["attention"])
    assert other["open_points"] is not None
    assert verify_version(season.context.storage, ROUND, 2)
    told = ask_json(capsys, "repair", ROUND, "2")
    assert list(told["damaged"]) == [name]
    assert told["problems"] == []
    assert bytes_below(top) == before
    aside = season.inputs.parent / "restricted/damaged"
    kept = [bytes_below(one) if one.is_dir() else one.read_bytes() for one in aside.rglob(f"{name}/1")]
    assert kept == ([] if damaged is None else [damaged])
    again = ask_json(capsys, "repair", ROUND, "2")
    assert (again["damaged"], again["beside"]) == ({}, [])


THIS = (
    ("review", ROUND),
    ("explain", ROUND, "Tallinn"),
    ("diff", ROUND, "1", "2"),
    ("report", ROUND),
    ("what-if", ROUND),
    ("replay", ROUND, "2"),
)
OTHERS = (
    ("review", OTHER),
    ("explain", OTHER, "Dakar"),
    ("report", OTHER),
    ("verify", OTHER),
    ("decisions", OTHER),
    ("what-if", OTHER),
)


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_other_rounds_go_on_and_this_one_says_what_to_do(
    season: Office, capsys: pytest.CaptureFixture[str], name: str, how: str
) -> None:
    for command in OTHERS:
        ask(capsys, *command)
    damage(season, how, name)
    for command in OTHERS:
        ask(capsys, *command)
    for command in THIS:
        out, err = ask(capsys, *command, status=2)
        assert f"city2city repair {ROUND} 2" in err, command
        assert name in err, command
        assert out == ""
    for command in (("letters", ROUND), ("decisions", ROUND), ("runs", ROUND)):
        _, err = ask(capsys, *command)  # the approved version is another one
        left_out = f"Version 2 of round {ROUND} is damaged ({name}), so what is told here leaves it out."
        assert (left_out in " ".join(err.split())) == (command[0] == "decisions")
    _, err = ask(capsys, "verify", ROUND, status=1)
    assert name in err


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_the_desk_goes_on_too(season: Office, name: str, how: str) -> None:
    damage(season, how, name)
    desk = worker(make_app(season.context, DeskSettings()))
    for page in ("/season", *(f"/rounds/{OTHER}/{one}" for one in ("queue", "applications", "runs"))):
        assert desk.get(page).status_code == 200, page
    for page in (f"/rounds/{ROUND}/queue", f"/rounds/{ROUND}/versions/2"):
        answer = desk.get(page)
        assert answer.status_code == 409, page
        assert f"city2city repair {ROUND} 2" in answer.text, page
    assert desk.get(f"/rounds/{ROUND}/versions/1").status_code == 200
    listed = desk.text(f"/rounds/{ROUND}/runs")
    assert name != "datapackage.json" or f"city2city repair {ROUND} 2" in listed


def test_pages_that_tell_of_all_versions_say_which_they_leave_out(season: Office) -> None:
    name = season.tables(ROUND, 2)["applications"]["application_id"][0]
    pages = [f"/rounds/{ROUND}/decisions", f"/rounds/{ROUND}/applications/{name}"]
    desk = worker(make_app(season.context, DeskSettings()))
    said = f"city2city repair {ROUND} 1"
    assert not any(said in desk.text(page) for page in pages)
    damage(season, next(iter(DAMAGES)), "changes.parquet", 1)
    for page in pages:
        assert "Version 1 of round" in desk.text(page), page
        assert said in desk.text(page), page


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", ["datapackage.json", "twinnings.parquet"])
@pytest.mark.usefixtures("made_once")
def test_a_run_repairs_what_it_reads_and_changes_nothing_else(season: Office, name: str, how: str) -> None:
    top = season.inputs.parent / "snapshots"
    before = bytes_below(top)
    for round_id, version in ((ROUND, 2), (OTHER, 1)):
        damage(season, how, name)
        make_good_for_run(season.context, round_id)
        publication = season.run(round_id)
        assert (publication.new, publication.version) == (False, version)
        assert bytes_below(top) == before


@pytest.mark.parametrize("name", ["datapackage.json", "twinnings.parquet"])
def test_a_version_that_cannot_be_rebuilt_is_passed_over(
    season: Office, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    damage(season, "flipped", name)
    for kept in (season.inputs.parent / "restricted").glob("packages/*/version=0002.json"):
        kept.unlink()
    for kept in (season.inputs.parent / "restricted/inputs").iterdir():
        kept.write_bytes(b"gone")
    before = bytes_below(folder_of(season))
    _, err = ask(capsys, "repair", ROUND, "2", status=2)
    assert "Nothing was changed" in err
    assert bytes_below(folder_of(season)) == before
    season.rewrite(ROUND, "gcom.csv", "gcom_id", "GCOM_ID")
    make_good_for_run(season.context, ROUND)
    publication = season.run(ROUND)
    assert (publication.new, publication.version, publication.parent) == (True, 3, 1)
    assert verify_version(season.context.storage, ROUND, 3) == []
    assert bytes_below(folder_of(season)) == before


SIGNED = "attestations/version=0001.intoto.json"
NOTES = ("latest.json", "approved.json", SIGNED)


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", NOTES)
def test_what_lies_beside_the_versions_is_mended(
    season: Office, capsys: pytest.CaptureFixture[str], name: str, how: str
) -> None:
    top = season.inputs.parent / f"snapshots/round={ROUND}"
    before = bytes_below(top)
    DAMAGES[how](top / name)
    for command in (*OTHERS, ("status",), ("review", ROUND), ("explain", ROUND, "Tallinn"), ("runs", ROUND)):
        ask(capsys, *command)
    if name == "approved.json":
        _, err = ask(capsys, "letters", ROUND, status=2)
        assert how == "missing" or f"city2city repair {ROUND}" in err
    told = ask_json(capsys, "repair", ROUND, "2")
    assert told["beside"] == [f"snapshots/round={ROUND}/{name}"]
    assert bytes_below(top) == before
    ask(capsys, "letters", ROUND)
    if name == SIGNED:
        return
    DAMAGES[how](top / name)
    assert not season.run(ROUND).new
    assert bytes_below(top) == before


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", ["datapackage.json", "ranking.parquet"])
def test_an_approved_and_signed_version_is_again_so_after_its_repair(
    season: Office, capsys: pytest.CaptureFixture[str], name: str, how: str
) -> None:
    key = season.inputs.parent / "restricted/keys/office.pem.pub"
    ask(capsys, "verify", ROUND, "1", "--key", str(key))
    damage(season, how, name, version=1)
    _, err = ask(capsys, "letters", ROUND, status=2)
    assert f"city2city repair {ROUND} 1" in err
    ask(capsys, "verify", ROUND, "1", "--key", str(key), status=1)
    ask(capsys, "repair", ROUND, "1")
    out, _ = ask(capsys, "verify", ROUND, "1", "--key", str(key))
    assert "its signed approval holds" in out
    found = read_approved(season.context.storage, ROUND)
    assert found is not None
    assert found.version == 1


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", ["datapackage.json", "cities.csv", "report.html", "feed.atom"])
def test_the_public_edition_is_rebuilt_and_its_signature_holds(
    season: Office, capsys: pytest.CaptureFixture[str], name: str, how: str
) -> None:
    key = season.inputs.parent / "restricted/keys/office.pem.pub"
    folder = season.inputs.parent / f"public/round={ROUND}"
    before = bytes_below(folder)
    path = folder / "version=0001" / name
    DAMAGES[how](path)
    ask(capsys, "verify", ROUND, "1", "--key", str(key), status=1)
    told = ask_json(capsys, "repair", ROUND, "1")
    assert told["beside"] == [f"public/round={ROUND}/version=0001/{name}"]
    assert bytes_below(folder) == before
    ask(capsys, "verify", ROUND, "1", "--key", str(key))


def test_the_whole_folder_of_a_version_comes_back(season: Office, capsys: pytest.CaptureFixture[str]) -> None:
    before = bytes_below(folder_of(season))
    shutil.rmtree(folder_of(season))
    _, other = ask_json(capsys, "status")
    assert other["latest_version"] == 1
    ask(capsys, "repair", ROUND, "2")
    assert bytes_below(folder_of(season)) == before


def test_a_descriptor_that_was_sealed_anew_is_not_believed(
    season: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    from warehouse.snapshots.descriptor import encode_package, seal

    path = folder_of(season) / "datapackage.json"
    right = path.read_bytes()
    package = json.loads(right) | {"reason": "another"}
    package["seal"] = seal(package)
    path.write_bytes(encode_package(package))
    told = ask_json(capsys, "repair", ROUND, "2")
    assert list(told["damaged"]) == ["datapackage.json"]
    assert path.read_bytes() == right
