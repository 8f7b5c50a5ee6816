"""Which column of a file is which column of ours.

Belongs here: matching headings (canonical names, question texts, question numbers) to canonical columns, and
naming the closest heading where a required column is missing. Must stay out: what the cells of a column mean,
and where in a file the headings are (`layout.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from programme.form import ExportProfile, FormColumn
from tasks.ingest.cells.text import fold

_NUMBER = re.compile(r"^[a-g]\d{1,2}[a-z]? ")
_TAG = re.compile(r"<[^<>]{1,200}>")
LONGEST_HEADING = 400
"""Letters beyond which a cell is an answer, not a question."""


@dataclass(frozen=True)
class Matched:
    """Canonical column to position in the file, and the positions that mean nothing to us or the same as an
    earlier one.
    """

    positions: dict[str, int]
    unknown: tuple[int, ...]
    repeated: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Vocabulary:
    """Every folded heading of one table and the column it means; `exact` as written, `loose` without the
    question's number, where that leaves no doubt.
    """

    exact: Mapping[str, str]
    loose: Mapping[str, str]

    def find(self, heading: str) -> str | None:
        """The column a heading means."""
        key = heading_key(heading)
        return self.exact.get(key) or self.loose.get(_NUMBER.sub("", key))


def heading_key(heading: str) -> str:
    """A heading folded, its markup removed: some tools export the questions with the markup they are shown
    in.
    """
    return fold(_TAG.sub(" ", heading) if "<" in heading else heading)


def vocabulary(columns: Mapping[str, FormColumn], profile: ExportProfile | None = None) -> Vocabulary:
    """The headings of a table, those of a tool first; a wording or number that two columns share is not told
    apart and left out of `loose`.
    """
    exact: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    for name, wordings in (profile.headings if profile else {}).items():
        exact.update((fold(wording), name) for wording in wordings)
    for name, column in columns.items():
        for heading in (name, *column.headings):
            key = fold(heading)
            exact.setdefault(key, name)
            loose.setdefault(_NUMBER.sub("", key), set()).add(name)
        if column.part:
            loose.setdefault(fold(column.part), set()).add(name)
    return Vocabulary(
        exact, {key: min(names) for key, names in loose.items() if len(names) == 1 and key not in exact}
    )


def match(headings: Sequence[str | None], words: Vocabulary) -> Matched:
    """Assign each heading; of two that mean the same column, the exact wording counts, then the first."""
    keys = [heading_key(heading or "")[:LONGEST_HEADING] for heading in headings]
    positions: dict[str, int] = {}
    used: set[int] = set()
    for find in (words.exact.get, lambda key: words.loose.get(_NUMBER.sub("", key))):
        for index, key in enumerate(keys):
            name = find(key)
            if name and name not in positions and index not in used:
                positions[name] = index
                used.add(index)
    rest = [index for index, key in enumerate(keys) if index not in used and key]
    repeated = {index: name for index in rest if (name := words.exact.get(keys[index]))}
    return Matched(
        positions, tuple(index for index in rest if index not in repeated), tuple(repeated.items())
    )


def known(row: Sequence[str | None], words: Vocabulary) -> set[str]:
    """The columns that a row names."""
    return {name for cell in row if cell and len(cell) <= LONGEST_HEADING and (name := words.find(cell))}


def closest(column: str, wordings: Sequence[str], headings: Sequence[str]) -> str | None:
    """The file's heading most like any wording of a column; None where nothing comes near."""
    folded = [heading_key(heading)[:LONGEST_HEADING] for heading in headings]
    best: tuple[float, int] = (0.0, -1)
    for wording in (column, *wordings):
        found = process.extractOne(fold(wording), folded, scorer=fuzz.token_sort_ratio, score_cutoff=50)
        if found and found[1] > best[0]:
            best = (found[1], found[2])
    return headings[best[1]] if best[1] >= 0 else None
