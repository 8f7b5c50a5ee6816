"""Handing out: who evaluates what, and the workbooks that are sent.

Belongs here: the order of the parts. Must stay out: who gets what and what a conflict is
(`tasks/scoring/assignment`, `tasks/scoring/reviews`), and where files are written (`folder.py`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import polars as pl

from flows.context import AppContext
from flows.evaluation.declared import keep_declared
from flows.evaluation.folder import (
    ASSIGNMENT_FILE,
    CHAIR_FILE,
    EvaluationFolder,
    read_assignment,
    write_files,
)
from flows.evaluation.key import workbook_key
from flows.linking_resources import linking_resources
from flows.procedure import assess
from flows.round_inputs import gather
from flows.round_results import AssessedRound
from programme.problems import problem
from programme.programme import Programme
from tasks.ingest.cells.choices import Choices, choices_of
from tasks.scoring.assignment.assign import AssignmentRequest, assign
from tasks.scoring.assignment.evaluated_applications import evaluated_applications
from tasks.scoring.reviews.conflicts import declared_conflicts, find_conflicts
from tasks.scoring.workbooks.chair_workbook import assignment_overview, chair_workbook, evaluator_loads
from tasks.scoring.workbooks.evaluator_workbook import evaluator_workbook
from tasks.scoring.workbooks.token import Tokens
from warehouse.dictionary.judging import CONFLICTS

_LONGEST, _DIGITS = 40, 12
_PLAIN = re.compile(rf"[A-Z0-9-]{{1,{_LONGEST}}}")
_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True)
class HandedOut:
    """What was handed out: the list (dictionary table ASSIGNMENT), the loads (one row per evaluator), the
    conflicts found (dictionary table CONFLICTS), and the names of the files.
    """

    assignment: pl.DataFrame
    loads: pl.DataFrame
    conflicts: pl.DataFrame
    files: tuple[str, ...]


def hand_out(
    context: AppContext,
    round_id: str,
    inputs: str | None,
    folder: EvaluationFolder,
    per_application: int | None,
    load_difference: int | None,
    *,
    replace_files: bool,
) -> HandedOut:
    """Assign the round's applications and write the workbooks.

    `per_application` is how many evaluators an application is given to, `load_difference` the most
    applications that one evaluator may have more than another (None: the rubric's numbers). Applications stay
    with whom an earlier list gave them, as far as that is possible. Raises `ProblemsError`: no list of
    evaluators, an assignment that cannot be met, workbooks already there that would change (unless
    `replace_files`).
    """
    programme = context.programme
    assessed = _assess_with_evaluators(context, round_id, inputs)
    evaluators = assessed.inputs.evaluators
    applications = dossiers_of(assessed, programme)
    conflicts = _conflicts(context, round_id, assessed, applications)
    rules = programme.rubric.assignment
    request = AssignmentRequest(
        applications,
        evaluators,
        conflicts,
        per_application or programme.rubric.reviews.per_application,
        load_difference or rules.load_difference,
        read_assignment(folder),
    )
    assignment = assign(request, _topics(programme), rules)
    loads = evaluator_loads(assignment, conflicts, evaluators)
    tokens = Tokens(workbook_key(context), round_id, given_to(assignment))
    files = _workbooks(tokens, applications, programme)
    files[CHAIR_FILE] = _chair_workbook(round_id, assignment, loads, conflicts, applications, programme)
    files_with_list = files | {ASSIGNMENT_FILE: assignment.write_csv().encode()}
    write_files(folder, files_with_list, replace_files=replace_files)
    return HandedOut(assignment, loads, conflicts, tuple(files))


def dossiers_of(assessed: AssessedRound, programme: Programme) -> pl.DataFrame:
    """What evaluators see of each application that is handed out, one row each."""
    return evaluated_applications(
        assessed.inputs.submissions,
        assessed.linked.cities,
        assessed.judged.eligibility,
        programme.topics.labels,
    )


def workbook_name(evaluator_id: str) -> str:
    """A file name for an evaluator, safe on any system; two ids never share one.

    Some systems do not tell capital from small letters, so only an id of capitals stands as it is.
    """
    if _PLAIN.fullmatch(evaluator_id):
        return f"scores-{evaluator_id}.xlsx"
    safe = _UNSAFE.sub("_", evaluator_id)[:_LONGEST]
    mark = hashlib.sha256(evaluator_id.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    # A mark is set off by `_`, which no plain id has: no marked name is that of a plain id.
    return f"scores-{safe}-{mark}.xlsx" if "_" in safe else f"scores-{safe}_{mark}.xlsx"


def given_to(assignment: pl.DataFrame) -> dict[str, frozenset[str]]:
    """Evaluator to the applications given (dictionary table ASSIGNMENT)."""
    return {
        str(key[0]): frozenset(rows["application_id"]) for key, rows in assignment.group_by("evaluator_id")
    }


def _assess_with_evaluators(context: AppContext, round_id: str, inputs: str | None) -> AssessedRound:
    round_inputs = gather(context=context, round_id=round_id, inputs=inputs, as_of=None)
    if not any(source.table == "evaluators" for source in round_inputs.sources):
        raise problem(
            found="no list of evaluators",
            expected="a file evaluators.csv with evaluator_id, country, email, expertise, ties",
            where=f"the inputs of round {round_id}",
            remedy="Put it beside submissions; only evaluator_id is required, "
            "the other columns find conflicts and match topics.",
        )
    return assess(round_inputs=round_inputs, resources=linking_resources(context))


def _conflicts(
    context: AppContext, round_id: str, assessed: AssessedRound, applications: pl.DataFrame
) -> pl.DataFrame:
    """Every conflict about these applications: signs, and what was declared at any time in the round."""
    found = find_conflicts(
        applications, assessed.inputs.evaluators, assessed.decisions, context.programme.rubric.assignment
    )
    declared = keep_declared(context, round_id, declared_conflicts(assessed.inputs.evaluations))
    about = declared.filter(pl.col("application_id").is_in(applications["application_id"].implode()))
    return CONFLICTS.conform(pl.concat([found, about.select(found.columns)]))


def _topics(programme: Programme) -> Choices:
    wordings = programme.form.topic_wordings
    return choices_of(
        {topic.id: (topic.label, *wordings.get(topic.id, ())) for topic in programme.topics.topics},
        programme.form.close_spelling,
    )


def _workbooks(tokens: Tokens, applications: pl.DataFrame, programme: Programme) -> dict[str, bytes]:
    """The workbook of each evaluator by its file name."""
    books = {}
    for evaluator, given in sorted(tokens.assigned.items()):
        own = applications.filter(pl.col("application_id").is_in(list(given)))
        token = tokens.of(evaluator, given)
        books[workbook_name(evaluator)] = evaluator_workbook(
            tokens.round_id, evaluator, token, own, programme.rubric
        )
    return books


def _chair_workbook(
    round_id: str,
    assignment: pl.DataFrame,
    loads: pl.DataFrame,
    conflicts: pl.DataFrame,
    applications: pl.DataFrame,
    programme: Programme,
) -> bytes:
    city_names = applications.select("application_id", "city_name")
    tables = {
        "Assignment": assignment_overview(assignment, applications),
        "Loads": loads,
        "Conflicts": conflicts.join(city_names, on="application_id"),
    }
    return chair_workbook(round_id, tables, programme.rubric)
