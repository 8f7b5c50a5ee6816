"""Which column of a file is which column of ours.

Belongs here: matching headings (canonical names, question texts) to canonical columns, finding the heading row below title rows, and naming the
closest heading where a required column is missing. Must stay out: what the cells of a column mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from programme.form import FormColumn
from tasks.ingest.fold import fold

_NUMBER = re.compile(r"^[a-g]\d{1,2}[a-z]? ")
MAX_TITLE_ROWS = 30
"""Rows above the headings that are searched; exports put a title, a date and a count there."""

LONGEST_HEADING = 400
"""Letters beyond which a cell is an answer, not a question."""


@dataclass(frozen=True)
class Matched:
    """Canonical column to position in the file, and the positions that mean nothing to us or the same as an earlier one."""

    positions: dict[str, int]
    unknown: tuple[int, ...]
    repeated: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Vocabulary:
    """Every folded heading of one table and the column it means; `exact` with question numbers, `loose` without, where that leaves no doubt."""

    exact: dict[str, str]
    loose: dict[str, str]


def vocabulary(columns: Mapping[str, FormColumn]) -> Vocabulary:
    """The headings of a table; a wording that two columns share is not told apart without its number and left out of `loose`."""
    exact: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    for name, column in columns.items():
        for heading in (name, *column.headings):
            key = fold(heading)
            exact.setdefault(key, name)
            loose.setdefault(_NUMBER.sub("", key), set()).add(name)
    return Vocabulary(exact, {key: names.copy().pop() for key, names in loose.items() if len(names) == 1 and key not in exact})


def match(headings: Sequence[str | None], words: Vocabulary) -> Matched:
    """Assign each heading; of two that mean the same column, the exact wording counts, then the first."""
    keys = [fold(heading or "") for heading in headings]
    positions: dict[str, int] = {}
    for table in (words.exact, words.loose):
        for index, key in enumerate(keys):
            name = table.get(key) or (table.get(_NUMBER.sub("", key)) if table is words.loose else None)
            if name and name not in positions and index not in positions.values():
                positions[name] = index
    used = set(positions.values())
    rest = [index for index, key in enumerate(keys) if index not in used and key]
    repeated = tuple((index, name) for index in rest if (name := words.exact.get(keys[index])))
    return Matched(positions, tuple(index for index in rest if index not in dict(repeated)), repeated)


def heading_row(rows: Sequence[Sequence[str | None]], words: Vocabulary) -> int:
    """Index of the row with most headings that we know, the first of equals."""
    counts = [sum(_known(cell, words) for cell in row) for row in rows[:MAX_TITLE_ROWS]]
    return counts.index(max(counts)) if counts else 0


def _known(cell: str | None, words: Vocabulary) -> bool:
    if not cell or len(cell) > LONGEST_HEADING:
        return False
    key = fold(cell)
    return key in words.exact or _NUMBER.sub("", key) in words.loose


def closest(column: str, wordings: Sequence[str], headings: Sequence[str]) -> str | None:
    """The file's heading most like any wording of a column; None where nothing comes near."""
    folded = [fold(heading) for heading in headings]
    best: tuple[float, int] = (0.0, -1)
    for wording in (column, *wordings):
        found = process.extractOne(fold(wording), folded, scorer=fuzz.token_sort_ratio, score_cutoff=50)
        if found and found[1] > best[0]:
            best = (found[1], found[2])
    return headings[best[1]] if best[1] >= 0 else None
