"""Headings: which row they are in, which column each means, and what is said where one is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.form import FormColumn
from programme.problems import ProblemsError
from programme.programme import Programme
from tasks.ingest.files.delimited import read_delimited
from tasks.ingest.headings.heading_index import (
    closest_heading,
    columns_named,
    heading_index,
    heading_key,
    match_headings,
)
from tasks.ingest.headings.layout import find_layout
from tasks.ingest.headings.layout_findings import layout_findings
from tasks.ingest.headings.raw_columns import headless_positions, raw_columns, unusable_rows
from tasks.ingest.step import ReadTable

COLUMNS = {
    "name": FormColumn(kind="name", required=True, part="A1", headings=("A1. Name of the city",)),
    "country": FormColumn(kind="country", required=True, part="A2", headings=("A2. Country",)),
    "twin_country": FormColumn(kind="name", part="F1", headings=("F1. Country",)),
    "twin": FormColumn(kind="name", part="F1", headings=("F1. Partner",)),
}
INDEX = heading_index(COLUMNS)

FOUND: dict[str, tuple[str, str | None]] = {
    "the canonical name": ("name", "name"),
    "the question": ("A1. Name of the city", "name"),
    "another case, other marks": ("a1 - NAME of the city:", "name"),
    "without its number": ("Name of the city", "name"),
    "only its number": ("A1", "name"),
    "with markup": ("<p><b>A1.</b> Name of&nbsp;the city</p>".replace("&nbsp;", " "), "name"),
    "a number that two questions share": ("F1", None),
    "the exact wording of two alike": ("F1. Country", "twin_country"),
    "the canonical name outranks a wording without number": ("Country", "country"),
    "nothing of ours": ("Remarks", None),
    "blank": ("", None),
}


@pytest.mark.parametrize(("heading", "column"), FOUND.values(), ids=FOUND)
def test_what_a_heading_means(heading: str, column: str | None) -> None:
    assert INDEX.find(heading) == column


def test_the_exact_wording_counts_before_the_first() -> None:
    matched = match_headings(["Name of the city", "A1. Name of the city", "country"], INDEX)
    assert matched.positions == {"name": 1, "country": 2}
    assert (matched.unknown, matched.duplicates) == ((0,), ())


def test_of_two_equal_headings_the_first_counts_and_the_other_is_reported() -> None:
    matched = match_headings(["name", None, "country", "name", "Remarks", " "], INDEX)
    assert matched.positions == {"name": 0, "country": 2}
    assert (matched.unknown, matched.duplicates) == ((4,), ((3, "name"),))


def test_a_long_cell_is_an_answer_and_no_heading() -> None:
    assert columns_named(["name", "country" + " " * 400], INDEX) == {"name"}


HEADING = st.sampled_from(
    ["name", "A1. Name of the city", "Country", "F1. Country", "twin", "x", "", "a1", None]
)


@given(st.lists(HEADING, max_size=12))
def test_every_filled_heading_is_used_unknown_or_a_duplicate_once(headings: list[str | None]) -> None:
    matched = match_headings(headings, INDEX)
    duplicates = [position for position, _ in matched.duplicates]
    filled = [position for position, heading in enumerate(headings) if heading and heading_key(heading)]
    assert sorted([*matched.positions.values(), *matched.unknown, *duplicates]) == filled
    assert all(name in matched.positions for _, name in matched.duplicates)


def test_the_closest_heading_is_named_only_where_one_comes_near() -> None:
    assert closest_heading("name", ["Name of the city"], ["Remarks", "Name of city"]) == "Name of city"
    assert closest_heading("name", ["Name of the city"], ["Q17", "zzz"]) is None
    assert closest_heading("name", ["Name of the city"], []) is None


def test_a_tools_own_wording_outranks_the_forms(programme: Programme) -> None:
    columns = programme.form.submissions
    assert heading_index(columns).find("ID") is None
    assert heading_index(columns, programme.form.profiles["microsoft-forms"]).find("ID") == "submission_id"


ROWS: dict[str, tuple[list[list[str]], int]] = {
    "first row": ([["gcom_id", "name", "country"], ["1", "Turku", "FI"]], 0),
    "below a title": ([["Signatories", "", ""], ["", "", ""], ["gcom_id", "name", "country"]], 2),
    "the first that names every required column": (
        [
            ["gcom_id", "name", "", ""],
            ["gcom_id", "name", "country", ""],
            ["gcom_id", "name", "country", "lat"],
        ],
        1,
    ),
    "none names them all: the one with most": ([["name", "x"], ["gcom_id", "name"], ["1", "Turku"]], 1),
    "none names any": ([["a", "b"], ["c", "d"]], 0),
}


@pytest.mark.parametrize(("rows", "expected"), ROWS.values(), ids=ROWS)
def test_the_row_of_headings(programme: Programme, rows: list[list[str]], expected: int) -> None:
    assert find_layout(rows, "gcom", programme.form).heading_row == expected


def test_the_signs_of_a_tool_help_to_find_the_headings_of_a_form(programme: Programme) -> None:
    rows = [["Turku", "x"], ["Contribution ID", "Invitation number", "Creation date"]]
    layout = find_layout(rows, "submissions", programme.form)
    assert (layout.heading_row, layout.profile) == (1, "eusurvey")
    assert find_layout(rows, "gcom", programme.form).profile is None


def test_options_are_mapped_by_text_and_by_number_and_unknown_ones_reported(programme: Programme) -> None:
    headings = ["id", "submitdate", "lastpage", "D9[SQ001]", "D9[SQ99]", "D9[Social]", "D9[Cheese]", "A1[x]"]
    layout = find_layout([headings], "submissions", programme.form)
    assert layout.options == {"action_aspects": ((3, "technical"), (5, "social"))}
    assert layout.unknown_headings == ("D9[SQ99]", "D9[Cheese]", "A1[x]")
    assert layout.columns == {"submission_id", "submitted_at", "action_aspects"}


def test_columns_about_the_tool_itself_are_not_reported(programme: Programme) -> None:
    headings = ["Contribution ID", "Creation date", "Invitation number", "Score", "Languages", "Remarks"]
    layout = find_layout([headings], "submissions", programme.form)
    assert layout.unknown_headings == ("Remarks",)


def test_chosen_options_become_one_cell(programme: Programme) -> None:
    grid = read_delimited(b"id,submitdate,lastpage,D9[SQ001],D9[SQ002]\n1,x,6,Y, yes \n2,x,6,,No\n")
    layout = find_layout(grid.first_rows, "submissions", programme.form)
    assert raw_columns(grid, layout, programme.form)["action_aspects"].to_list() == [
        "technical; regulatory",
        None,
    ]


def test_no_id_is_made_where_a_column_it_needs_is_missing(programme: Programme) -> None:
    grid = read_delimited(b"Timestamp,City name\n2025/08/03,Turku\n")
    layout = find_layout(grid.first_rows, "submissions", programme.form)
    assert "submission_id" not in raw_columns(grid, layout, programme.form).columns


def test_a_row_is_overlong_only_with_text_beyond_the_last_heading(programme: Programme) -> None:
    grid = read_delimited(b"gcom_id,name,country\n1,Turku,FI,\n2,Oslo,NO, \n3,Bergen,NO,x\n")
    layout = find_layout(grid.first_rows, "gcom", programme.form)
    assert unusable_rows("gcom", grid, layout).select("row", "row_key").rows() == [(4, "row-0004")]


def test_a_cell_below_a_blank_heading_costs_no_row(programme: Programme) -> None:
    grid = read_delimited(b"gcom_id,name,country,\n1,Turku,FI,\n2,Oslo,NO, \n3,Bergen,NO,x\n")
    layout = find_layout(grid.first_rows, "gcom", programme.form)
    assert unusable_rows("gcom", grid, layout).is_empty()
    assert headless_positions(grid, layout) == [3]


SPLIT = {
    "blank headings, answers below": ("", ""),
    "pandas": ("Unnamed: 6", "Unnamed: 7"),
    "Excel": ("Column7", "Column8"),
    "Excel in German": ("Spalte7", "Spalte8"),
    "R": ("...7", "...8"),
    "SheetJS": ("__EMPTY", "__EMPTY_1"),
}


@pytest.mark.parametrize("headings", SPLIT.values(), ids=SPLIT)
@pytest.mark.parametrize("second_row", [False, True], ids=["answers below", "choices below"])
def test_columns_without_a_heading_of_their_own_belong_to_the_question_before(
    read: Callable[..., ReadTable],
    minimal: dict[str, str],
    headings: tuple[str, str],
    *,
    second_row: bool,
) -> None:
    choices = ",,,,,,Technical,Financial,Social"
    rows = [
        ",".join([*minimal, "action_aspects", *headings]),
        *([choices] if second_row else []),
        *(",".join([key, *list(minimal.values())[1:], *choices.split(",")[-3:]]) for key in ("S1", "S2")),
    ]
    frame = read("\n".join(rows)).frame
    assert frame["submission_id"].to_list() == ["S1", "S2"]
    assert frame["action_aspects"].to_list() == [["technical", "financial", "social"]] * 2


def test_what_a_person_is_told_about_headings_and_sheets(programme: Programme) -> None:
    many = ",".join(["Countri", *(f"Remark {n} {'x' * 60}" for n in range(11))])
    grid = read_delimited(f"gcom_id,name,country,name,{many}\n1,Turku,FI,Oslo\n".encode())
    layout = find_layout(grid.first_rows, "gcom", programme.form)
    known, distinct = layout_findings("gcom", grid, layout, programme.form)
    assert (known.expectation, known.severity, known.column) == ("columns_known", "warn", None)
    assert known.message.startswith("12 columns mean nothing to the programme: Countri; column F; column G")
    assert "Remark" not in known.message
    assert known.message.count("; ") == 9
    assert "x" * 55 not in known.message
    assert (distinct.expectation, distinct.column) == ("columns_distinct", "name")
    assert distinct.message == "Column 4 has a heading of the same meaning; it is left out."


def test_every_missing_column_is_named_with_what_to_do(read: Callable[..., ReadTable]) -> None:
    with pytest.raises(ProblemsError) as caught:
        read("utm_id,City,Countri,Population\n1,Turku,FI,2\n", "cohort")
    country, status = caught.value.problems
    assert country.where == "cohort.csv, headings"
    assert "no column 'country'; the closest heading is 'Countri'" in country.found
    assert "'country' or 'Country name'" in country.expected
    assert "programme/form.toml under cohort.country" in country.remedy
    assert status.found == "no column 'status' and no heading like it"
