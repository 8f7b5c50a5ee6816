"""Cells that hold several records: members of a consortium, earlier cooperations.

Belongs here: splitting `name | population | plan_status` and `city | country | programme | topic`; each
record stands on a line of its own or behind a `;`. Must stay out: what a number, a status or a topic looks
like (`numbers.py`, `choices.py`).
"""

from __future__ import annotations

import re

from tasks.ingest.cells.choices import Choices
from tasks.ingest.cells.column_reading import NO_NAME, PARTLY_READ, UNREADABLE, CellReading
from tasks.ingest.cells.names import SpreadsheetWords, is_no_name
from tasks.ingest.cells.numbers import read_whole_number

Record = dict[str, object]
"""One record: what is missing is None."""


def read_members(text: str, statuses: Choices, words: SpreadsheetWords) -> CellReading:
    """Members of a consortium, each with a name; population and plan status may be missing."""
    records: list[Record] = []
    rules: set[str | None] = set()
    for parts in _split_records(text, 3):
        population, rule = read_whole_number(parts[1]) if parts[1] else (None, None)
        status, status_rule = statuses.find(parts[2]) if parts[2] else (None, None)
        rules |= {None if parts[1] == str(population) else rule, status_rule}
        rules |= {NO_NAME} if is_no_name(parts[0], words) else set()
        if parts[0]:
            records.append({"name": parts[0], "population": population, "plan_status": status})
        else:
            rules.add(UNREADABLE)
    return _cell_reading(records, rules)


def read_cooperations(text: str, topics: Choices) -> CellReading:
    """Earlier cooperations, each with a city; a topic that is none of ours stays as typed."""
    records: list[Record] = []
    rules: set[str | None] = set()
    for parts in _split_records(text, 4):
        topic, rule = topics.find(parts[3]) if parts[3] else (None, None)
        rules.add(None if rule == UNREADABLE else rule)
        if parts[0]:
            city, country, programme, written = (part or None for part in parts)
            place: Record = {"city": city, "country": country}
            records.append(place | {"programme": programme, "topic": topic or written})
        else:
            rules.add(UNREADABLE)
    return _cell_reading(records, rules)


def _split_records(text: str, n_parts: int) -> list[list[str]]:
    """The parts of each record, as many as `n_parts`; what is missing is an empty text."""
    lines = [line.strip(" \t•*-") for line in re.split(r"[;\n]", text)]
    rows = [[part.strip() for part in line.split("|")] for line in lines if line]
    return [(row + [""] * n_parts)[:n_parts] for row in rows]


def _cell_reading(records: list[Record], rules: set[str | None]) -> CellReading:
    """The records of a cell and the one rule that says most: partly read, no name, a list, or none."""
    if not records:
        return None, UNREADABLE
    rules.discard(None)
    if UNREADABLE in rules or NO_NAME in rules:
        return records, PARTLY_READ if UNREADABLE in rules else NO_NAME
    return records, "list" if rules else None
