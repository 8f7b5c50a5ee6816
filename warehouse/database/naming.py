"""Which rows of the database speak of a submission.

Belongs here: by which columns each table names a submission. Must stay out: emptying the rows (`erasure.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select

from warehouse.dictionary.row_names import read_row_name, row_number

NAMED_IN: dict[str, tuple[str, ...]] = {
    "submission": ("submission_id",),
    "set_aside_row": ("row_key",),
    "decision": ("subject", "object", "members"),
    "open_point": ("application_id",),
    "letter": ("application_id",),
    "contact_change": ("submission_id",),
    "erasure": ("submission_id",),
}
"""Table to the columns that name a submission: by its id, as `ID:MEMBER`, or as `ID=CITY` among others."""
NAMES_NONE = ("round", "input_file", "run", "version")
"""Tables that speak of no submission. A test holds both lists to the tables there are."""


def rows_of_submission(
    connection: Connection, tables: Mapping[str, Table], submission_id: str
) -> dict[str, list[dict[str, Any]]]:
    """Table to its rows that speak of a submission, in every round; tables without any are left out."""
    found = {}
    for name, columns in NAMED_IN.items():
        table = tables[name]
        about = or_(*(_names(table.c[column], submission_id) for column in columns))
        if name == "set_aside_row":
            about = of_set_aside(table, submission_id)
        rows = [dict(row) for row in connection.execute(select(table).where(about)).mappings()]
        if rows:
            found[name] = rows
    return found


def of_set_aside(table: Table, submission_id: str) -> ColumnElement[bool]:
    """The rows of `set_aside_row` that are a submission: by its id, or by the name of a row without one.

    The number of a row alone (`row-0007`) names nobody: each export has such a row, with another person.
    """
    columns = table.c
    if (named := read_row_name(submission_id)) is not None:
        return and_(
            columns.round == named.round_id,
            columns.table == "submissions",
            columns.row == named.row,
            columns.row_key == named.row_key,
            columns.source_sha256.startswith(named.source, autoescape=True),
        )
    own = _names(columns.row_key, submission_id)
    number = row_number(submission_id)
    return own if number is None else and_(own, columns.row != number)


def _names(column: ColumnElement[str], submission_id: str) -> ColumnElement[bool]:
    member = column.startswith(f"{submission_id}:", autoescape=True)
    first = column.startswith(f"{submission_id}=", autoescape=True)
    later = column.contains(f";{submission_id}=", autoescape=True)
    return or_(column == submission_id, member, first, later)
