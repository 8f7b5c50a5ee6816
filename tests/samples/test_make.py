"""The committed files are what the program writes, everywhere and every time."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from samples.bundle import INPUTS
from samples.form_wording import QUESTIONS, TOPICS
from samples.inventory import README, with_inventory
from samples.make import CONTENTS, write_samples
from warehouse.dictionary.inputs import (
    COHORT,
    COLLABORATIONS,
    DECISIONS,
    EVALUATIONS,
    GCOM,
    SUBMISSIONS,
    Table,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    write_samples(folder)
    return folder


def members(path: Path) -> dict[str, tuple[bytes, tuple[int, ...]]]:
    """A workbook's parts with their dates. Compared instead of the file's bytes, which also depend on the
    machine's compression library.
    """
    with zipfile.ZipFile(path) as book:
        return {part.filename: (book.read(part), part.date_time) for part in book.infolist()}


@pytest.mark.parametrize("name", CONTENTS)
def test_committed_file_is_what_the_program_writes(name: str, made: Path) -> None:
    if name.endswith(".xlsx"):
        assert members(INPUTS / name) == members(made / name)
    else:
        assert (INPUTS / name).read_bytes() == (made / name).read_bytes()


def test_nothing_else_is_committed() -> None:
    assert {path.relative_to(INPUTS).as_posix() for path in INPUTS.rglob("*") if path.is_file()} == set(
        CONTENTS
    )


def test_another_process_time_zone_hash_seed_and_locale_write_the_same_bytes(
    made: Path, tmp_path: Path
) -> None:
    surroundings = os.environ | {
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
    }
    root = Path(__file__).parent.parent.parent
    subprocess.run(
        [sys.executable, "-m", "samples.make", "--out", str(tmp_path)],
        check=True,
        env=surroundings,
        cwd=root,
        stdout=subprocess.DEVNULL,
    )
    for name in CONTENTS:
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes(), name


def test_the_committed_files_stay_small() -> None:
    assert sum((INPUTS / name).stat().st_size for name in CONTENTS) < 600_000


def test_both_rounds_have_the_same_signatory_list() -> None:
    assert (INPUTS / "2025-07/gcom.csv").read_bytes() == (INPUTS / "2026-01/gcom.csv").read_bytes()


@pytest.mark.parametrize("name", [name for name in CONTENTS if name.endswith(".xlsx")])
def test_workbooks_say_that_they_are_invented_and_hold_no_formula_or_link(name: str) -> None:
    book = openpyxl.load_workbook(INPUTS / name)
    assert book.sheetnames[1:] == ["About"]
    assert "invented" in str(book["About"]["A1"].value).lower()
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_the_readme_tells_what_each_application_shows() -> None:
    text = README.read_text("utf-8")
    assert text == with_inventory(text)


def test_a_readme_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="markers"):
        with_inventory("# Samples")


def test_the_form_asks_every_canonical_column_and_every_topic(programme) -> None:
    derived = {"row", "country_iso3"}
    assert set(QUESTIONS) == {column.name for column in SUBMISSIONS.columns} - derived
    assert list(TOPICS) == list(programme.topics.ids)


HEADINGS = [
    ("2026-01/submissions.csv", SUBMISSIONS, "utf-8-sig", ";"),
    ("2025-07/cohort.csv", COHORT, "utf-8-sig", ";"),
    ("2026-01/cohort.csv", COHORT, "utf-8", "\t"),
    ("2025-07/gcom.csv", GCOM, "utf-8", ","),
    ("2026-01/evaluations.csv", EVALUATIONS, "utf-8", ","),
    ("2025-07/collaborations.csv", COLLABORATIONS, "cp1252", ";"),
    ("2026-01/collaborations.csv", COLLABORATIONS, "utf-16", "\t"),
    ("2026-01/decisions.csv", DECISIONS, "utf-8", ","),
]


@pytest.mark.parametrize(
    ("name", "expected", "encoding", "separator"), HEADINGS, ids=[case[0] for case in HEADINGS]
)
def test_delimited_files_have_canonical_headings_in_their_encoding(
    name: str, expected: Table, encoding: str, separator: str
) -> None:
    headings = (INPUTS / name).read_bytes().decode(encoding).split("\n", 1)[0].split(separator)
    derived = {"row", "country_iso3", "country_a_iso3", "country_b_iso3", "decision_id"}
    of_a_confirmation = {"topic", "members"}
    assert set(headings) - of_a_confirmation == (
        {column.name for column in expected.columns} - derived - of_a_confirmation
    )


def test_each_file_begins_as_its_encoding_does() -> None:
    beginnings = {
        "2026-01/submissions.csv": b"\xef\xbb\xbf",
        "2025-07/cohort.csv": b"\xef\xbb\xbf",
        "2026-01/collaborations.csv": b"\xff\xfe",
    }
    assert {
        name: (INPUTS / name).read_bytes()[: len(start)] for name, start in beginnings.items()
    } == beginnings
    with pytest.raises(UnicodeDecodeError):
        (INPUTS / "2025-07/collaborations.csv").read_bytes().decode("utf-8")
