"""Forms without an id of their own: who is meant by the number of a row.

Belongs here: finding them, and the message that names each form which a number may mean. Must stay out: the
names themselves (`warehouse/dictionary/row_names.py`), erasing and disclosing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.context import AppContext
from programme.problems import ProblemsError, problem
from tasks.ingest.headings.layout import FORM_TABLE
from warehouse.dictionary.row_names import read_row_name, row_name, row_number
from warehouse.inputs.rewritten import oldest

MOST_NAMED = 20


def rows_without_id(context: AppContext, round_id: str) -> Iterator[dict[str, Any]]:
    """The rows of a round's exports that have no id, as the database has them.

    Each has also its `name`, and `read_at`: when its export was read.
    """
    for item in context.ledger.inputs(round_id):
        if item["table"] == FORM_TABLE:
            for row in context.ledger.set_aside(round_id, item["sha256"]):
                if row["table"] == FORM_TABLE and row_number(row["row_key"]) == row["row"]:
                    name = row_name(round_id, row["row"], oldest(context.storage, item["sha256"]))
                    yield {**row, "name": str(name), "read_at": item["read_at"]}


def names_in_database(context: AppContext, submission_id: str) -> tuple[str, ...]:
    """The names by which the database has a form: one for each time its export was read, the first first.

    After an erasure the export is another file. Read again, it has rows of its own in the database.
    """
    if (named := read_row_name(submission_id)) is None:
        return (submission_id,)
    read = (item["sha256"] for item in context.ledger.inputs(named.round_id) if item["table"] == FORM_TABLE)
    same = (
        str(row_name(named.round_id, named.row, sha256))
        for sha256 in read
        if row_name(named.round_id, named.row, oldest(context.storage, sha256)) == named
    )
    return tuple(dict.fromkeys((submission_id, *same)))


def unknown_row(context: AppContext, typed: str) -> ProblemsError | None:
    """The error for a number of a row, with the names it may mean; None where something else was typed."""
    number = row_number(typed.strip())
    if number is None:
        return None
    named = [
        f"{row['name']} (round {round_.id}, row {number} of an export read on {row['read_at']:%Y-%m-%d})"
        for round_ in context.rounds.rounds
        for row in rows_without_id(context, round_.id)
        if row["row"] == number and row["payload"] is not None
    ]
    shown = "; ".join(list(dict.fromkeys(named))[:MOST_NAMED])
    return problem(
        found=f"the number of a row ({typed.strip()!r})",
        expected="the whole name of a form without an id: each export has a row of that number",
        where="the warehouse",
        remedy=f"Name one of these: {shown}." if named else "No form without an id is kept in that row.",
    )
