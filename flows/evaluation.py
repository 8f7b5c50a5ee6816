"""Handing applications out to evaluators and taking the scores back in: where things are read and written.

Belongs here: the order of the parts, and the files of an evaluation: the list that is handed out
(`assignment.csv`), the workbooks, the collected `evaluations.csv`. Must stay out: who gets what and what
counts (`tasks/scoring`), printing (`flows/commands/assign.py`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from flows.context import AppContext
from flows.preload import places
from flows.procedure import Assessed, assess
from flows.round_inputs import gather
from programme.problems import Problem, ProblemsError, problem
from programme.programme import Programme
from tasks.ingest.cells.choices import Choices, choices_of
from tasks.scoring.assignment.assign import AssignmentRequest, assign
from tasks.scoring.assignment.evaluated_applications import evaluated_applications
from tasks.scoring.reviews.conflicts import declared_conflicts, find_conflicts
from tasks.scoring.step import score
from tasks.scoring.workbooks.chair_workbook import (
    assignment_overview,
    chair_workbook,
    disputed_scores,
    evaluator_loads,
    provisional_scores,
)
from tasks.scoring.workbooks.evaluator_workbook import evaluator_workbook
from tasks.scoring.workbooks.returned import Collected, collect
from warehouse.dictionary.judging import ASSIGNMENT, CONFLICTS
from warehouse.inputs import input_table
from warehouse.storage import Storage, open_storage

LIST, CHAIR = "assignment.csv", "chair.xlsx"
EVALUATIONS_FILE = "evaluations.csv"


@dataclass(frozen=True)
class Place:
    """Where the files of an evaluation are: a storage and a folder in it."""

    storage: Storage
    folder: str

    def path(self, name: str) -> str:
        """The path of a file."""
        return f"{self.folder}/{name}" if self.folder else name

    def __str__(self) -> str:
        return "/".join(part for part in (self.storage.address.rstrip("/"), self.folder) if part)


@dataclass(frozen=True)
class HandedOut:
    """What was handed out: table ASSIGNMENT, the loads (one row per evaluator), conflicts found, files
    written.
    """

    assignment: pl.DataFrame
    loads: pl.DataFrame
    conflicts: pl.DataFrame
    files: tuple[str, ...]


def place_of(context: AppContext, round_id: str, out: str | None) -> Place:
    """The folder named, else the restricted area of the data folder."""
    return (
        Place(open_storage(out, context.settings.storage_options), "")
        if out
        else Place(context.storage, f"restricted/evaluation/{round_id}")
    )


def hand_out(
    context: AppContext,
    round_id: str,
    inputs: str | None,
    place: Place,
    per_application: int | None,
    load_difference: int | None,
    *,
    replace_files: bool,
) -> HandedOut:
    """Assign the round's applications and write the workbooks.

    Applications stay with whom an earlier list (`assignment.csv` in `place`) gave them, as far as that is
    possible. Raises `ProblemsError`: no list of evaluators, an assignment that cannot be met, workbooks
    already there that would change (unless `replace_files`).
    """
    programme = context.programme
    round_inputs = gather(context, round_id, inputs, None)
    if not any(source.table == "evaluators" for source in round_inputs.sources):
        raise problem(
            found="no list of evaluators",
            expected="a file evaluators.csv with evaluator_id, country, email, expertise, ties",
            where=f"the inputs of round {round_id}",
            remedy=(
                "Put it beside submissions; only evaluator_id is required, the other columns find "
                "conflicts and match topics."
            ),
        )
    assessed = assess(round_inputs, places(context))
    evaluators = assessed.inputs.evaluators
    applications = evaluated_applications(
        assessed.inputs.submissions,
        assessed.linked.cities,
        assessed.judged.eligibility,
        programme.topics.labels,
    )
    conflicts = _conflicts(assessed, applications, programme)
    rules = programme.rubric.assignment
    request = AssignmentRequest(
        applications,
        evaluators,
        conflicts,
        per_application or programme.rubric.reviews.per_application,
        load_difference or rules.load_difference,
        read_assignment(place),
    )
    assignment = assign(request, _topics(programme), rules)
    tables = {
        "Assignment": assignment_overview(assignment, applications),
        "Loads": evaluator_loads(assignment, conflicts, evaluators),
        "Conflicts": conflicts.join(applications.select("application_id", "city_name"), on="application_id"),
    }
    files = _workbooks(round_id, assignment, applications, programme) | {
        CHAIR: chair_workbook(round_id, tables, programme.rubric)
    }
    _write(place, files | {LIST: assignment.write_csv().encode()}, replace_files=replace_files)
    return HandedOut(assignment, tables["Loads"], conflicts, tuple(files))


def _conflicts(assessed: Assessed, applications: pl.DataFrame, programme: Programme) -> pl.DataFrame:
    found = find_conflicts(
        applications, assessed.inputs.evaluators, assessed.decisions, programme.rubric.assignment
    )
    said = declared_conflicts(assessed.inputs.evaluations).filter(
        pl.col("application_id").is_in(applications["application_id"].implode())
    )
    return CONFLICTS.conform(pl.concat([found, said.select(found.columns)]))


def _topics(programme: Programme) -> Choices:
    more = programme.form.topic_wordings
    return choices_of(
        {topic.id: (topic.label, *more.get(topic.id, ())) for topic in programme.topics.topics},
        programme.form.close_spelling,
    )


def _workbooks(
    round_id: str, assignment: pl.DataFrame, applications: pl.DataFrame, programme: Programme
) -> dict[str, bytes]:
    books = {}
    for person in assignment["evaluator_id"].unique().sort():
        mine = applications.join(
            assignment.filter(pl.col("evaluator_id") == person), on="application_id", how="semi"
        )
        books[workbook_name(person)] = evaluator_workbook(round_id, person, mine, programme.rubric)
    return books


def workbook_name(evaluator_id: str) -> str:
    """A file name for an evaluator, safe on any system; two ids never share one."""
    plain = re.sub(r"[^A-Za-z0-9-]+", "_", evaluator_id)
    mark = "" if plain == evaluator_id else f"-{hashlib.sha256(evaluator_id.encode()).hexdigest()[:6]}"
    return f"scores-{plain[:60]}{mark}.xlsx"


def _write(place: Place, files: Mapping[str, bytes], *, replace_files: bool) -> None:
    """Write what is new or changed; workbooks that may have been sent are not changed unless told so."""
    changed = {
        name: data
        for name, data in files.items()
        if not place.storage.exists(place.path(name)) or place.storage.read(place.path(name)) != data
    }
    there = [name for name in changed if name not in (LIST, CHAIR) and place.storage.exists(place.path(name))]
    if there and not replace_files:
        raise problem(
            found=f"{len(there)} workbook(s) of other content: {', '.join(there[:8])}",
            expected="none, or the same",
            where=str(place),
            remedy="If they may be replaced (their evaluators must then get the new ones), add --replace.",
        )
    for name, data in changed.items():
        place.storage.write(place.path(name), data, private=True)


def read_assignment(place: Place) -> pl.DataFrame:
    """The list handed out before (table ASSIGNMENT); no rows where there is none. Raises `ProblemsError`
    where it cannot be read.
    """
    if not place.storage.exists(place.path(LIST)):
        return ASSIGNMENT.empty()
    try:
        return ASSIGNMENT.conform(pl.read_csv(place.storage.read(place.path(LIST)), infer_schema=False))
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise problem(
            found="a list that cannot be read",
            expected=f"the columns {', '.join(ASSIGNMENT.names)}",
            where=place.path(LIST),
            remedy="Restore the file, or remove it to assign anew.",
        ) from error


def take_in(
    context: AppContext, round_id: str, inputs: str | None, place: Place, folder: str, *, replace_files: bool
) -> Collected:
    """Read the workbooks in `folder`, write `evaluations.csv` into the round's inputs, and the chair's
    workbook anew.

    Raises `ProblemsError`: nothing was handed out, no workbook there, or evaluations of other content are in
    the inputs (unless `replace_files`).
    """
    assignment = read_assignment(place)
    books = _returned_files(open_storage(folder, context.settings.storage_options))
    problems = []
    if assignment.is_empty():
        problems.append(
            Problem(
                "no list of who evaluates what",
                LIST,
                str(place),
                f"Assign first: city2city assign {round_id}",
            )
        )
    if not books:
        problems.append(
            Problem(
                "no workbook",
                "the evaluators' XLSX files",
                folder,
                "Name the folder they were saved in with --collect.",
            )
        )
    if problems:
        raise ProblemsError(problems)
    collected = collect(books, round_id, assignment, context.programme.rubric, context.programme.form.yes)
    _write_evaluations(context, round_id, inputs, collected.evaluations, replace_files=replace_files)
    _write(place, {CHAIR: _chair(context, round_id, inputs, assignment, collected)}, replace_files=True)
    return collected


def _returned_files(storage: Storage) -> dict[str, bytes]:
    names = [
        item.path for item in storage.list("") if "/" not in item.path and item.path.lower().endswith(".xlsx")
    ]
    return {name: storage.read(name) for name in names if name != CHAIR and not name.startswith("~$")}


def _write_evaluations(
    context: AppContext, round_id: str, inputs: str | None, evaluations: pl.DataFrame, *, replace_files: bool
) -> None:
    storage, folder = context.inputs(inputs)
    place = Place(storage, f"{folder}/{round_id}" if folder else round_id)
    data = _as_csv(evaluations)
    others = [item.path for item in storage.list(place.folder) if input_table(item.path) == "evaluations"]
    foreign = [path for path in others if path != place.path(EVALUATIONS_FILE)]
    same = place.path(EVALUATIONS_FILE) in others and storage.read(place.path(EVALUATIONS_FILE)) == data
    if foreign or (others and not same and not replace_files):
        raise problem(
            found=f"evaluations already there: {', '.join(others)}",
            expected="none, or the same",
            where=str(place),
            remedy="Remove it." if foreign else "If the workbooks hold everything it holds, add --replace.",
        )
    if not same:
        storage.write(place.path(EVALUATIONS_FILE), data, private=True)


def _as_csv(evaluations: pl.DataFrame) -> bytes:
    """The canonical columns; a comment that a spreadsheet would take for a formula gets an apostrophe
    first.
    """
    comment = pl.col("comment")
    safe = pl.when(comment.str.contains(r"^[=+\-@\t\r]")).then("'" + comment).otherwise(comment)
    columns = [name for name in evaluations.columns if name not in ("row", "evaluated_at")]
    return evaluations.with_columns(safe.alias("comment")).select(columns).write_csv().encode()


def _chair(
    context: AppContext, round_id: str, inputs: str | None, assignment: pl.DataFrame, collected: Collected
) -> bytes:
    """The chair's workbook once scores are in: what is missing, what is disputed, who is severe, what could
    not be read.
    """
    rubric = context.programme.rubric
    assessed = assess(gather(context, round_id, inputs, None), places(context))
    inputs_ = replace(assessed.inputs, evaluations=collected.evaluations)
    scored = score(
        inputs_.submissions,
        assessed.judged.eligibility,
        inputs_.evaluations,
        rubric,
        evaluators=inputs_.evaluators,
        decisions=assessed.decisions,
    )
    applications = evaluated_applications(
        inputs_.submissions,
        assessed.linked.cities,
        assessed.judged.eligibility,
        context.programme.topics.labels,
    )
    handed_out = scored.scores.join(applications, on="application_id", how="semi")
    findings = pl.concat([collected.findings, scored.findings]).select("row_key", "message")
    tables = {
        "Progress": collected.progress,
        "Disputed": disputed_scores(scored.calibrated, handed_out, scored.counted, rubric),
        "Too few reviews": provisional_scores(handed_out, rubric),
        "Declared conflicts": collected.conflicts,
        "Severity": scored.severities,
        "Raw and corrected": scored.ranking_compared,
        "Not counted": findings,
        "Assignment": assignment_overview(assignment, applications),
    }
    return chair_workbook(round_id, tables, rubric)
