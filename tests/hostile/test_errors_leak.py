"""A run that fails in the middle carries no cell away: neither to the terminal, nor into the data folder, nor
to Prefect (its home, database, results and logs).

The run is a process of its own, with the temporary server that every run has. What is looked for are
canaries: texts that stand in the forms and nowhere else.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from tests.hostile.small_round import ROUND, small_round, write_round
from warehouse.database.connection import open_database

pytestmark = [pytest.mark.long, pytest.mark.prefect, pytest.mark.timeout(600)]

CANARIES = {
    "contact_name": "Quillfeather Zanzibaum",
    "contact_email": "quill@zanzibaum.example",
    "organisation": "Zanzibaum Bureau",
    "motivation": "Zanzibaum wants to learn. " * 20,
    "lessons": "Zanzibaum learnt this",
}
SIGNS = ("zanzibaum", "quill")
KEPT = ("inputs", "warehouse.db", "restricted")
"""What may hold them: the inputs themselves, the warehouse's database, what is restricted."""
FAULTS = {
    "crosscheck, polars": (
        "import tasks.crosscheck.step as step\n"
        "def mentions(submissions, *rest, **more):\n"
        "    submissions['contact_name'].cast(pl.Int64)\n"
        "step.mentions = mentions"
    ),
    "eligibility, a key": (
        "import tasks.eligibility.judge as step\n"
        "def build_cases(inputs, *rest, **more):\n"
        "    raise KeyError(inputs.submissions.row(0))\n"
        "step.build_cases = build_cases"
    ),
    "before the steps, pydantic": (
        "import pydantic, flows.round_inputs as step\n"
        "def find_inputs(*rest, **more):\n"
        "    pydantic.TypeAdapter(int).validate_python('Quillfeather Zanzibaum')\n"
        "step.find_inputs = find_inputs"
    ),
}
"""Code that makes a step raise with cells in the message of its exception."""


def run(folder: Path, rules: Path, cache: Path, fault: str = "", database: str = "") -> str:
    """What a failing `city2city run` tells."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment |= {
        "CITY2CITY_DATA": str(folder),
        "CITY2CITY_CACHE": str(cache),
        "CITY2CITY_PROGRAMME": str(rules),
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "true",
    }
    if database:
        environment["CITY2CITY_DATABASE_URL"] = database
    code = f"import polars as pl\n{fault}\nfrom flows.cli import main\nmain(['run', {ROUND!r}])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    told = done.stdout + done.stderr
    assert done.returncode == 1, told
    assert "Unexpected error" in told
    assert "Traceback" not in told
    return told


def put_forms(folder: Path) -> None:
    records = small_round()
    for form in records["submissions"]:
        form.update(CANARIES)
    write_round(folder / "inputs", records)


def hits(content: bytes, sign: str) -> set[bytes]:
    """The encodings of a text that stand in a content."""
    return {coded for coded in (sign.encode("utf-8"), sign.encode("utf-16-le")) if coded in content}


def leaks(folder: Path, told: str) -> list[str]:
    """Where a canary is and may not be."""
    found = ["the terminal"] if any(sign in told.casefold() for sign in SIGNS) else []
    for path in folder.rglob("*"):
        place = path.relative_to(folder)
        if path.is_file() and not str(place).startswith(KEPT):
            content = path.read_bytes().lower()
            found.extend(f"{sign} in {place}" for sign in SIGNS if hits(content, sign))
    return found


def open_to_others(folder: Path) -> list[str]:
    """What other users may read in Prefect's home."""
    home = folder / "prefect"
    paths = [home, *home.glob("*.db*"), home / "storage"]
    return [str(path) for path in paths if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]


REFUSALS = {
    "sqlite": [
        "CREATE TRIGGER refuse BEFORE INSERT ON submission WHEN NEW.row = 9 "
        "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    ],
    "postgres": [
        "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN IF NEW.row = 9 THEN "
        "RAISE EXCEPTION 'refused %', NEW USING DETAIL = NEW::text; END IF; RETURN NEW; "
        "END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER refuse BEFORE INSERT ON submission FOR EACH ROW EXECUTE FUNCTION refuse()",
    ],
}


@pytest.mark.parametrize("kind", list(REFUSALS))
def test_a_database_that_fails_in_the_middle_of_an_insert(
    kind: str, tmp_path: Path, rules_folder: Path, cache_folder: Path, request: pytest.FixtureRequest
) -> None:
    folder = tmp_path / "data"
    put_forms(folder)
    address = f"sqlite:///{folder}/warehouse.db"
    if kind == "postgres":
        server, name = str(request.getfixturevalue("postgres_url")), f"leak_{uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        address = server.replace("/postgres?", f"/{name}?")
    engine = open_database(address)
    with engine.begin() as connection:
        for statement in REFUSALS[kind]:
            connection.execute(text(statement))
    engine.dispose()
    told = run(folder, rules_folder, cache_folder, database=address)
    assert "sqlalchemy.exc" in told
    assert "warehouse.database.rows" in told
    assert not leaks(folder, told)
    assert not open_to_others(folder)


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_step_that_quotes_cells(fault: str, tmp_path: Path, rules_folder: Path, cache_folder: Path) -> None:
    folder = tmp_path / "data"
    put_forms(folder)
    told = run(folder, rules_folder, cache_folder, fault=FAULTS[fault])
    assert not leaks(folder, told)
    assert not open_to_others(folder)
