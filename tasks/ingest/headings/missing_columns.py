"""Required columns that a file lacks, as problems for the person who sent it.

Belongs here: the messages, with the closest heading found. Must stay out: rows that lack a required value
(`tasks/ingest/tables`).
"""

from __future__ import annotations

from programme.form import FormColumn, FormRules
from programme.problems import Problem
from tasks.ingest.headings.heading_index import closest_heading
from tasks.ingest.headings.layout import SheetLayout

_SHOWN_LETTERS = 80
"""Letters of a heading that are shown in a message."""


def missing_columns(
    table: str, layout: SheetLayout, made: set[str], form: FormRules, where: str
) -> list[Problem]:
    """One problem for each required column of `table` that is not there.

    `made`: columns that were made although no heading means them, such as an id. `where`: file and sheet.
    """
    there = layout.columns | made
    return [
        _problem(table, name, column, layout.unknown_headings, where)
        for name, column in form.tables[table].items()
        if column.required and name not in there
    ]


def _problem(
    table: str, name: str, column: FormColumn, unknown_headings: tuple[str, ...], where: str
) -> Problem:
    near = closest_heading(name, column.headings, unknown_headings)
    wordings = " or ".join(repr(text) for text in (name, *column.headings[:1]))
    if near:
        found = f"no column {name!r}; the closest heading is {near[:_SHOWN_LETTERS]!r}"
    else:
        found = f"no column {name!r} and no heading like it"
    remedy = f"Name the column {wordings}, or add its heading to programme/form.toml under {table}.{name}."
    return Problem(found, f"a column headed {wordings}", f"{where}, headings", remedy)
