"""Doing parts on Dask inside a flow: each is a task of its own in Prefect, by `prefect-dask`.

Belongs here: whether a flow is under way, and handing parts to its task runner. Must stay out: the cluster
(`dask_cluster.py`), and what a part is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flows.parts.dask_cluster import Scheduler, told_where_dask_fails
from flows.parts.settings import PartSettings
from flows.parts.work import do_part


def in_a_flow() -> bool:
    """Whether this is called within a flow run; Prefect is not loaded to find out."""
    context = sys.modules.get("prefect.context")
    return context is not None and context.FlowRunContext.get() is not None


def as_tasks(paths: Sequence[str], at: Scheduler, settings: PartSettings) -> list[str]:
    """Have parts done as tasks of the flow; raises `ProblemsError` as `on_dask` does."""
    from prefect import Task  # noqa: PLC0415  (only within a flow, which has loaded it)
    from prefect.cache_policies import NO_CACHE  # noqa: PLC0415
    from prefect_dask import DaskTaskRunner  # noqa: PLC0415

    part = Task(do_part, name="part", task_run_name="a part of the linking", cache_policy=NO_CACHE)
    runner = DaskTaskRunner(address=at.address, client_kwargs={"security": at.security, "timeout": 30})
    with told_where_dask_fails(at, settings), _little_to_send(), runner:
        futures = [runner.submit(part, {"path": path}) for path in paths]
        return [future.result() for future in futures]


def nothing() -> None:
    """What stands for the flow where only its parts are done."""


@contextmanager
def _little_to_send() -> Iterator[None]:
    """Inside, no task is under way, and the flow is one that every process can read and send on.

    Prefect sends what is under way along with each part: a task with all that it was given, which is the
    frames of the whole round, and the flow. Dask's scheduler reads both and writes them anew for a worker.
    It cannot do that with a flow whose function is known by the flow's name, and then never answers.
    """
    from prefect import Flow  # noqa: PLC0415  (see above)
    from prefect.context import FlowRunContext, TaskRunContext  # noqa: PLC0415

    flow_run = FlowRunContext.__var__.get()
    token = TaskRunContext.__var__.set(None)  # type: ignore[arg-type]
    try:
        with flow_run.model_copy(update={"flow": Flow(nothing, name="parts")}):
            yield
    finally:
        TaskRunContext.__var__.reset(token)
