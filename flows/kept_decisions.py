"""The decisions of a round as they are kept outside the database: lines, and those that a version names.

Belongs here: reading them, proving each line by its id, and finding out which were damaged. Must stay out:
how lines are appended (`warehouse/kept_lines.py`), and comparing with the database (`ledger.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.published_versions import PublishedVersion, origin_of
from warehouse.dictionary.decision_ids import decision_id, is_unchanged, old_decision_id
from warehouse.dictionary.inputs import DECISIONS
from warehouse.kept_lines import read_text_lines
from warehouse.snapshots import newest_whole, read_package

Row = dict[str, Any]
MOMENTS = ("decided_at", "recorded_at")
_CLAIMED = re.compile(r'"decision_id": "([0-9a-f]{12})"')


@dataclass(frozen=True)
class DamagedLine:
    """A kept line that is not as it was written: its number in the file, and what it held.

    `held` has the possible ids of each decision in it; nothing where nobody can say.
    """

    number: int
    held: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class KeptLines:
    """The kept decisions of a round, each once, in the order of recording; and what is damaged.

    A row has the columns of DECISIONS, `recorded_at` and `source`; newer ones have `sequence` and the stamps
    of their id too.
    """

    rows: tuple[Row, ...]
    damaged: tuple[DamagedLine, ...]

    def ids(self) -> set[str]:
        """The ids of the whole lines."""
        return {row["decision_id"] for row in self.rows}

    def lost(self, known: Collection[str]) -> list[DamagedLine]:
        """The damaged lines whose decision nobody else has."""
        have = {*known, *self.ids()}
        return [line for line in self.damaged if not line.held or not all(ids & have for ids in line.held)]


def read_kept_lines(context: AppContext, round_id: str) -> KeptLines:
    """Read the lines; one that a crash cut short was never recorded, and is none."""
    rows: dict[str, Row] = {}
    damaged: list[DamagedLine] = []
    for number, text in enumerate(read_text_lines(context.storage, round_id, "decisions"), 1):
        row = _parsed(text)
        if row is not None and _is_whole(row):
            rows.setdefault(row["decision_id"], row)
        elif text.rstrip().endswith("}"):
            damaged.append(DamagedLine(number, _held(text, row)))
    return KeptLines(tuple(sorted(rows.values(), key=_place)), tuple(damaged))


def kept_rows(context: AppContext, round_id: str, *, by_version: bool = True) -> list[Row]:
    """Every decision that is kept outside the database, in the order in which they were recorded.

    These are the lines, and the decisions that the latest version names. Of the latter alone nobody knows
    when they were recorded: they come from before lines were kept. `by_version` false leaves these out, where
    the version is damaged.
    """
    lines = read_kept_lines(context, round_id).rows
    latest = newest_whole(context.storage, round_id) if by_version else None
    if latest is None:
        return list(lines)
    have = {row["decision_id"] for row in lines}
    version = PublishedVersion(latest, {}, read_package(context.storage, round_id, latest))
    named = origin_of(context, version).decisions
    only_named = [row for row in named.iter_rows(named=True) if row["decision_id"] not in have]
    return sorted([*(row for row in only_named if _by_its_id(row)), *lines], key=_place)


def kept_decisions(context: AppContext, round_id: str, *, by_version: bool = True) -> pl.DataFrame:
    """The kept decisions as the dictionary's table DECISIONS; `by_version` as for `kept_rows`."""
    rows = kept_rows(context, round_id, by_version=by_version)
    return DECISIONS.frame([{name: row.get(name) for name in DECISIONS.names} for row in rows])


def _place(row: Row) -> tuple[Any, ...]:
    """Old lines, which have no number, counted by the moment they claim, then by id."""
    number = row.get("sequence")
    return (0, row["decided_at"], row["decision_id"]) if number is None else (1, number, row["decision_id"])


def _parsed(text: str) -> Row | None:
    try:
        row: Row = json.loads(text)
        moments = {name: datetime.fromisoformat(row[name]) for name in MOMENTS}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return row | moments


def _is_whole(row: Row) -> bool:
    return is_unchanged(row) if "digest" in row else _by_its_id(row)


def _by_its_id(row: Mapping[str, Any]) -> bool:
    """Whether a row without stamps is what its id says.

    A decision that followed an edited answer is not: it names another answer now.
    """
    try:
        ids = {old_decision_id(row), *(decision_id(row, repeat) for repeat in range(_LIKELY_REPEATS))}
    except (KeyError, TypeError, AttributeError):
        return False
    return row["decision_id"] in ids


_LIKELY_REPEATS = 20
"""How often a decision without stamps is taken for one that was made again."""


def _held(text: str, row: Row | None) -> tuple[frozenset[str], ...]:
    """The possible ids of each decision of a damaged line: what it claims, or what its content makes."""
    claimed = _CLAIMED.findall(text)
    if row is None:  # two lines may have become one
        return tuple(frozenset([name]) for name in claimed)
    try:
        made = {old_decision_id(row), decision_id(row, int(row.get("repeat") or 0))}
    except (KeyError, TypeError, ValueError, AttributeError):
        made = set()
    return (frozenset({*claimed, *made}),)
