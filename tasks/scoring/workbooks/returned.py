"""Reading the evaluators' workbooks back: what can be understood becomes a row, the rest a finding.

Belongs here: recognising a workbook as one of this program's and whose it is, and reading its cells. Must
stay out: whether a score counts in the end (`reviews/` decides on the table, wherever it came from), and
files. A workbook is opened by a function that is passed in, because its maker may have put anything into
it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from programme.problems import UnreadableError
from programme.rubric import Rubric
from programme.rubric_evidence import SCALE_MAXIMUM
from tasks.ingest.files.grid import Grid
from tasks.ingest.files.read_grid import read_grid
from tasks.ingest.files.sheets import OpenBinary
from tasks.scoring.workbooks.layout import APPLICATION, COMMENT, CONFLICT, NO, SCORES, read_mark
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.inputs import EVALUATIONS

_NUMBER = re.compile(rf"(\d{{1,3}}(?:[.,]\d{{1,4}})?)(?:\s*(?:/|of|out of)\s*{SCALE_MAXIMUM})?")
"""A score as people type it: 4, 4.5, 4,5, 4/5, 4 of 5."""
CONFLICT_UNCLEAR = (
    "the cell for a conflict of interest says neither yes nor no; it counts as declared until the evaluator "
    "says otherwise"
)
NOT_GIVEN = (
    "the evaluator was not given this application; scores in this row do not count (a declared conflict does)"
)
PROGRESS = pl.Schema(
    {
        "evaluator_id": pl.String,
        "file": pl.String,
        "given": pl.Int64,
        "complete": pl.Int64,
        "partly": pl.Int64,
        "conflicts": pl.Int64,
    }
)
CONFLICTS_DECLARED = pl.Schema({"application_id": pl.String, "evaluator_id": pl.String})


@dataclass(frozen=True)
class Collected:
    """What the workbooks say.

    `evaluations`: table EVALUATIONS, rows numbered in order of evaluator and application. `findings`: table
    FINDINGS, what could not count, naming file and row. `progress`: one row per evaluator who was given
    applications: file, applications given, completely and partly scored, conflicts declared. `conflicts`: the
    conflicts declared (`application_id`, `evaluator_id`), also those without any score; each is a row of
    `evaluations` too, without criterion and score where there is none.
    """

    evaluations: pl.DataFrame
    findings: pl.DataFrame
    progress: pl.DataFrame
    conflicts: pl.DataFrame

    def with_declared(self, pairs: pl.DataFrame) -> Collected:
        """The same with conflicts that were declared elsewhere (`application_id`, `evaluator_id`)."""
        missing = pairs.join(self.conflicts, on=("application_id", "evaluator_id"), how="anti")
        if missing.is_empty():
            return self
        rows = missing.rename({"application_id": "submission_id"}).with_columns(conflict=pl.lit(value=True))
        conflicts = pl.concat([self.conflicts, missing.select(self.conflicts.columns)])
        evaluations = pl.concat([self.evaluations.drop("row"), rows], how="diagonal")
        return replace(self, evaluations=_numbered(evaluations), conflicts=conflicts)


@dataclass(frozen=True)
class _Expected:
    """What a workbook is held against."""

    round_id: str
    assigned: Mapping[str, frozenset[str]]
    rubric: Rubric
    yes: frozenset[str]
    no: frozenset[str]


@dataclass(frozen=True)
class _Sheet:
    """One recognised workbook: whose, the first row of data in `grid`, and the position of each column by
    heading.
    """

    name: str
    evaluator_id: str
    grid: Grid
    first: int
    at: Mapping[str, int]


class _UnusableWorkbookError(Exception):
    """A file of which nothing can be used, and why."""


def collect(
    files: Mapping[str, bytes],
    round_id: str,
    assignment: pl.DataFrame,
    rubric: Rubric,
    yes: tuple[str, ...],
    *,
    no: tuple[str, ...] = (NO,),
    open_binary: OpenBinary,
) -> Collected:
    """Read all returned workbooks (file name to content) of a round whose table ASSIGNMENT is given.

    `yes` and `no` are the words that mean either (programme/form.toml); `open_binary` opens the workbooks.
    Nothing a workbook holds raises: a file that is not ours, somebody else's sheet, a row for an application
    the evaluator was not given, a cell that is no number becomes a finding, and the rest of the workbook
    counts.
    """
    given = {
        str(key[0]): frozenset(rows["application_id"]) for key, rows in assignment.group_by("evaluator_id")
    }
    words = [frozenset(word.casefold() for word in each) for each in (yes, ("", *no))]
    expected = _Expected(round_id, given, rubric, *words)
    rows: list[dict[str, object]] = []
    findings: list[Finding] = []
    seen: dict[str, str] = {}
    for name in sorted(files):
        try:
            sheet = _recognise(name, files[name], expected, open_binary)
        except _UnusableWorkbookError as error:
            findings.append(_finding(name, None, "own_workbook", f"{error}; nothing of it counts"))
            continue
        if other := seen.get(sheet.evaluator_id):
            message = f"another workbook of the same evaluator is {other}; both are read"
            findings.append(_finding(name, None, "one_workbook_each", message))
        seen.setdefault(sheet.evaluator_id, name)
        for line in _lines(sheet):
            _read_line(line, sheet, expected, rows, findings)
    return _together(rows, findings, seen, expected)


def _recognise(name: str, content: bytes, expected: _Expected, open_binary: OpenBinary) -> _Sheet:
    try:
        grid = read_grid(content, name, open_binary=open_binary, title=SCORES)
    except UnreadableError as error:
        raise _UnusableWorkbookError(f"found {error.found}, expected {error.expected}") from error
    texts = [[(cell or "").strip() for cell in row] for row in grid.cells.head(20).rows()]
    mark = next((read for row in texts for cell in row if (read := read_mark(cell))), None)
    if mark is None:
        raise _UnusableWorkbookError("it is no workbook of ours, or its first row was changed")
    round_id, evaluator = mark
    if round_id != expected.round_id:
        raise _UnusableWorkbookError(f"it belongs to another round than {expected.round_id}")
    if evaluator not in expected.assigned:
        raise _UnusableWorkbookError("its evaluator was given no applications of this round")
    head = next((at for at, row in enumerate(texts) if APPLICATION in row), None)
    if head is None:
        raise _UnusableWorkbookError("its row of headings was changed")
    return _Sheet(
        name,
        evaluator,
        grid,
        head + 1,
        {text: at for at, text in reversed(list(enumerate(texts[head]))) if text},
    )


def _lines(sheet: _Sheet) -> list[tuple[int, dict[str, str]]]:
    """The number of each filled row, and its cells by heading."""
    body, numbers = sheet.grid.cells.slice(sheet.first), sheet.grid.numbers.slice(sheet.first)
    return [
        (number, {heading: (row[at] or "").strip() for heading, at in sheet.at.items()})
        for number, row in zip(numbers, body.iter_rows(), strict=True)
    ]


def _read_line(
    line: tuple[int, dict[str, str]],
    sheet: _Sheet,
    expected: _Expected,
    rows: list[dict[str, object]],
    findings: list[Finding],
) -> None:
    number, cells = line
    titles = {about.title: criterion for criterion, about in expected.rubric.by_id.items()}
    filled = {criterion: cells[title] for title, criterion in titles.items() if cells.get(title)}
    said = cells.get(CONFLICT, "").casefold()
    conflict = said not in expected.no
    application = cells.get(APPLICATION, "")
    if not filled and not conflict:
        return
    if conflict and said not in expected.yes:
        findings.append(_finding(sheet.name, number, "conflict_yes_or_no", CONFLICT_UNCLEAR))
    about = {"evaluator_id": sheet.evaluator_id, "submission_id": application, "conflict": conflict}
    scores: list[dict[str, object]] = []
    if application in expected.assigned[sheet.evaluator_id]:
        scores = _scores(filled, number, sheet, expected, findings)
    else:
        findings.append(_finding(sheet.name, number, "assigned_application", NOT_GIVEN))
    if conflict and application and not scores:
        scores = [{"criterion": None, "score": None}]
    for at, each in enumerate(scores):
        rows.append(about | each | {"comment": cells.get(COMMENT) or None if at == 0 else None})


def _scores(
    filled: Mapping[str, str], number: int, sheet: _Sheet, expected: _Expected, findings: list[Finding]
) -> list[dict[str, object]]:
    """The scores of one row that can be understood; adds a finding for each of the others."""
    scores: list[dict[str, object]] = []
    for criterion, text in filled.items():
        score = _score(text)
        if score is None:
            title = expected.rubric.by_id[criterion].title
            message = f"{title}: not a number from 0 to {SCALE_MAXIMUM}; it does not count"
            findings.append(_finding(sheet.name, number, "score_in_scale", message))
        else:
            scores.append({"criterion": criterion, "score": score})
    return scores


def _score(text: str) -> float | None:
    found = _NUMBER.fullmatch(text.casefold())
    score = float(found[1].replace(",", ".")) if found else -1.0
    return score if 0 <= score <= SCALE_MAXIMUM else None


def _finding(name: str, row: int | None, expectation: str, message: str) -> Finding:
    """A finding about a file, or one row of it; it names nothing else that was typed."""
    key = name if row is None else f"{name}, row {row}"
    return Finding("evaluations", expectation, f"{key}: {message}", row_key=key)


def _together(
    rows: list[dict[str, object]],
    findings: list[Finding],
    files: Mapping[str, str],
    expected: _Expected,
) -> Collected:
    schema = {
        name: dtype for name, dtype in EVALUATIONS.schema.items() if name not in ("row", "evaluated_at")
    }
    lines = pl.DataFrame(rows, schema=schema, orient="row").sort(
        "evaluator_id", "submission_id", "criterion", maintain_order=True
    )
    evaluations = lines.with_columns(pl.lit(None, dtype=pl.Date).alias("evaluated_at"))
    declared = (
        lines.filter(pl.col("conflict"))
        .select(pl.col("submission_id").alias("application_id"), "evaluator_id")
        .unique(maintain_order=True)
    )
    progress = [_progress(person, files.get(person), lines, expected) for person in sorted(expected.assigned)]
    return Collected(
        _numbered(evaluations),
        findings_frame(findings),
        pl.DataFrame(progress, schema=PROGRESS, orient="row"),
        declared.cast(CONFLICTS_DECLARED),
    )


def _numbered(evaluations: pl.DataFrame) -> pl.DataFrame:
    """Table EVALUATIONS with rows numbered as the file that is written has them (the heading is row 1)."""
    ordered = evaluations.sort("evaluator_id", "submission_id", "criterion", maintain_order=True)
    return EVALUATIONS.conform(ordered.with_row_index("row", 2))


def _progress(person: str, file: str | None, lines: pl.DataFrame, expected: _Expected) -> dict[str, object]:
    reviews = (
        lines.filter(pl.col("evaluator_id") == person)
        .group_by("submission_id")
        .agg(pl.col("criterion").drop_nulls().n_unique().alias("n"), pl.col("conflict").any())
    )
    judged = reviews.filter(~pl.col("conflict"))
    complete = judged.filter(pl.col("n") == len(expected.rubric.by_id)).height
    return {
        "evaluator_id": person,
        "file": file,
        "given": len(expected.assigned[person]),
        "complete": complete,
        "partly": judged.height - complete,
        "conflicts": reviews.height - judged.height,
    }
