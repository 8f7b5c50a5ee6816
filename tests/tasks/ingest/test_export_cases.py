"""Exports as tools and people leave them are read as a careful clerk would: `exports/CASE/expected.toml`.

The files of `exports/` hold invented content; each case varies the plain file of `00-base`.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from programme.problems import ProblemsError
from programme.programme import Programme
from programme.rounds import Round
from tasks.eligibility.checks import check_rule
from tasks.eligibility.rules.case import RuleSettings, build_cases
from tasks.ingest.step import ReadTable, SourceFile, read_table
from tasks.ingest.tables.matched_ids import with_matched_ids
from warehouse.dictionary.inputs import COHORT, GCOM
from warehouse.dictionary.published import CROSSCHECK
from warehouse.dictionary.working import CITIES
from warehouse.sandbox import open_in_sandbox

EXPORTS = Path(__file__).with_name("exports")
FILES = sorted(EXPORTS.glob("*/*submissions.*"))
Read = dict[str, Any]


def expected_of(file: Path) -> dict[str, Any]:
    return tomllib.loads((file.parent / "expected.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def read_file(programme: Programme) -> Any:
    def read(file: Path, table: str = "submissions") -> ReadTable:
        source = SourceFile(table, file.name, file.read_bytes())
        return read_table(source, programme, programme.rounds.get("2025-07"), open_binary=open_in_sandbox)

    return read


@pytest.fixture(scope="module")
def results(read_file: Any) -> dict[Path, ReadTable | ProblemsError]:
    found: dict[Path, ReadTable | ProblemsError] = {}
    for file in FILES:
        try:
            found[file] = read_file(file)
        except ProblemsError as error:
            found[file] = error
    return found


def case_ids(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


@pytest.mark.parametrize("file", FILES, ids=case_ids)
def test_every_export_is_read_as_a_clerk_would(
    results: dict[Path, ReadTable | ProblemsError], programme: Programme, round_: Round, file: Path
) -> None:
    expected, result = expected_of(file), results[file]
    if "stops" in expected:
        assert isinstance(result, ProblemsError)
        assert all(said in str(result) for said in expected["stops"])
        return
    assert isinstance(result, ReadTable), str(result)
    frame = result.frame.sort("row")
    assert (frame.height, result.set_aside.height) == (expected["used"], expected["set_aside"])
    assert result.passport.n_rows == frame.height + result.set_aside.height
    for key, check in CHECKS.items():
        if key in expected:
            check(result, frame, expected[key])
    for rule in ("on_time", "motivation"):
        if rule in expected:
            assert outcomes(rule, result, programme, round_) == expected[rule]


def _ids(_: ReadTable, frame: pl.DataFrame, ids: list[str]) -> None:
    assert frame["submission_id"].to_list() == ids


def _cities(_: ReadTable, frame: pl.DataFrame, cities: list[str]) -> None:
    assert frame["city_name"].to_list() == cities


def _sent(_: ReadTable, frame: pl.DataFrame, moments: list[str]) -> None:
    expected = [datetime.fromisoformat(text).astimezone(UTC) if text else None for text in moments]
    assert frame["submitted_at"].to_list() == expected


def _columns(_: ReadTable, frame: pl.DataFrame, columns: dict[str, list[Any]]) -> None:
    for name, values in columns.items():
        assert frame[name].to_list() == [None if value == "" else value for value in values], name


def _findings(result: ReadTable, _: pl.DataFrame, findings: list[str]) -> None:
    """Each as `severity expectation row_key: part of the message`; none expected: none found."""
    there = [
        (
            f"{row['severity']} {row['expectation']}" + (f" {row['row_key']}" if row["row_key"] else ""),
            row["message"],
        )
        for row in result.findings.iter_rows(named=True)
    ]
    for finding in findings:
        about, _sep, said = finding.partition(": ")
        assert any(one.startswith(about) and said in message for one, message in there), (finding, there)
    if not findings:
        assert there == []


def _marks(result: ReadTable, _: pl.DataFrame, marks: list[str]) -> None:
    assert sorted(map(" ".join, result.marks.select("submission_id", "mark").rows())) == sorted(marks)


def _reasons(result: ReadTable, _: pl.DataFrame, reasons: list[str]) -> None:
    there = {str(row): reason for row, reason in result.set_aside.select("row", "reason").rows()}
    for reason in reasons:
        row, _sep, said = reason.partition(" ")
        assert said in there[row]


def _encoding(result: ReadTable, _: pl.DataFrame, encoding: str) -> None:
    assert result.passport.encoding == encoding


def _different_ids(_: ReadTable, frame: pl.DataFrame, different: bool) -> None:
    assert frame["submission_id"].n_unique() == frame.height or not different


def _members_of_701(_: ReadTable, frame: pl.DataFrame, members: list[list[Any]]) -> None:
    by_id = dict(frame.select("submission_id", "members").iter_rows())
    assert [list(member.values()) for member in by_id["701"]] == members


def _lessons_row_3(_: ReadTable, frame: pl.DataFrame, text: str) -> None:
    assert frame.filter(pl.col("row") == 3)["lessons"].to_list() == [text]


CHECKS = {
    "ids": _ids,
    "cities": _cities,
    "sent": _sent,
    "columns": _columns,
    "findings": _findings,
    "marks": _marks,
    "reasons": _reasons,
    "encoding": _encoding,
    "different_ids": _different_ids,
    "members_of_701": _members_of_701,
    "lessons_row_3": _lessons_row_3,
}


def outcomes(rule: Any, result: ReadTable, programme: Programme, round_: Round) -> list[str]:
    """What a rule comes to for each form, in order of the rows."""
    cases = build_cases(
        submissions=result.frame.sort("row"),
        cities=CITIES.empty(),
        crosscheck=CROSSCHECK.empty(),
        cohort=COHORT.empty(),
        gcom=GCOM.empty(),
        marks=result.marks,
    )
    settings = RuleSettings(round_, programme.eligibility, programme.topics.ids)
    return [check_rule(rule, case, settings, {}).verdict.outcome for case in cases.values()]


def test_one_response_has_one_id_in_every_export(results: dict[Path, Any]) -> None:
    first, second, edited = (
        results[file].frame.sort("row")["submission_id"].to_list()
        for file in FILES
        if file.parent.name == "13-google-ids"
    )
    assert first == second
    assert first[1:] == edited[1:]
    assert first[0] != edited[0]
    assert first[0].rpartition("-")[0] == edited[0].rpartition("-")[0]


def test_evaluations_belong_to_the_forms_whose_zeros_a_spreadsheet_dropped(read_file: Any) -> None:
    folder = EXPORTS / "33-leading-zeros"
    forms = read_file(folder / "submissions.csv").frame["submission_id"]
    scores = read_file(folder / "evaluations.xlsx", "evaluations").frame
    matched, findings = with_matched_ids("evaluations", scores, forms)
    assert set(matched["submission_id"]) == set(forms)
    assert [finding.expectation for finding in findings] == ["ids_whole"]


def test_every_case_says_what_is_expected() -> None:
    folders = [folder for folder in EXPORTS.iterdir() if folder.is_dir()]
    assert all((folder / "expected.toml").is_file() for folder in folders)
    assert len(folders) == 64


TOOL_SAYS = {
    "another language": ("Validation status", "Nicht genehmigt", "not_approved"),
    "not approved yet": ("Approval Status", "Pending", "not_approved"),
    "a preview by its code": ("Response Type", "survey-preview", "preview"),
    "deleted": ("Deleted", "1", "preview"),
    "a draft": ("State", "DRAFT", "unfinished"),
    "unfinished, in German": ("Bearbeitungsstatus", "unvollständig", "unfinished"),
    "changed late, another heading": ("Last edited time", "2025-09-10 10:00", "changed_after_deadline"),
    "changed late, in Spanish": ("Fecha de actualización", "10/09/2025 10:00", "changed_after_deadline"),
    "finished": ("State", "Completed", None),
    "no test": ("Is test", "No", None),
    "changed in time": ("Last edited time", "2025-08-10 10:00", None),
}


@pytest.mark.parametrize(("heading", "cell", "mark"), TOOL_SAYS.values(), ids=TOOL_SAYS)
def test_what_a_tool_says_of_a_response_in_other_words(
    read: Any, minimal: dict[str, str], as_csv: Any, heading: str, cell: str, mark: str | None
) -> None:
    marks = read(as_csv([{**minimal, heading: cell}])).marks
    assert marks["mark"].to_list() == ([mark] if mark else [])
