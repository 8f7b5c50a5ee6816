"""The result rests on inputs, rules, decisions and the approved version; never on drafts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.context import open_context
from flows.replay import replay
from flows.settings import read_settings
from samples.bundle import copy_inputs
from tests.flows.office import Office
from warehouse.snapshots import list_versions, read_package

ROUND = "2025-07"
ALL = ("applications_fell", "no_twinnings")


def office_in(folder: Path, cache: Path) -> Office:
    """A new office with the sample inputs."""
    copy_inputs(folder / "inputs")
    environment = {"CITY2CITY_DATA": str(folder), "CITY2CITY_CACHE": str(cache)}
    return Office(open_context(read_settings(environment)), folder / "inputs")


def without_evaluations(office: Office) -> None:
    """The scheduled morning: no scores yet."""
    for path in (office.inputs / ROUND).glob("evaluations.*"):
        path.unlink()


def half_of_the_forms(office: Office) -> None:
    """An export that was cut short."""
    drop_forms(office, lambda row, last: row > last // 2)


def every_third_form(office: Office) -> None:
    """Forms that came in first, as it were."""
    drop_forms(office, lambda row, _last: row % 3 != 0)


def drop_forms(office: Office, drop: Callable[[int, int], bool]) -> None:
    """Leave rows out of the workbook of forms, by their number and the last one's; the headings stay."""
    path = office.inputs / ROUND / "submissions.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = max(book.worksheets, key=lambda each: each.max_row)
    last = sheet.max_row
    for row in range(last, 1, -1):
        if drop(row, last):
            sheet.delete_rows(row)
    book.save(path)


def a_decision_that_is_taken_back(office: Office) -> None:
    """A pin that somebody thought better of."""
    taken = office.decide(ROUND, "pin", "SAMPLE-2025-001", "SAMPLE-2025-002")
    office.run(ROUND, "pinned", *ALL)
    office.decide(ROUND, "undo", taken)


STEPS = (without_evaluations, half_of_the_forms, every_third_form, a_decision_that_is_taken_back)


def contents(office: Office) -> dict[str, str]:
    """Table to content hash, of the latest version."""
    storage = office.context.storage
    package = read_package(storage, ROUND, list_versions(storage, ROUND)[-1])
    return {item["name"]: item["content"] for item in package["resources"] if item["name"] != "changes"}


def after_history(folder: Path, cache: Path, steps: list) -> Office:
    """An office that went through the steps, and then got the whole inputs."""
    office = office_in(folder, cache)
    for step in steps:
        step(office)
        office.run(ROUND, step.__name__, *ALL)
        shutil.rmtree(office.inputs)
        copy_inputs(office.inputs)
    office.run(ROUND, "whole", *ALL)
    return office


@pytest.fixture(scope="session")
def cache(pytestconfig: pytest.Config) -> Path:
    return pytestconfig.cache.mkdir("city2city")


@pytest.fixture(scope="session")
def clean(processed_folder: Path, cache: Path) -> dict[str, str]:
    environment = {"CITY2CITY_DATA": str(processed_folder), "CITY2CITY_CACHE": str(cache)}
    return contents(Office(open_context(read_settings(environment)), processed_folder / "inputs"))


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(without_evaluations, id="without evaluations", marks=pytest.mark.long),
        pytest.param(every_third_form, id="every third form", marks=pytest.mark.long),
    ],
)
def test_a_draft_leaves_no_trace_in_the_result(step, tmp_path, cache, clean) -> None:
    office = after_history(tmp_path, cache, [step])
    assert contents(office) == clean
    version = list_versions(office.context.storage, ROUND)[-1]
    assert version > 1
    assert replay(office.context, ROUND, version).differing == ()


@pytest.mark.long
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=3))
def test_any_history_then_the_whole_inputs_gives_the_clean_result(
    steps, tmp_path_factory, cache, clean
) -> None:
    folder = tmp_path_factory.mktemp("history")
    assert contents(after_history(folder, cache, steps)) == clean
    shutil.rmtree(folder)


@pytest.mark.long
def test_an_approved_version_is_kept_close_to_and_noted_as_an_input(processed: Office) -> None:
    office, storage = processed, processed.context.storage
    office.decide(ROUND, "approve", f"{ROUND}:1", read_package(storage, ROUND, 1)["content"])
    placed = office.tables(ROUND, 1)["twinning_members"]["application_id"].sort()
    office.decide(ROUND, "withdraw", placed[0])
    second = office.run(ROUND)
    assert second.new
    assert "approved" in read_package(storage, ROUND, 2)["inputs"]
    kept = set(office.tables(ROUND, 1)["twinnings"]["twinning_id"]) & set(
        office.tables(ROUND, 2)["twinnings"]["twinning_id"]
    )
    assert len(kept) >= office.tables(ROUND, 1)["twinnings"].height - 2
    assert replay(office.context, ROUND, 2).differing == ()
