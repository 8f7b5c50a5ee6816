"""What six invented evaluators thought: scores of different severity, with conflicts of interest and slips.

Belongs here: panels and scores. Must stay out: which application is good (its case says so).
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from samples.case import Call, Case
from samples.dice import dice
from samples.files import Cell

SEVERITY = {
    "SAMPLE-EV1": 0.6,
    "SAMPLE-EV2": 0.3,
    "SAMPLE-EV3": 0.0,
    "SAMPLE-EV4": -0.1,
    "SAMPLE-EV5": -0.4,
    "SAMPLE-EV6": -0.9,
}
"""What an evaluator adds to every score: the first is kind, the last is harsh."""
CRITERIA = ("mandate", "impact", "added value", "engagement", "previous experience")
COMMENTS = (
    "Clear figures.",
    "Convincing team, weak timetable.",
    "Who pays after the pilot?",
    "Good partners named.",
    "Needs a decision of the council.",
)
CONFLICTS = {"Bursa TR", "Rotterdam NL", "Munich DE", "Tallinn EE", "Porto PT", "Melbourne AU", "Kampala UG"}
"""Applications of which one evaluator of the panel declared a conflict, and gave fives all the same."""

SLIPS = {
    "2025-07": {"forgotten": "Surabaya ID", "beyond": "Sevilla ES"},
    "2026-01": {"forgotten": "Gent BE", "beyond": "Lyon FR"},
}
"""Applications of which one score was forgotten, or lies beyond the scale."""


def evaluations(call: Call) -> list[dict[str, Cell]]:
    """One row per evaluator, application and criterion, by application; at the end the slips every such file
    has.
    """
    rows = [
        row
        for case in call.cases
        if case.panel != "none" and case.quality is not None
        for row in _panel(call, case)
    ]
    return _with_slips(rows, call)


def _panel(call: Call, case: Case) -> list[dict[str, Cell]]:
    draw = dice("scores", call.round_id, case.handle)
    panel = _panel_of(call, case.handle)
    conflicted = panel[0] if case.handle in CONFLICTS else ""
    rows: list[dict[str, Cell]] = []
    for place, evaluator in enumerate(panel):
        for criterion in CRITERIA:
            score = (
                5
                if evaluator == conflicted
                else _disputed(place, draw)
                if case.panel == "disputed"
                else _score(case, evaluator, draw)
            )
            comment = draw.choice(COMMENTS) if draw.random() < 0.15 else None
            rows.append(
                _row(call, evaluator, case.handle, criterion, score, comment, evaluator == conflicted, draw)
            )
    return rows


def _panel_of(call: Call, handle: str) -> list[str]:
    return sorted(dice("panel", call.round_id, handle).sample(sorted(SEVERITY), 3))


def _score(case: Case, evaluator: str, draw: Random) -> int:
    return min(5, max(0, round((case.quality or 3.0) + SEVERITY[evaluator] + draw.gauss(0, 0.4))))


def _disputed(place: int, draw: Random) -> int:
    return (5, draw.choice((0, 1)), 3)[place]


def _row(
    call: Call,
    evaluator: str,
    handle: str,
    criterion: str,
    score: int,
    comment: str | None,
    conflict: bool,
    draw: Random,
) -> dict[str, Cell]:
    return {
        "evaluator_id": evaluator,
        "submission_id": call.submission_id(handle),
        "criterion": criterion,
        "score": score,
        "comment": comment,
        "conflict": "yes" if conflict else "no",
        "evaluated_at": (call.evaluated_on - timedelta(days=draw.randrange(8))).isoformat(),
    }


def _with_slips(rows: list[dict[str, Cell]], call: Call) -> list[dict[str, Cell]]:
    """A score forgotten, a score beyond the scale, and an application nobody knows: rows to set aside, not to
    guess at.
    """
    forgotten, beyond = (SLIPS[call.round_id][slip] for slip in ("forgotten", "beyond"))
    changed: list[dict[str, Cell]] = []
    for row in rows:
        matches = (row["submission_id"], row["criterion"])
        slip: dict[str, Cell] = {}
        if (
            matches == (call.submission_id(forgotten), "impact")
            and row["evaluator_id"] == _panel_of(call, forgotten)[1]
        ):
            slip = {"score": None}
        if (
            matches == (call.submission_id(beyond), "engagement")
            and row["evaluator_id"] == _panel_of(call, beyond)[2]
        ):
            slip = {"score": 7}
        changed.append(row | slip)
    return [*changed, rows[-1] | {"submission_id": f"SAMPLE-{call.round_id[:4]}-999"}]
