"""What the clauses of the FAQ ask, from `clauses.toml`, for whoever decides by them.

Belongs here: the model. Must stay out: which rule rests on which clause (`eligibility.toml`). It is no part
of the rules that a version names: nothing in it changes a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from programme.rules import HERE, Rules, read_rules


class Clause(Rules):
    """A clause in this project's words: its title, and what it asks."""

    title: str
    text: str


def read_clauses(folder: Path = HERE) -> Mapping[str, Clause]:
    """Read `clauses.toml`; raises `ProblemsError`."""
    return read_rules(folder, "clauses.toml", _File).clauses


class _File(Rules):
    """The file: a table a clause, below one heading."""

    clauses: dict[str, Clause]


def cited(clauses: Mapping[str, Clause], citation: str) -> list[tuple[str, Clause]]:
    """The clauses that a text such as "3.3.1, 3.4" cites, those that are known."""
    numbers = [part.strip() for part in citation.split(",")]
    return [(number, clauses[number]) for number in numbers if number in clauses]
