"""`city2city assign`, from the list of evaluators to the scores that count, as a programme officer goes
through it.
"""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.context import open_context
from flows.evaluation.hand_out import workbook_name
from flows.evaluation.key import KEY_FILE, workbook_key
from flows.settings import read_settings
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
    assert "kept apart" in out
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
    assert "0 scores and 1 declared conflict" in run(*options, "--collect", str(returned))
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


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param(["EV-A", "ev-a", "Ev-A"], id="case"),
        pytest.param(["EV_A", "EV A", "EV/A", "EV\\A", "EV:A"], id="unsafe characters"),
        pytest.param(["E" * 41, "E" * 42, "E" * 200], id="cut length"),
        pytest.param(["..", ".", "", "../EV", "scores", "CHAIR", "chair"], id="paths"),
        pytest.param(["EV\u0410", "EVA", "EV\u0391"], id="letters of other scripts"),
        pytest.param(["EV-A", workbook_name("ev-a")[7:-5].upper()], id="a name made like a mark"),
    ],
)
def test_two_evaluators_never_share_a_file(ids):
    names = [workbook_name(one) for one in ids]
    assert len({name.casefold() for name in names}) == len(ids)
    assert all(len(name) < 80 and "/" not in name and "\\" not in name for name in names)
    assert workbook_name("EV-A") == "scores-EV-A.xlsx"


def test_the_key_is_made_once_and_for_its_owner_alone(office):
    key = workbook_key(office.context)
    assert len(key) == 32
    assert workbook_key(office.context) == key
    path = office.inputs.parent / KEY_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with path.open("a") as file:
        file.write("f" * 64 + "\n")
    assert workbook_key(office.context) == key, "of several that made one at once, the first counts"
    path.write_text("spoilt\n")
    with pytest.raises(ProblemsError, match="64 hexadecimal digits"):
        workbook_key(office.context)


def test_the_key_may_come_from_the_environment(tmp_path):
    environment = {"CITY2CITY_DATA": str(tmp_path / "data"), "CITY2CITY_WORKBOOK_KEY": "ab" * 32}
    context = open_context(read_settings(environment))
    assert workbook_key(context) == b"\xab" * 32
    assert not (tmp_path / "data").exists()
    assert "ab" * 32 not in repr(context.settings)
    wrong = open_context(read_settings(environment | {"CITY2CITY_WORKBOOK_KEY": "short"}))
    with pytest.raises(ProblemsError, match="CITY2CITY_WORKBOOK_KEY"):
        workbook_key(wrong)


def command(*arguments: str, ok: bool = True) -> str:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=not ok)
    assert (done.exit_code == 0) == ok, done.output
    return done.stdout if ok else str(done.exception) + done.output


@pytest.mark.long
def test_two_workbooks_of_one_evaluator_wait_for_a_choice(office, tmp_path):
    folder, returned = office.inputs / ROUND, tmp_path / "returned"
    (folder / "evaluations.csv").unlink()
    (folder / "evaluators.csv").write_text(EVALUATORS, "utf-8")
    returned.mkdir()
    run()
    workbook = office.inputs.parent / "restricted" / "evaluation" / ROUND / "scores-EV-A.xlsx"
    contents = {"scores-EV-A.xlsx": fill(workbook, 1), "scores-EV-A (1).xlsx": fill(workbook, 4)}
    for name, content in contents.items():
        (returned / name).write_bytes(content)
    assert "neither counts until a person chooses" in " ".join(run("--collect", str(returned)).split())
    assert pl.read_csv(folder / "evaluations.csv").is_empty()

    waiting = json.loads(command("review", ROUND, "--part", "workbooks", "--json"))
    assert {one["files"] for one in waiting} == set(contents)
    hashes = {hashlib.sha256(content).hexdigest() for content in contents.values()}
    assert {one["sha256"] for one in waiting} == hashes
    assert all(one["sent_at"] and "Mandate: " in one["differences"] for one in waiting)
    said = command("review", ROUND)
    chosen = hashlib.sha256(contents["scores-EV-A.xlsx"]).hexdigest()
    assert f"city2city decide {ROUND} choose EV-A {chosen}" in " ".join(said.split())

    why = ("--reason", "asked", "--by", "chair")
    refused = command("decide", ROUND, "choose", "EV-A", "0" * 64, *why, ok=False)
    assert "that were collected last" in refused
    assert "EV-A" in command("decide", ROUND, "choose", "EV-Z", chosen, *why, ok=False)
    command("decide", ROUND, "choose", "EV-A", chosen, *why)
    run("--collect", str(returned), "--replace")
    assert set(pl.read_csv(folder / "evaluations.csv")["score"]) == {1}
    assert json.loads(command("review", ROUND, "--part", "workbooks", "--json")) == []
