"""No cell of the realistic rounds is misread: their truth, written down by hand and read by other means,
against ours, cell by cell.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from programme.programme import Programme
from tasks.ingest.step import Inputs, SourceFile, read_all
from tests.tasks.ingest.realistic_truth import COLUMNS, TOPICS, count, delimited, iso3, plain, truth, workbook
from warehouse.sandbox import open_in_sandbox

ROUNDS = ["2025-07", "2026-01"]
COUNTS = {
    "2025-07": {
        "submissions": (115, 1),
        "evaluations": (1395, 0),
        "cohort": (161, 0),
        "gcom": (12299, 0),
        "collaborations": (40, 0),
    },
    "2026-01": {
        "submissions": (95, 1),
        "evaluations": (1080, 0),
        "cohort": (141, 0),
        "gcom": (12299, 0),
        "collaborations": (40, 0),
    },
}
"""Rows in the file, and rows that lack a required value: a form without the city's name.

A score left blank by an evaluator with a conflict is a declaration, and no row that lacks something.
"""


@pytest.fixture(scope="module")
def inputs(shared_data: Path, programme: Programme) -> dict[str, Inputs]:
    def one(round_id: str) -> Inputs:
        files = sorted((shared_data / "rounds" / round_id).iterdir())
        return read_all(
            [SourceFile(file.stem, file.name, file.read_bytes()) for file in files],
            programme,
            programme.rounds.get(round_id),
            open_binary=open_in_sandbox,
        )

    return {round_id: one(round_id) for round_id in ROUNDS}


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_cell_of_every_form(inputs: dict[str, Inputs], shared_data: Path, round_id: str) -> None:
    rows = workbook(shared_data / "rounds" / round_id / "submissions.xlsx")
    expected = {
        number: {name: truth(name, text) for name, text in zip(COLUMNS, row, strict=True)}
        for number, row in enumerate(rows, 2)
        if row[2]
    }
    found = {row["row"]: row for row in inputs[round_id].submissions.iter_rows(named=True)}
    assert found.keys() == expected.keys()
    wrong = [
        (number, name, value, found[number][name])
        for number, row in expected.items()
        for name, value in row.items()
        if found[number][name] != value
    ]
    assert wrong == []
    assert [
        (row["country"], row["country_iso3"])
        for row in found.values()
        if row["country_iso3"] != iso3(row["country"])
    ] == []
    assert len(expected) * len(COLUMNS) == (COUNTS[round_id]["submissions"][0] - 1) * 49


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_score(inputs: dict[str, Inputs], shared_data: Path, round_id: str) -> None:
    rows = workbook(shared_data / "rounds" / round_id / "evaluations.xlsx")
    expected = [
        (
            number,
            evaluator,
            form,
            criterion.replace(" ", "_"),
            float(score) if score else None,
            comment or None,
            conflict == "yes",
            date.fromisoformat(day),
        )
        for number, (evaluator, form, criterion, score, comment, conflict, day) in enumerate(rows, 2)
    ]
    columns = [
        "row",
        "evaluator_id",
        "submission_id",
        "criterion",
        "score",
        "comment",
        "conflict",
        "evaluated_at",
    ]
    assert inputs[round_id].evaluations.sort("row").select(columns).rows() == expected
    assert {row[5] for row in rows if not row[3]} == {"yes"}


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_city_of_the_cohort(inputs: dict[str, Inputs], shared_data: Path, round_id: str) -> None:
    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    expected = [
        (
            number,
            row["utm_id"],
            plain(row["name"]),
            row["country"],
            iso3(row["country"]),
            count(row["population"]),
            row["status"],
            day(row["applied_on"]),
            day(row["decided_on"]),
            None,
            None,
            None,
        )
        for number, row in enumerate(delimited(shared_data / "rounds" / round_id / "cohort.csv", ";"), 2)
    ]
    assert inputs[round_id].cohort.sort("row").select("row", pl.exclude("row")).rows() == expected


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_signatory(inputs: dict[str, Inputs], shared_data: Path, round_id: str) -> None:
    rows = delimited(shared_data / "rounds" / round_id / "gcom.csv", ",")
    found = {row["row"]: row for row in inputs[round_id].gcom.iter_rows(named=True)}
    code = {name: iso3(name) for name in {row["country"] for row in rows}}
    wrong = []
    for number, row in enumerate(rows, 2):
        people = float(row["population"]) if row["population"] else None
        region = None if row["region"] == "na" else plain(row["region"])
        expected = {
            "gcom_id": row["gcom_id"],
            "name": plain(row["name"]),
            "country_iso3": code[row["country"]],
            "region": region,
            "status": "active",
            "population": None if people is None or (people < 1000 and people % 1) else round(people),
            "latitude": float(row["latitude"]) if row["latitude"] else None,
            "longitude": float(row["longitude"]) if row["longitude"] else None,
        }
        wrong += [
            (number, name, value, found[number][name])
            for name, value in expected.items()
            if found[number][name] != value
        ]
    assert wrong == []
    assert len(found) == len(rows) == 12299


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_collaboration(inputs: dict[str, Inputs], shared_data: Path, round_id: str) -> None:
    expected = [
        (
            row["city_a"],
            iso3(row["country_a"]),
            row["city_b"],
            iso3(row["country_b"]),
            row["programme"],
            TOPICS.get(row["topic"]),
            row["funded"] == "yes",
        )
        for row in delimited(shared_data / "rounds" / round_id / "collaborations.csv", ",")
    ]
    columns = ["city_a", "country_a_iso3", "city_b", "country_b_iso3", "programme", "topic", "funded"]
    found = [
        (plain(row[0].replace("\u00a0", " ")), *row[1:])
        for row in inputs[round_id].collaborations.sort("row").select(columns).rows()
    ]
    assert found == [(plain(row[0]), row[1], plain(row[2]), *row[3:]) for row in expected]


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_row_is_accounted_for(inputs: dict[str, Inputs], round_id: str) -> None:
    counts = {
        passport.table: (passport.n_rows, passport.n_set_aside) for passport in inputs[round_id].passports
    }
    assert counts == COUNTS[round_id]
    assert all(not passport.unknown for passport in inputs[round_id].passports)


@pytest.mark.parametrize("round_id", ROUNDS)
def test_what_a_person_is_asked_to_look_at(inputs: dict[str, Inputs], round_id: str) -> None:
    found = inputs[round_id].findings.select("table", "expectation", "column").rows()
    assert found == [("gcom", "cell_readable", "population")] * 3
