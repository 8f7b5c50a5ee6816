"""Whole inputs: what is masked where, that rows still join, and that the original is kept."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from programme.programme import Programme
from tasks.ingest.inputs import Inputs, SourceFile
from tasks.ingest.personal.masks import MASKED, pseudonym
from tasks.ingest.step import read_all
from tests.hostile.small_round import ROUND, json_bytes, with_cells
from warehouse.dictionary.inputs import INPUT_TABLES
from warehouse.sandbox import open_in_sandbox


def read(cells: dict[tuple[str, int, str], object], programme: Programme) -> Inputs:
    sources = [
        SourceFile(table, f"{table}.json", json_bytes(rows)) for table, rows in with_cells(cells).items()
    ]
    return read_all(sources, programme, programme.rounds.get(ROUND), open_binary=open_in_sandbox)


def told(inputs: Inputs) -> list[tuple[str, str, str | None]]:
    found = inputs.findings.filter(pl.col("expectation") == "no_personal_data")
    return list(found.select("table", "column", "row_key").iter_rows())


def test_an_id_that_is_an_address_joins_in_every_table(programme: Programme) -> None:
    address = "maria@example.org"
    cells: dict[tuple[str, int, str], object] = {("submissions", 0, "submission_id"): address}
    cells |= {("evaluations", row, "submission_id"): address for row in (0, 4)}
    cells |= {("decisions", 0, "subject"): address, ("corrections", 0, "submission_id"): address}
    cells |= {("corrections", 0, "expected"): "A plan for shade"}
    inputs = read(cells, programme)
    mask = pseudonym(address)
    form = inputs.submissions.filter(submission_id=mask)
    assert form["action_summary"].to_list() == ["A plan for trees"]
    assert inputs.evaluations.filter(submission_id=mask).height == 2
    assert inputs.decisions.filter(subject=mask).height == 1
    assert inputs.corrections["submission_id"].to_list() == [mask]
    assert ("submissions", "submission_id", mask) in told(inputs)
    assert inputs.readings.filter(rule="masked", column="submission_id", before=address).height == 4
    everything = str(inputs.findings.rows()) + str(inputs.set_aside.rows()) + str(inputs.marks.rows())
    assert address not in everything


@pytest.mark.long
def test_a_contact_s_name_is_masked_in_any_form_and_file(programme: Programme) -> None:
    inputs = read(
        {
            ("submissions", 1, "contact_name"): "Dr. Ondine Quillfeather",
            ("submissions", 0, "city_name"): "Turku, Ondine Quillfeather",
            (
                "submissions",
                3,
                "members",
            ): "Quillfeather Ondine | 200000 | adopted; Obuasi | 175000 | adopted",
            ("evaluators", 0, "evaluator_id"): "ondine.quillfeather",
            ("evaluations", 0, "evaluator_id"): "ondine.quillfeather",
            ("collaborations", 0, "programme"): "Programme of Ondine Quillfeather",
        },
        programme,
    )
    assert inputs.submissions.filter(submission_id="S-0")["city_name"].item() == f"Turku, {MASKED}"
    members = inputs.submissions.filter(submission_id="S-3")["members"].item().to_list()
    assert [one["name"] for one in members] == [pseudonym("Quillfeather Ondine"), "Obuasi"]
    judge = pseudonym("ondine.quillfeather")
    assert judge in set(inputs.evaluators["evaluator_id"]) & set(inputs.evaluations["evaluator_id"])
    assert inputs.collaborations["programme"].to_list() == [f"Programme of {MASKED}"]
    assert inputs.submissions.filter(submission_id="S-1")["contact_name"].item() == "Dr. Ondine Quillfeather"


@pytest.mark.parametrize("name", ["Paris", "San Francisco", "Turku", "Bologna", "Da Nang"])
def test_a_contact_with_the_name_of_a_city_hides_no_city(name: str, programme: Programme) -> None:
    cells = {("submissions", 0, "contact_name"): name, ("submissions", 1, "preferred_city_1"): name}
    inputs = read({**cells, ("submissions", 2, "city_name"): name}, programme)
    assert inputs.submissions.filter(submission_id="S-2")["city_name"].item() == name
    assert not told(inputs)


def test_a_contact_s_name_hides_no_city_of_others_and_no_ids(programme: Programme) -> None:
    """An applicant who writes a city's name, or the word before the ids, where a contact's name belongs."""
    cells: dict[tuple[str, int, str], object] = {
        ("submissions", 0, "city_name"): "City of Accra",
        ("submissions", 1, "preferred_city_1"): "Accra, Ghana",
        ("submissions", 5, "city_name"): "Nantes Métropole",
        **{("cohort", row, "utm_id"): f"Cohort-{row}" for row in range(12)},
        **{("submissions", row, "submission_id"): f"Form-{row}" for row in range(12)},
    }
    names = ["City of Accra", "Accra Ghana", "Nantes Métropole", "Cohort", "Form", "Co Hort"]
    cells |= {("submissions", 6 + row, "contact_name"): name for row, name in enumerate(names)}
    assert not [
        one for one in told(read(cells, programme)) if one[0] != "submissions" or one[1] != "contact_name"
    ]


def test_many_masks_in_a_column_are_counted(programme: Programme) -> None:
    cells: dict[tuple[str, int, str], object] = {
        ("submissions", row, "preferred_city_2"): f"Lyon person{row}@example.org" for row in range(12)
    }
    assert len(told(read(cells, programme))) == 12


def test_a_decision_that_was_masked_has_the_id_of_what_it_says(programme: Programme) -> None:
    plain = read({}, programme).decisions
    masked = read({("decisions", 0, "subject"): "maria@example.org"}, programme).decisions
    assert masked.height == plain.height
    assert len(set(masked["decision_id"]) - set(plain["decision_id"])) == 1
    again = read({("decisions", 0, "subject"): pseudonym("maria@example.org")}, programme).decisions
    assert set(again["decision_id"]) == set(masked["decision_id"])


@pytest.mark.parametrize("round_id", ["2025-07", "2026-01"])
def test_nothing_of_a_realistic_round_is_masked(
    round_id: str, programme: Programme, shared_data: Path
) -> None:
    sources = [
        SourceFile(path.name.partition(".")[0], path.name, path.read_bytes())
        for path in sorted((shared_data / "rounds" / round_id).iterdir())
        if path.name.partition(".")[0] in INPUT_TABLES
    ]
    inputs = read_all(sources, programme, programme.rounds.get(round_id), open_binary=open_in_sandbox)
    assert not told(inputs)
    assert inputs.readings.filter(rule="masked").is_empty()


def test_rows_set_aside_keep_what_was_written(programme: Programme) -> None:
    inputs = read(
        {("submissions", 0, "city_name"): None, ("submissions", 0, "lessons"): "Start early"}, programme
    )
    (content,) = inputs.set_aside_content["payload"]
    assert '"lessons": "Start early"' in content
    assert inputs.set_aside["row_key"].to_list() == ["S-0"]
