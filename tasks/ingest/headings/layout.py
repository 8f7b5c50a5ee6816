"""Where in a file the headings are, which tool wrote it, and which cells belong to which canonical column.

Belongs here: the layout of one grid. Must stay out: the matching of single headings (`heading_index.py`), the
cells (`raw_columns.py`) and what they mean (`tasks/ingest/cells`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from programme.form import ExportProfile, FormColumn, FormRules
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.files.sheet_fit import Fit, JudgeFit
from tasks.ingest.headings.heading_index import columns_named, heading_index, last_of_path, match_headings
from tasks.ingest.headings.split_columns import split_columns

Row = Sequence[str | None]
FORM_TABLE = "submissions"
"""The one input that form tools write."""
_LONGEST_SIGN = 60
"""Letters beyond which a cell is no heading by which a form tool is recognised."""

_STAND_IN = re.compile(
    r"^(?:unnamed: ?\d+(?:_level_\d+)?|(?:column|spalte|colonne|columna|coluna|colonna|kolumna|field) ?\d+"
    r"|\.\.\.\d+|__empty(?:_\d+)?)$",
    re.IGNORECASE,
)
"""What programs write above a column without a heading: pandas, Excel (by language), R, SheetJS."""


@dataclass(frozen=True)
class SheetLayout:
    """How one sheet is laid out.

    `heading_row`: index of the row of headings in the grid. `headings`: its cells. `profile`: the form tool
    that wrote the file. `positions`: canonical column to position. `options`: canonical column to (position,
    choice id), where a tool writes one column a choice. `unknown`: positions whose heading means nothing.
    `duplicates`: positions whose heading means a column that another position has, and that column.
    `of_tool`: positions of columns about the tool. `open_columns`: columns that one of several equal headings
    may mean, and nothing says which. `numbered`: columns whose choices are only numbered. `n_heading_rows`:
    rows of headings, one below the other.
    """

    heading_row: int
    headings: tuple[str, ...]
    profile: str | None
    positions: Mapping[str, int]
    options: Mapping[str, tuple[tuple[int, str], ...]]
    unknown: tuple[int, ...]
    duplicates: tuple[tuple[int, str], ...]
    of_tool: tuple[int, ...] = ()
    open_columns: frozenset[str] = frozenset()
    numbered: tuple[str, ...] = ()
    n_heading_rows: int = 1

    @property
    def first_answer(self) -> int:
        """Index of the first row below the headings in the grid."""
        return self.heading_row + self.n_heading_rows

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
            (name, " + ".join(self.headings[position] for position, _ in pairs if self.headings[position]))
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
    headings = tuple(_without_stand_in(cell) for cell in first_rows[heading_row])
    name = recognise_profile(headings, form) if is_form else None
    profile = form.profiles[name] if name else None
    index = heading_index(columns, profile)
    matched = match_headings([last_of_path(heading, profile) for heading in headings], index)
    below = first_rows[heading_row + 1 :]
    split = split_columns(headings, below, matched.positions, columns, index, form, profile)
    options = split.options
    of_tool = _positions_of_tool(headings, profile, form)
    taken = {position for found in options.values() for position, _ in found} | of_tool
    return SheetLayout(
        heading_row=heading_row,
        headings=headings,
        profile=name,
        positions=matched.positions,
        options=options,
        unknown=tuple(position for position in matched.unknown if position not in taken),
        of_tool=tuple(sorted(of_tool - set(matched.positions.values()))),
        duplicates=tuple(pair for pair in matched.duplicates if pair[0] not in taken),
        open_columns=matched.open,
        numbered=split.numbered,
        n_heading_rows=2 if split.in_second_row else 1,
    )


def _without_stand_in(cell: str | None) -> str:
    """A heading on one line; "" for a blank one, also where a program has numbered the column instead."""
    heading = " ".join((cell or "").split())
    return "" if _STAND_IN.match(heading) else heading


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


def _positions_of_tool(headings: Sequence[str], profile: ExportProfile | None, form: FormRules) -> set[int]:
    """Positions of columns about the tool itself."""
    keys = {comparison_key(heading) for heading in (*(profile.own if profile else ()), *form.tool_headings)}
    return {position for position, heading in enumerate(headings) if comparison_key(heading) in keys}


def judge_fit(table: str, form: FormRules) -> JudgeFit:
    """How well rows fit the input `table`: a function to choose a sheet or a separator by."""

    def judge(first_rows: Sequence[Row]) -> Fit:
        layout = find_layout(first_rows, table, form)
        return fit_of(layout, table, form, share=float(len(layout.columns)))

    return judge


def fit_of(layout: SheetLayout, table: str, form: FormRules, *, share: float) -> Fit:
    """The fit that a layout comes to."""
    profile = form.profiles[layout.profile] if layout.profile else None
    made = {"submission_id"} if profile and profile.id_from else set()
    required = {name for name, column in form.tables[table].items() if column.required}
    keys = tuple(comparison_key(heading) for heading in layout.headings)
    return Fit(required - made <= layout.columns, share, keys, layout.heading_row)
