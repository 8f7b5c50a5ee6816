"""The rows of forms without an id that are still kept, asked without loading SQLAlchemy.

Belongs here: what retention asks of them. Must stay out: emptying them (`erasure.py`).
"""

from __future__ import annotations

from warehouse.database.plain_query import ask
from warehouse.dictionary.row_names import row_number

_QUESTION = (
    'SELECT source_sha256, "row", row_key FROM set_aside_row'
    " WHERE round = ? AND \"table\" = 'submissions' AND erased_at IS NULL"
    ' ORDER BY source_sha256, "row"'
)


def unnamed_rows(address: str, round_id: str) -> list[tuple[str, int]]:
    """The sha256 of the export and the number of each row without an id that was not erased.

    Raises `ProblemsError` where the database cannot be read.
    """
    found = ask(address, "set_aside_row", _QUESTION, round_id)
    return [(str(sha256), int(row)) for sha256, row, key in found if row_number(str(key)) == row]
