"""Sheets whose rows belong to rows of the main sheet: the members of a consortium, as KoboToolbox writes
them.

Belongs here: finding the form that each such row belongs to, and joining members to it. Must stay out: what a
member is (`tasks/ingest/cells/records_in_cells.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from programme.counts import counted
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.files.grid import Grid, RepeatSheet
from tasks.ingest.headings.layout import SheetLayout
from warehouse.dictionary.findings import Finding

MEMBERS = "members"
_PART = "a5"
"""The number of the question about members on the form."""
_N_PARTS = 3
"""Parts of a member: name, inhabitants, status of the plan; in this order in every form."""
_LINKS = (
    ("_parent_index", "_index"),
    ("_submission__id", "_id"),
    ("_submission__uuid", "_uuid"),
    ("PARENT_KEY", "KEY"),
)
"""Heading in the sheet of members, and the heading of the main sheet that holds the same."""


@dataclass(frozen=True)
class Joined:
    """The raw columns with the members joined, and what a person should know."""

    raw: pl.DataFrame
    findings: tuple[Finding, ...]


def join_repeats(table: str, grid: Grid, layout: SheetLayout, raw: pl.DataFrame) -> Joined:
    """Members that stand in a sheet of their own, written into the cell of their form, one a line."""
    findings = []
    for sheet in grid.repeats:
        rows_of = _rows_by_form(sheet, grid, layout, raw)
        n_rows = sum(map(len, rows_of.values()))
        forms = ", ".join(str(number) for number in sorted(rows_of)[:10])
        about = (
            f"Sheet {sheet.name[:60]!r} holds {counted(n_rows, 'row')} of the forms in these rows: {forms}"
        )
        if _is_members(sheet):
            raw = _with_members(raw, rows_of)
            message = f"{about}; they were read as the members of these forms."
        else:
            message = f"{about}; they were not read. Write them into a column of the first sheet."
        findings.append(
            Finding.about_table(table, "sheets_read", message, column=MEMBERS if _is_members(sheet) else None)
        )
    return Joined(raw, tuple(findings))


def _is_members(sheet: RepeatSheet) -> bool:
    names = [sheet.name, *(heading for heading in sheet.rows[0] if not heading.startswith("_"))]
    keys = [comparison_key(name.rpartition("/")[2]) for name in names]
    return any(MEMBERS in key.split() or key.split(" ")[0].startswith(_PART) for key in keys if key)


def _rows_by_form(
    sheet: RepeatSheet, grid: Grid, layout: SheetLayout, raw: pl.DataFrame
) -> dict[int, list[list[str]]]:
    """Number of a form's row to its rows in the other sheet, without the tool's own columns."""
    headings, body = sheet.rows[0], sheet.rows[1:]
    main = grid.cells.slice(layout.first_answer)
    for child, parent in _LINKS:
        if child in headings and parent in layout.headings:
            place, position = headings.index(child), layout.headings.index(parent)
            number_of = dict(zip(map(_plain, main[f"c{position}"]), raw["row"], strict=True))
            break
    else:
        return {}
    own = [
        n
        for n, heading in enumerate(headings)
        if heading and not heading.startswith(("_", "PARENT_KEY", "KEY", "SET-OF"))
    ]
    found: dict[int, list[list[str]]] = {}
    for row in body:
        number = number_of.get(_plain(row[place])) if place < len(row) else None
        if number is not None:
            found.setdefault(number, []).append([row[n] if n < len(row) else "" for n in own])
    return found


def _plain(text: str | None) -> str:
    return (text or "").strip().removesuffix(".0")


def _with_members(raw: pl.DataFrame, rows_of: dict[int, list[list[str]]]) -> pl.DataFrame:
    written = {number: "\n".join(_member(row) for row in rows) for number, rows in rows_of.items()}
    there = raw[MEMBERS].to_list() if MEMBERS in raw.columns else [None] * raw.height
    cells = [
        text if text and text.strip() else written.get(number)
        for number, text in zip(raw["row"], there, strict=True)
    ]
    return raw.with_columns(pl.Series(MEMBERS, cells, dtype=pl.String))


def _member(row: Sequence[str]) -> str:
    return " | ".join(cell.replace("|", "/").replace("\n", " ").replace(";", ",") for cell in row[:_N_PARTS])
