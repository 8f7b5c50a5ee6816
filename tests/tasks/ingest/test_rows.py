"""Every row is accounted for: used, or set aside with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import polars as pl
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from programme.problems import ProblemsError
from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest.step import Inputs, ReadTable, SourceFile, read_all
from tests.examples import examples
from warehouse.dictionary import INPUT_TABLES, PUBLISHED_TABLES, RUN_INPUTS, WORKING_TABLES
from warehouse.sandbox import open_in_sandbox

MINIMAL = {
    "submission_id": "S1",
    "submitted_at": "2025-08-01T10:00:00+02:00",
    "city_name": "Turku",
    "country": "Finland",
    "applicant_type": "city",
    "topic_1": "cooling",
}
COHORT = b"utm_id;name;country;status\nU1;Turku;Finland;member\n"
GCOM = b"gcom_id,name,country\nG1,Turku,Finland\n"


def sources(submissions: str, **more: bytes) -> list[SourceFile]:
    files = {"submissions": submissions.encode(), "cohort": COHORT, "gcom": GCOM} | more
    return [SourceFile(table, f"{table}.csv", content) for table, content in files.items()]


LACKING = [
    *(
        (f"{name} blank", {name: " "}, name, f"{name} is blank")
        for name in MINIMAL
        if name != "submission_id"
    ),
    ("id blank", {"submission_id": ""}, "submission_id", "submission_id is blank"),
    (
        "applicant type unknown",
        {"applicant_type": "alien"},
        "applicant_type",
        "applicant_type holds something that could not be read",
    ),
    ("topic a word for blank", {"topic_1": "n/a"}, "topic_1", "topic_1 is blank"),
]


@pytest.mark.parametrize(
    ("change", "column", "reason"), [case[1:] for case in LACKING], ids=[case[0] for case in LACKING]
)
def test_a_row_that_lacks_a_required_value_is_set_aside(
    read: Callable[..., ReadTable],
    as_csv: Callable[..., str],
    change: dict[str, str],
    column: str,
    reason: str,
) -> None:
    table = read(as_csv([MINIMAL | change, MINIMAL | {"submission_id": "S2"}]))
    assert table.frame["submission_id"].to_list() == ["S2"]
    assert table.set_aside.select("table", "row", "column", "reason").rows() == [
        ("submissions", 2, column, reason)
    ]


KEPT = [
    ("plan_covers_whole_city", "perhaps", "cell_readable"),
    ("topic_1", "Urban farming", "topic_known"),
]


@pytest.mark.parametrize(("column", "text", "finding"), KEPT)
def test_a_faulty_cell_that_a_person_can_judge_keeps_its_row(
    read: Callable[..., ReadTable], as_csv: Callable[..., str], column: str, text: str, finding: str
) -> None:
    table = read(as_csv([MINIMAL | {column: text}]))
    assert table.frame.height == 1
    assert table.findings.select("severity", "row_key", "column", "expectation").rows() == [
        ("warn", "S1", column, finding)
    ]
    assert text not in table.findings["message"][0]


@pytest.mark.parametrize(("column", "text"), [("submitted_at", "soon"), ("country", "Narnia")])
def test_what_the_expectations_on_the_inputs_tell_is_not_told_by_the_reading_too(
    read: Callable[..., ReadTable], as_csv: Callable[..., str], column: str, text: str
) -> None:
    table = read(as_csv([MINIMAL | {column: text}]))
    assert table.frame.height == 1
    assert table.findings.is_empty()


def test_a_time_stamp_that_could_be_two_days_keeps_its_row(
    read: Callable[..., ReadTable], as_csv: Callable[..., str]
) -> None:
    stamps = ["26/08/2025 10:00", "08/26/2025 10:00", "03/08/2025 10:00"]
    table = read(
        as_csv(
            [MINIMAL | {"submission_id": f"S{n}", "submitted_at": stamp} for n, stamp in enumerate(stamps)]
        )
    )
    assert [moment is None for moment in table.frame["submitted_at"]] == [False, False, True]
    assert sorted(table.findings["expectation"]) == ["date_order", "date_unambiguous"]


def test_of_one_id_the_latest_stands(read: Callable[..., ReadTable], as_csv: Callable[..., str]) -> None:
    rows = [
        MINIMAL | {"submitted_at": f"2025-08-0{day}T10:00:00Z", "city_name": name}
        for day, name in ((3, "Torreon"), (5, "Torreón"), (4, "TORREÓN"))
    ]
    table = read(as_csv([*rows, MINIMAL | {"submission_id": "S2"}, MINIMAL | {"submission_id": "S2"}]))
    assert table.frame["city_name"].to_list() == ["Torreón", "Turku"]
    assert table.set_aside.select("row", "reason").rows() == [
        (2, "a later version is in row 3"),
        (4, "a later version is in row 3"),
        (5, "the same again in row 6"),
    ]


def test_a_population_nobody_can_have_is_kept_for_the_expectations_to_report(
    read: Callable[..., ReadTable],
) -> None:
    table = read("utm_id,name,country,status,population\nU1,X,Finland,member,1091868000\n", "cohort")
    assert table.frame["population"].to_list() == [1091868000]


def test_many_findings_of_one_kind_are_one(
    read: Callable[..., ReadTable], as_csv: Callable[..., str]
) -> None:
    table = read(
        as_csv(
            [MINIMAL | {"submission_id": f"S{n:03}", "plan_covers_whole_city": "perhaps"} for n in range(300)]
        )
    )
    assert table.findings.select("row_key").to_series().to_list() == [None]
    assert table.findings["message"][0].startswith("300 cells, the first in S000.")


def test_the_status_of_a_signatory_is_active_if_blank_and_kept_if_unknown(
    read: Callable[..., ReadTable],
) -> None:
    table = read(
        "gcom_id,name,country,status\n1,A,FI,\n2,B,FI,Active\n3,C,FI,on hold\n4,D,FI,under appeal\n", "gcom"
    )
    assert table.frame["status"].to_list() == ["active", "active", "inactive", "under appeal"]
    assert read("gcom_id,name,country\n1,A,FI\n", "gcom").frame["status"].to_list() == ["active"]


def test_everything_that_is_wrong_with_all_files_is_said_at_once(programme: Programme, round_: Round) -> None:
    faulty = [
        SourceFile("cohort", "cohort.csv", b"utm_id,City name,Countri\n1,2,3\n"),
        SourceFile("gcom", "gcom.csv", b""),
        SourceFile("decisions", "d.xlsx", b"PK??"),
        SourceFile("evaluations", "a.csv", b"x"),
        SourceFile("evaluations", "b.csv", b"x"),
    ]
    with pytest.raises(ProblemsError) as caught:
        read_all(faulty, programme, round_, open_binary=open_in_sandbox)
    text = str(caught.value)
    for said in (
        "submissions.*",
        "a.csv, b.csv",
        "gcom.csv: found an empty file",
        "d.xlsx: found a damaged workbook",
        "'Countri'",
        "'status'",
    ):
        assert said in text


def test_optional_files_that_are_absent_give_empty_tables(
    programme: Programme, round_: Round, as_csv: Callable[..., str]
) -> None:
    inputs = read_all(sources(as_csv([MINIMAL])), programme, round_, open_binary=open_in_sandbox)
    for name in RUN_INPUTS:
        assert getattr(inputs, name).schema == INPUT_TABLES[name].schema, name
    assert (inputs.submissions.height, inputs.evaluations.height, inputs.decisions.height) == (1, 0, 0)
    assert [passport.table for passport in inputs.passports] == ["submissions", "cohort", "gcom"]


def test_the_same_files_in_any_order_give_the_same_tables(
    programme: Programme, round_: Round, as_csv: Callable[..., str]
) -> None:
    files = sources(
        as_csv(
            [
                MINIMAL | {"population": ""},
                MINIMAL | {"submission_id": "S2", "country": "Narnia", "population": "2 Mio"},
            ]
        )
    )
    first, second = (
        read_all(order, programme, round_, open_binary=open_in_sandbox) for order in (files, files[::-1])
    )
    for part in (item.name for item in fields(Inputs)):
        one, other = getattr(first, part), getattr(second, part)
        assert one.equals(other) if isinstance(one, pl.DataFrame) else one == other, part


WORDS = st.sampled_from(
    [
        "",
        "n/a",
        "yes",
        "Turku",
        "Finland",
        "=1+1",
        "12",
        "2025-08-01",
        "26/08/2025 10:00",
        "cooling",
        "city",
        "<b>x</b>",
        "a; b",
        "|",
        "½",
        "\u202e",
    ]
)


@settings(max_examples=examples(20))
@example([dict.fromkeys((*MINIMAL, "topic_2_need"), "") | {"topic_2_need": "|"}])
@given(
    st.lists(
        st.fixed_dictionaries(
            dict.fromkeys((*MINIMAL, "population", "members", "action_aspects", "topic_2_need"), WORDS)
        ),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_the_cells_rows_in_are_rows_accounted_for(
    read: Callable[..., ReadTable], as_csv: Callable[..., str], rows: list[dict[str, str]]
) -> None:
    # Codes in place of answers stop the reading, which is tested elsewhere.
    assume(not any({row[name] for row in rows} - {""} == {"12"} for name in ("applicant_type", "topic_1")))
    table = read(as_csv(rows))
    filled = [number for number, row in enumerate(rows, 2) if any(value.strip() for value in row.values())]
    assert table.passport.n_rows == table.frame.height + table.set_aside.height == len(filled)
    assert sorted([*table.frame["row"], *table.set_aside["row"]]) == filled
    assert table.frame.schema == INPUT_TABLES["submissions"].schema
    assert table.set_aside.schema == WORKING_TABLES["set_aside"].schema
    assert table.readings.schema == WORKING_TABLES["readings"].schema
    assert table.findings.schema == PUBLISHED_TABLES["findings"].schema
