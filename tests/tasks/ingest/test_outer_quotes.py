"""Quotation marks round what is already written cost no row and stay in no answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from tasks.ingest.files.outer_quotes import with_straight_marks, without_marks_round_rows
from tasks.ingest.step import ReadTable
from tests.tasks.ingest.conftest import MINIMAL

FORMS = [
    MINIMAL | {"submission_id": "S1", "motivation": 'We say "hello", there'},
    MINIMAL | {"submission_id": "S2", "city_name": "Porto, PT", "country": "Portugal", "motivation": "x"},
]
HEADINGS = list(FORMS[0])
ROWS = [HEADINGS, *([form[heading] for heading in HEADINGS] for form in FORMS)]


def written(rows: list[list[str]], **how: Any) -> str:
    text = io.StringIO()
    csv.writer(text, **how).writerows(rows)
    return text.getvalue()


def as_cells(text: str) -> str:
    """Each line as the only cell of its row: what a spreadsheet saves that did not split it."""
    return written([[line] for line in text.splitlines()], quoting=csv.QUOTE_ALL)


FIRST, *OTHERS = written(ROWS).splitlines(keepends=True)
FILES = {
    "round every row": as_cells(written(ROWS)),
    "round every row, with semicolons": as_cells(written(ROWS, delimiter=";")),
    "round every row but the headings": FIRST + as_cells("".join(OTHERS)),
    "round one row": FIRST + OTHERS[0] + as_cells(OTHERS[1]),
    "round every cell": written([[f'"{cell}"' for cell in row] for row in ROWS]),
    "round every cell but the headings": written([ROWS[0], *([f'"{c}"' for c in row] for row in ROWS[1:])]),
    "apostrophes round every cell": written([[f"'{cell}'" for cell in row] for row in ROWS]),
    "typeset marks round every cell": written([[f"“{cell}”" for cell in row] for row in ROWS]),
    "typeset marks instead of straight ones": "\n".join(
        ",".join(f"“{cell}”" for cell in row) for row in ROWS
    ),
    "low and high marks instead of straight ones": "\n".join(
        ";".join(f"„{cell}“" for cell in row) for row in ROWS
    ),
    "apostrophes instead of straight ones": "\n".join(",".join(f"'{cell}'" for cell in row) for row in ROWS),
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_marks_round_what_is_written_are_taken_off(read: Callable[..., ReadTable], text: str) -> None:
    rows = read(text).frame.sort("row")
    assert rows["submission_id"].to_list() == ["S1", "S2"]
    assert rows["city_name"].to_list() == ["Turku", "Porto, PT"]
    assert rows["motivation"].to_list() == ['We say "hello", there', "x"]


UNTOUCHED = {
    "a text with a comma": 'a,b\n"x, y"\n',
    "a title above": '"Applications, round 1"\na,b\n1,2\n',
    "cells": '"a","b"\n"1, 2","3"\n',
    "a mark alone": '"\n"\n',
}


@pytest.mark.parametrize("text", UNTOUCHED.values(), ids=UNTOUCHED)
def test_marks_that_quote_a_cell_stay(text: str) -> None:
    assert without_marks_round_rows(text, ",;\t|") == text


STRAIGHT = {
    "straight ones quote already": "'a','b'\n\"'x, y'\",'z'\n",
    "no row of cells": "'a word'\n'another'\n",
    "an apostrophe first": "'s-Hertogenbosch,NL\n'x,y\n",
}


@pytest.mark.parametrize("text", STRAIGHT.values(), ids=STRAIGHT)
def test_other_marks_that_quote_no_cells_stay(text: str) -> None:
    assert with_straight_marks(text, ",;\t|") == text


def test_an_apostrophe_doubled_or_within_a_cell_is_one() -> None:
    text = "'id','name'\n'1','L''Aquila'\n'2','it's, so'\n3,NULL\n"
    assert with_straight_marks(text, ",") == '"id","name"\n"1","L\'Aquila"\n"2","it\'s, so"\n3,NULL\n'


def test_one_answer_in_marks_keeps_them(read: Callable[..., ReadTable], as_csv: Callable[..., str]) -> None:
    forms = [MINIMAL | {"motivation": "“Green city”"}]
    assert read(as_csv(forms)).frame["motivation"].to_list() == ["“Green city”"]
