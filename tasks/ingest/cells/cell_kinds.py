"""What the cells of an unknown column look like, without saying what they hold.

Belongs here: the kinds of cells a person would name ("dates", "whole numbers"), and which kinds of columns
they fit. Must stay out: reading the cells for good (`column_readers.py`) and headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from programme.form import FormRules, Kind
from tasks.ingest.cells import dates
from tasks.ingest.cells.choices import yes_no_of
from tasks.ingest.cells.day_order import DayOrder

CellsKind = Literal[
    "nothing",
    "yes or no",
    "dates",
    "whole numbers",
    "numbers",
    "e-mail addresses",
    "links",
    "codes",
    "short texts",
    "long texts",
]
"""What a person would call the cells of a column."""
SAMPLE = 200
"""Cells that are looked at; what most of them are, the column is."""
_MOST = 0.8
"""Share of the filled cells that must be of a kind for the column to be of it."""
_LONG = 60
"""Letters from which a text is no name any more."""
_WHOLE = re.compile(r"^\d{1,3}(?:[.,' \u00a0]?\d{3})*$")
_NUMBER = re.compile(r"^[+-]?\d+(?:[.,]\d+)?$")
_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_LINK = re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)
_CODE = re.compile(r"^(?=\S*\d)[\w.:/-]{1,60}$")
_FITS: dict[Kind, frozenset[CellsKind]] = {
    "id": frozenset({"whole numbers", "codes", "short texts"}),
    "name": frozenset({"short texts"}),
    "line": frozenset({"short texts", "e-mail addresses", "links", "codes", "long texts"}),
    "country": frozenset({"short texts"}),
    "choice": frozenset({"short texts", "yes or no", "long texts"}),
    "choices": frozenset({"short texts", "long texts"}),
    "topic": frozenset({"short texts", "long texts"}),
    "criterion": frozenset({"short texts"}),
    "yes_no": frozenset({"yes or no", "short texts"}),
    "whole_number": frozenset({"whole numbers", "numbers"}),
    "number": frozenset({"whole numbers", "numbers", "yes or no"}),
    "points": frozenset({"whole numbers", "numbers", "yes or no"}),
    "moment": frozenset({"dates"}),
    "day": frozenset({"dates"}),
    "text": frozenset({"short texts", "long texts"}),
    "verbatim": frozenset({"short texts", "long texts", "codes", "whole numbers", "numbers"}),
    "members": frozenset({"short texts", "long texts"}),
    "cooperation": frozenset({"short texts", "long texts"}),
}
"""Kind of column to the kinds of cells it may hold; a column without any cell fits every kind."""


def kind_of_cells(cells: Sequence[str | None], form: FormRules) -> CellsKind:
    """What most of the filled cells are; "short texts" or "long texts" where they are nothing else."""
    texts = [text.strip() for text in cells[:SAMPLE] if text and text.strip()]
    if not texts:
        return "nothing"
    words = yes_no_of(form.yes, form.no)
    how = dates.DateReading(dates.date_words(form), DayOrder(form.day_first, "assumed"))
    tests: dict[CellsKind, list[bool]] = {
        "yes or no": [words.find(text)[0] is not None and len(text) < 10 for text in texts],
        "dates": [not _NUMBER.match(text) and dates.parsed_day(text, how) is not None for text in texts],
        "whole numbers": [_WHOLE.match(text) is not None for text in texts],
        "numbers": [_NUMBER.match(text) is not None for text in texts],
        "e-mail addresses": [_MAIL.match(text) is not None for text in texts],
        "links": [_LINK.match(text) is not None for text in texts],
        "codes": [_CODE.match(text) is not None for text in texts],
    }
    for kind, answers in tests.items():
        if sum(answers) >= _MOST * len(texts):
            return kind
    return "long texts" if sum(map(len, texts)) > _LONG * len(texts) else "short texts"


def fits_column(kind: Kind, cells: CellsKind) -> bool:
    """Whether a column of a kind may hold such cells."""
    return cells == "nothing" or cells in _FITS[kind]
