"""Several forms of one city: what the office and the senders are told.

Belongs here: the findings about forms that different senders sent for one city, and the point by which the
sender of a replaced form is told. Must stay out: which form counts (`form_states.py`). What is told names
forms by their ids, never a sender.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from programme.counts import listed
from programme.letters import REPLACED
from tasks.eligibility.form_states import FormState
from tasks.eligibility.scan_letters import OpenPoint
from warehouse.dictionary.findings import Finding

CONTESTED = "one_sender_a_city"
"""The expectation whose findings are about two senders of one city, both of whose forms stay."""
REPLACED_BY_OTHERS = "replaced_by_its_own_sender"
"""The expectation whose findings are about forms that gave way to a form of somebody else."""
CLAUSE = "3.3.1, 3.4"
_WHY = "--reason TEXT --by WHO"


def several_forms(states: Mapping[str, FormState], round_id: str) -> list[Finding]:
    """A finding for each form that waits behind another sender's, and for each that gave way to one."""
    findings = []
    for key, state in states.items():
        if state.waits_behind:
            findings.append(
                Finding("applications", CONTESTED, _contested(key, state, round_id), key, "state")
            )
        elif state.replaced_by == "other_sender":
            message = _replaced(key, str(state.superseded_by), round_id)
            findings.append(Finding("applications", REPLACED_BY_OTHERS, message, key, "superseded_by"))
    return findings


def _contested(key: str, state: FormState, round_id: str) -> str:
    first = state.waits_behind[0]
    decide = f"city2city decide {round_id}"
    return (
        f"{key} and {listed(state.waits_behind)} are for one city and were sent by different senders; "
        f"expected one. {first} goes on as if it were alone, {key} waits. Ask the city who speaks for it. "
        f"If {first} stands: {decide} merge {first} {key} {_WHY}. "
        f"If {key} stands: {decide} merge {key} {first} {_WHY}. "
        f"If {key} is not the city's at all: {decide} withdraw {key} {_WHY}."
    )


def _replaced(key: str, newer: str, round_id: str) -> str:
    decide = f"city2city decide {round_id}"
    return (
        f"{newer} was sent later for the same city, by another sender with at least as strong a mandate, and "
        f"stands in the place of {key}. Ask the city whether that is right. "
        f"If it is: {decide} merge {newer} {key} {_WHY}. "
        f"If {key} stands: {decide} merge {key} {newer} {_WHY}."
    )


def replaced_form_points(applications: pl.DataFrame) -> list[OpenPoint]:
    """One point for the sender of each form that another one stands in the place of.

    `applications` is the dictionary's table APPLICATIONS.
    """
    sent = dict(applications.select("application_id", "submitted_at").iter_rows())
    replaced = applications.filter(pl.col("superseded_by").is_not_null()).sort("application_id")
    points = []
    for key, newer in replaced.select("application_id", "superseded_by").iter_rows():
        when = f" on {sent[newer]:%-d %B %Y}" if sent.get(newer) else ""
        message = (
            f"Another form for your city reached us{when}; its number is {newer}. It stands in the place of "
            "yours, and yours counts no more. If you did not expect that, please tell us."
        )
        points.append(OpenPoint(key, REPLACED, "unclear", message, CLAUSE))
    return points
