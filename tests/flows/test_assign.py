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
