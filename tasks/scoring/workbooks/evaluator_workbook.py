"""The workbook that an evaluator fills in.

Belongs here: writing it. Drop-downs and locked cells keep mistakes out where they arise, and the rubric's own
wording is on a sheet of its own. Must stay out: contact data and free texts of applications (evaluators read
those in the form tool, under the application's id), and reading a workbook back (`returned.py`). The same
input gives the same bytes.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import polars as pl

from programme.rubric import CriterionRules, Rubric
from programme.rubric_evidence import SCALE_MAXIMUM
from tasks.scoring.workbooks.layout import (
    COMMENT,
    CONFLICT,
    FIRST_ROW,
    HEADING_ROW,
    MISSING,
    NO,
    READ_ME,
    RUBRIC,
    SCORES,
    YES,
    headings,
    mark,
)
from warehouse.escapes import workbook_cell

WIDTHS = {"Application": 14, "City": 24, "Country": 9, "Topics": 34, CONFLICT: 12, COMMENT: 50, MISSING: 9}
MADE = datetime(2025, 7, 1)  # noqa: DTZ001  (a workbook's date has no zone)
"""The date every workbook carries, so that the same content is the same file: the day the programme was
launched.
"""
INSTRUCTIONS = (
    "Score each application from 0 to 5 for each criterion; the sheet 'Rubric' says what each step means.",
    "Read the application itself in the form tool, under its id. This workbook holds no personal data; "
    "please keep it so, also in comments.",
    "White cells are yours to fill; all others are locked. Leave a cell blank rather than guess: a "
    "missing score is not a zero.",
    "Where you have a conflict of interest, choose 'yes' in its column: none of your scores for that "
    "application will count.",
    "Previous experience can only add points; 0 costs nothing.",
    "Send the workbook back as XLSX. Its first line proves that it is yours: keep it, and give the workbook "
    "to nobody. If you change something later, tell the office which of your workbooks counts.",
)


def evaluator_workbook(
    round_id: str, evaluator_id: str, token: str, applications: pl.DataFrame, rubric: Rubric
) -> bytes:
    """An XLSX workbook for one evaluator.

    `token` proves that it is that evaluator's (`token.py`). `applications` has one row each:
    `application_id`, `city_name`, `country_iso3`, `topics` (labels in one text).
    """
    book, content = new_book(f"City2City {round_id}, scores of {evaluator_id}")
    formats = cell_formats(book)
    sheet = book.add_worksheet(SCORES)
    sheet.write_string(0, 0, mark(round_id, evaluator_id, token), formats["mark"])
    _head(sheet, round_id, evaluator_id, rubric, formats)
    for row, about in enumerate(applications.sort("application_id").iter_rows(named=True), FIRST_ROW - 1):
        _application(sheet, row, about, rubric, formats)
    _drop_downs(sheet, FIRST_ROW - 1, FIRST_ROW - 2 + applications.height, rubric)
    _protect(sheet)
    rubric_sheet(book, rubric, formats)
    _read_me(book, formats)
    book.close()
    return content.getvalue()


def new_book(title: str) -> tuple[Any, io.BytesIO]:
    """An empty workbook in memory; no cell text ever becomes a formula, a number or a link by itself."""
    import xlsxwriter  # noqa: PLC0415  (only the command that writes workbooks needs it)

    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"title": workbook_cell(title), "author": "City2City", "created": MADE})
    return book, content


def cell_formats(book: Any) -> dict[str, Any]:
    """The few formats all sheets share."""
    line = {"border": 1, "border_color": "#BFBFBF", "valign": "top"}
    return {
        "mark": book.add_format({"font_color": "#7F7F7F", "font_size": 9}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format(
            {**line, "bold": True, "text_wrap": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
        ),
        "locked": book.add_format({**line, "text_wrap": True, "bg_color": "#F2F2F2"}),
        "score": book.add_format({**line, "align": "center", "locked": False}),
        "open": book.add_format({**line, "text_wrap": True, "locked": False}),
        "plain": book.add_format({"text_wrap": True, "valign": "top"}),
        "number": book.add_format({**line, "num_format": "0.00", "bg_color": "#F2F2F2"}),
    }


def _head(sheet: Any, round_id: str, evaluator_id: str, rubric: Rubric, formats: dict[str, Any]) -> None:
    sheet.write_string(1, 0, f"City2City, round {round_id}: scores of {evaluator_id}", formats["title"])
    sheet.write_string(
        2,
        0,
        "0 to 5 for each criterion; point at a heading for its question, see the sheet 'Rubric' for "
        "every step.",
        formats["mark"],
    )
    about = {criterion.title: criterion for criterion in rubric.by_id.values()}
    for column, text in enumerate(headings(rubric)):
        sheet.write_string(HEADING_ROW - 1, column, text, formats["head"])
        sheet.set_column(column, column, WIDTHS.get(text, 12))
        if text in about:
            sheet.write_comment(
                HEADING_ROW - 1, column, _wording(about[text]), {"x_scale": 3, "y_scale": 3.2, "font_size": 9}
            )
    sheet.set_row(HEADING_ROW - 1, 32)
    sheet.freeze_panes(HEADING_ROW, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW - 1)


def _wording(about: CriterionRules) -> str:
    return "\n".join([about.question, "", *(f"{step}: {text}" for step, text in enumerate(about.scale))])


def _application(
    sheet: Any, row: int, about: dict[str, Any], rubric: Rubric, formats: dict[str, Any]
) -> None:
    for column, name in enumerate(("application_id", "city_name", "country_iso3", "topics")):
        sheet.write_string(row, column, workbook_cell(about[name]), formats["locked"])
    first, n = 4, len(rubric.by_id)
    for column in range(first, first + n):
        sheet.write_blank(row, column, None, formats["score"])
    sheet.write_blank(row, first + n, None, formats["score"])
    sheet.write_blank(row, first + n + 1, None, formats["open"])
    cells = f"{_letter(first)}{row + 1}:{_letter(first + n - 1)}{row + 1}"
    missing = f'=IF({_letter(first + n)}{row + 1}="{YES}",0,{n}-COUNT({cells}))'
    sheet.write_formula(row, first + n + 2, missing, formats["locked"], n)


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _drop_downs(sheet: Any, first_row: int, last_row: int, rubric: Rubric) -> None:
    if last_row < first_row:
        return
    for column, (_, about) in enumerate(rubric.by_id.items(), 4):
        sheet.data_validation(
            first_row,
            column,
            last_row,
            column,
            {
                "validate": "list",
                "source": [str(step) for step in range(SCALE_MAXIMUM + 1)],
                "ignore_blank": True,
                "input_title": about.title[:32],
                "input_message": about.question[:254],
                "error_title": "Not on the scale",
                "error_message": f"A whole number from 0 to {SCALE_MAXIMUM}, or nothing.",
            },
        )
    column = 4 + len(rubric.by_id)
    sheet.data_validation(
        first_row, column, last_row, column, {"validate": "list", "source": [NO, YES], "ignore_blank": True}
    )


def _protect(sheet: Any) -> None:
    # Without a password: it guards against slips, not against people.
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})


def rubric_sheet(book: Any, rubric: Rubric, formats: dict[str, Any]) -> None:
    """The rubric in full: question, weight and the wording of every step."""
    sheet = book.add_worksheet(RUBRIC)
    names = ["Criterion", "Points", "Question", *(f"{step} means" for step in range(SCALE_MAXIMUM + 1))]
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, formats["head"])
        sheet.set_column(column, column, 18 if column == 0 else 8 if column == 1 else 28)
    for row, about in enumerate(rubric.by_id.values(), 1):
        sheet.write_string(row, 0, about.title, formats["locked"])
        sheet.write_number(row, 1, about.weight, formats["locked"])
        for column, text in enumerate((about.question, *about.scale), 2):
            sheet.write_string(row, column, text, formats["locked"])
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    _protect(sheet)


def _read_me(book: Any, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(READ_ME)
    sheet.set_column(0, 0, 110)
    for row, text in enumerate(INSTRUCTIONS):
        sheet.write_string(row, 0, text, formats["plain"])
    _protect(sheet)
