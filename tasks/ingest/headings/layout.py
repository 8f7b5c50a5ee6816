"""Where in a file the headings are, which tool wrote it, and which cells belong to which column of ours.

Belongs here: the layout of one grid and the raw columns cut from it. Must stay out: the matching of single
headings (`headings.py`) and the meaning of cells (`readers.py`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from programme.form import ExportProfile, FormRules
from tasks.ingest.cells.choices import Choices, choices_of
from tasks.ingest.cells.text import fold
from tasks.ingest.files.grid import FIRST_ROWS, Grid
from tasks.ingest.headings.matching import Vocabulary, known, match, vocabulary

Row = Sequence[str | None]


@dataclass(frozen=True)
class Layout:
    """`head`: index of the heading row; `positions`: column of ours to position in the file; `options`:
    column of ours to (position, choice id) where a tool writes one column a choice; `unknown`: positions of
    headings nobody knows; `repeated`: positions with a heading that is already taken.
    """

    head: int
    headings: tuple[str, ...]
    profile: str | None
    positions: Mapping[str, int]
    options: Mapping[str, tuple[tuple[int, str], ...]]
    unknown: tuple[int, ...]
    repeated: tuple[tuple[int, str], ...]

    @property
    def columns(self) -> frozenset[str]:
        """The columns of ours that are there."""
        return frozenset(self.positions) | frozenset(self.options)

    @property
    def mapped(self) -> tuple[tuple[str, str], ...]:
        """Each column of ours that is there and its heading; of one column a choice, all headings."""
        single = [
            (name, self.headings[index]) for name, index in self.positions.items() if name not in self.options
        ]
        several = [
            (name, " + ".join(self.headings[index] for index, _ in pairs))
            for name, pairs in self.options.items()
        ]
        return (*single, *several)


def recognise_profile(headings: Row, form: FormRules) -> str | None:
    """The tool that wrote these headings: the one with most of its signs there; None where none has
    enough.
    """
    keys = {fold(heading) for heading in headings if heading}
    counts = {
        name: len(keys & {fold(sign) for sign in profile.signs}) for name, profile in form.profiles.items()
    }
    enough = [name for name, profile in form.profiles.items() if counts[name] >= profile.signs_needed]
    return max(enough, key=lambda name: counts[name] / len(form.profiles[name].signs), default=None)


def lay_out(rows: Sequence[Row], table: str, form: FormRules) -> Layout:
    """The layout of a grid from its first rows."""
    plain = vocabulary(form.tables[table])
    required = {name for name, column in form.tables[table].items() if column.required}
    head = _heading_row(rows, plain, required, form if table == "submissions" else None)
    headings = tuple(" ".join((cell or "").split()) for cell in rows[head])
    name = recognise_profile(headings, form) if table == "submissions" else None
    profile = form.profiles[name] if name else None
    words = vocabulary(form.tables[table], profile)
    matched = match([_last_of_path(heading, profile) for heading in headings], words)
    options = _options(headings, matched.unknown, words, table, form, profile)
    own = _own(headings, profile)
    taken = {index for found in options.values() for index, _ in found} | own
    unknown = tuple(index for index in matched.unknown if index not in taken)
    return Layout(
        head,
        headings,
        name,
        matched.positions,
        options,
        unknown,
        tuple(pair for pair in matched.repeated if pair[0] not in own),
    )


def _heading_row(rows: Sequence[Row], words: Vocabulary, required: set[str], form: FormRules | None) -> int:
    """The first row that names every required column; where none does, the first with most headings that we
    or a tool know.
    """
    for index, row in enumerate(rows):
        if required <= known(row, words):
            return index
    signs = {fold(sign) for profile in form.profiles.values() for sign in profile.signs} if form else set()
    counts = [
        len(known(row, words)) + sum(fold(cell) in signs for cell in row if cell and len(cell) < 60)
        for row in rows
    ]
    return counts.index(max(counts)) if counts else 0


def _last_of_path(heading: str, profile: ExportProfile | None) -> str:
    return (
        heading.rpartition(profile.path)[2]
        if profile and profile.path and not heading.startswith(("_", "meta"))
        else heading
    )


def _own(headings: Sequence[str], profile: ExportProfile | None) -> set[int]:
    own = {fold(heading) for heading in profile.own} if profile else set()
    return {index for index, heading in enumerate(headings) if fold(heading) in own}


def _options(
    headings: Sequence[str],
    unknown: Sequence[int],
    words: Vocabulary,
    table: str,
    form: FormRules,
    profile: ExportProfile | None,
) -> dict[str, tuple[tuple[int, str], ...]]:
    """Columns that hold one choice each: the heading names a question of several choices, and one of them."""
    if not profile or not profile.options:
        return {}
    found: dict[str, list[tuple[int, str]]] = {}
    for index in unknown:
        if parts := re.match(profile.options, headings[index]):
            name = words.find(_last_of_path(parts["question"], profile))
            if name and form.tables[table][name].kind == "choices":
                listed = choices_of(form.choices[form.tables[table][name].choices], form.close_spelling)
                if choice := _choice(parts["option"], listed, profile):
                    found.setdefault(name, []).append((index, choice))
    return {name: tuple(pairs) for name, pairs in found.items()}


def _choice(option: str, listed: Choices, profile: ExportProfile) -> str | None:
    if profile.numbered_option and (numbered := re.match(profile.numbered_option, option.strip())):
        place = int(numbered["number"])
        return listed.ids[place - 1] if 1 <= place <= len(listed.ids) else None
    value: str | None = listed.find(option.strip())[0]
    return value


def raw_columns(grid: Grid, layout: Layout, form: FormRules) -> pl.DataFrame:
    """The rows below the headings: `row` and one String column per column of ours."""
    body = grid.cells.slice(layout.head + 1)
    exprs = [
        pl.col(f"c{index}").alias(name)
        for name, index in layout.positions.items()
        if name not in layout.options
    ]
    exprs += [_chosen(pairs, form).alias(name) for name, pairs in layout.options.items()]
    raw = body.select(grid.numbers.slice(layout.head + 1).alias("row"), *exprs)
    profile = form.profiles[layout.profile] if layout.profile else None
    if (
        profile
        and profile.id_from
        and "submission_id" not in raw.columns
        and layout.columns >= set(profile.id_from)
    ):
        raw = raw.with_columns(_made_ids(raw, profile.id_from))
    return raw


def _chosen(pairs: Sequence[tuple[int, str]], form: FormRules) -> pl.Expr:
    """The ids whose column says yes, as one cell; null where none does."""
    yes = sorted({word.casefold() for word in form.yes})
    marks = [
        pl.when(pl.col(f"c{index}").str.strip_chars().str.to_lowercase().is_in(yes)).then(pl.lit(choice))
        for index, choice in pairs
    ]
    joined = pl.concat_str(marks, separator="; ", ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def _made_ids(raw: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    lines = raw.select(columns).rows()
    made = [
        hashlib.sha256("\x1f".join((cell or "").strip() for cell in line).encode()).hexdigest()[:10]
        if any(line)
        else None
        for line in lines
    ]
    return pl.Series("submission_id", made, dtype=pl.String)


def overlong_rows(grid: Grid, layout: Layout) -> list[int]:
    """Numbers of the rows of a delimited file with cells beyond the last heading: which cell belongs where is
    then anybody's guess.
    """
    last = max((index for index, text in enumerate(layout.headings) if text), default=0)
    beyond = [f"c{index}" for index in range(last + 1, grid.cells.width)]
    if grid.format != "CSV" or not beyond:
        return []
    body = grid.cells.slice(layout.head + 1)
    filled = body.select(
        pl.any_horizontal(pl.col(beyond).str.strip_chars() != "").fill_null(value=False)
    ).to_series()
    return grid.numbers.slice(layout.head + 1).filter(filled).to_list()


def first_rows(grid: Grid) -> list[tuple[str | None, ...]]:
    """The rows in which headings are looked for."""
    return grid.cells.head(FIRST_ROWS).rows()
