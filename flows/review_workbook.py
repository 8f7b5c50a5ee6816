"""The review workbook of a round: the open points as XLSX, and the answers recorded as decisions.

Belongs here: which points go into it, and recording the replies through the same door as `city2city decide`.
Must stay out: the workbook itself (`pages/workbook`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.deciding import Answer as Recorded
from flows.deciding import Wish, decide_wish
from flows.points_now import points_now
from flows.published_versions import origin_of, read_version
from pages.views.answers import Answer, answers, named_rows
from pages.workbook.read import Reply, read_replies
from pages.workbook.write import OpenRow, review_workbook
from programme.problems import Problem, ProblemsError
from warehouse.sandbox import open_in_sandbox

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Collected:
    """What a workbook came to.

    The points that were answered with what was recorded, how many answers were known already, and what could
    not be recorded.
    """

    recorded: list[tuple[Row, Recorded]]
    known: int
    problems: list[Problem]


@dataclass(frozen=True)
class _Open:
    """The points of the newest version, each with the decision that answers it, by their ids."""

    version: int
    tables: Mapping[str, pl.DataFrame]
    points: Mapping[str, tuple[Row, Row | None]]

    def answers(self, point: Row) -> tuple[Answer, ...]:
        """The answers of a point; what asks for personal data is left to desk and terminal."""
        rows = named_rows(str(point["evidence"])) if point["kind"] == "link" else []
        return tuple(one for one in answers(point, self.tables, rows) if one.asks != "contact")


def make_workbook(context: AppContext, round_id: str) -> bytes:
    """The review workbook of a round's newest version; raises `ProblemsError` before the first."""
    now = _open(context, round_id)
    rows = [OpenRow(point, now.answers(point)) for point, answer in now.points.values() if answer is None]
    return review_workbook(round_id, now.version, rows)


def collect_workbook(context: AppContext, round_id: str, content: bytes, name: str, by: str) -> Collected:
    """Record the answers of a workbook; each is checked like a decision of the terminal.

    What cannot be recorded is among the problems, with its row; the other answers are recorded.
    """
    replies = read_replies(content, name, round_id, open_binary=open_in_sandbox)
    recorded: list[tuple[Row, Recorded]] = []
    known, problems = 0, []
    for reply in replies:
        now = _open(context, round_id)
        try:
            point, answer = _asked(now, reply, name)
            wish = _wish(answer, reply)
            if (before := now.points[reply.point][1]) is not None:
                if (before["kind"], before["object"], before["value"]) != (
                    wish.kind,
                    wish.object,
                    wish.value,
                ):
                    raise _answered_meanwhile(before, reply, name)
                known += 1
                continue
            moment = datetime.now(UTC)
            done = decide_wish(context, context.round(round_id), wish, reason=reply.reason, by=by, now=moment)
            recorded.append((point, done))
        except ProblemsError as error:
            where = f"{name}, row {reply.row}"
            problems += [Problem(one.found, one.expected, where, one.remedy) for one in error.problems]
    return Collected(recorded, known, problems)


def _open(context: AppContext, round_id: str) -> _Open:
    published = read_version(context, round_id, context.latest_version(round_id))
    decided = origin_of(context, published).decisions
    now = points_now(context, context.round(round_id), published.tables, decided, datetime.now(UTC))
    return _Open(
        published.version, published.tables, {row["id"]: (row, answer) for row, answer in now.points}
    )


def _asked(now: _Open, reply: Reply, name: str) -> tuple[Row, Answer]:
    """The point and the answer that a reply means."""
    where = f"{name}, row {reply.row}"
    if reply.point not in now.points:
        gone = Problem(
            "a point that is gone",
            f"a point that is open in version {now.version}",
            where,
            "It was settled, or what is known has changed. Look at the open points again.",
        )
        raise ProblemsError([gone])
    point = now.points[reply.point][0]
    offered = now.answers(point)
    answer = next((one for one in offered if one.label.casefold() == reply.answer.casefold()), None)
    mistakes = []
    if answer is None:
        labels = ", ".join(one.label for one in offered)
        mistakes.append(
            Problem(f"the answer {reply.answer[:60]!r}", f"one of: {labels}", where, "Choose from the list.")
        )
    if not reply.reason:
        mistakes.append(
            Problem("no reason", "a reason for the answer", where, "Say why in the column Reason.")
        )
    if answer is not None and answer.asks and not reply.extra:
        what = "the register's row" if answer.asks == "row" else "the evaluator"
        mistakes.append(Problem("nothing beside the answer", what, where, "Name it in the column beside it."))
    if mistakes or answer is None:
        raise ProblemsError(mistakes)
    return point, answer


def _wish(answer: Answer, reply: Reply) -> Wish:
    return Wish(
        answer.kind,
        reply.extra if answer.asks == "evaluator" else answer.subject,
        answer.object,
        reply.extra if answer.asks == "row" else answer.value,
        conditional_ok=answer.conditional,
    )


def _answered_meanwhile(before: Row, reply: Reply, name: str) -> ProblemsError:
    said = " ".join(str(before[field]) for field in ("kind", "object", "value") if before[field])
    found = Problem(
        f"a point that {before['decided_by']} answered meanwhile ({said})",
        "a point that is open",
        f"{name}, row {reply.row}",
        "If you do not agree, take that decision back first (city2city decide ROUND undo ID).",
    )
    return ProblemsError([found])
