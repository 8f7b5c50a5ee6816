"""The scores of six invented evaluators of different severity, with conflicts of interest and errors.

Belongs here: panels and scores. Must stay out: how good an application is (its case says so).
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from samples.case import Call, SampleCase
from samples.files import Cell
from samples.seeded_random import seeded_random

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

SCORE_ERRORS = {
    "2025-07": {"forgotten": "Surabaya ID", "beyond": "Sevilla ES"},
    "2026-01": {"forgotten": "Gent BE", "beyond": "Lyon FR"},
}
"""Applications of which one score was forgotten, or lies beyond the scale."""


def evaluations(call: Call) -> list[dict[str, Cell]]:
    """One row per evaluator, application and criterion, by application, with the errors of such files."""
    rows = [
        row
        for case in call.cases
        if case.panel != "none" and case.quality is not None
        for row in _panel(call, case)
    ]
    return _with_errors(rows, call)


def _panel(call: Call, case: SampleCase) -> list[dict[str, Cell]]:
    rng = seeded_random("scores", call.round_id, case.handle)
    panel = _panel_of(call, case.handle)
    conflicted = panel[0] if case.handle in CONFLICTS else ""
    rows: list[dict[str, Cell]] = []
    for place, evaluator in enumerate(panel):
        for criterion in CRITERIA:
            score = (
                5
                if evaluator == conflicted
                else _disputed(place, rng)
                if case.panel == "disputed"
                else _score(case, evaluator, rng)
            )
            comment = rng.choice(COMMENTS) if rng.random() < 0.15 else None
            rows.append(
                _row(call, evaluator, case.handle, criterion, score, comment, evaluator == conflicted, rng)
            )
    return rows


def _panel_of(call: Call, handle: str) -> list[str]:
    return sorted(seeded_random("panel", call.round_id, handle).sample(sorted(SEVERITY), 3))


def _score(case: SampleCase, evaluator: str, rng: Random) -> int:
    return min(5, max(0, round((case.quality or 3.0) + SEVERITY[evaluator] + rng.gauss(0, 0.4))))


def _disputed(place: int, rng: Random) -> int:
    return (5, rng.choice((0, 1)), 3)[place]


def _row(
    call: Call,
    evaluator: str,
    handle: str,
    criterion: str,
    score: int,
    comment: str | None,
    conflict: bool,
    rng: Random,
) -> dict[str, Cell]:
    return {
        "evaluator_id": evaluator,
        "submission_id": call.submission_id(handle),
        "criterion": criterion,
        "score": score,
        "comment": comment,
        "conflict": "yes" if conflict else "no",
        "evaluated_at": (call.evaluated_on - timedelta(days=rng.randrange(8))).isoformat(),
    }


def _with_errors(rows: list[dict[str, Cell]], call: Call) -> list[dict[str, Cell]]:
    """The rows with a score forgotten, one beyond the scale, and an application that nobody knows.

    Such rows are to be set aside, not guessed at.
    """
    forgotten, beyond = (SCORE_ERRORS[call.round_id][error] for error in ("forgotten", "beyond"))
    wrong: dict[tuple[Cell, Cell, Cell], Cell] = {
        (call.submission_id(forgotten), "impact", _panel_of(call, forgotten)[1]): None,
        (call.submission_id(beyond), "engagement", _panel_of(call, beyond)[2]): 7,
    }
    changed = []
    for row in rows:
        key = (row["submission_id"], row["criterion"], row["evaluator_id"])
        changed.append(row | {"score": wrong.get(key, row["score"])})
    return [*changed, rows[-1] | {"submission_id": f"SAMPLE-{call.round_id[:4]}-999"}]
