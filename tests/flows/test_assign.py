"""`city2city assign`, from the list of evaluators to the scores that count, as a programme officer goes
through it.
"""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from programme.problems import ProblemsError

ROUND = "2026-01"
EVALUATORS = """evaluator_id,country,email,expertise,ties
EV-A,Nigeria,a@institute.example,mobility; Clean hydrogen,
EV-B,Chile,b@gmail.com,finance,
EV/C,Latvia,c@agency.example,data; digital-twins,
EV-D,Fiji,d@bureau.example,buildings,
"""


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["assign", ROUND, *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def fill(path: Path, score: int) -> bytes:
    """Every application of the workbook with the same score."""
    book = openpyxl.load_workbook(path)
    sheet = book["Scores"]
    for row in range(5, sheet.max_row + 1):
        for column in range(5, 10):
            sheet.cell(row, column).value = score
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.long
def test_out_to_the_evaluators_and_back(office, tmp_path):
    folder = office.inputs / ROUND
    given = folder / "evaluations.csv"
    given.unlink()
    with pytest.raises(ProblemsError, match="no list of evaluators"):
        run()
    (folder / "evaluators.csv").write_text(EVALUATORS, "utf-8")
    workbooks = tmp_path / "workbooks"
    out = run("--out", str(workbooks))
    assert "conflict(s) kept apart" in out
    names = sorted(path.name for path in workbooks.iterdir())
    (odd_id,) = [name for name in names if name.startswith("scores-EV_C-")]
    assert [name for name in names if name.endswith(".xlsx")] == [
        "chair.xlsx",
        "scores-EV-A.xlsx",
        "scores-EV-B.xlsx",
        "scores-EV-D.xlsx",
        odd_id,
    ]
    assert all(path.stat().st_mode & 0o077 == 0 for path in workbooks.glob("*.xlsx"))
    for path in workbooks.glob("scores-*.xlsx"):
        texts = [
            str(cell.value)
            for sheet in openpyxl.load_workbook(path)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value
        ]
        assert not any("@" in text for text in texts)

    before = {path.name: path.read_bytes() for path in workbooks.iterdir()}
    with pytest.raises(ProblemsError, match="add --replace"):
        run("--out", str(workbooks), "--per-application", "2")
    assert {path.name: path.read_bytes() for path in workbooks.iterdir()} == before

    returned = tmp_path / "returned"
    returned.mkdir()
    for score, path in enumerate(sorted(workbooks.glob("scores-*.xlsx")), 1):
        (returned / path.name).write_bytes(fill(path, score))
    (returned / "holiday.xlsx").write_bytes(b"a photograph")
    said = run("--out", str(workbooks), "--collect", str(returned))
    assert "holiday.xlsx" in said
    scores = pl.read_csv(given)
    handed = pl.read_csv(workbooks / "assignment.csv")
    assert scores.height == 5 * handed.height
    assert set(scores.select("evaluator_id", "submission_id").iter_rows()) == set(
        handed.select("evaluator_id", "application_id").iter_rows()
    )
    sheets = openpyxl.load_workbook(workbooks / "chair.xlsx").sheetnames
    assert sheets[:3] == ["Progress", "Disputed", "Too few reviews"]
    (returned / "scores-EV-B.xlsx").unlink()
    with pytest.raises(ProblemsError, match="add --replace"):
        run("--out", str(workbooks), "--collect", str(returned))


def test_collecting_before_assigning_says_both_things_that_are_missing(office, tmp_path):
    with pytest.raises(ProblemsError) as caught:
        run("--out", str(tmp_path / "nowhere"), "--collect", str(tmp_path))
    assert [problem.found for problem in caught.value.problems] == [
        "no list of who evaluates what",
        "no workbook",
    ]


def say(path: Path, row: int, conflict: str) -> tuple[str, bytes]:
    """The application in a row of a workbook, and the workbook with a conflict said there and no score."""
    book = openpyxl.load_workbook(path)
    sheet = book["Scores"]
    sheet.cell(row, 10).value = conflict
    content = io.BytesIO()
    book.save(content)
    return str(sheet.cell(row, 1).value), content.getvalue()


@pytest.mark.long
def test_a_declared_conflict_is_never_assigned_again(office, tmp_path):
    folder, workbooks, returned = office.inputs / ROUND, tmp_path / "workbooks", tmp_path / "returned"
    (folder / "evaluations.csv").unlink()
    (folder / "evaluators.csv").write_text(EVALUATORS, "utf-8")
    returned.mkdir()
    options = ("--out", str(workbooks), "--per-application", "2", "--max-difference", "40")
    run(*options)
    declared, content = say(workbooks / "scores-EV-A.xlsx", 5, "yes")
    (returned / "scores-EV-A.xlsx").write_bytes(content)

    def pair_is_given() -> bool:
        handed = pl.read_csv(workbooks / "assignment.csv")
        return not handed.filter(application_id=declared, evaluator_id="EV-A").is_empty()

    assert pair_is_given()
    assert "0 scores and 1 declared conflict(s)" in run(*options, "--collect", str(returned))
    row = {
        "evaluator_id": "EV-A",
        "submission_id": declared,
        "criterion": None,
        "score": None,
        "conflict": True,
    }
    written = pl.read_csv(folder / "evaluations.csv").drop("comment")
    assert written.rows(named=True) == [row]
    run(*options, "--replace")
    assert not pair_is_given()

    # The new workbook has no row for the application, and still the declaration is not lost.
    (returned / "scores-EV-A.xlsx").write_bytes(fill(workbooks / "scores-EV-A.xlsx", 3))
    run(*options, "--collect", str(returned), "--replace")
    assert pl.read_csv(folder / "evaluations.csv").filter("conflict")["submission_id"].to_list() == [declared]
    (folder / "evaluations.csv").unlink()
    run(*options, "--replace")
    assert not pair_is_given()
