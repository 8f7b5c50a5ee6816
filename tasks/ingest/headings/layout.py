"""Where in a file the headings are, which tool wrote it, and which cells belong to which canonical column.

Belongs here: the layout of one grid. Must stay out: the matching of single headings (`heading_index.py`), the
cells (`raw_columns.py`) and what they mean (`tasks/ingest/cells`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from programme.form import ExportProfile, FormColumn, FormRules
from tasks.ingest.cells.choices import Choices, choices_of
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.headings.heading_index import HeadingIndex, columns_named, heading_index, match_headings

Row = Sequence[str | None]
FORM_TABLE = "submissions"
"""The one input that form tools write."""
_LONGEST_SIGN = 60
"""Letters beyond which a cell is no heading by which a form tool is recognised."""


@dataclass(frozen=True)
class SheetLayout:
    """How one sheet is laid out.

    `heading_row`: index of the row of headings in the grid. `headings`: its cells. `profile`: the form tool
    that wrote the file. `positions`: canonical column to position. `options`: canonical column to (position,
    choice id), where a tool writes one column a choice. `unknown`: positions whose heading means nothing.
    `duplicates`: positions whose heading means a column that another position has, and that column.
    """

    heading_row: int
    headings: tuple[str, ...]
    profile: str | None
    positions: Mapping[str, int]
    options: Mapping[str, tuple[tuple[int, str], ...]]
    unknown: tuple[int, ...]
    duplicates: tuple[tuple[int, str], ...]

    @property
    def columns(self) -> frozenset[str]:
        """The canonical columns that are there."""
        return frozenset(self.positions) | frozenset(self.options)

    @property
    def mapped(self) -> tuple[tuple[str, str], ...]:
        """Each canonical column that is there and its heading; of one column a choice, all headings."""
        single = [
            (name, self.headings[position])
            for name, position in self.positions.items()
            if name not in self.options
        ]
        several = [
            (name, " + ".join(self.headings[position] for position, _ in pairs))
            for name, pairs in self.options.items()
        ]
        return (*single, *several)

    @property
    def unknown_headings(self) -> tuple[str, ...]:
        """The headings that mean no canonical column."""
        return tuple(self.headings[position] for position in self.unknown)


def recognise_profile(headings: Row, form: FormRules) -> str | None:
    """The form tool that wrote these headings: the one with most of its signs there.

    None where no tool has enough of its signs.
    """
    keys = {comparison_key(heading) for heading in headings if heading}
    counts = {name: len(keys & _sign_keys(profile)) for name, profile in form.profiles.items()}
    enough = [name for name, profile in form.profiles.items() if counts[name] >= profile.signs_needed]
    return max(enough, key=lambda name: counts[name] / len(form.profiles[name].signs), default=None)


def _sign_keys(profile: ExportProfile) -> set[str]:
    return {comparison_key(sign) for sign in profile.signs}


def find_layout(first_rows: Sequence[Row], table: str, form: FormRules) -> SheetLayout:
    """The layout of a sheet that holds the input `table`, from its first rows."""
    columns, is_form = form.tables[table], table == FORM_TABLE
    heading_row = _heading_row(first_rows, columns, form if is_form else None)
    headings = tuple(" ".join((cell or "").split()) for cell in first_rows[heading_row])
    name = recognise_profile(headings, form) if is_form else None
    profile = form.profiles[name] if name else None
    index = heading_index(columns, profile)
    matched = match_headings([_last_of_path(heading, profile) for heading in headings], index)
    options = _options(headings, matched.unknown, index, columns, form, profile)
    of_tool = _positions_of_tool(headings, profile)
    taken = {position for found in options.values() for position, _ in found} | of_tool
    return SheetLayout(
        heading_row=heading_row,
        headings=headings,
        profile=name,
        positions=matched.positions,
        options=options,
        unknown=tuple(position for position in matched.unknown if position not in taken),
        duplicates=tuple(pair for pair in matched.duplicates if pair[0] not in of_tool),
    )


def _heading_row(rows: Sequence[Row], columns: Mapping[str, FormColumn], form: FormRules | None) -> int:
    """The first row that names every required column.

    Where none does, it is the first with most headings that the form or (with `form`) a tool knows.
    """
    index = heading_index(columns)
    required = {name for name, column in columns.items() if column.required}
    for position, row in enumerate(rows):
        if required <= columns_named(row, index):
            return position
    signs = {key for profile in form.profiles.values() for key in _sign_keys(profile)} if form else set()
    counts = [
        len(columns_named(row, index))
        + sum(comparison_key(cell) in signs for cell in row if cell and len(cell) < _LONGEST_SIGN)
        for row in rows
    ]
    return counts.index(max(counts)) if counts else 0


def _last_of_path(heading: str, profile: ExportProfile | None) -> str:
    """A heading without the groups its question is in; a tool's own headings stay whole."""
    if not profile or not profile.path or heading.startswith(("_", "meta")):
        return heading
    return heading.rpartition(profile.path)[2]


def _positions_of_tool(headings: Sequence[str], profile: ExportProfile | None) -> set[int]:
    """Positions of columns about the tool itself."""
    keys = {comparison_key(heading) for heading in profile.own} if profile else set()
    return {position for position, heading in enumerate(headings) if comparison_key(heading) in keys}


def _options(
    headings: Sequence[str],
    unknown: Sequence[int],
    index: HeadingIndex,
    columns: Mapping[str, FormColumn],
    form: FormRules,
    profile: ExportProfile | None,
) -> dict[str, tuple[tuple[int, str], ...]]:
    """Columns that hold one choice each: the heading names a question of several choices, and one of them."""
    if not profile or not profile.options:
        return {}
    found: dict[str, list[tuple[int, str]]] = {}
    for position in unknown:
        parts = re.match(profile.options, headings[position])
        name = index.find(_last_of_path(parts["question"], profile)) if parts else None
        if parts and name and columns[name].kind == "choices":
            listed = choices_of(form.choices[columns[name].choices], form.close_spelling)
            if choice := _choice(parts["option"], listed, profile):
                found.setdefault(name, []).append((position, choice))
    return {name: tuple(pairs) for name, pairs in found.items()}


def _choice(option: str, listed: Choices, profile: ExportProfile) -> str | None:
    """The id of the choice that an option's text or number means."""
    if profile.numbered_option and (numbered := re.match(profile.numbered_option, option.strip())):
        place = int(numbered["number"])
        return listed.ids[place - 1] if 1 <= place <= len(listed.ids) else None
    value: str | None = listed.find(option.strip())[0]
    return value
