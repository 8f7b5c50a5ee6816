"""Cells that hold several records: members of a consortium, earlier cooperations.

Belongs here: splitting `name | population | plan_status` and `city | country | programme | topic`, one a line
or by `;`. Must stay out: what a number, a status or a topic looks like (`numbers.py`, `choices.py`).
"""

from __future__ import annotations

import re

from tasks.ingest.cells.choices import PARTLY, Choices
from tasks.ingest.cells.numbers import read_whole_number
from tasks.ingest.cells.understood import UNREADABLE, Reading


def read_members(text: str, statuses: Choices) -> Reading:
    """Members of a consortium, each with a name; population and plan status may be missing."""
    records, rules = [], set()
    for parts in _split(text, 3):
        population, rule = read_whole_number(parts[1]) if parts[1] else (None, None)
        status, status_rule = statuses.find(parts[2]) if parts[2] else (None, None)
        rules |= {None if parts[1] == str(population) else rule, status_rule}
        if parts[0]:
            records.append({"name": parts[0], "population": population, "plan_status": status})
        else:
            rules.add(UNREADABLE)
    return _answer(list(records), rules)


def read_cooperations(text: str, topics: Choices) -> Reading:
    """Earlier cooperations, each with a city; a topic that is none of ours stays as typed."""
    records, rules = [], set()
    for parts in _split(text, 4):
        topic, rule = topics.find(parts[3]) if parts[3] else (None, None)
        rules.add(None if rule == UNREADABLE else rule)
        if parts[0]:
            records.append(
                {
                    "city": parts[0],
                    "country": parts[1] or None,
                    "programme": parts[2] or None,
                    "topic": topic or parts[3] or None,
                }
            )
        else:
            rules.add(UNREADABLE)
    return _answer(list(records), rules)


def _split(text: str, width: int) -> list[list[str]]:
    lines = [line.strip(" \t•*-") for line in re.split(r"[;\n]", text)]
    rows = [[part.strip() for part in line.split("|")] for line in lines if line]
    return [(row + [""] * width)[:width] for row in rows]


def _answer(records: list[dict[str, object]], rules: set[str | None]) -> Reading:
    if not records:
        return None, UNREADABLE
    rules.discard(None)
    return records, PARTLY if UNREADABLE in rules else "list" if rules else None
