"""`city2city map`: proposals for a form nobody knows, and the profile by which it is then read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli
from flows.commands import map as map_command
from programme.problems import ProblemsError
from programme.programme import read_programme
from programme.rules import HERE
from tasks.ingest.step import SourceFile, read_table
from warehouse.sandbox import open_in_sandbox

FORM = (
    "Réf.;Reçu le;Ville candidate;Pays;Statut juridique;Habitants (2024);Thème principal;Courriel;Remarque\n"
    "A-1;14/08/2025 10:05;Quelimane;Mozambique;City;250000;Mobility;secret@b.org;x1\n"
    "A-2;15/08/2025 10:05;Turku;Finland;City council;191000;Data;other@b.org;no idea\n"
)
MEANT = {
    "submission_id": "Réf.",
    "submitted_at": "Reçu le",
    "city_name": "Ville candidate",
    "country": "Pays",
    "applicant_type": "Statut juridique",
    "population": "Habitants (2024)",
    "topic_1": "Thème principal",
    "contact_email": "Courriel",
}


@pytest.fixture(autouse=True)
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of rules of one's own."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "rules"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    monkeypatch.setenv("CITY2CITY_PROGRAMME", str(folder))
    (tmp_path / "antworten.csv").write_text(FORM, "utf-8")
    return folder


def run(*arguments: str, answers: str | None = None) -> str:
    done = CliRunner().invoke(
        cli.app, ["map", *arguments, "--round", "2025-07"], input=answers, catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_a_column_is_proposed_for_each_heading_and_no_answer_is_shown(rules: Path) -> None:
    rows = {row["heading"]: row for row in json.loads(run("antworten.csv", "--json"))}
    assert {column: heading for heading, row in rows.items() if (column := row["column"])} == MEANT
    assert rows["Courriel"]["cells"] == "e-mail addresses"
    assert "secret" not in run("antworten.csv")
    assert not (rules / "profiles").exists()


def test_the_profile_that_was_written_reads_the_form(rules: Path) -> None:
    run("antworten.csv", "--out", str(rules / "profiles" / "antworten.toml"))
    programme = read_programme(rules)
    assert programme.fingerprint != read_programme().fingerprint
    source = SourceFile("submissions", "antworten.csv", FORM.encode())
    table = read_table(source, programme, programme.rounds.get("2025-07"), open_binary=open_in_sandbox)
    assert table.passport.profile == "antworten"
    assert table.frame.sort("row").select("submission_id", "city_name", "country_iso3", "topic_1").rows() == [
        ("A-1", "Quelimane", "MOZ", "mobility"),
        ("A-2", "Turku", "FIN", "data"),
    ]


def test_on_a_terminal_a_person_is_asked_about_the_open_ones(
    rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_command, "is_terminal", lambda: True)
    said = run("antworten.csv", answers="nonsense\nsubmission_id\n" + "\n" * 20)
    assert "There is no column 'nonsense'" in said
    assert read_programme(rules).form.profiles["antworten"].headings["country"] == ("Pays",)


def test_what_is_required_and_nowhere_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a;b\n1;2\n", "utf-8")
    with pytest.raises(ProblemsError, match="no heading for submission_id, submitted_at"):
        run("x.csv", "--out", "x.toml")
    with pytest.raises(ProblemsError, match="No such file"):
        run("nowhere.csv")


def test_a_profile_that_is_wrong_is_named(rules: Path) -> None:
    (rules / "profiles").mkdir()
    (rules / "profiles" / "bad.toml").write_text('title = "x"\nsings = ["a"]\n', "utf-8")
    with pytest.raises(ProblemsError, match=r"programme/profiles/bad\.toml, key sings"):
        run("antworten.csv")
