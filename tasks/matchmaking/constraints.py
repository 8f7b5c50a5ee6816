"""The decisions in force about the matching, as constraints of the problem.

Belongs here: picking `pin`, `forbid`, `withdraw` and `confirm`, and whom they are about. Must stay out: which
decisions are in force (`tasks/decisions/effective.py`) and whether they can hold together
(`tasks/matchmaking/feasibility/infeasibility.py`).
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import DecisionKind
from tasks.decisions.effective import of_kinds
from tasks.decisions.pin_value import read_pin_value
from tasks.matchmaking.problem import BaselineTwinnings, Confirmation, Constraints, Forbid, Pin, Withdrawal
from warehouse.dictionary.findings import Finding

KINDS: tuple[DecisionKind, ...] = ("pin", "forbid", "withdraw", "confirm")

Row = dict[str, object]


def constraints_from(
    effective: pl.DataFrame, candidates: pl.DataFrame, baseline: BaselineTwinnings
) -> Constraints:
    """The constraints of a problem, and a finding for each decision that has no effect.

    `effective` holds the decisions in force (dictionary DECISIONS) in order of time; other kinds are passed
    over. A subject may be a submission or a city id, so two decisions may still be about the same pair of
    cities: then the later one counts. A pin, forbid or confirmation of what is not there becomes a finding; a
    withdrawal of a city that takes no part asks for nothing.
    """
    city_of = _cities(candidates)
    pairs: dict[tuple[str, ...], Pin | Forbid] = {}
    withdrawals: dict[str, Withdrawal] = {}
    confirmations: list[Confirmation] = []
    findings: list[Finding] = []
    for row in of_kinds(effective, KINDS).iter_rows(named=True):
        kind, subject = row["kind"], str(row["subject"])
        if kind in ("pin", "forbid"):
            pair, problems = _pair(row, city_of)
            findings += problems
            if pair is not None:
                pairs[(*sorted((pair.city_a, pair.city_b)), pair.topic or "")] = pair
        elif kind == "withdraw" and subject in city_of:
            withdrawals[city_of[subject]] = Withdrawal(city_of[subject], _source(row))
        elif kind == "confirm":
            confirmed, problems = _confirmation(row, baseline)
            findings += problems
            confirmations += confirmed
    return Constraints(
        pins=tuple(pair for pair in pairs.values() if isinstance(pair, Pin)),
        forbids=tuple(pair for pair in pairs.values() if isinstance(pair, Forbid)),
        withdrawals=tuple(withdrawals.values()),
        confirmations=tuple(confirmations),
        findings=tuple(findings),
    )


def _cities(candidates: pl.DataFrame) -> dict[str, str]:
    """Submission id or city id to city id."""
    by_application = dict(candidates.select("application_id", "city_id").iter_rows())
    return {city: city for city in by_application.values()} | by_application


def _pair(row: Row, city_of: dict[str, str]) -> tuple[Pin | Forbid | None, list[Finding]]:
    problems = [
        _without_effect(
            row, column, f"names {row[column] or 'nobody'}, which does not take part in the matching"
        )
        for column in ("subject", "object")
        if str(row[column]) not in city_of
    ]
    if problems:
        return None, problems
    a, b = city_of[str(row["subject"])], city_of[str(row["object"])]
    if a == b:
        return None, [_without_effect(row, "object", f"names the city {a} twice")]
    if row["kind"] == "forbid":
        return Forbid(a, b, str(row["value"]) if row["value"] else None, _source(row)), []
    value = read_pin_value(str(row["value"]) if row["value"] else None)
    return Pin(a, b, value.topic, _source(row), value.overrides), []


def _confirmation(row: Row, baseline: BaselineTwinnings) -> tuple[list[Confirmation], list[Finding]]:
    subject = str(row["subject"])
    twinning = baseline.twinnings.filter(pl.col("twinning_id") == subject)
    if twinning.is_empty():
        what = f"confirms the twinning {subject}, which the version before does not have"
        return [], [_without_effect(row, "subject", what)]
    cities = baseline.members.filter(pl.col("twinning_id") == subject)["city_id"].sort()
    return [Confirmation(subject, twinning.item(0, "topic"), tuple(cities), _source(row))], []


def _source(row: Row) -> str:
    return f"decision {row['decision_id']}"


def _without_effect(row: Row, column: str, what: str) -> Finding:
    return Finding.about_decision(
        str(row["decision_id"]),
        f"The {row['kind']} decision {row['decision_id']} {what}; without effect.",
        expectation="decision_refers_to_something_known",
        column=column,
    )
