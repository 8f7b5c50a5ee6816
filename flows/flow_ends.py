"""How a flow run ends for the people who read it: its headline as the state's message, and no traceback for a
stop or a mistake.

Belongs here: the states at the end of a flow, and what is left out of the log. Must stay out: what an
artifact says (`artifacts.py`), and what a flow does. A stop is a state of its own, so that it can be told
from a failure: Prefect names the event after the state.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar, cast

from prefect.context import FlowRunContext
from prefect.states import Completed, Failed

from flows.artifacts import create_problem_artifact, create_stop_artifact
from flows.errors import StoppedError
from programme.problems import ProblemsError

P = ParamSpec("P")
R = TypeVar("R")

STOPPED = "Stopped"
"""The state of a run that a check or a gate stopped: of the type failed, with an event of its own."""
_LOGGERS = ("prefect.engine", "prefect.flow_runs", "prefect.task_runs")


class _InWords(logging.Filter):
    """Leaves the traceback of a stop or a mistake out of Prefect's logs: its text says all there is."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes; one about such an error without its traceback."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if isinstance(error, StoppedError | ProblemsError):
            record.exc_info, record.exc_text = None, None
            record.msg, record.args = str(error), ()
        return True


IN_WORDS = _InWords()


def ends_in_words(flow_function: Callable[P, R]) -> Callable[P, R]:
    """The function of a flow, ending in a state whose message is for people.

    Whoever calls the flow gets its result, or the error, as before. The result must have a `headline`.
    """
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(IN_WORDS)  # a filter that is there already is not added again

    @wraps(flow_function)
    def ending(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result: Any = flow_function(*args, **kwargs)
        except (StoppedError, ProblemsError) as error:
            round_id = _round_of(flow_function, *args, **kwargs)
            return cast("R", _failed(round_id, error))
        return cast("R", Completed(message=result["headline"], data=result))

    return ending


def _failed(round_id: str, error: StoppedError | ProblemsError) -> Any:
    """The state of a run that ends with an error of ours; what it says is an artifact too."""
    try:
        if isinstance(error, StoppedError):
            create_stop_artifact(round_id, error)
        else:
            create_problem_artifact(round_id, error.problems)
    except Exception as fault:  # noqa: BLE001  (Prefect's errors share no class; the error itself is told)
        logging.getLogger("prefect.flow_runs").warning("No artifact was made (%s).", type(fault).__name__)
    if isinstance(error, StoppedError):
        return Failed(name=STOPPED, message=str(error), data=error)
    return Failed(message=str(error), data=error)


def _round_of(function: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """The round that a flow was asked for; empty where it was asked for none."""
    asked = signature(function).bind_partial(*args, **kwargs).arguments
    return str(asked.get("round_id") or asked.get("round") or "")


def tag_with_round(round_id: str) -> None:
    """Tag this flow run with its round, where the deployment it came from serves all of them."""
    context, tag = FlowRunContext.get(), f"round:{round_id}"
    if context is None or context.flow_run is None or tag in context.flow_run.tags:
        return
    from prefect.client.orchestration import get_client  # noqa: PLC0415  (only such a run needs it)

    client = get_client(sync_client=True)
    client.update_flow_run(context.flow_run.id, tags=[*context.flow_run.tags, tag])
