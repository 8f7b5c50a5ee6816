"""What `city2city check` finds in files and folders, without storing anything.

Belongs here: reading files as a run would, and the expectations and limits a run would hold them to before it
links. Must stay out: how it is printed (`commands/check.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from expectations.check import check_suite, not_told_yet, stage_suites
from expectations.limits import RoundLimits
from expectations.table_suite import EVERY_TABLE
from flows.context import AppContext
from flows.round_results import input_tables
from flows.summary import files_read
from programme.problems import Problem, ProblemsError, problem
from programme.rounds import Round
from tasks.ingest.describe import guess_table
from tasks.ingest.lost_shares import exceeded_shares
from tasks.ingest.personal.masking import masked_table
from tasks.ingest.personal.named_people import people_of_tables
from tasks.ingest.personal.people import People
from tasks.ingest.step import Inputs, ReadTable, SourceFile, read_all, read_table
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.published import FINDINGS
from warehouse.inputs.find import find_inputs
from warehouse.sandbox import open_in_sandbox
from warehouse.storage import open_storage


@dataclass(frozen=True)
class CheckedFile:
    """One file as it was read, with all a person should look at (dictionary table FINDINGS).

    `unchecked`: files that were not given, without which some expectations could not be looked at. `people`:
    persons that the files name, to be shown nowhere.
    """

    read: ReadTable
    findings: pl.DataFrame
    unchecked: tuple[str, ...]
    people: People = field(default_factory=People, repr=False)


@dataclass(frozen=True)
class CheckedRound:
    """A folder as a round: what became of each file, and the findings of all of them together."""

    round: Round
    inputs: Inputs
    files: list[dict[str, object]]
    findings: pl.DataFrame

    @property
    def would_stop(self) -> bool:
        """Whether a run would stop before it links."""
        return bool((self.findings["severity"] == "stop").any())


def check_files(
    context: AppContext, files: Sequence[Path], table: str | None, round_: Round
) -> list[CheckedFile]:
    """Read each file, and hold all of them together to the expectations that a run has of them.

    `table` says which input a single file is; None: its name or headings say it. Raises `ProblemsError` over
    all files together.
    """
    problems: list[Problem] = []
    read: list[ReadTable] = []
    corrections = None
    sources = []
    for file in files:
        try:
            sources.append(_source(context, file, table))
        except ProblemsError as error:
            problems.extend(error.problems)
    for source in sorted(sources, key=lambda one: one.table != "corrections"):
        try:
            one = read_table(source, context.programme, round_, corrections, open_binary=open_in_sandbox)
        except ProblemsError as error:
            problems.extend(error.problems)
            continue
        corrections = one.frame if source.table == "corrections" else corrections
        read.append(one)
    if problems:
        raise ProblemsError(problems)
    people = people_of_tables(read, context.programme)
    read = [masked_table(one, people) for one in read]
    tables = {one.passport.table: one.frame for one in read}
    found, missing = _expected(tables, _limits(context, round_))
    in_order = sorted(read, key=lambda one: [file.name for file in files].index(one.passport.name))
    return [replace(_checked(one, found, missing), people=people) for one in in_order]


def _source(context: AppContext, file: Path, table: str | None) -> SourceFile:
    content = read_file(file)
    rules, limits = context.programme.form, context.programme.expectations.files
    name = table or guess_table(content, file.name, rules, open_binary=open_in_sandbox, limits=limits)
    return SourceFile(name, file.name, content)


def read_file(file: Path) -> bytes:
    """The bytes of a file; raises `ProblemsError` where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise problem(
            found=error.strerror or str(error),
            expected="a file that can be read",
            where=str(file),
            remedy="Correct the path, or the file's permissions.",
        ) from error


def _limits(context: AppContext, round_: Round) -> RoundLimits:
    return RoundLimits.of(context.programme, round_.id, round_.processed_at)


def _expected(
    tables: Mapping[str, pl.DataFrame], limits: RoundLimits
) -> tuple[pl.DataFrame, dict[str, tuple[str, ...]]]:
    """The findings of the expectations of these tables; and table to the tables it lacked to be looked at."""
    found: list[Finding] = []
    missing: dict[str, tuple[str, ...]] = {}
    for suite in stage_suites("inputs"):
        lacking = tuple(name for name in suite.needs if name not in tables)
        if suite.table != EVERY_TABLE and suite.table not in tables:
            continue
        if lacking:
            missing[suite.table] = lacking
        else:
            found += check_suite(suite, suite.expected(limits), tables)
    return findings_frame(found), missing


def _checked(read: ReadTable, found: pl.DataFrame, missing: Mapping[str, tuple[str, ...]]) -> CheckedFile:
    table = read.passport.table
    of_table = not_told_yet(found.filter(pl.col("table") == table), read.findings)
    findings = FINDINGS.conform(pl.concat([read.findings, of_table]).unique(maintain_order=True))
    return CheckedFile(read, findings, missing.get(table, ()))


def check_round(context: AppContext, folder: Path, round_: Round) -> CheckedRound:
    """A folder as the inputs of a round: everything that a run checks before it links.

    Raises `ProblemsError` for what a run would refuse.
    """
    storage = open_storage(str(folder.resolve().parent), context.settings.storage_options)
    found = find_inputs(storage, folder.resolve().name, limits=context.programme.expectations.files)
    sources = [SourceFile(item.table, item.name, item.data) for item in found]
    inputs = read_all(sources, context.programme, round_, open_binary=open_in_sandbox)
    expected, _ = _expected(input_tables(inputs), _limits(context, round_))
    lost = findings_frame(exceeded_shares(inputs, context.programme.expectations))
    expected = not_told_yet(expected, inputs.findings)
    together = pl.concat([inputs.findings, expected, lost]).unique(maintain_order=True)
    return CheckedRound(round_, inputs, files_read(inputs), FINDINGS.conform(together))
