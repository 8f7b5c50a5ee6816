"""The steps of the procedure as Prefect tasks, so that the UI shows each with its time and state.

Belongs here: names, retries and caching of the tasks that are not a step's own door. Must stay out: the order
(`procedure.py`).
"""

from __future__ import annotations

from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows import publishing
from flows.procedure import Steps, check_stages
from programme.problems import ProblemsError
from tasks.crosscheck.task import crosscheck
from tasks.eligibility.task import eligibility
from tasks.ingest.task import ingest
from tasks.matchmaking.task import matchmaking
from tasks.scoring.task import scoring


def worth_a_retry(_task: object, _run: object, state: Any) -> bool:
    """Whether trying again can help: the disk, the bucket or the database may answer next time; a mistake in
    the inputs stays one.
    """
    return not isinstance(state.result(raise_on_failure=False), ProblemsError | ValueError)


check = task(name="check", task_run_name="check {stages}", cache_policy=NO_CACHE)(check_stages)

publish = task(
    name="publish",
    task_run_name="publish",
    cache_policy=NO_CACHE,
    retries=2,
    retry_delay_seconds=[2, 10],
    retry_condition_fn=worth_a_retry,
)(publishing.publish)

AS_TASKS = Steps(
    check=check, read=ingest, link=crosscheck, judge=eligibility, score=scoring, match=matchmaking
)
