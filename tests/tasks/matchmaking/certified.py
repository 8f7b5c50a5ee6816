"""Choices with their certificate, as the rows that the checker reads."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasks.matchmaking.certificate.certify import certificate_table
from tasks.matchmaking.certificate.premises import premises_table
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.solver.pricing import ColumnPool

Rows = list[tuple[Any, ...]]


def certified(choice: Choice) -> dict[str, Rows]:
    """The rows of a choice's facts, certificate, twinnings and members."""
    distances = np.zeros(len(choice.instance.groups))
    solved = None if choice.solution.chosen is None else choice.solver.priced_out()
    if solved is not None:
        distances = ColumnPool(choice.instance).distances(solved, choice.solver.master.cuts)
    premises = premises_table(choice)
    return {
        "matching_facts": premises.rows(),
        "certificate": certificate_table(choice, premises, distances, solved).rows(),
        "twinnings": choice.twinnings.select("twinning_id", "topic", "state").rows(),
        "twinning_members": choice.members.select("twinning_id", "application_id").rows(),
    }


def claims(tables: dict[str, Rows]) -> dict[str, int]:
    """What a certificate claims."""
    return {what: value for item, what, _, value in tables["certificate"] if item == "claim"}
