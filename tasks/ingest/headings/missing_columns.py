"""Required columns that a file lacks, as problems for the person who sent it.

Belongs here: the messages, with the closest heading whose cells are of the right kind. Must stay out: rows
that lack a required value (`tasks/ingest/tables`).
"""

from __future__ import annotations

from typing import NamedTuple

from programme.form import FormRules
from programme.problems import Problem
from tasks.ingest.cells.cell_kinds import CellsKind, fits_column, kind_of_cells
from tasks.ingest.files.grid import SEPARATOR_NAMES, Grid
from tasks.ingest.headings.heading_index import closest_heading
from tasks.ingest.headings.layout import SheetLayout
from tasks.ingest.headings.shown_headings import shown_heading

_NEARLY_SAME = 85
"""How alike (0-100) a heading must be to be named whatever its cells look like."""


class _Place(NamedTuple):
    """File and sheet, and how the text was split."""

    where: str
    how: str


def missing_columns(
    table: str, grid: Grid, layout: SheetLayout, made: set[str], form: FormRules, where: str
) -> list[Problem]:
    """One problem for each required column of `table` that is not there, or of which two are there.

    `made`: columns that are there or were made although no heading means them, such as an id. `where`: file
    and sheet.
    """
    there = layout.columns | made
    columns = form.tables[table].items()
    lacking = [name for name, column in columns if column.required and name not in there]
    kinds = _kinds(grid, layout, form) if lacking else {}
    places = {layout.headings[position]: position for position in (*layout.unknown, *layout.of_tool)}
    how = f" (the text was {SEPARATOR_NAMES[grid.separator]})" if grid.separator else ""
    missing = [
        _open_problem(name, where)
        if name in layout.open_columns
        else _problem(table, name, form, kinds, places, _Place(where, how))
        for name in lacking
    ]
    return [*missing, *_double_columns(table, grid, layout, form, where)]


def _kinds(grid: Grid, layout: SheetLayout, form: FormRules) -> dict[str, CellsKind]:
    """The headings that mean nothing, and what stands below each."""
    body = grid.cells.slice(layout.first_answer, 200)
    free = [*layout.unknown, *layout.of_tool]
    return {
        layout.headings[position]: kind_of_cells(body[f"c{position}"].to_list(), form)
        for position in sorted(free)
        if position < body.width
    }


def _problem(
    table: str, name: str, form: FormRules, kinds: dict[str, CellsKind], places: dict[str, int], at: _Place
) -> Problem:
    column = form.tables[table][name]
    fitting = [heading for heading, cells in kinds.items() if fits_column(column.kind, cells)]
    near = closest_heading(name, column.headings, list(kinds), least=_NEARLY_SAME)
    near = near or closest_heading(name, column.headings, fitting)
    if near is None and column.kind == "moment":
        near = next((heading for heading in reversed(fitting) if kinds[heading] == "dates"), None)
    wordings = " or ".join(repr(text) for text in (name, *column.headings[:1]))
    if near:
        shown = shown_heading(places[near], near, table, form)
        shown = repr(shown) if near.startswith(shown) else shown
        found = f"no column {name!r}; the closest heading is {shown} ({kinds[near]})"
    else:
        found = f"no column {name!r} and no heading like it"
    remedy = (
        f"Name the column {wordings}, or add its heading to programme/form.toml under {table}.{name}; "
        "`city2city map` proposes a column for every heading."
    )
    expected = f"a column headed {wordings}{at.how}"
    return Problem(found, expected, f"{at.where}, headings", remedy)


def _open_problem(name: str, where: str) -> Problem:
    return Problem(
        f"several columns with one heading, and it is open which of them is {name!r}",
        f"a column headed {name!r}, or one that stands behind the question it belongs to",
        f"{where}, headings",
        f"Name the column {name!r} in the file.",
    )


def _double_columns(
    table: str, grid: Grid, layout: SheetLayout, form: FormRules, where: str
) -> list[Problem]:
    """Required columns that are there twice under one heading, with other cells."""
    body = grid.cells.slice(layout.first_answer)
    problems = []
    for position, name in layout.duplicates:
        first = layout.positions.get(name)
        if first is None or not form.tables[table][name].required or position >= body.width:
            continue
        one, other = body[f"c{first}"], body[f"c{position}"]
        same_heading = layout.headings[first].casefold() == layout.headings[position].casefold()
        differ = (one.fill_null("").str.strip_chars() != other.fill_null("").str.strip_chars()).any()
        if same_heading and differ and other.str.strip_chars().fill_null("").ne("").any():
            found = f"columns {first + 1} and {position + 1} with the same heading"
            expected = f"one column for {name!r}; their cells differ"
            remedy = "Delete the column that does not count, or give it another heading."
            problems.append(Problem(found, expected, f"{where}, headings", remedy))
    return problems
