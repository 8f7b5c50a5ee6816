"""Doing parts on Dask inside a flow: each is a task of its own in Prefect, by `prefect-dask`.

Belongs here: whether a flow is under way, and handing parts to its task runner. Must stay out: the cluster
(`dask_cluster.py`), and what a part is.
"""

from __future__ import annotations

import copyreg
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flows.parts.dask_cluster import Scheduler
from flows.parts.work import do_part


def in_a_flow() -> bool:
    """Whether this is called within a flow run; Prefect is not loaded to find out."""
    context = sys.modules.get("prefect.context")
    return context is not None and context.FlowRunContext.get() is not None


def as_tasks(paths: Sequence[str], at: Scheduler) -> list[str]:
    """Have parts done as tasks of the flow; raises what a task raised."""
    from prefect import Flow, Task  # noqa: PLC0415  (only within a flow, which has loaded it)
    from prefect.cache_policies import NO_CACHE  # noqa: PLC0415
    from prefect_dask import DaskTaskRunner  # noqa: PLC0415

    part = Task(do_part, name="part", task_run_name="a part of the linking", cache_policy=NO_CACHE)
    copyreg.pickle(Flow, _name_of)
    runner = DaskTaskRunner(address=at.address, client_kwargs={"security": at.security})
    with _outside_of_tasks(), runner:
        futures = [runner.submit(part, {"path": path}) for path in paths]
        return [future.result() for future in futures]


def _name_of(flow: Any) -> str:
    """A flow is sent along by its name: the worker has the same program."""
    return str(flow.fn.__name__)


@contextmanager
def _outside_of_tasks() -> Iterator[None]:
    """Inside, no task is under way.

    Prefect sends what is under way along with each part, and a task with all that it was given: the frames
    of the whole round, which is what parts are there to spare.
    """
    from prefect.context import TaskRunContext  # noqa: PLC0415  (see above)

    token = TaskRunContext.__var__.set(None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        TaskRunContext.__var__.reset(token)
