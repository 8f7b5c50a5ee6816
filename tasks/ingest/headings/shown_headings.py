"""How a heading that means nothing to the programme is named to a person.

It may be no heading at all: the first row of a file without headings, or a note of somebody. So its text is
shown only where it resembles a heading we know; else the column is named by its letter.

Belongs here: that choice. Must stay out: which heading means which column (`heading_index.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from programme.form import FormRules
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.headings.heading_index import LONGEST_HEADING, heading_key

_ALIKE = 80.0
"""How alike (0-100) a heading must be to one of ours to be shown: one letter in five may differ."""
_SHOWN_LETTERS = 60


def column_letters(position: int) -> str:
    """The letters by which a spreadsheet names a column: 0 is A, 26 is AA."""
    letters, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def shown_heading(position: int, heading: str, table: str, form: FormRules) -> str:
    """The heading at a position where it resembles one of the table's, else "column H"."""
    ours = [
        comparison_key(text) for name, one in form.tables[table].items() for text in (name, *one.headings)
    ]
    key = heading_key(heading)[:LONGEST_HEADING]
    alike = process.extractOne(key, ours, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
    return heading[:_SHOWN_LETTERS] if alike else f"column {column_letters(position)}"


def shown_headings(
    positions: Sequence[int], headings: Sequence[str], table: str, form: FormRules
) -> tuple[str, ...]:
    """The headings at these positions, each as it is shown."""
    return tuple(shown_heading(position, headings[position], table, form) for position in positions)
