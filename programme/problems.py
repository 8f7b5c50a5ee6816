"""A user's mistake, reported so that the user can correct it.

Belongs here: the one shape of a user's mistake (`Problem`), the one exception that carries all of them at
once (`ProblemsError`), and the one for a file that cannot be read at all (`UnreadableError`). The command
line turns them into exit status 2 without a traceback. Must stay out: how a problem is printed
(`flows/cli.py`), and faults of our own (those are ordinary exceptions; `flows/unexpected.py` tells them).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One mistake in an input, a rules file or a command.

    It says what was found, what was expected, where, and what to do (`remedy`).
    """

    found: str
    expected: str
    where: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}; expected {self.expected}. {self.remedy}"


class ProblemsError(Exception):
    """All mistakes at once, so that nobody corrects one only to meet the next."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnreadableError(Exception):
    """A file's content cannot be read as what it is.

    `found`, `expected` and `remedy` are those of a `Problem`; whoever knows the file's name adds where.
    """

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        super().__init__(found)
        self.found, self.expected, self.remedy = found, expected, remedy


def problem(*, found: str, expected: str, where: str, remedy: str) -> ProblemsError:
    """The error for a single mistake, ready to be raised."""
    return ProblemsError([Problem(found=found, expected=expected, where=where, remedy=remedy)])
