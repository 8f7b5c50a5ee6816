"""The rows of an input file without what is personal of the forms that are forgotten.

Belongs here: which cells of which rows are emptied or replaced. Must stay out: what stands in their place
(`placeholders.py`), and where the file lies (the flows).

Counts stay: no row of a form is removed. What the rules read of a form stays, except for what only a person
can have written: contacts, free texts, and columns that nobody knows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from programme.form import FormRules
from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.erasing.placeholders import Group, numbered_texts, person
from tasks.ingest.files.grid import Grid, RepeatSheet
from tasks.ingest.files.kept_rows import kept_rows
from tasks.ingest.files.sheets import OpenBinary
from tasks.ingest.headings.layout import FORM_TABLE, SheetLayout
from tasks.ingest.inputs import SourceFile
from tasks.ingest.personal.masking import mask_of
from tasks.ingest.personal.masks import mask_text, pseudonym
from tasks.ingest.personal.people import People
from tasks.ingest.step import grid_and_layout, raw_rows
from warehouse.dictionary import INPUT_TABLES
from warehouse.dictionary.row_names import row_name

Row = Mapping[str, str | None]
Edits = dict[tuple[int, int], str | None]
"""Place of a cell (index of the row in the grid, position of the column) to what stands there now."""
_LINES = ("contact_name", "contact_role")


@dataclass(frozen=True)
class Erasure:
    """What is to be forgotten in the files of a round.

    `ids`: the forms, the one that was named first. `people`: the names of their contacts. `domains` and
    `organisations`: those that other forms of the round have too, in small letters. `decided`: kind, subject,
    object and value of the decisions on these forms that are recorded. `texts`: the answers of each form, as
    they were written, by id.
    """

    ids: tuple[str, ...]
    people: People = field(default_factory=People, repr=False)
    domains: frozenset[str] = frozenset()
    organisations: frozenset[str] = field(default=frozenset(), repr=False)
    decided: frozenset[tuple[str, ...]] = frozenset()
    texts: Mapping[str, Row] = field(default_factory=dict, repr=False)

    def has(self, text: str | None) -> bool:
        """Whether a cell names one of the forms: by its id, or as `ID:MEMBER` or `ID=CITY`."""
        parts = (text or "").strip().split(";")
        names = {part.partition(mark)[0].strip() for part in parts for mark in ":="} | {(text or "").strip()}
        return any(name in self.ids or (name and pseudonym(name) in self.ids) for name in names)


@dataclass(frozen=True)
class OpenedFile:
    """An input file as it is read: its cells, its layout, and the raw columns with the number of each row."""

    source: SourceFile
    grid: Grid
    layout: SheetLayout
    raw: pl.DataFrame
    first_read: tuple[str, str] = ("", "")
    """Round, and sha256 of the input as it was first read: by these a form without an id is named."""

    def name_of(self, row: Mapping[str, Any]) -> str:
        """The form that a row is or speaks of: its id as written, else the name of its row; else nothing."""
        written = str(row.get("submission_id") or "").strip()
        if written or self.source.table != FORM_TABLE:
            return written
        round_id, sha256 = self.first_read
        return str(row_name(round_id, row["row"], sha256))


def opened_file(
    source: SourceFile, programme: Programme, round_: Round, open_binary: OpenBinary
) -> OpenedFile:
    """An input file opened; raises `ProblemsError` where it cannot be read."""
    grid, layout = grid_and_layout(source, programme, open_binary)
    raw, _, _ = raw_rows(source, grid, layout, programme, round_)
    first_read = (round_.id, hashlib.sha256(source.content).hexdigest())
    return OpenedFile(source, grid, layout, raw, first_read)


def erased_file(file: OpenedFile, erasure: Erasure, form: FormRules) -> bytes | None:
    """The file without what is personal of the forms, as rows; None where it holds nothing of them."""
    makers = {
        FORM_TABLE: _of_forms,
        "evaluations": _of_evaluations,
        "corrections": _of_corrections,
        "decisions": _of_decisions,
    }
    edits = _of_everybody(file, erasure)
    if maker := makers.get(file.source.table):
        edits |= maker(file, erasure, form)
    gone = _recorded_lines(file, erasure) if file.source.table == "decisions" else []
    repeats = tuple(_without_people(sheet, erasure.people) for sheet in file.grid.repeats)
    if not edits and not gone and repeats == file.grid.repeats:
        return None
    rows = [list(row) for row in file.grid.cells.rows()]
    for (at, position), text in edits.items():
        rows[at][position] = text
    cells = pl.DataFrame(rows, schema=file.grid.cells.schema, orient="row")
    grid = replace(file.grid, cells=cells, repeats=repeats)
    if file.source.table == FORM_TABLE:
        grid = _with_ids(grid, file)
    if gone:
        left = [at not in gone for at in range(grid.cells.height)]
        grid = replace(grid, cells=grid.cells.filter(left), numbers=grid.numbers.filter(left))
    return kept_rows(grid)


def _rows(file: OpenedFile) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Index in the grid and raw cells of each row below the headings."""
    first = file.layout.first_answer
    return ((first + at, row) for at, row in enumerate(file.raw.iter_rows(named=True)))


def _changes(file: OpenedFile, at: int, new: Mapping[str, str | None], old: Row) -> Edits:
    """The edits that put new texts into the cells of a row."""
    places = file.layout.positions
    return {
        (at, places[name]): text for name, text in new.items() if name in places and text != old.get(name)
    }


def _of_forms(file: OpenedFile, erasure: Erasure, form: FormRules) -> Edits:
    edits: Edits = {}
    group = Group(erasure.ids[0])
    for at, row in _rows(file):
        if not erasure.has(file.name_of(row)):
            continue
        new = _form_answers(row, erasure, form, group) | _masked(file, row, erasure.people, whole=True)
        edits |= _changes(file, at, new, row)
        for position in _unknown_positions(file, form):
            if file.grid.cells[at, position] is not None:
                edits[at, position] = None
    return edits


def _form_answers(row: Row, erasure: Erasure, form: FormRules, group: Group) -> dict[str, str | None]:
    personal = [column.name for column in INPUT_TABLES[FORM_TABLE].columns if column.personal]
    texts = [name for name in personal if form.submissions[name].kind == "text"]
    new = numbered_texts({name: row[name] for name in texts if name in row})
    new |= {name: person(row.get(name)) for name in personal if name not in texts}
    new["contact_email"] = group.address(row.get("contact_email"), erasure.domains)
    new["organisation"] = group.organisation(row.get("organisation"), erasure.organisations)
    return new


def _unknown_positions(file: OpenedFile, form: FormRules) -> list[int]:
    """Columns that mean no question, but for those by which a tool says that a form may not count."""
    layout = file.layout
    taken = set(layout.positions.values()) | {
        place for pairs in layout.options.values() for place, _ in pairs
    }
    signs = {comparison_key(heading) for heading in form.tool_headings}
    linked = ("_index", "_id", "_uuid", "KEY")
    return [
        position
        for position in range(file.grid.cells.width)
        if position not in taken
        and not (
            position < len(layout.headings)
            and (comparison_key(layout.headings[position]) in signs or layout.headings[position] in linked)
        )
    ]


def _masked(file: OpenedFile, row: Row, people: People, *, whole: bool) -> dict[str, str | None]:
    """The public cells of a row without the names, and with `whole` without any address or number."""
    new: dict[str, str | None] = {}
    for column in INPUT_TABLES[file.source.table].columns:
        text = row.get(column.name)
        mask = mask_of(file.source.table, column, people)
        if text and mask is not None and (whole or any(people.in_text(text))):
            new[column.name] = mask(text).text
    return new


def _of_everybody(file: OpenedFile, erasure: Erasure) -> Edits:
    """Public cells of any row in which one of the contacts is named.

    Nobody would know any more that it is a name, so it would be published.
    """
    edits: Edits = {}
    if erasure.people.words:
        for at, row in _rows(file):
            edits |= _changes(file, at, _masked(file, row, erasure.people, whole=False), row)
    return edits


def _of_evaluations(file: OpenedFile, erasure: Erasure, _form: FormRules) -> Edits:
    def comment(row: Row) -> dict[str, str | None]:
        if erasure.has(row.get("submission_id")):
            return {"comment": person(row.get("comment"))}
        return {"comment": _without_names(row.get("comment"), erasure.people)}

    return _each(file, comment, _named_in(file, "submission_id", erasure))


def _of_corrections(file: OpenedFile, erasure: Erasure, form: FormRules) -> Edits:
    personal = {column.name for column in INPUT_TABLES[FORM_TABLE].columns if column.personal}

    def corrected(row: Row) -> dict[str, str | None]:
        if not erasure.has(row.get("submission_id")):
            return {"reason": _without_names(row.get("reason"), erasure.people)}
        new = {"reason": person(row.get("reason"))}
        if (name := (row.get("column") or "").strip()) in personal:
            new |= _corrected_cell(name, row, erasure, form)
        return new

    return _each(file, corrected, _named_in(file, "submission_id", erasure))


def _corrected_cell(name: str, row: Row, erasure: Erasure, form: FormRules) -> dict[str, str | None]:
    """The old and the new text of a corrected cell, as the form itself has them now.

    A correction applies only to the text that it expects, so both must be erased in one way.
    """
    answers = erasure.texts.get((row.get("submission_id") or "").strip(), {})
    new: dict[str, str | None] = {}
    for cell in ("expected", "value"):
        put = {**answers, name: row.get(cell)}
        new[cell] = _form_answers(put, erasure, form, Group(erasure.ids[0])).get(name)
    return new


def _of_decisions(file: OpenedFile, erasure: Erasure, _form: FormRules) -> Edits:
    def reason(row: Row) -> dict[str, str | None]:
        if erasure.has(row.get("subject")) or erasure.has(row.get("object")):
            return {"reason": person(row.get("reason"))}
        return {"reason": _without_names(row.get("reason"), erasure.people)}

    return _each(file, reason, [])


def _recorded_lines(file: OpenedFile, erasure: Erasure) -> list[int]:
    """Lines of a decisions file that are recorded already.

    Without its reason a line would be another decision, and count once more, after those made since.
    """
    names = ("kind", "subject", "object", "value")
    return [
        at
        for at, row in _rows(file)
        if tuple((row.get(name) or "").strip() for name in names) in erasure.decided
    ]


def _each(file: OpenedFile, new: Callable[[Row], Mapping[str, str | None]], named: Collection[int]) -> Edits:
    edits: Edits = {}
    unknown = [*file.layout.unknown, *(position for position, _ in file.layout.duplicates)]
    for at, row in _rows(file):
        edits |= _changes(file, at, new(row), row)
        if at in named:
            edits |= {(at, place): None for place in unknown if file.grid.cells[at, place] is not None}
    return edits


def _named_in(file: OpenedFile, column: str, erasure: Erasure) -> list[int]:
    return [at for at, row in _rows(file) if erasure.has(row.get(column))]


def _without_names(text: str | None, people: People) -> str | None:
    return mask_text(text, people).text if text and any(people.in_text(text)) else text


def _without_people(sheet: RepeatSheet, people: People) -> RepeatSheet:
    rows = tuple(tuple(_without_names(cell, people) or "" for cell in row) for row in sheet.rows)
    return RepeatSheet(sheet.name, rows) if people.words else sheet


def _with_ids(grid: Grid, file: OpenedFile) -> Grid:
    """The grid with a column of the forms' ids where they are made from answers, which may be gone now."""
    if "submission_id" in file.layout.columns or "submission_id" not in file.raw.columns:
        return grid
    ids: list[str | None] = [None] * grid.cells.height
    ids[file.layout.heading_row] = "submission_id"
    for at, row in _rows(file):
        ids[at] = row["submission_id"]
    column = pl.Series(f"c{grid.cells.width}", ids, dtype=pl.String)
    return replace(grid, cells=grid.cells.with_columns(column))
