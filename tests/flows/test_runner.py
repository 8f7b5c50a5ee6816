"""The runner: steps keep their types, every step has its options, Prefect adds names and retries alone."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from inspect import unwrap
from pathlib import Path

import pytest
from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.states import Failed

from flows import procedure
from flows.prefect_tasks import TASK_OPTIONS, is_worth_a_retry, run_as_task
from flows.publishing import publish
from flows.runner import run_plain
from flows.unexpected import without_values
from programme.problems import problem

ROOT = Path(__file__).parents[2]
TYPED = """
from flows.runner import Runner, run_plain

def score(forms: list[str], *, rubric: int) -> float:
    return 1.0

def follow(run: Runner) -> None:
"""
CALLS = {
    'run(score)(forms=["a"], rubric=1)': None,
    'run(score)(["a"], rubric=1)': None,
    'run(score)(forms=["a"], rubrics=1)': 'Unexpected keyword argument "rubrics"',
    'run(score)(forms=["a"])': 'Missing named argument "rubric"',
    'run(score)(forms="a", rubric=1)': 'has incompatible type "str"',
    'run(score)(["a"], 1)': "Too many positional arguments",
    'run(score)(forms=[], rubric=1) + "a"': "Unsupported operand types",
    "follow(run_plain)": None,
}
"""What a step may be called with, and what mypy says of it (None: nothing)."""


def steps_run() -> list[str]:
    """Names of the functions that the procedure passes to `run`, in the order of the file."""
    return [
        node.args[0].id
        for node in ast.walk(ast.parse(inspect.getsource(procedure)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "run"
        and isinstance(node.args[0], ast.Name)
    ]


def test_every_step_of_the_procedure_has_its_options_and_none_is_left_over() -> None:
    names = {step.__name__ for step in TASK_OPTIONS}
    assert set(steps_run()) == names
    assert len({options.name for options in TASK_OPTIONS.values()}) == len(TASK_OPTIONS)


@pytest.mark.parametrize("step", TASK_OPTIONS, ids=lambda step: step.__name__)
def test_a_task_is_the_step_with_its_options(step) -> None:
    task = run_as_task(step)
    assert isinstance(task, Task)
    assert unwrap(task.fn) is step
    assert task.persist_result is False
    assert task.name == TASK_OPTIONS[step].name
    assert task.cache_policy == NO_CACHE
    assert task.retries == len(TASK_OPTIONS[step].retry_after_seconds)
    assert (task.retry_condition_fn is is_worth_a_retry) == (step is publish)
    assert run_as_task(step) is task


def test_without_prefect_the_step_itself_is_called() -> None:
    assert run_plain(publish) is publish


def test_a_function_that_is_no_step_is_refused() -> None:
    with pytest.raises(KeyError):
        run_as_task(steps_run)


@pytest.mark.parametrize(
    ("error", "again"),
    [
        pytest.param(OSError("the disk is full"), True, id="the disk"),
        pytest.param(problem(found="a", expected="b", where="c", remedy="d"), False, id="a mistake"),
        pytest.param(ValueError("never right"), False, id="a value"),
        pytest.param(without_values(ValueError("never right")), False, id="a value, told without it"),
        pytest.param(without_values(OSError("the disk is full")), True, id="the disk, told without it"),
    ],
)
def test_only_what_may_pass_is_tried_again(error: Exception, again: bool) -> None:
    assert is_worth_a_retry(None, None, Failed(data=error)) is again


def test_mypy_sees_through_the_runner(tmp_path: Path) -> None:
    file = tmp_path / "follows.py"
    file.write_text(TYPED + "".join(f"    {line}\n" for line in CALLS), "utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        f"--cache-dir={tmp_path}",
        str(file),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    first = TYPED.count("\n") + 1
    told = dict.fromkeys(CALLS, "")
    for line, message in re.findall(r"follows\.py:(\d+): error: (.*)", done.stdout):
        told[list(CALLS)[int(line) - first]] += message
    for call, error in CALLS.items():
        assert (error or "") in told[call], call
        assert bool(told[call]) == bool(error), told[call]
