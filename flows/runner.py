"""How a step of the procedure is called: as a plain function or as a Prefect task, with the same types.

Belongs here: the type of a runner, and the runner without Prefect. Must stay out: names, retries and cache
policies of the tasks (`prefect_tasks.py`), and the steps themselves (`procedure.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Runner(Protocol):
    """Takes a step and returns what to call instead of it, with the same arguments and the same result.

    `run(score)(submissions=..., rubric=...)` is checked by mypy exactly as `score(submissions=...,
    rubric=...)`.
    """

    def __call__(self, step: Callable[P, R], /) -> Callable[P, R]:
        """The callable that runs `step`."""


def run_plain(step: Callable[P, R], /) -> Callable[P, R]:
    """The runner without Prefect: the step itself."""
    return step
