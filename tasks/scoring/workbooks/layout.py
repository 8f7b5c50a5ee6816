"""The layout of an evaluator's workbook, for the file that writes it and the one that reads it back.

Belongs here: names of sheets, marks and headings. Must stay out: writing (`evaluator_workbook.py`) and
reading (`returned.py`).
"""

from __future__ import annotations

from programme.rubric import Rubric

FORMAT = "city2city-scores-2"
"""The mark by which a workbook is known as ours, and by which of its shapes."""
FORMATS = ("city2city-scores-1", FORMAT)
"""Marks that are read; workbooks of the first shape carry no token."""
SCORES, RUBRIC, READ_ME = "Scores", "Rubric", "Read me"
MARK_ROW, HEADING_ROW, FIRST_ROW = 1, 4, 5
"""Rows as a person counts them: the mark with round and evaluator, the headings, the first application."""
APPLICATION, CITY, COUNTRY, TOPICS = "Application", "City", "Country", "Topics"
CONFLICT, COMMENT, MISSING = "Conflict of interest", "Comment", "Still missing"
YES, NO = "yes", "no"
_BETWEEN = " | "


def headings(rubric: Rubric) -> list[str]:
    """The headings of the sheet of scores, in order."""
    return [
        APPLICATION,
        CITY,
        COUNTRY,
        TOPICS,
        *(about.title for about in rubric.by_id.values()),
        CONFLICT,
        COMMENT,
        MISSING,
    ]


def mark(round_id: str, evaluator_id: str, token: str) -> str:
    """The mark by which a workbook is recognised, in one cell, so that no change of columns splits it."""
    return _BETWEEN.join((FORMAT, round_id, token, evaluator_id))


def read_mark(text: str) -> tuple[str, str, str] | None:
    """Round, token and evaluator of a mark (the token blank where there is none); None where it is no
    mark.
    """
    if text.startswith(FORMATS[0]):
        parts = text.split(_BETWEEN, 2)
        return (parts[1], "", parts[2]) if len(parts) == 3 and parts[0] == FORMATS[0] else None
    parts = text.split(_BETWEEN, 3)
    return (parts[1], parts[2], parts[3]) if len(parts) == 4 and parts[0] == FORMAT else None
