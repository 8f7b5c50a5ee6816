"""Asking for facts with patience that ends: a part that does not answer must not keep the others waiting.

Belongs here: the time limit, and how a failure becomes `NoAnswer`. Must stay out: what is asked (the modules
`*_facts.py`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, TypeVar

from flows.operations.line import NoAnswer
from flows.unexpected import without_values
from programme.problems import ProblemsError

T = TypeVar("T")
PATIENCE_S = 12.0
"""Seconds for all questions together; each has a shorter limit of its own where its library knows one."""


def ask_all(questions: Mapping[str, Callable[[], Any]], patience: float = PATIENCE_S) -> dict[str, Any]:
    """The answer to every question, asked side by side; `NoAnswer` for one that fails or takes too long."""
    answers: dict[str, Any] = {}
    threads = {
        name: threading.Thread(target=_ask, args=(name, question, answers), daemon=True)
        for name, question in questions.items()
    }
    for thread in threads.values():
        thread.start()
    for thread in threads.values():
        patience = _wait(thread, patience)
    late = NoAnswer("no answer in time")
    return {name: answers.get(name, late) for name in questions}


def _wait(thread: threading.Thread, patience: float) -> float:
    """Wait for a thread and return what is left of the patience."""
    begun = monotonic()
    thread.join(max(patience, 0.0))
    return patience - (monotonic() - begun)


def _ask(name: str, question: Callable[[], T], answers: dict[str, Any]) -> None:
    answers[name] = answer_of(question)


def answer_of(question: Callable[[], T]) -> T | NoAnswer:
    """The answer to a question; `NoAnswer` where it fails, in words without a secret."""
    try:
        return question()
    except ProblemsError as error:
        return NoAnswer("; ".join(f"{item.where}: {item.found}" for item in error.problems))
    except OSError as error:
        return NoAnswer(error.strerror or type(error).__name__)
    except Exception as error:  # noqa: BLE001  (its text may hold a secret or an input, so it is not told)
        return NoAnswer(f"it failed ({without_values(error).kinds[0]})")
