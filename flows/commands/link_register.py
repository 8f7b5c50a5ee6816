"""Reading the register that `city2city link` looks names up in.

Belongs here: a register of a round (the cohort's or the GCoM's file) is read as a run reads it, any other
list of cities by its headings. Must stay out: the options of the command and the answers (`link.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from flows.commands.check import read_file
from flows.context import AppContext
from programme.problems import ProblemsError, UnreadableError, problem
from programme.vocabulary import REGISTERS, Register
from tasks.crosscheck.linkage.lists import read_register as by_headings
from tasks.crosscheck.linkage.lists import unusable_rows
from tasks.crosscheck.round.registers import register_rows
from tasks.ingest.describe import guess_table
from tasks.ingest.files.read_grid import read_grid
from tasks.ingest.personal.masking import without_addresses_in
from tasks.ingest.step import SourceFile, read_table
from warehouse.sandbox import open_in_sandbox


@dataclass(frozen=True)
class ReadRegister:
    """The rows of a register, and in `note` what a person should know of how it was read (or nothing)."""

    rows: pl.DataFrame
    note: str


def read_register(context: AppContext, file: Path) -> ReadRegister:
    """A register: one of a round as a run reads it, any other list by its headings.

    Raises `ProblemsError` where a file cannot be read, or lacks the columns of the register that it is named
    after.
    """
    read = _as_a_run_reads_it(context, file)
    return _by_its_headings(file) if read is None else read


def _as_a_run_reads_it(context: AppContext, file: Path) -> ReadRegister | None:
    """None where the file is no register of a round."""
    content = read_file(file)
    name = _register_named(file)
    try:
        rules, limits = context.programme.form, context.programme.expectations.files
        guessed = name or guess_table(content, file.name, rules, open_binary=open_in_sandbox, limits=limits)
        register = next((one for one in REGISTERS if one == guessed), None)
        if register is None:
            return None
        source = SourceFile(register, file.name, content)
        round_ = context.rounds.rounds[-1]
        read = without_addresses_in(
            read_table(source, context.programme, round_, open_binary=open_in_sandbox)
        )
    except ProblemsError:
        if name:
            raise
        return None
    said = f"; of its rows {read.set_aside.height} cannot be used" if read.set_aside.height else ""
    note = f"{file} was read as a run reads its file {register}{said}."
    return ReadRegister(register_rows(read.frame, register), note)


def _register_named(file: Path) -> Register | None:
    stem = file.name.lower().partition(".")[0]
    return next((one for one in REGISTERS if one == stem), None)


def _by_its_headings(file: Path) -> ReadRegister:
    table = rows_of(read_file(file), file)
    note = unusable_rows(table, str(file))
    told = f"Not every row of the register can be used; {note}." if note else ""
    return ReadRegister(by_headings(table, str(file)), told)


def rows_of(content: bytes, file: Path) -> pl.DataFrame:
    """A content's rows as text under its headings; raises `ProblemsError` where it cannot be read."""
    try:
        grid = read_grid(content, file.name, open_binary=open_in_sandbox)
    except UnreadableError as error:
        raise problem(
            found=error.found, expected=error.expected, where=str(file), remedy=error.remedy
        ) from error
    headings: dict[str, None] = {}
    for position, cell in enumerate(grid.cells.row(0)):
        text = (cell or "").strip() or f"column {position + 1}"
        headings[text if text not in headings else f"{text} ({position + 1})"] = None
    return grid.cells[1:].rename(dict(zip(grid.cells.columns, headings, strict=True)))
