"""What people decided about the matching, read from the ledger of decisions.

Belongs here: whom the decisions on twinnings are about. Must stay out: which decisions are in force
(`tasks/decisions`), and whether they can hold together.
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import DecisionKind
from tasks.decisions.effective import of_kinds
from tasks.matchmaking.problem import Confirmation, Constraints, Forbid, Pin, Previous, Withdrawal

KINDS: tuple[DecisionKind, ...] = ("pin", "forbid", "withdraw", "confirm", "release")
Row = dict[str, object]


def constraints_from(decisions: pl.DataFrame, candidates: pl.DataFrame, previous: Previous) -> Constraints:
    """The constraints that the decisions in force make.

    `decisions` are those in force (`tasks/decisions`, dictionary table DECISIONS); other kinds than `KINDS`
    are passed over. A subject may be a submission or a city id. A pin, forbid or confirmation of what is not
    there becomes a finding and has no effect; a withdrawal of a city that does not take part asks for
    nothing."""
    findings: list[Row] = []
    city_of = _cities(candidates)
    pairs: dict[tuple[str, ...], Pin | Forbid] = {}
    withdrawals: dict[str, Withdrawal] = {}
    confirmed: dict[str, Confirmation | None] = {}
    for row in of_kinds(decisions, KINDS).iter_rows(named=True):
        kind, subject = row["kind"], str(row["subject"])
        if kind in ("pin", "forbid"):
            pair, problems = _pair(row, city_of)
            findings += problems
            if pair is not None:
                pairs[(*sorted((pair.city_a, pair.city_b)), pair.topic or "")] = pair
        elif kind == "withdraw" and subject in city_of:
            withdrawals[city_of[subject]] = Withdrawal(city_of[subject], _source(row))
        elif kind == "release":
            confirmed[subject] = None
        elif kind == "confirm":
            confirmed[subject] = _confirmation(row, previous)
            if confirmed[subject] is None:
                findings.append(
                    _finding(
                        row,
                        "subject",
                        f"confirms the twinning {subject}, which the version before does not have; without effect",
                    )
                )
    return Constraints(
        pins=tuple(pair for pair in pairs.values() if isinstance(pair, Pin)),
        forbids=tuple(pair for pair in pairs.values() if isinstance(pair, Forbid)),
        withdrawals=tuple(withdrawals.values()),
        confirmations=tuple(item for item in confirmed.values() if item is not None),
        findings=tuple(findings),
    )


def _cities(candidates: pl.DataFrame) -> dict[str, str]:
    """Submission id or city id to city id."""
    by_application = dict(candidates.select("application_id", "city_id").iter_rows())
    return {city: city for city in by_application.values()} | by_application


def _pair(row: Row, city_of: dict[str, str]) -> tuple[Pin | Forbid | None, list[Row]]:
    kind = Pin if row["kind"] == "pin" else Forbid
    problems = [
        _finding(
            row,
            column,
            f"names {row[column] or 'nobody'}, which does not take part in the matching; without effect",
        )
        for column in ("subject", "object")
        if str(row[column]) not in city_of
    ]
    if problems:
        return None, problems
    a, b = city_of[str(row["subject"])], city_of[str(row["object"])]
    if a == b:
        return None, [_finding(row, "object", f"names the city {a} twice; without effect")]
    return kind(a, b, str(row["value"]) if row["value"] else None, _source(row)), []


def _confirmation(row: Row, previous: Previous) -> Confirmation | None:
    twinning = previous.twinnings.filter(pl.col("twinning_id") == row["subject"])
    if twinning.is_empty():
        return None
    cities = (
        previous.members.filter(pl.col("twinning_id") == row["subject"])
        .get_column("city_id")
        .sort()
        .to_list()
    )
    return Confirmation(str(row["subject"]), twinning.item(0, "topic"), tuple(cities), _source(row))


def _source(row: Row) -> str:
    return f"decision {row['decision_id']}"


def _finding(row: Row, column: str, what: str) -> Row:
    return {
        "table": "decisions",
        "expectation": "decision_refers_to_something_known",
        "severity": "warn",
        "row_key": str(row["decision_id"]),
        "column": column,
        "message": f"The {row['kind']} decision {row['decision_id']} {what}.",
    }
