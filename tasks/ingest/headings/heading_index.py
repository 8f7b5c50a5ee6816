"""Which heading of a file means which canonical column.

Belongs here: matching headings (canonical names, question texts, question numbers) to canonical columns, and
the closest heading where a required column is missing. Must stay out: what the cells of a column mean, and
where in a file the headings are (`layout.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from programme.form import ExportProfile, FormColumn
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.headings.repeated import by_place, repeated_positions

_QUESTION_NUMBER = re.compile(r"^[a-g]\d{1,2}[a-z]? ")
_TAG = re.compile(r"<[^<>]{1,200}>")
LONGEST_HEADING = 400
"""Letters beyond which a cell is an answer, not a question."""
_LEAST_SIMILARITY = 50
"""How alike (0-100) a heading must be to the wording of a missing column to be named as the closest."""


@dataclass(frozen=True)
class HeadingMatch:
    """Which position in the file is which canonical column.

    `positions`: canonical column to position. `unknown`: positions whose heading means no column.
    `duplicates`: positions whose heading means a column that another position has, and that column. `open`:
    columns that one of several equal headings may mean, and nothing says which.
    """

    positions: dict[str, int]
    unknown: tuple[int, ...]
    duplicates: tuple[tuple[int, str], ...]
    open: frozenset[str] = frozenset()


@dataclass(frozen=True)
class HeadingIndex:
    """Every heading of one table as a comparison key, and the column it means.

    `exact`: as written. `loose`: without the question's number, where that leaves no doubt. `shared`:
    wordings that several columns have without their question's number ("Country"), and those columns in
    order.
    """

    exact: Mapping[str, str]
    loose: Mapping[str, str]
    shared: Mapping[str, tuple[str, ...]]

    def find(self, heading: str) -> str | None:
        """The column a heading means."""
        return self.find_key(heading_key(heading))

    def find_key(self, key: str) -> str | None:
        """The column a heading's comparison key means."""
        return self.exact.get(key) or self.find_loose(key)

    def find_loose(self, key: str) -> str | None:
        """The column a heading's comparison key means when its question number does not count."""
        return self.loose.get(_QUESTION_NUMBER.sub("", key))


def heading_key(heading: str) -> str:
    """The comparison key of a heading, without markup.

    Some tools export the questions with the markup they are shown in.
    """
    return comparison_key(_TAG.sub(" ", heading) if "<" in heading else heading)


def heading_index(columns: Mapping[str, FormColumn], profile: ExportProfile | None = None) -> HeadingIndex:
    """The headings of a table; those of the form tool `profile` outrank the others.

    A wording or number that two columns share does not tell them apart and is left out of `loose`.
    """
    exact: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    for name, wordings in (profile.headings if profile else {}).items():
        exact.update((comparison_key(wording), name) for wording in wordings)
    for name, column in columns.items():
        for heading in (name, *column.headings):
            key = comparison_key(heading)
            exact.setdefault(key, name)
            loose.setdefault(_QUESTION_NUMBER.sub("", key), set()).add(name)
        if column.part:
            loose.setdefault(comparison_key(column.part), set()).add(name)
    clear = {key: min(names) for key, names in loose.items() if len(names) == 1 and key not in exact}
    shared = {
        key: tuple(name for name in columns if name in names)
        for key, names in loose.items()
        if len(names) > 1
    }
    return HeadingIndex(exact, clear, shared)


def match_headings(headings: Sequence[str | None], index: HeadingIndex) -> HeadingMatch:
    """Assign each heading to a column.

    Of two headings that mean the same column, the one with the exact wording counts, then the first. Headings
    that stand for several columns mean the one whose place they have (`repeated.py`).
    """
    keys = [heading_key(heading or "")[:LONGEST_HEADING] for heading in headings]
    positions: dict[str, int] = {}
    repeated = repeated_positions(keys, index.exact, index.shared)
    used: set[int] = set(repeated)
    for find in (index.exact.get, index.find_loose):
        for position, key in enumerate(keys):
            name = find(key)
            if name and name not in positions and position not in used:
                positions[name] = position
                used.add(position)
    positions |= by_place(repeated, positions, index.shared)
    used -= set(repeated) - set(positions.values())
    rest = [position for position, key in enumerate(keys) if position not in used and key]
    duplicates = {
        position: name
        for position in rest
        if position not in repeated and (name := index.exact.get(keys[position]))
    }
    unknown = tuple(position for position in rest if position not in duplicates)
    unplaced = {position: key for position, key in repeated.items() if position in unknown}
    open_columns = {name for key in unplaced.values() for name in index.shared[key] if name not in positions}
    return HeadingMatch(positions, unknown, tuple(duplicates.items()), frozenset(open_columns))


def columns_named(row: Sequence[str | None], index: HeadingIndex) -> set[str]:
    """The columns that the cells of a row name."""
    cells = [cell for cell in row if cell and len(cell) <= LONGEST_HEADING]
    return {name for cell in cells if (name := index.find(cell))}


def closest_heading(
    column: str, wordings: Sequence[str], headings: Sequence[str], least: float = _LEAST_SIMILARITY
) -> str | None:
    """The heading most like any wording of a column; None where none is alike by `least` (0-100)."""
    keys = [heading_key(heading)[:LONGEST_HEADING] for heading in headings]
    best: tuple[float, int] = (0.0, -1)
    for wording in (column, *wordings):
        found = process.extractOne(
            comparison_key(wording), keys, scorer=fuzz.token_sort_ratio, score_cutoff=least
        )
        if found and found[1] > best[0]:
            best = (found[1], found[2])
    return headings[best[1]] if best[1] >= 0 else None


def last_of_path(heading: str, profile: ExportProfile | None) -> str:
    """A heading without the groups its question is in; a tool's own headings stay whole."""
    if not profile or not profile.path or heading.startswith(("_", "meta")):
        return heading
    return heading.rpartition(profile.path)[2]
