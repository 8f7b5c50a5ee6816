"""What a file is guessed to be, and how it is described."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest

from programme.problems import ProblemsError, UnreadableError
from programme.programme import Programme
from tasks.ingest.describe import describe_columns, describe_file, describe_readings, guess_table
from tasks.ingest.step import ReadTable


class PlainSheet(NamedTuple):
    name: str
    visible: bool
    rows: list[list[str]]


NOTES = PlainSheet("Notes", True, [["Nothing here"]])
COHORT = PlainSheet(
    "Cohort", True, [["UTM ID", "City", "Country name", "Cohort status"], ["1", "Turku", "FI", "Member"]]
)
HIDDEN = PlainSheet("Lists", False, COHORT.rows)


def opens(*sheets: PlainSheet) -> Callable[..., Sequence[PlainSheet]]:
    """A function that opens every workbook as these sheets; the step starts no process for it."""

    def open_binary(kind: str, content: bytes, *, max_cells: int) -> Sequence[PlainSheet]:
        assert (kind, content[:2], max_cells > 0) == ("xlsx", b"PK", True)
        return sheets

    return open_binary


GUESSED: dict[str, tuple[str, bytes, str]] = {
    "by its name": ("GCoM.2025.csv", b"a,b\n", "gcom"),
    "by its required columns": ("export.csv", b"utm_id,name,country,status\n", "cohort"),
    "by its required columns, not by more others": (
        "export.csv",
        b"gcom_id,name,country,population,latitude,longitude,status,applied_on\n",
        "gcom",
    ),
    "by most of its columns where none has all": (
        "export.csv",
        b"submission_id,motivation,lessons\n",
        "submissions",
    ),
    "as JSON": (
        "export.json",
        b'[{"kind": 1, "subject": 2, "reason": 3, "decided_by": 4, "decided_at": 5}]',
        "decisions",
    ),
}


@pytest.mark.parametrize(("name", "content", "table"), GUESSED.values(), ids=GUESSED)
def test_which_input_a_file_holds(programme: Programme, name: str, content: bytes, table: str) -> None:
    assert guess_table(content, name, programme.form, open_binary=opens()) == table


def test_the_likeliest_sheet_of_a_workbook_decides(programme: Programme) -> None:
    for sheets in ((NOTES, COHORT), (COHORT, NOTES), (HIDDEN, NOTES, COHORT)):
        assert guess_table(b"PK", "export.xlsx", programme.form, open_binary=opens(*sheets)) == "cohort"


UNKNOWN: dict[str, tuple[bytes, str]] = {
    "no heading of ours": (b"a,b\n1,2\n", "no heading of any input"),
    "a workbook of nothing": (b"PK", "no heading of any input"),
    "no readable file": (b"%PDF-1.7", "a PDF"),
}


@pytest.mark.parametrize(("content", "said"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_holds_no_input_is_one_problem(programme: Programme, content: bytes, said: str) -> None:
    with pytest.raises(ProblemsError, match=said) as caught:
        guess_table(content, "export.bin", programme.form, open_binary=opens())
    assert caught.value.problems[0].where == "export.bin"


def test_a_workbook_that_cannot_be_opened_is_a_problem_of_the_file(programme: Programme) -> None:
    def refuse(kind: str, content: bytes, *, max_cells: int) -> Sequence[PlainSheet]:
        raise UnreadableError("a damaged workbook", "a whole one", "Save it again.")

    with pytest.raises(ProblemsError, match=r"export\.xlsx: found a damaged workbook"):
        guess_table(b"PK", "export.xlsx", programme.form, open_binary=refuse)


def test_a_file_in_words_and_counts(read: Callable[..., ReadTable]) -> None:
    table = read("gcom_id;name;country;Remarks\n1;Turku;Suomi;x\n2;;FI;y\n3;Oslo;Narnia;\n", "gcom")
    facts = {row["what"]: row["found"] for row in describe_file(table)}
    assert facts["format"] == "CSV UTF-8 split by semicolon"
    assert (facts["rows"], facts["rows used"], facts["rows set aside"]) == (3, 2, 1)
    assert (facts["columns recognised"], facts["columns without meaning"]) == (3, "column D")
    assert "written by" not in facts
    assert "sheet" not in facts


def test_each_column_counts_what_was_and_was_not_understood(read: Callable[..., ReadTable]) -> None:
    rows = "1,Turku,FI,195 000\n2,Oslo,Norge,many\n3,Bergen,Norway,7\n4,,NO,1 000\n"
    counts = {
        row["column"]: row
        for row in describe_columns(read(f"gcom_id,name,country,population\n{rows}", "gcom"))
    }
    people = counts["population"]
    assert (people["filled"], people["as_it_stood"], people["by_a_rule"], people["not_understood"]) == (
        2,
        1,
        1,
        1,
    )
    assert (counts["country"]["as_it_stood"], counts["country"]["by_a_rule"]) == (2, 1)


def test_examples_show_few_spellings_and_none_of_a_person(
    read: Callable[..., ReadTable], as_csv: Callable[..., str], minimal: dict[str, str]
) -> None:
    rows = [
        minimal | {"submission_id": f"S{n}", "population": f"{n} 000", "contact_name": "An\u200bn"}
        for n in range(1, 6)
    ]
    shown = {(row["column"], row["rule"]): row for row in describe_readings(read(as_csv(rows)))}
    people = shown["population", "number"]
    assert (people["cells"], people["examples"]) == (5, "1 000 → 1000; 2 000 → 2000; 3 000 → 3000")
    person = shown["contact_name", "cleaned"]
    assert (person["cells"], person["examples"]) == (5, "")
