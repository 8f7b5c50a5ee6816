"""A user's mistake, reported so that the user can correct it.

Belongs here: the one shape of such a mistake (`Problem`), and the one exception that carries several of them
(`ProblemsError`); the command line turns it into exit status 2 without a traceback. Must stay out: how it is
printed (`flows/cli.py`), and faults of the program, which are ordinary exceptions and show a traceback.
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


def problem(*, found: str, expected: str, where: str, remedy: str) -> ProblemsError:
    """The error for a single mistake, ready to be raised."""
    return ProblemsError([Problem(found=found, expected=expected, where=where, remedy=remedy)])
