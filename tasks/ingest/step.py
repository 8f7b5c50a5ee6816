"""Ingest: from files of any usual kind to typed, counted rows.

Belongs here: the procedure, one named call a line, and what it returns. Must stay out: where files come from
(the step's door) and every rule of reading, each of which has its own module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from programme.problems import Problem, ProblemsError
from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest.cells.column_readers import contexts_of
from tasks.ingest.files.formats import read_grid
from tasks.ingest.files.grid import Grid, UnreadableError
from tasks.ingest.headings.layout import Layout, first_rows, lay_out, overlong_rows, raw_columns
from tasks.ingest.headings.matching import closest
from tasks.ingest.tables import reading_findings as findings
from tasks.ingest.tables.canonical import FINDINGS, READINGS, SET_ASIDE, TableRead, understand
from tasks.ingest.tables.corrections import Corrected, correct, unchanged
from warehouse.dictionary import INPUT_TABLES, REQUIRED_INPUTS


@dataclass(frozen=True)
class SourceFile:
    """A file as it came: which input `table` it is for, its `name`, its `content`."""

    table: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Passport:
    """Where a table's rows came from and how they were understood; `n_rows` = `n_used` + `n_set_aside`,
    always.

    `profile`: the form tool that wrote it, else `canonical`. `mapped`: (canonical column, heading in the
    file); `unknown`: headings that mean nothing to us; their cells are kept in the file and reported.
    """

    table: str
    name: str
    sha256: str
    n_bytes: int
    format: str
    encoding: str | None
    separator: str | None
    sheet: str | None
    profile: str
    n_rows: int
    n_used: int
    n_set_aside: int
    mapped: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class ReadTable:
    """One file, read: its rows (dictionary table of inputs), rows set aside, readings, findings, passport."""

    frame: pl.DataFrame
    set_aside: pl.DataFrame
    readings: pl.DataFrame
    findings: pl.DataFrame
    passport: Passport


@dataclass(frozen=True)
class Inputs:
    """Everything that came in for a round, each frame by the dictionary's schema; optional files that are
    absent give empty frames.
    """

    submissions: pl.DataFrame
    cohort: pl.DataFrame
    gcom: pl.DataFrame
    evaluations: pl.DataFrame
    collaborations: pl.DataFrame
    decisions: pl.DataFrame
    corrections: pl.DataFrame
    evaluators: pl.DataFrame
    set_aside: pl.DataFrame
    readings: pl.DataFrame
    findings: pl.DataFrame
    passports: tuple[Passport, ...]


def read_all(sources: Sequence[SourceFile], programme: Programme, round_: Round) -> Inputs:
    """Read all files of a round; corrections first, because they change how the submissions read. Files of
    tables that are no input are left alone.

    Raises `ProblemsError` over all files together: a required table missing, two files for one table, a file
    that cannot be read, is empty or lacks a required column.
    """
    problems = _missing_tables(sources)
    ours = sorted(
        (source for source in sources if source.table in INPUT_TABLES),
        key=lambda item: (item.table, item.name),
    )
    tables = _read_each(
        [source for source in ours if source.table == "corrections"], programme, round_, None, problems
    )
    corrections = tables["corrections"].frame if "corrections" in tables else None
    tables |= _read_each(
        [source for source in ours if source.table != "corrections"], programme, round_, corrections, problems
    )
    if problems:
        raise ProblemsError(problems)
    return _together(tables)


def _read_each(
    sources: Sequence[SourceFile],
    programme: Programme,
    round_: Round,
    corrections: pl.DataFrame | None,
    problems: list[Problem],
) -> dict[str, ReadTable]:
    """Read files side by side, because workbooks are waited for; results and `problems` are in the order of
    the files, whichever was done first.
    """

    def one(source: SourceFile) -> ReadTable | ProblemsError:
        try:
            return read_table(source, programme, round_, corrections)
        except ProblemsError as error:
            return error

    tables: dict[str, ReadTable] = {}
    with ThreadPoolExecutor(max_workers=4) as pool:
        for source, read in zip(sources, pool.map(one, sources), strict=True):
            if isinstance(read, ProblemsError):
                problems.extend(read.problems)
            else:
                tables.setdefault(source.table, read)
    return tables


def read_table(
    source: SourceFile, programme: Programme, round_: Round, corrections: pl.DataFrame | None = None
) -> ReadTable:
    """Read one file: recognise it, find its headings, understand its rows, account for every one of them.
    Raises `ProblemsError`.

    `corrections` (dictionary table) are applied to submissions only.
    """
    _check_table(source)
    grid = _grid(source, programme)
    layout = lay_out(first_rows(grid), source.table, programme.form)
    raw = raw_columns(grid, layout, programme.form)
    _check_columns(source, grid, layout, raw, programme)
    contexts = contexts_of(source.table, raw.columns, programme, round_, layout.profile)
    mended = (
        correct(raw, corrections, contexts)
        if corrections is not None and source.table == "submissions"
        else unchanged(raw)
    )
    read = understand(source.table, mended.raw, contexts, _overlong(source.table, grid, layout))
    return _with_passport(source, grid, layout, mended, read)


def _check_table(source: SourceFile) -> None:
    if source.table not in INPUT_TABLES:
        remedy = "Rename the file after the table it holds."
        raise ProblemsError(
            [
                Problem(
                    f"a file for {source.table!r}", f"one of {', '.join(INPUT_TABLES)}", source.name, remedy
                )
            ]
        )


def _missing_tables(sources: Sequence[SourceFile]) -> list[Problem]:
    names = [source.table for source in sources]
    found = ", ".join(sorted(source.name for source in sources)) or "no file"
    remedy = "Put the file into the round's folder as CSV, XLSX, JSON or Parquet."
    problems = [
        Problem(found, f"a file {table}.*", "the round's inputs", remedy)
        for table in REQUIRED_INPUTS
        if table not in names
    ]
    for table in sorted({name for name in names if names.count(name) > 1}):
        files = ", ".join(sorted(source.name for source in sources if source.table == table))
        problems.append(
            Problem(
                files, f"one file for {table}", "the round's inputs", "Remove the one that does not count."
            )
        )
    return problems


def _grid(source: SourceFile, programme: Programme) -> Grid:
    def choose(sheets: list[tuple[str, list[list[str]]]]) -> int:
        counts = [len(lay_out(rows, source.table, programme.form).columns) for _, rows in sheets]
        return counts.index(max(counts))

    try:
        grid = read_grid(source.content, source.name, choose)
    except UnreadableError as error:
        raise ProblemsError([Problem(error.found, error.expected, source.name, error.remedy)]) from error
    if grid.cells.is_empty():
        raise ProblemsError(
            [
                Problem(
                    "an empty table",
                    "a row of headings",
                    source.name,
                    "Export the file again; it holds nothing.",
                )
            ]
        )
    return grid


def _check_columns(
    source: SourceFile, grid: Grid, layout: Layout, raw: pl.DataFrame, programme: Programme
) -> None:
    problems = []
    unused = [layout.headings[index] for index in layout.unknown]
    where = f"{source.name}{f', sheet {grid.sheet!r}' if grid.sheet else ''}, headings"
    for name, column in programme.form.tables[source.table].items():
        if column.required and name not in raw.columns:
            near = closest(name, column.headings, unused)
            wordings = " or ".join(repr(text) for text in (name, *column.headings[:1]))
            found = (
                f"no column {name!r}; the closest heading is {near[:80]!r}"
                if near
                else f"no column {name!r} and no heading like it"
            )
            remedy = f"Name the column {wordings}, or add its heading to programme/form.toml under {source.table}.{name}."
            problems.append(Problem(found, f"a column headed {wordings}", where, remedy))
    if problems:
        raise ProblemsError(problems)


def _overlong(table: str, grid: Grid, layout: Layout) -> pl.DataFrame:
    reason = "the row has more cells than there are headings, so its cells cannot be told apart"
    rows: list[dict[str, object]] = [
        {"table": table, "row": row, "row_key": f"row-{row:04d}", "column": None, "reason": reason}
        for row in overlong_rows(grid, layout)
    ]
    return SET_ASIDE.frame(rows)


def _with_passport(
    source: SourceFile, grid: Grid, layout: Layout, mended: Corrected, read: TableRead
) -> ReadTable:
    n_rows = mended.raw.height
    if n_rows != read.frame.height + read.set_aside.height:
        raise RuntimeError(
            f"{source.name}: {n_rows} rows came in, {read.frame.height} are used and {read.set_aside.height} set aside"
        )
    passport = Passport(
        source.table, source.name, hashlib.sha256(source.content).hexdigest(), len(source.content), grid.format, grid.encoding, grid.separator,
        grid.sheet, layout.profile or "canonical", n_rows, read.frame.height, read.set_aside.height, layout.mapped,
        tuple(layout.headings[index] for index in layout.unknown),
    )  # fmt: skip
    noticed = pl.concat(
        [
            read.findings,
            mended.findings,
            *_heading_findings(source.table, layout),
            *_sheet_findings(source.table, grid),
        ]
    )
    readings = pl.concat(
        [read.readings.join(mended.readings, on=["row", "column"], how="anti"), mended.readings]
    )
    return ReadTable(
        read.frame, read.set_aside, READINGS.conform(readings), FINDINGS.conform(noticed), passport
    )


def _heading_findings(table: str, layout: Layout) -> list[pl.DataFrame]:
    found = []
    if layout.unknown:
        named = "; ".join(layout.headings[index][:60] for index in layout.unknown[:10])
        found.append(
            findings.of_table(
                table,
                "columns_known",
                None,
                f"{len(layout.unknown)} columns mean nothing to the programme: {named}",
            )
        )
    for index, name in layout.repeated:
        found.append(
            findings.of_table(
                table,
                "columns_distinct",
                name,
                f"Column {index + 1} has a heading of the same meaning; it is left out.",
            )
        )
    return found


def _sheet_findings(table: str, grid: Grid) -> list[pl.DataFrame]:
    if not grid.other_sheets:
        return []
    named = "; ".join(name[:60] for name in grid.other_sheets[:10])
    return [
        findings.of_table(
            table,
            "sheets_read",
            None,
            f"Only one sheet was read; the workbook has others that hold something: {named}",
        )
    ]


def _together(tables: dict[str, ReadTable]) -> Inputs:
    def every(part: str, empty: pl.DataFrame) -> pl.DataFrame:
        frames: list[pl.DataFrame] = [getattr(tables[name], part) for name in INPUT_TABLES if name in tables]
        return pl.concat([empty, *frames])

    frames = {
        name: tables[name].frame if name in tables else table.empty() for name, table in INPUT_TABLES.items()
    }
    return Inputs(
        **frames,
        set_aside=SET_ASIDE.conform(every("set_aside", SET_ASIDE.empty())),
        readings=READINGS.conform(every("readings", READINGS.empty())),
        findings=FINDINGS.conform(every("findings", FINDINGS.empty())),
        passports=tuple(tables[name].passport for name in INPUT_TABLES if name in tables),
    )
