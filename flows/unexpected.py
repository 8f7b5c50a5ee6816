"""Errors nobody expected, told without any value: a fault of the program, the machine or the database.

The text of an exception of a library may quote a cell: polars and pydantic quote what they could not read, a
database quotes the row it refused. Prefect keeps an exception and logs its text. So what leaves a step, a
flow or the command line is an `UnexpectedError`, which says which kind of error was raised in which lines.

Belongs here: the door through which exceptions leave (`without_values`, `guarded`). Must stay out: mistakes
of a user (`programme/problems.py`) and stops (`errors.py`), whose texts are ours and pass as they are.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from inspect import signature
from typing import NoReturn, ParamSpec, TypeVar

from flows.errors import StoppedError
from programme.problems import ProblemsError

P = ParamSpec("P")
R = TypeVar("R")

_OURS = (ProblemsError, StoppedError)
"""Errors whose texts are ours and hold no cell."""
_PANIC = "PanicException"
"""The error of a library in Rust that gave up; Python counts it among the signals."""
_MOST_LINES = 60
_CODES = ("sqlite_errorname", "sqlstate", "errno")
"""Attributes by which databases and systems say what went wrong without quoting anything."""


class UnexpectedError(Exception):
    """An error without values: `kinds` are the types raised, the first cause last; `lines` where.

    `kinds` also name the classes that each type is a kind of, so that whoever retries can tell them apart.
    """

    def __init__(self, kinds: tuple[str, ...], lines: tuple[str, ...], classes: frozenset[str]) -> None:
        self.kinds, self.lines, self.classes = kinds, lines, classes
        super().__init__(kinds, lines, classes)

    def __str__(self) -> str:
        where = self.lines[-1] if self.lines else "an unknown place"
        because = "".join(f", because of {kind}" for kind in self.kinds[1:])
        return (
            f"Unexpected error {self.kinds[0]} at {where}{because}. "
            f"What it said is left out, since it may quote an input. The way there: {' > '.join(self.lines)}"
        )


def without_values(error: BaseException) -> UnexpectedError:
    """The same error as types and lines alone."""
    chain = list(_chain(error))
    kinds = tuple(_kind(one) for one in chain)
    lines = tuple(line for one in reversed(chain) for line in _lines(one))
    classes = frozenset(
        f"{kind.__module__}.{kind.__qualname__}" for one in chain for kind in type(one).__mro__
    )
    return UnexpectedError(kinds, lines[-_MOST_LINES:], classes)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it was raised from or while handling, each once."""
    seen: set[int] = set()
    next_error: BaseException | None = error
    while next_error is not None and id(next_error) not in seen:
        seen.add(id(next_error))
        yield next_error
        next_error = next_error.__cause__ or next_error.__context__


def _kind(error: BaseException) -> str:
    """The type of an error, with the code of a database or system where it has one."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    codes = [str(code) for attribute in _CODES if (code := getattr(error, attribute, None)) is not None]
    return f"{name} ({', '.join(codes)})" if codes else name


def _lines(error: BaseException) -> Iterator[str]:
    """Module, line and function of each frame of an error."""
    for frame, number in traceback.walk_tb(error.__traceback__):
        yield f"{frame.f_globals.get('__name__', '?')}:{number} {frame.f_code.co_name}"


def is_unexpected(error: BaseException) -> bool:
    """Whether an error is neither ours nor a signal to end (Ctrl-C, a cancelled run)."""
    is_error = isinstance(error, Exception) or type(error).__name__ == _PANIC
    return is_error and not isinstance(error, (*_OURS, UnexpectedError))


def leave(error: BaseException) -> NoReturn:
    """Raise the error without values, or, where its text is ours, as it is; without what it came from.

    It is called outside of any `except`, so that Python does not note the original beside it.
    """
    leaving = without_values(error) if is_unexpected(error) else error
    leaving.__cause__, leaving.__context__ = None, None
    leaving.__suppress_context__ = True
    raise leaving.with_traceback(None)


def guarded(function: Callable[P, R]) -> Callable[P, R]:
    """The function behind the door: whatever it raises holds no value of an input."""

    @wraps(function)
    def behind_the_door(*args: P.args, **kwargs: P.kwargs) -> R:
        failed: BaseException | None = None
        try:
            return function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001  (a panic of a library in Rust is no Exception)
            failed = error
        leave(failed)

    # Prefect reads the types of a flow's parameters, and would look for their names in this module.
    with suppress(NameError):
        behind_the_door.__signature__ = signature(function, eval_str=True)  # type: ignore[attr-defined]
    return behind_the_door
