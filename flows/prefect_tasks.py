"""The steps of the procedure as Prefect tasks, so that the UI shows each with its time and its state.

Belongs here: name, retries and cache policy of every task, in one table. Must stay out: the order of the
steps (`procedure.py`) and what they do (`tasks/`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ParamSpec, TypeVar, cast

from prefect import Task
from prefect.cache_policies import NO_CACHE

from flows.checks import check_stages
from flows.publishing import publish
from flows.reading import read_inputs
from flows.unexpected import UnexpectedError, guarded
from programme.problems import ProblemsError
from tasks.crosscheck.step import crosscheck
from tasks.eligibility.judge import judge
from tasks.ingest.step import read_all
from tasks.matchmaking.step import match
from tasks.scoring.step import score

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class TaskOptions:
    """How a step runs under Prefect: its name, the name of one run, and the seconds before each retry."""

    name: str
    run_name: str | Callable[..., str]
    retry_after_seconds: tuple[float, ...] = ()


def _check_name(parameters: Mapping[str, Any]) -> str:
    """What is checked, as a person would say it."""
    return "check the inputs" if "inputs" in parameters["stages"] else "check the results"


TASK_OPTIONS: Mapping[Callable[..., object], TaskOptions] = {
    read_all: TaskOptions("ingest", "ingest the files"),
    check_stages: TaskOptions("check", _check_name),
    crosscheck: TaskOptions("crosscheck", "crosscheck the cities with both registers"),
    judge: TaskOptions("eligibility", "eligibility of the applications"),
    score: TaskOptions("scoring", "scoring of the applications"),
    match: TaskOptions("matchmaking", "matchmaking of the cities"),
    publish: TaskOptions("publish", "publish the version", retry_after_seconds=(2, 10)),
}
"""Every step of `procedure.py`, in its order.

Only `publish` is retried: it writes, and a disk, a bucket or a database may answer the next time. The other
steps work on what is in memory; the same frames give the same answer. No step is cached by Prefect: versions
are told apart by their content (`warehouse/snapshots`). No result is stored, and no error leaves a step with
the value of a cell (`unexpected.py`).
"""


def run_as_task(step: Callable[P, R], /) -> Callable[P, R]:
    """The runner with Prefect; raises `KeyError` for a function that `TASK_OPTIONS` lacks."""
    return cast("Callable[P, R]", _task(step))


@cache
def _task(step: Callable[..., Any]) -> Task[..., Any]:
    options = TASK_OPTIONS[step]
    return Task(
        guarded(read_inputs if step is read_all else step),
        name=options.name,
        task_run_name=options.run_name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=len(options.retry_after_seconds),
        retry_delay_seconds=list(options.retry_after_seconds) or None,
        retry_condition_fn=is_worth_a_retry if options.retry_after_seconds else None,
    )


def is_worth_a_retry(_task: object, _run: object, state: Any) -> bool:
    """Whether trying again can help: a mistake in the inputs stays one, a disk or a bucket may answer."""
    error = state.result(raise_on_failure=False)
    if isinstance(error, UnexpectedError):
        return "builtins.ValueError" not in error.classes
    return not isinstance(error, ProblemsError | ValueError)
