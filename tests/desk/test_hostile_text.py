"""Hostile text shows as text on every page, and becomes no formula in a file of tables."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from desk.app import make_app
from desk.work.exports import as_csv, as_workbook
from flows.settings import DeskSettings
from pages.components.environment import environment
from tests.desk.conftest import QUEUE, ROUND, Worker, worker
from tests.desk.pages import check, crawl, seen
from tests.hostile.hostile_office import HostileOffice
from tests.hostile.nasty import NASTY
from tests.hostile.small_round import relaxed_rules
from warehouse.snapshots import version_path

MARKUP = '</td></script><nasty onload=alert(1)><img src=x onerror=alert(1)>"\'><a href="javascript:1">{{7*7}}'
SHORT = "<nasty>&\"'{{7*7}}"
TEXTS = {
    "submissions": (
        "city_name",
        "organisation",
        "contact_name",
        "contact_role",
        "motivation",
        "action_summary",
        "good_practices",
        "lessons",
        "aligned_activities",
        "jurisdiction_gap_plan",
        "mandate_url",
        "plan_url",
        "preferred_city_1",
    ),
    "cohort": ("name",),
    "gcom": ("name", "region"),
    "evaluations": ("comment",),
    "decisions": ("reason", "decided_by"),
    "corrections": ("reason", "decided_by"),
}
"""Columns into which people write what they like."""
SAME_CITY = (7, 9)
"""Rows of two senders who apply for one city."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path) -> Worker:
    """A desk over a round in which every text is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    office = HostileOffice(folder / "office", relaxed_rules(folder / "rules"), cache_folder)
    long = ("motivation", "action_summary", "good_practices", "lessons")
    cells = {
        (table, row, column): f"{SHORT}{'=cmd' if row % 2 else ''} {row} {MARKUP if column in long else ''}"
        for table, columns in TEXTS.items()
        for row in range(12)
        for column in columns
        if _has(table, row)
    }
    cells |= {("submissions", 11, "city_name"): "=1+1", ("submissions", 11, "motivation"): None}
    cells |= {("submissions", 10, "submission_id"): "<nasty>/../x", ("submissions", 10, "mandate"): "none"}
    for row in SAME_CITY:
        cells |= {("submissions", row, "city_name"): "Leuven", ("submissions", row, "country"): "Belgium"}
    office.process(cells)
    from flows.context import open_context
    from flows.settings import read_settings

    settings = {
        "CITY2CITY_DATA": str(office.folder / "data"),
        "CITY2CITY_CACHE": str(cache_folder),
        "CITY2CITY_PROGRAMME": str(office.rules),
    }
    return worker(make_app(open_context(read_settings(settings)), DeskSettings()), SHORT)


@pytest.mark.long
def test_forms_of_one_city_stand_side_by_side(hostile: Worker) -> None:
    points = [*hostile.points("contested"), *hostile.points("replaced")]
    assert points
    page = hostile.text(f"{QUEUE}/{points[0]}")
    assert "of the same city says" in page
    assert re.search(r"S-\d stands, not S-\d", page)


def _has(table: str, row: int) -> bool:
    from tests.hostile.small_round import small_round

    return row < len(small_round()[table])


@pytest.mark.long
def test_hostile_text_is_text_on_every_page(hostile: Worker) -> None:
    pages = crawl(hostile)
    check(pages.items(), ())
    dossiers = [page for path, page in pages.items() if "/applications/" in path]
    assert len(dossiers) >= 10
    assert sum("<nasty>" in seen(page).text for page in dossiers) >= 8
    assert not any("49" in seen(page).text and "7*7" not in seen(page).text for page in dossiers)
    told = [page for page in pages.values() if "onerror=alert(1)" in seen(page).text]
    assert told


@pytest.mark.long
def test_the_tables_as_files_hold_no_formula(hostile: Worker) -> None:
    version = f"/rounds/{ROUND}/versions/1"
    book = openpyxl.load_workbook(io.BytesIO(hostile.get(f"{version}/tables/all.xlsx").content))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    text = hostile.get(f"{version}/tables/applications.csv").content.decode("utf-8-sig")
    assert not [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell.startswith(("=", "@"))]
    stored = hostile.app.state.office.context.storage.read(f"{version_path(ROUND, 1)}/applications.parquet")
    assert hostile.get(f"{version}/tables/applications.parquet").content == stored


@pytest.mark.parametrize("value", [one for one in NASTY if isinstance(one, str) and len(one) < 5000])
def test_any_text_in_a_page_stays_text(value: str) -> None:
    template = environment(()).from_string('<p title="{{ value }}">{{ value }}</p>')
    page = template.render(value=value)
    assert page.startswith('<p title="')
    assert page.count("<") == 2
    assert page.count('"') == 2


@pytest.mark.parametrize(
    "value", ["=1+1", "@SUM(1)", "+1-1|cmd", "-2+3", "\t=1", "\r=1", '=HYPERLINK("http://x")']
)
def test_a_cell_of_a_file_is_no_formula(value: str) -> None:
    frame = pl.DataFrame({"city": [value, "Turku"], "n": [1, -2]})
    cells = list(csv.reader(io.StringIO(as_csv(frame).decode("utf-8-sig"))))
    assert not cells[1][0].startswith(("=", "@", "+", "-", "\t", "\r"))
    assert cells[2] == ["Turku", "-2"]
    sheet = openpyxl.load_workbook(io.BytesIO(as_workbook("t", {"cities": frame})))["cities"]
    assert sheet["A2"].data_type == "s"
    assert sheet["B3"].value == -2


def test_the_same_table_is_the_same_file() -> None:
    frame = pl.DataFrame({"city": ["Turku"], "n": [None]}, schema={"city": pl.String, "n": pl.Int64})
    assert as_workbook("t", {"cities": frame}) == as_workbook("t", {"cities": frame})
    assert as_csv(frame) == as_csv(frame)
