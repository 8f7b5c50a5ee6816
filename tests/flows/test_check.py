"""`city2city check`: one file, described; nothing stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli
from programme.problems import ProblemsError

COHORT = (
    "Cohort ID;City;Country;Cohort status;Inhabitants;Mood\n"
    "U1;Turku;Suomi;Accepted;195 000;good\n"
    "U2;;Kenya;Pending;;\n"
)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CITY2CITY_DATA", raising=False)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(cli.app, ["check", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_file_of_any_name_is_known_by_its_headings(tmp_path: Path) -> None:
    (tmp_path / "liste.csv").write_text(COHORT, "utf-16")
    said = run("liste.csv")
    for line in (
        "input\tcohort",
        "format\tCSV UTF-16 split by semicolon",
        "rows\t2",
        "rows used\t1",
        "rows set aside\t1",
        "columns without meaning\tcolumn F",
        "status\tCohort status\t1\t0\t1\t0",
        "country\tcountry-name\t1\tSuomi → FIN",
        "3\tU2\tname\tname is blank",
        "Nothing was stored.",
    ):
        assert line in said
    assert [path.name for path in tmp_path.iterdir()] == ["liste.csv"]


def test_as_json(tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text(COHORT, "utf-8")
    facts = {row["what"]: row["found"] for row in json.loads(run("cohort.csv", "--json"))["What it is"]}
    assert (facts["input"], facts["rows"], facts["rows set aside"]) == ("cohort", 2, 1)


def test_personal_answers_are_counted_and_not_shown(tmp_path: Path) -> None:
    head = (
        "Contribution ID;Submission date;A1. Name of your city or consortium;A2. Country;"
        "A3. Type of applicant;D1. First priority;C1. Your name;C2. E-mail"
    )
    (tmp_path / "x.csv").write_text(
        f"{head}\nS1;03/08/2025 10:00;Turku;FI;City;Data;Ann\u200b Secret;n/a\n", "utf-8"
    )
    said = run("x.csv", "--round", "2025-07")
    assert "contact_name\tcleaned\t1" in said
    assert "Secret" not in said
    assert "written by\teusurvey" in said
    assert "03/08/2025 10:00 → 2025-08-03T08:00:00Z" in said


@pytest.mark.parametrize(
    ("name", "content", "arguments", "found"),
    [
        pytest.param("x.csv", b"a,b\n1,2\n", [], "no heading of any input", id="nothing known"),
        pytest.param("x.pdf", b"%PDF-1.7", [], "a PDF", id="not a table"),
        pytest.param(
            "cohort.csv", b"utm_id,name\n1,2\n", [], "no column 'country'", id="a column is missing"
        ),
        pytest.param("x.csv", COHORT.encode(), ["--table", "mayors"], "mayors", id="no such input"),
        pytest.param("x.csv", COHORT.encode(), ["--round", "2031-01"], "2031-01", id="no such round"),
    ],
)
def test_mistakes(tmp_path: Path, name: str, content: bytes, arguments: list[str], found: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ProblemsError, match=found):
        run(name, *arguments)


def test_no_such_file() -> None:
    with pytest.raises(ProblemsError, match="No such file"):
        run("nowhere.csv")


GCOM = "gcom_id,name,country,population\nG1,Turku,Finland,195000\n"
FORMS = (
    "Submission ID,Submission date,City name,A2. Country,A3. Type of applicant,D1. First priority\n"
    "S1,2025-08-01 10:00,Turku,Finland,City,Data\n"
    "S2,2025-02-03 10:00,Malmö,Sweden,City,Data\n"
)


def test_what_is_not_plausible_is_shown_as_a_run_would(tmp_path: Path) -> None:
    (tmp_path / "forms.csv").write_text(FORMS, "utf-8")
    said = run("forms.csv", "--round", "2025-07")
    assert "sent 2025-02-03 09:00:00+00:00, before the call opened" in said


def test_several_files_are_also_compared_with_each_other(tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text(COHORT, "utf-8")
    (tmp_path / "liste.csv").write_text(GCOM, "utf-8")
    alone = run("cohort.csv")
    assert "the expectations that compare it with gcom" in alone
    both = json.loads(run("cohort.csv", "liste.csv", "--json"))
    assert [parts["What it is"][0]["found"] for parts in both] == ["cohort", "gcom"]
    assert not any("What was not looked at" in parts for parts in both)


def test_all_that_is_wrong_with_several_files_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(ProblemsError) as caught:
        run("x.pdf", "nowhere.csv")
    assert [problem.where for problem in caught.value.problems] == ["x.pdf", "nowhere.csv"]


def round_folder(tmp_path: Path, forms: str) -> Path:
    folder = tmp_path / "2025-07"
    folder.mkdir()
    rows = "".join(f"U{n};City {n};Finland;Accepted;50000;\n" for n in range(30))
    signatories = "".join(f"G{n},Place {n},Finland,1000\n" for n in range(100))
    (folder / "cohort.csv").write_text(COHORT.splitlines()[0] + "\n" + rows, "utf-8")
    (folder / "gcom.csv").write_text(GCOM.splitlines()[0] + "\n" + signatories, "utf-8")
    (folder / "submissions.csv").write_text(forms, "utf-8")
    return folder


def test_a_folder_that_would_run(tmp_path: Path) -> None:
    round_folder(tmp_path, FORMS)
    said = run("2025-07")
    assert "submissions\tsubmissions.csv\tCSV UTF-8\tcanonical\t2\t2\t0" in said
    assert "This round would run. Nothing was stored." in said
    assert [path.name for path in tmp_path.iterdir()] == ["2025-07"]


def test_a_folder_that_would_stop_says_why_and_ends_with_1(tmp_path: Path) -> None:
    lost = "".join(f"T{n},2025-08-01 10:00,,Finland,City,Data\n" for n in range(3))
    round_folder(tmp_path, FORMS + lost)
    done = CliRunner().invoke(cli.app, ["check", "2025-07", "--json"], catch_exceptions=False)
    assert done.exit_code == 1
    said = json.loads(done.output)
    assert said["answer"] == "would stop"
    (forms,) = (row for row in said["files"] if row["table"] == "submissions")
    assert (forms["rows"], forms["used"], forms["set_aside"]) == (5, 2, 3)
    assert forms["why"] == "3 x city_name is blank"
    assert [row["expectation"] for row in said["findings"] if row["severity"] == "stop"] == [
        "share_set_aside"
    ]


def test_a_folder_without_the_files_of_a_round_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    with pytest.raises(ProblemsError, match="no file for submissions"):
        run(str(tmp_path))
