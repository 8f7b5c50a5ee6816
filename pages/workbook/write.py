"""Writing a review workbook: one row a point, a list of its answers, everything else locked.

Belongs here: writing. Must stay out: which points are open and which answers they have. The same points give
the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pages.views.answers import Answer, point_id
from pages.views.words import POINT_NAMES, country_name, in_words
from pages.workbook.layout import (
    ANSWER,
    CHOICES,
    EXTRA,
    FIRST_ROW,
    HEADING_ROW,
    HEADINGS,
    POINTS,
    READ_ME,
    REASON,
    WIDTHS,
    mark,
)
from warehouse.escapes import workbook_cell

Row = Mapping[str, Any]
MADE = datetime(2025, 7, 1)  # noqa: DTZ001  (a workbook's date has no zone)
"""The date that every workbook carries, so that the same content is the same file."""
INSTRUCTIONS = (
    "Choose an answer from the list in each row that you can answer, and say why in the column Reason.",
    "White cells are yours to fill; all others are locked. A row without an answer stays open.",
    "Where the answer is another row of a register, or no conflict, name the row or the evaluator beside it.",
    "The workbook names cities. It holds no other personal data; please keep it so, also in reasons.",
    "Send it back as XLSX. Your answers are checked like every other decision. Where somebody answered "
    "meanwhile, or a point is gone, you are told.",
)


@dataclass(frozen=True)
class OpenRow:
    """A point with its answers; `seen` is the decision that answered it before (empty: none)."""

    point: Row
    answers: Sequence[Answer]
    seen: str = ""


def review_workbook(round_id: str, version: int, rows: Sequence[OpenRow]) -> bytes:
    """An XLSX workbook with these points, in their order."""
    import xlsxwriter  # noqa: PLC0415  (only what writes workbooks needs it)

    content = io.BytesIO()
    texts_stay = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, {"in_memory": True, **texts_stay})
    title = f"City2City {round_id}, open points of version {version}"
    book.set_properties({"title": title, "author": "City2City", "created": MADE})
    formats = _formats(book)
    sheet, lists = book.add_worksheet(POINTS), book.add_worksheet(CHOICES)
    sheet.write_string(0, 0, mark(round_id, version), formats["mark"])
    sheet.write_string(1, 0, title, formats["title"])
    for column, (text, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.write_string(HEADING_ROW - 1, column, text, formats["head"])
        sheet.set_column(column, column, width)
    for at, row in enumerate(rows, FIRST_ROW - 1):
        _point(sheet, at, row, formats)
        _choices(sheet, lists, at, row.answers)
    sheet.freeze_panes(HEADING_ROW, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    lists.hide()
    _read_me(book, formats)
    for one in (sheet, lists):
        # Without a password: it guards against slips, not against people.
        one.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    book.close()
    return content.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    line = {"border": 1, "border_color": "#BFBFBF", "valign": "top", "text_wrap": True}
    return {
        "mark": book.add_format({"font_color": "#7F7F7F", "font_size": 9}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({**line, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"}),
        "locked": book.add_format({**line, "bg_color": "#F2F2F2"}),
        "open": book.add_format({**line, "locked": False}),
        "plain": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _point(sheet: Any, at: int, row: OpenRow, formats: Mapping[str, Any]) -> None:
    point = row.point
    cells = (
        f"{point['city_name'] or 'City unknown'} ({point['subject']})",
        country_name(point["country_iso3"]) if point["country_iso3"] else "",
        POINT_NAMES.get(point["kind"], in_words(point["kind"])),
        in_words(point["about"] or ""),
        point["evidence"] or "",
        *("", "", ""),
        point_id(point),
        row.seen,
    )
    for column, (heading, text) in enumerate(zip(HEADINGS, cells, strict=True)):
        is_open = heading in (ANSWER, EXTRA, REASON) and bool(row.answers)
        sheet.write_string(at, column, workbook_cell(text), formats["open" if is_open else "locked"])


def _choices(sheet: Any, lists: Any, at: int, answers: Sequence[Answer]) -> None:
    """The list of a row's answers, on a sheet of its own: a long list has no room in the rule itself."""
    if not answers:
        return
    for column, answer in enumerate(answers):
        lists.write_string(at, column, workbook_cell(answer.label))
    last = _letters(len(answers) - 1)
    column = HEADINGS.index(ANSWER)
    rule = {
        "validate": "list",
        "source": f"='{CHOICES}'!$A${at + 1}:${last}${at + 1}",
        "ignore_blank": True,
        "error_title": "Not in the list",
        "error_message": "Choose one of the answers in the list, or leave the cell blank.",
    }
    sheet.data_validation(at, column, at, column, rule)


def _letters(column: int) -> str:
    """The letters of a column counted from 0: A, Z, AA."""
    before, own = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + own)


def _read_me(book: Any, formats: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(READ_ME)
    sheet.set_column(0, 0, 110)
    for row, text in enumerate(INSTRUCTIONS):
        sheet.write_string(row, 0, text, formats["plain"])
    sheet.protect("")
