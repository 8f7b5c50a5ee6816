"""What comes into the step and what goes out of it, as frozen rows.

Belongs here: the shape of a file as it came, of one file read, and of everything that came in for a round.
Must stay out: reading (`step.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from warehouse.dictionary.working import FORM_MARKS, SET_ASIDE_CONTENT


@dataclass(frozen=True)
class SourceFile:
    """A file as it came: which input `table` it is for, its `name`, its `content`."""

    table: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Passport:
    """Where a table's rows came from and how they were read; `n_rows` = `n_used` + `n_set_aside`, always.

    `n_superseded`: how many of the rows set aside gave way to a later row of the same id.
    `profile`: the form tool that wrote the file, else `canonical`. `mapped`: (canonical column, heading in
    the file). `unknown`: headings that mean no column, each as a person may be told of it; their
    cells are kept in the file.
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
    n_superseded: int = 0


@dataclass(frozen=True)
class ReadTable:
    """One file, read: its rows (dictionary table of inputs), rows set aside, readings, findings, passport.

    `marks` (dictionary table FORM_MARKS): why forms must not be taken as they stand. `set_aside_content`
    (dictionary table SET_ASIDE_CONTENT): the cells of the rows set aside, as they were written.
    `unused` has the rows set aside as far as they could be read, by the schema of `frame`.
    """

    frame: pl.DataFrame
    unused: pl.DataFrame
    set_aside: pl.DataFrame
    readings: pl.DataFrame
    findings: pl.DataFrame
    passport: Passport
    marks: pl.DataFrame = field(default_factory=FORM_MARKS.empty)
    set_aside_content: pl.DataFrame = field(default_factory=SET_ASIDE_CONTENT.empty)


@dataclass(frozen=True)
class Inputs:
    """Everything that came in for a round, each frame by the dictionary's schema.

    Optional files that are absent give empty frames. `unused_forms` are the submissions set aside, as far as
    they could be read: who sent one is asked for what is missing.
    """

    submissions: pl.DataFrame
    cohort: pl.DataFrame
    gcom: pl.DataFrame
    evaluations: pl.DataFrame
    collaborations: pl.DataFrame
    decisions: pl.DataFrame
    corrections: pl.DataFrame
    evaluators: pl.DataFrame
    unused_forms: pl.DataFrame
    set_aside: pl.DataFrame
    readings: pl.DataFrame
    findings: pl.DataFrame
    passports: tuple[Passport, ...]
    marks: pl.DataFrame = field(default_factory=FORM_MARKS.empty)
    set_aside_content: pl.DataFrame = field(default_factory=SET_ASIDE_CONTENT.empty)
