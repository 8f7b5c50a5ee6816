"""The layout of a review workbook, for the file that writes it and the one that reads it back.

Belongs here: names of sheets, the mark, headings. Must stay out: writing and reading.
"""

from __future__ import annotations

FORMAT = "city2city-review-1"
"""The mark by which a workbook is known as ours, and by which of its shapes."""
POINTS, CHOICES, READ_ME = "Points", "Choices", "Read me"
HEADING_ROW, FIRST_ROW = 4, 5
"""Rows as a person counts them: the headings, and the first point."""
POINT, SEEN = "Point", "Answered by"
ANSWER, EXTRA, REASON = "Answer", "Register row or evaluator", "Reason"
HEADINGS = ("Who", "Country", "Kind", "About", "What is known", ANSWER, EXTRA, REASON, POINT, SEEN)
WIDTHS = (28, 16, 20, 18, 60, 30, 20, 40, 15, 15)
_BETWEEN = " | "


def mark(round_id: str, version: int) -> str:
    """The mark with round and version, in one cell."""
    return _BETWEEN.join((FORMAT, round_id, str(version)))


def read_mark(text: str) -> tuple[str, int] | None:
    """Round and version of a mark; None where the text is none."""
    parts = text.split(_BETWEEN)
    if len(parts) != 3 or parts[0] != FORMAT or not parts[2].isdigit():
        return None
    return parts[1], int(parts[2])
