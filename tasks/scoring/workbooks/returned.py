"""Reading the evaluators' workbooks back: what can be understood becomes a row, the rest a finding.

Belongs here: reading the cells of the workbooks that count. Must stay out: whose a workbook is and which
counts (`whose.py`), whether a score counts in the end (`reviews/` decides on the table, wherever it came
from), and files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from programme.rubric import Rubric
from programme.rubric_evidence import SCALE_MAXIMUM
from tasks.ingest.files.sheets import OpenBinary
from tasks.scoring.workbooks.layout import APPLICATION, COMMENT, CONFLICT, NO
from tasks.scoring.workbooks.sheet import ReturnedFile, Sheet
from tasks.scoring.workbooks.token import Tokens
from tasks.scoring.workbooks.told import (
    about_file,
    about_layout,
    about_missing,
    about_strangers,
    about_unread,
    line_finding,
    returned_table,
)
from tasks.scoring.workbooks.whose import Answers, Judged, judge_files, missing_choices
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.inputs import EVALUATIONS
from warehouse.dictionary.judging import RETURNED_WORKBOOKS

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
    `evaluations` too, without criterion and score where there is none. `returned`: table RETURNED_WORKBOOKS.
    """

    evaluations: pl.DataFrame
    findings: pl.DataFrame
    progress: pl.DataFrame
    conflicts: pl.DataFrame
    returned: pl.DataFrame = field(default_factory=RETURNED_WORKBOOKS.empty)

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

    assigned: Mapping[str, frozenset[str]]
    rubric: Rubric
    yes: frozenset[str]
    no: frozenset[str]

    @property
    def asked(self) -> tuple[str, ...]:
        """The headings under which an evaluator fills something in."""
        return (*(about.title for about in self.rubric.by_id.values()), CONFLICT, COMMENT)

    def answers(self, sheet: Sheet) -> Answers:
        """What an evaluator filled in: scores, comments and conflicts, as they stand in the cells."""
        return frozenset(
            (cells.get(APPLICATION, ""), heading, text)
            for _, cells in sheet.lines()
            for heading in self.asked
            if (text := cells.get(heading)) and not (heading == CONFLICT and text.casefold() in self.no)
        )


def collect(
    files: Sequence[ReturnedFile],
    tokens: Tokens,
    rubric: Rubric,
    yes: tuple[str, ...],
    *,
    no: tuple[str, ...] = (NO,),
    chosen: Mapping[str, str] | None = None,
    unread: Sequence[str] = (),
    open_binary: OpenBinary,
) -> Collected:
    """Read all returned workbooks of the round whose `tokens` are given.

    `yes` and `no` are the words that mean either (programme/form.toml); `chosen` maps an evaluator to the
    hash of the file that a person chose; `unread` names files of the folder that cannot be workbooks of ours;
    `open_binary` opens the workbooks. Nothing a workbook holds raises:
    a file that is not ours or proves no evaluator, a row for an application the evaluator was not given, a
    cell that is no number becomes a finding, and the rest counts.
    """
    words = [frozenset(word.casefold() for word in each) for each in (yes, ("", *no))]
    expected = _Expected(tokens.assigned, rubric, *words)
    by_person = {key: sha256 for key, sha256 in (chosen or {}).items() if key in tokens.assigned}
    judged = judge_files(files, tokens, by_person, expected.answers, open_binary)
    rows: list[dict[str, object]] = []
    elsewhere: list[dict[str, object]] = []
    findings: list[Finding] = []
    for one in judged:
        findings += about_file(one, tokens.round_id)
        if one.standing == "counts":
            findings += about_layout(one, expected.asked)
            _read(one, expected, rows, findings)
        elif one.proven:
            _read(one, expected, elsewhere, [])
    findings += about_unread(unread)
    findings += about_strangers(set(chosen or {}) - set(by_person))
    findings += about_missing(missing_choices(judged, by_person), tokens.round_id)
    return _together(rows, findings, judged, expected).with_declared(_declared(elsewhere))


def _declared(rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    """The conflicts that rows declare (`application_id`, `evaluator_id`).

    A conflict is declared once and for all, in whichever proven workbook; scores count in one alone.
    """
    pairs = [
        {"application_id": row["submission_id"], "evaluator_id": row["evaluator_id"]}
        for row in rows
        if row["conflict"]
    ]
    return pl.DataFrame(pairs, schema=CONFLICTS_DECLARED).unique(maintain_order=True)


def _read(one: Judged, expected: _Expected, rows: list[dict[str, object]], findings: list[Finding]) -> None:
    """Read a workbook; adds to `rows` and `findings`."""
    for line in one.sheet.lines() if one.sheet else ():
        _read_line(line, one, expected, rows, findings)


def _read_line(
    line: tuple[int, dict[str, str]],
    one: Judged,
    expected: _Expected,
    rows: list[dict[str, object]],
    findings: list[Finding],
) -> None:
    number, cells = line
    name, evaluator = one.file.shown, str(one.evaluator_id)
    titles = {about.title: criterion for criterion, about in expected.rubric.by_id.items()}
    filled = {criterion: cells[title] for title, criterion in titles.items() if cells.get(title)}
    said = cells.get(CONFLICT, "").casefold()
    conflict = said not in expected.no
    application = cells.get(APPLICATION, "")
    if not filled and not conflict:
        return
    if conflict and said not in expected.yes:
        findings.append(line_finding(name, number, "conflict_yes_or_no", CONFLICT_UNCLEAR))
    about = {"evaluator_id": evaluator, "submission_id": application, "conflict": conflict}
    scores: list[dict[str, object]] = []
    if application in expected.assigned[evaluator]:
        scores = _scores(filled, (name, number), expected, findings)
    else:
        findings.append(line_finding(name, number, "assigned_application", NOT_GIVEN))
    if conflict and application and not scores:
        scores = [{"criterion": None, "score": None}]
    for at, each in enumerate(scores):
        rows.append(about | each | {"comment": cells.get(COMMENT) or None if at == 0 else None})


def _scores(
    filled: Mapping[str, str], place: tuple[str, int], expected: _Expected, findings: list[Finding]
) -> list[dict[str, object]]:
    """The scores of one row that can be understood; adds a finding for each of the others."""
    scores: list[dict[str, object]] = []
    for criterion, text in filled.items():
        score = _score(text)
        if score is None:
            title = expected.rubric.by_id[criterion].title
            message = f"{title}: not a number from 0 to {SCALE_MAXIMUM}; it does not count"
            findings.append(line_finding(*place, "score_in_scale", message))
        else:
            scores.append({"criterion": criterion, "score": score})
    return scores


def _score(text: str) -> float | None:
    found = _NUMBER.fullmatch(text.casefold())
    score = float(found[1].replace(",", ".")) if found else -1.0
    return score if 0 <= score <= SCALE_MAXIMUM else None


def _together(
    rows: list[dict[str, object]],
    findings: list[Finding],
    judged: Sequence[Judged],
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
    files: dict[str | None, list[str]] = {}
    for one in judged:
        files.setdefault(one.evaluator_id, []).extend(one.file.names)
    progress = [
        _progress(person, ", ".join(sorted(files.get(person, []))) or None, lines, expected)
        for person in sorted(expected.assigned)
    ]
    return Collected(
        _numbered(evaluations),
        findings_frame(findings),
        pl.DataFrame(progress, schema=PROGRESS, orient="row"),
        declared.cast(CONFLICTS_DECLARED),
        returned_table(judged),
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
