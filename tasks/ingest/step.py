"""Ingest: from files of any usual kind to typed, counted rows.

Belongs here: the procedure, one named call a line, for all files of a round and for one file. Must stay out:
where files come from (the flows), how a binary file is opened (a function is passed in) and every rule of
reading (the sub-packages).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl

from programme.form import FormRules
from programme.problems import Problem, ProblemsError, UnreadableError, problem
from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest.cells.column_context import ColumnContext, column_contexts
from tasks.ingest.files.grid import Grid
from tasks.ingest.files.read_grid import read_grid
from tasks.ingest.files.sheets import OpenBinary
from tasks.ingest.headings.coded_answers import coded_answers
from tasks.ingest.headings.layout import FORM_TABLE, SheetLayout, find_layout, judge_fit
from tasks.ingest.headings.layout_findings import layout_findings
from tasks.ingest.headings.missing_columns import missing_columns
from tasks.ingest.headings.raw_columns import raw_columns, unusable_rows
from tasks.ingest.headings.repeat_groups import join_repeats
from tasks.ingest.headings.settle_encoding import settle_encoding
from tasks.ingest.headings.shown_headings import shown_headings
from tasks.ingest.headings.tool_rows import stated_zone
from tasks.ingest.inputs import Inputs, Passport, ReadTable, SourceFile
from tasks.ingest.personal.masking import masked_tables
from tasks.ingest.tables.corrections import CorrectedColumns, apply_corrections, uncorrected
from tasks.ingest.tables.form_marks import form_marks
from tasks.ingest.tables.made_ids import with_made_ids
from tasks.ingest.tables.matched_ids import with_matched_ids
from tasks.ingest.tables.set_aside_content import set_aside_content
from tasks.ingest.tables.tool_marks import mark_findings, tool_marks
from tasks.ingest.tables.typed_rows import TypedRows, typed_rows
from warehouse.dictionary import INPUT_TABLES, REQUIRED_INPUTS, RUN_INPUTS
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.published import FINDINGS
from warehouse.dictionary.working import FORM_MARKS, READINGS, SET_ASIDE, SET_ASIDE_CONTENT

__all__ = ["Inputs", "Passport", "ReadTable", "SourceFile", "read_all", "read_table"]

_READ_AT_ONCE = 4
"""Files read side by side: workbooks are waited for, because they are opened elsewhere."""


def read_all(
    sources: Sequence[SourceFile], programme: Programme, round_: Round, *, open_binary: OpenBinary
) -> Inputs:
    """Read all files of a round.

    Corrections are read first, because they change how the submissions read. Files of tables that are no
    input are left alone. `open_binary` opens workbooks and Parquet files.

    Raises `ProblemsError` over all files together: a required table is missing, two files are for one table,
    a file cannot be read, is empty or lacks a required column.
    """
    problems = _wrong_number_of_files(sources)
    inputs = sorted(
        (source for source in sources if source.table in RUN_INPUTS),
        key=lambda source: (source.table, source.name),
    )
    first = [source for source in inputs if source.table == "corrections"]
    others = [source for source in inputs if source.table != "corrections"]
    tables = _read_each(first, programme, round_, None, open_binary, problems)
    corrections = tables["corrections"].frame if tables else None
    tables |= _read_each(others, programme, round_, corrections, open_binary, problems)
    if problems:
        raise ProblemsError(problems)
    return _inputs(masked_tables(_with_matched_ids(tables), programme))


def _read_each(
    sources: Sequence[SourceFile],
    programme: Programme,
    round_: Round,
    corrections: pl.DataFrame | None,
    open_binary: OpenBinary,
    problems: list[Problem],
) -> dict[str, ReadTable]:
    """Read files side by side; adds to `problems`.

    Results and problems are in the order of the files, whichever was done first.
    """

    def read_one(source: SourceFile) -> ReadTable | ProblemsError:
        try:
            return read_table(source, programme, round_, corrections, open_binary=open_binary)
        except ProblemsError as error:
            return error

    tables: dict[str, ReadTable] = {}
    with ThreadPoolExecutor(max_workers=_READ_AT_ONCE) as pool:
        for source, read in zip(sources, pool.map(read_one, sources), strict=True):
            if isinstance(read, ProblemsError):
                problems.extend(read.problems)
            else:
                tables.setdefault(source.table, read)
    return tables


def read_table(
    source: SourceFile,
    programme: Programme,
    round_: Round,
    corrections: pl.DataFrame | None = None,
    *,
    open_binary: OpenBinary,
) -> ReadTable:
    """Read one file: find its headings, read its rows, account for every one of them.

    `corrections` (dictionary table CORRECTIONS) are applied to submissions only. Raises `ProblemsError`.
    """
    table = source.table
    grid, layout = grid_and_layout(source, programme, open_binary)
    raw, contexts, joined = raw_rows(source, grid, layout, programme, round_)
    if corrections is not None and table == FORM_TABLE:
        corrected = apply_corrections(raw, corrections, contexts)
    else:
        corrected = uncorrected(raw)
    refused = unusable_rows(table, grid, layout)
    typed = typed_rows(table, corrected.raw, contexts, refused, programme)
    said = tool_marks(grid, layout, programme.form, contexts) if table == FORM_TABLE else {}
    ids = [typed.frame[name] for name in ("row", "submission_id")] if said else []
    marked = mark_findings(table, said, *ids) if said else ()
    of_layout = layout_findings(table, grid, layout, programme.form)
    findings = [*typed.findings, *corrected.findings, *of_layout, *joined, *marked]
    return ReadTable(
        frame=typed.frame,
        unused=typed.unused,
        set_aside=typed.set_aside,
        readings=_all_readings(typed, corrected),
        findings=findings_frame(findings),
        passport=_passport(source, grid, layout, raw.height, typed, programme.form),
        marks=form_marks(typed, said) if table == FORM_TABLE else FORM_MARKS.empty(),
        set_aside_content=set_aside_content(table, raw, typed.set_aside),
    )


def raw_rows(
    source: SourceFile, grid: Grid, layout: SheetLayout, programme: Programme, round_: Round
) -> tuple[pl.DataFrame, dict[str, ColumnContext], tuple[Finding, ...]]:
    """The raw columns of a file, what is known of each, and findings about sheets that were joined.

    Raises `ProblemsError` where a column is lacking or holds codes instead of answers.
    """
    table, form, where = source.table, programme.form, _where(source, grid)
    joined = join_repeats(table, grid, layout, raw_columns(grid, layout, form))
    raw = joined.raw
    id_from = form.profiles[layout.profile].id_from if layout.profile else ()
    makes_ids = "submission_id" not in raw.columns and bool(id_from) and layout.columns >= set(id_from)
    made = {*raw.columns, *(("submission_id",) if makes_ids else ())}
    if lacking := missing_columns(table, grid, layout, made=made, form=form, where=where):
        raise ProblemsError(lacking)
    contexts = column_contexts(
        table,
        made,
        programme,
        round_,
        profile=layout.profile,
        headings=dict(layout.mapped),
        date_1904=grid.date_1904,
        stated_zone=stated_zone(grid, layout, "submitted_at"),
    )
    if coded := coded_answers(raw, contexts, where):
        raise ProblemsError(coded)
    return (with_made_ids(raw, contexts) if makes_ids else raw), contexts, joined.findings


def _where(source: SourceFile, grid: Grid) -> str:
    """The file, with the sheet that was read."""
    return f"{source.name}, sheet {grid.sheet!r}" if grid.sheet else source.name


def grid_and_layout(
    source: SourceFile, programme: Programme, open_binary: OpenBinary
) -> tuple[Grid, SheetLayout]:
    """The file's rows as text, in the encoding that its rows settle, and where its headings are."""
    _check_is_input(source)
    grid = _grid(source, programme, open_binary)
    layout = find_layout(grid.first_rows, source.table, programme.form)
    settled = settle_encoding(grid, layout, programme.form, source.table)
    if settled is not grid:
        layout = find_layout(settled.first_rows, source.table, programme.form)
    return settled, layout


def _check_is_input(source: SourceFile) -> None:
    if source.table not in INPUT_TABLES:
        raise problem(
            found=f"a file for {source.table!r}",
            expected=f"one of {', '.join(INPUT_TABLES)}",
            where=source.name,
            remedy="Rename the file after the table it holds.",
        )


def _wrong_number_of_files(sources: Sequence[SourceFile]) -> list[Problem]:
    """Required tables without a file, and tables with several."""
    tables = [source.table for source in sources]
    found = ", ".join(sorted(source.name for source in sources)) or "no file"
    where = "the round's inputs"
    add = "Put the file into the round's folder as CSV, XLSX, JSON or Parquet."
    problems = [
        Problem(found, f"a file {table}.*", where, add) for table in REQUIRED_INPUTS if table not in tables
    ]
    for table in sorted({table for table in tables if tables.count(table) > 1}):
        files = ", ".join(sorted(source.name for source in sources if source.table == table))
        remove = "Remove the one that does not count."
        problems.append(Problem(files, f"one file for {table}", where, remove))
    return problems


def _grid(source: SourceFile, programme: Programme, open_binary: OpenBinary) -> Grid:
    """The file's rows as text; of several sheets or separators, those that fit the table best."""
    judge = judge_fit(source.table, programme.form)
    try:
        grid = read_grid(
            source.content, source.name, judge, open_binary=open_binary, limits=programme.expectations.files
        )
    except UnreadableError as error:
        raise ProblemsError([Problem(error.found, error.expected, source.name, error.remedy)]) from error
    if grid.cells.is_empty():
        remedy = "Export the file again; it holds nothing."
        raise problem(found="an empty table", expected="a row of headings", where=source.name, remedy=remedy)
    return grid


def _all_readings(typed: TypedRows, corrected: CorrectedColumns) -> pl.DataFrame:
    """The readings; of a cell that was corrected, only the correction."""
    others = typed.readings.join(corrected.readings, on=["row", "column"], how="anti")
    return READINGS.conform(pl.concat([others, corrected.readings]))


def _passport(
    source: SourceFile, grid: Grid, layout: SheetLayout, n_rows: int, typed: TypedRows, form: FormRules
) -> Passport:
    """The table's passport; raises `RuntimeError` where a row is unaccounted for (a fault of ours)."""
    n_used, n_set_aside = typed.frame.height, typed.set_aside.height
    if n_rows != n_used + n_set_aside:
        counts = f"{n_rows} rows came in, {n_used} are used and {n_set_aside} set aside"
        raise RuntimeError(f"{source.name}: {counts}")
    unknown = shown_headings(layout.unknown, layout.headings, source.table, form)
    return Passport(
        table=source.table,
        name=source.name,
        sha256=hashlib.sha256(source.content).hexdigest(),
        n_bytes=len(source.content),
        format=grid.format,
        encoding=grid.encoding,
        separator=grid.separator,
        sheet=grid.sheet,
        profile=layout.profile or "canonical",
        n_rows=n_rows,
        n_used=n_used,
        n_set_aside=n_set_aside,
        mapped=layout.mapped,
        unknown=unknown,
        n_superseded=typed.n_superseded,
    )


def _with_matched_ids(tables: dict[str, ReadTable]) -> dict[str, ReadTable]:
    """The tables with the ids of forms brought together across files."""
    if FORM_TABLE not in tables:
        return tables
    matched = {}
    for name, read in tables.items():
        ids = tables[FORM_TABLE].frame["submission_id"]
        frame, found = with_matched_ids(name, read.frame, ids)
        findings = FINDINGS.conform(pl.concat([read.findings, findings_frame(found)]))
        matched[name] = replace(read, frame=INPUT_TABLES[name].conform(frame), findings=findings)
    return matched


def _inputs(tables: dict[str, ReadTable]) -> Inputs:
    """All tables together; tables without a file are empty."""
    read = [tables[name] for name in RUN_INPUTS if name in tables]
    frames = {
        name: tables[name].frame if name in tables else INPUT_TABLES[name].empty() for name in RUN_INPUTS
    }
    return Inputs(
        **frames,
        unused_forms=tables[FORM_TABLE].unused,
        set_aside=SET_ASIDE.conform(pl.concat([SET_ASIDE.empty(), *(one.set_aside for one in read)])),
        readings=READINGS.conform(pl.concat([READINGS.empty(), *(one.readings for one in read)])),
        findings=FINDINGS.conform(pl.concat([FINDINGS.empty(), *(one.findings for one in read)])),
        marks=FORM_MARKS.conform(pl.concat([FORM_MARKS.empty(), *(one.marks for one in read)])),
        set_aside_content=SET_ASIDE_CONTENT.conform(
            pl.concat([SET_ASIDE_CONTENT.empty(), *(one.set_aside_content for one in read)])
        ),
        passports=tuple(one.passport for one in read),
    )
