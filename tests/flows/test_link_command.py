"""`city2city link`: one name explained, a list linked, mistakes said in one message."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from flows.commands.link import link
from programme.problems import ProblemsError

REGISTER = "id,name,iso3,population\nR1,Torino,ITA,870456\nR2,=HYPERLINK,ITA,\n"
QUERIES = "name,country,note\nComune di Torino,Italy,first\n,Italy,second\n=hyperlink,IT,third\n"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_folder: Path) -> Path:
    monkeypatch.setenv("CITY2CITY_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CITY2CITY_CACHE", str(cache_folder))
    (tmp_path / "register.csv").write_text(REGISTER, "utf-8")
    (tmp_path / "queries.csv").write_text(QUERIES, "utf-8")
    return tmp_path


def call(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command()(link)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.long
def test_a_list_shared_over_processes_has_the_same_answers(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("Torino", "Comune di Torino", "Nowhere")
    rows = "".join(f"{name},{country}\n" for name in names for country in ("ITA", "ESP", "USA"))
    (work / "queries.csv").write_text("name,country\n" + rows * 40, "utf-8")
    monkeypatch.setattr("flows.commands.link_list.BLOCK_BYTES", 1_000)
    for jobs in ("1", "2"):
        result = call(
            "--file", work / "queries.csv", "--register", work / "register.csv", "--out", work / jobs,
            "--jobs", jobs,
        )  # fmt: skip
        assert result.exit_code == 0, result.exception
    assert (work / "1").read_bytes() == (work / "2").read_bytes()
    assert pl.read_csv(work / "1", infer_schema=False).height == 360


def test_looking_a_name_up_loads_no_expectations(work: Path) -> None:
    code = """
import contextlib, sys
from flows.cli import main
with contextlib.suppress(SystemExit):
    main(sys.argv[1:])
print("loaded" if "great_expectations" in sys.modules else "not loaded")
"""
    command = [sys.executable, "-c", code, "link", "Turin", "Italy", "--register", str(work / "register.csv")]
    done = subprocess.run(command, check=True, timeout=120, capture_output=True, text=True)
    assert "linked to R1" in done.stdout
    assert done.stdout.endswith("not loaded\n")


def test_one_name_is_explained(work: Path) -> None:
    result = call("Turin", "Italy", "--register", work / "register.csv", "--json")
    (answer,) = json.loads(result.stdout)
    assert (answer["outcome"], answer["register_id"]) == ("linked", "R1")
    assert answer["candidates"][0]["evidence"]


def test_one_name_in_words(work: Path) -> None:
    result = call("Turin", "Italy", "--register", work / "register.csv")
    assert result.exit_code == 0
    assert "linked to R1" in result.stdout


def test_a_list_keeps_its_rows_and_columns(work: Path) -> None:
    result = call(
        "--file", work / "queries.csv", "--register", work / "register.csv", "--out", work / "links.csv"
    )
    assert result.exit_code == 0, result.exception
    links = pl.read_csv(work / "links.csv", infer_schema=False)
    assert links.columns == ["name", "country", "note", "outcome", "register_id", "confidence", "evidence"]
    assert links.select("note", "outcome", "register_id").rows() == [
        ("first", "linked", "R1"),
        ("second", "none", None),
        ("third", "linked", "R2"),
    ]
    assert links["evidence"].str.starts_with("'=").to_list() == [False, False, True]


COHORT = (
    "UTM ID;City name;Country;Inhabitants;Status\n"
    "U1;Torino;Italia;870.456;member\nU2;Málaga;Spain;;rejected\n"
)
OF_A_ROUND = {
    "the cohort's file": ("cohort.csv", COHORT.encode("utf-8-sig")),
    "an export with lines above its headings": (
        "list.csv",
        ("UTM City Cohort;;;;\n;;;;\n" + COHORT).encode(),
    ),
    "another encoding": ("cohort.csv", COHORT.encode("utf-16")),
    "one byte a letter": ("cohort.csv", COHORT.encode("cp1252")),
}


@pytest.mark.parametrize(("name", "content"), OF_A_ROUND.values(), ids=OF_A_ROUND.keys())
def test_a_register_of_a_round_is_read_as_a_run_reads_it(name: str, content: bytes, work: Path) -> None:
    (work / name).write_bytes(content)
    (work / "queries.csv").write_text("name,country\nTurin,Italy\nMalaga,España\n", "utf-8")
    result = call("--file", work / "queries.csv", "--register", work / name, "--out", work / "links.csv")
    assert result.exit_code == 0, result.exception
    links = pl.read_csv(work / "links.csv", infer_schema=False)
    assert links.select("outcome", "register_id").rows() == [("linked", "U1"), ("linked", "U2")]
    assert "was read as a run reads its file cohort" in result.stderr


def test_a_file_named_after_a_register_must_have_its_columns(work: Path) -> None:
    (work / "cohort.csv").write_text("id,title\nU1,Torino\n", "utf-8")
    found = call("Turin", "Italy", "--register", work / "cohort.csv").exception
    assert isinstance(found, ProblemsError)
    assert "country" in str(found)


MISTAKES = {
    "nothing": [],
    "a name without a country": ["Turin"],
    "a list without a register": ["--file", "queries.csv"],
    "no such register": ["Turin", "Italy", "--register", "absent.csv"],
    "no register at all": ["Turin", "Italy"],
    "a register without its columns": ["Turin", "Italy", "--register", "wrong.csv"],
}


@pytest.mark.parametrize("arguments", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_message(arguments: list[str], work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(work)
    (work / "wrong.csv").write_text("a,b\n1,2\n", "utf-8")
    assert isinstance(call(*arguments).exception, ProblemsError)
