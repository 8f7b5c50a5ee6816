"""Reading the register that `city2city link` looks names up in.

Belongs here: a register of a round (the cohort's or the GCoM's file) is read as a run reads it, any other
list of cities by its headings. Must stay out: the options of the command and the answers (`link.py`).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from flows.commands.check import read_file
from flows.console import print_error
from flows.context import AppContext
from programme.problems import ProblemsError
from programme.vocabulary import REGISTERS, Register
from tasks.crosscheck.linkage.lists import read_register, unusable_rows
from tasks.crosscheck.round.registers import register_rows
from tasks.ingest.describe import guess_table
from tasks.ingest.step import SourceFile, read_table
from warehouse.sandbox import open_in_sandbox


def read_register_file(context: AppContext, file: Path) -> pl.DataFrame | None:
    """The rows of a round's register, as a run reads them; None where the file is none.

    A line on the error stream says which register it was taken for, and how many rows cannot be used. Raises
    `ProblemsError` where a file that is named after a register lacks its columns.
    """
    content = read_file(file)
    name = _register_named(file)
    try:
        guessed = name or guess_table(content, file.name, context.programme.form, open_binary=open_in_sandbox)
        register = next((one for one in REGISTERS if one == guessed), None)
        if register is None:
            return None
        source = SourceFile(register, file.name, content)
        read = read_table(source, context.programme, context.rounds.rounds[-1], open_binary=open_in_sandbox)
    except ProblemsError:
        if name:
            raise
        return None
    said = f"; {read.set_aside.height} of its rows cannot be used" if read.set_aside.height else ""
    print_error(f"{file} was read as a run reads its file {register}{said}.")
    return register_rows(read.frame, register)


def _register_named(file: Path) -> Register | None:
    stem = file.name.lower().partition(".")[0]
    return next((one for one in REGISTERS if one == stem), None)


def read_listed_register(table: pl.DataFrame, where: str) -> pl.DataFrame:
    """Any other list of cities, by its headings, and a line on the error stream about rows that cannot be
    used.
    """
    register = read_register(table, where)
    if note := unusable_rows(table, where):
        print_error(f"Not every row of the register can be used; {note}.")
    return register
